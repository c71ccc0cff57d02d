import Model

/// Reads what pictures and the `.xmp` files beside them say of themselves.
enum MetadataReader {
    /// - Parameter picture: just opened; only its header is read.
    static func read(_ picture: Picture) -> PictureMetadata { PictureMetadata() }

    /// - Throws: `unreadable` for what is no XMP.
    static func read(sidecar path: String) throws(Refusal) -> PictureMetadata { PictureMetadata() }
}
