package import Model

/// What a channel makes of one asset.
package struct Decision: Sendable, Hashable {
    package var asset: Asset
    /// At most one for each slot. Of the newest version that counts; an older one only where the
    /// newest is closed and the channel holds the older. Whoever carries this out keeps what the
    /// channel holds until the successor wanted here is confirmed.
    package var wanted: [Wanted]
    /// The newest version's closed gates, in the order in which they are asked; may be non-empty
    /// although an older version is wanted.
    package var closed: [Gate]
    /// The version that `closed` tells of.
    package var newest: Int64?
    /// Later than what is wanted, and not in its place.
    package var others: [Other] = []

    package struct Other: Sendable, Hashable {
        package var version: Version
        /// Why it waits; empty: its approval is older than that of what is wanted.
        package var gates: [Gate]
    }

    /// Some channel has, or shall have, an older version than the newest.
    package var isBehind: Bool { wanted.contains { $0.version != newest } }

    /// What a person should hear of: why nothing is wanted, or not the newest, and what waits. A
    /// person's own decision is no news where there is anything else to say.
    package var news: [Gate] {
        let own = wanted.isEmpty || isBehind ? closed : []
        let gates = own + others.flatMap(\.gates)
        let open = gates.filter { $0.kind != .withdrawn }
        return open.isEmpty && wanted.isEmpty ? gates : open
    }
}
