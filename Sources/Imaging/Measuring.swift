import Model

/// Measures decoded pixels, of masters and of renditions alike.
enum Measuring {
    /// - Parameters:
    ///   - picture: upright, in memory, 8-bit grey or sRGB, with or without transparency.
    ///   - size: of the whole picture, where `picture` is a smaller decoding of it.
    static func measure(_ picture: Picture, of size: PixelSize) throws(Refusal)
        -> PictureMeasurement?
    {
        nil
    }
}
