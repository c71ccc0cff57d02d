/// What the other side calls a thing that was put there, as far as it says so. Where the name alone is
/// enough to ask for it there is none; where it is not (an API that numbers what it is given) this is
/// the only way back to it, so it is kept with the delivery.
package struct RemoteObject: Hashable, Codable, Sendable {
    /// Its own number or key for it. Without this nobody can ask for the thing, or take it away.
    package var id: String?
    /// Where it shows the thing.
    package var url: String?
    /// Of these bytes: another one means other bytes (RFC 9110, 8.8.3).
    package var entityTag: String?
    /// That its owner calculates of what it keeps, in its own manner and words.
    package var checksum: String?
    /// It was promised and has not been seen: that it is not there yet is no loss.
    package var isAwaited: Bool?

    package init(
        id: String? = nil, url: String? = nil, entityTag: String? = nil, checksum: String? = nil,
        isAwaited: Bool? = nil
    ) {
        self.id = id
        self.url = url
        self.entityTag = entityTag
        self.checksum = checksum
        self.isAwaited = isAwaited
    }
}
