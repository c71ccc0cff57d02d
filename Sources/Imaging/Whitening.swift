private import CPixels
import Model

extension Picture {
    /// Its background, where that is within the bound and connected to the edge, made exactly
    /// `color`; CPixels' whiten.c says how.
    func whitened(_ whitening: Whitening?, to color: Color?) throws(Refusal) -> Picture {
        guard let whitening, let color, whitening.bound > 0 else { return self }
        guard bands == 3, whitening.bound <= 64 else {
            throw Refusal(
                .unsupported, "'whiten: \(whitening.bound)' is no bound: use 1 to 64, or 0 for none"
            )
        }
        let wanted = SluiceWhitening(
            color: (color.red, color.green, color.blue), bound: UInt8(whitening.bound),
            removes_shadow: whitening.shadow == .remove)
        return try painted(bands: 3) { from, to in
            UnsafeMutableRawBufferPointer(start: to, count: from.count).copyMemory(from: from)
            return sluice_whiten(to, size.width, size.height, wanted)
        }
    }
}
