package import Model

/// Everything known about one SKU.
package struct Shelf: Sendable {
    package var sku: String
    package var product: Product?
    /// All versions of all assets of the SKU, in any order.
    package var versions: [Version]
    /// By master.
    package var inspections: [ContentHash: Inspection]
    /// By master: why it cannot be used.
    package var unusable: [ContentHash: String]
    /// By rendition key.
    package var receipts: [ContentHash: Receipt]
    /// By rendition key.
    package var refusals: [ContentHash: Refusal]
    /// Ids of the versions of which the channel has something now.
    package var held: Set<Int64>
    /// Files that name the SKU and cannot be used: why a picture may be missing. Only words depend
    /// on it.
    package var quarantined: [QuarantinedFile] = []
    /// Slot → the assets that are live in it.
    package var holders: [String: Set<Asset>] = [:]

    package init(
        sku: String, product: Product? = nil, versions: [Version] = [],
        inspections: [ContentHash: Inspection] = [:], unusable: [ContentHash: String] = [:],
        receipts: [ContentHash: Receipt] = [:], refusals: [ContentHash: Refusal] = [:],
        held: Set<Int64> = []
    ) {
        self.sku = sku
        self.product = product
        self.versions = versions
        self.inspections = inspections
        self.unusable = unusable
        self.receipts = receipts
        self.refusals = refusals
        self.held = held
    }
}

/// A rendition that belongs on the channel.
package struct Wanted: Sendable, Hashable {
    package var version: Int64
    package var asset: Asset
    package var master: ContentHash
    /// Of the master.
    package var format: ImageFormat
    package var slot: String
    /// From 1, within the slot.
    package var position: Int
    package var name: RemoteName
    package var key: ContentHash
    package var rendition: String
    package var recipe: Recipe
    package var particulars: RenditionInputs
    /// Rendered, measured and found compliant; false: still to be rendered.
    package var passed: Bool
}

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
