package import Model

/// A file that is ready to leave. Its hash was taken when it was made; a destination hashes again
/// while it sends and fails with `changed` when the bytes are not these any more.
package struct Outgoing: Sendable {
    package var path: String
    package var sha256: ContentHash
    package var bytes: Int64
    package var mediaType: String
    /// What else is known of it, by the names that a profile has for that: `sku`, `view` …
    package var fields: [String: String]
    /// A look reads the bytes back, whatever `ReadBack` takes for enough.
    package var isReadBack = false
    /// It was confirmed before. What went with it then (its marker) the partner may have taken since.
    package var wasConfirmed = false

    package init(
        path: String, sha256: ContentHash, bytes: Int64, mediaType: String,
        fields: [String: String] = [:]
    ) {
        self.path = path
        self.sha256 = sha256
        self.bytes = bytes
        self.mediaType = mediaType
        self.fields = fields
    }
}
