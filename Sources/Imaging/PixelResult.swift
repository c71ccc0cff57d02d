import CPixels
import Model

extension sluice_result {
    /// What CPixels' loops return, as what we throw.
    /// - Parameter purpose: what it was for: `to measure the picture`.
    func check(_ purpose: @autoclosure () -> String) throws(Refusal) {
        guard self != sluice_done else { return }
        guard self == sluice_no_memory else {
            throw Refusal(
                .unsupported, "these sides and bands are not what our loops take \(purpose())")
        }
        throw Refusal(.memory, "there is no memory \(purpose()): it is tried again")
    }
}

extension sluice_raster {
    /// - Parameter bytes: of an 8-bit picture, rows without gaps.
    init(
        _ bytes: UnsafeMutablePointer<UInt8>?, _ size: PixelSize, bands: Int, hasAlpha: Bool
    ) {
        self.init(
            bytes: bytes, width: Int32(size.width), height: Int32(size.height),
            bands: Int32(bands), colors: bands - (hasAlpha ? 1 : 0) >= 3 ? 3 : 1,
            alpha: hasAlpha ? Int32(bands - 1) : -1)
    }
}
