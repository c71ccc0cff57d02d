/// Everything known about one SKU: what is wanted of it is a function of this, a profile and a
/// moment, and so is whatever is said of it.
package struct SKUState: Sendable {
    package var sku: String
    package var product: Product?
    /// All versions of all assets of the SKU, in any order. Their rights are those that count; see
    /// `Version.narrowRights`.
    package var versions: [Version]
    /// By master.
    package var inspections: [ContentHash: Inspection]
    /// By master: why it cannot be used.
    package var unusable: [ContentHash: String] = [:]
    /// By rendition key.
    package var receipts: [ContentHash: Receipt] = [:]
    /// By rendition key.
    package var refusals: [ContentHash: Refusal] = [:]
    /// By rendition key, where a licence forbids doing something to the picture: how it was made.
    package var recipes: [ContentHash: Recipe] = [:]
    /// What every channel has, or shall have.
    package var deliveries: [Delivery] = []
    /// Files that name the SKU and cannot be used: why a picture may be missing. Only words depend
    /// on it.
    package var quarantined: [QuarantinedFile] = []

    package init(
        sku: String, product: Product? = nil, versions: [Version] = [],
        inspections: [ContentHash: Inspection] = [:]
    ) {
        self.sku = sku
        self.product = product
        self.versions = versions
        self.inspections = inspections
    }

    package func version(_ id: Int64) -> Version? { versions.first { $0.id == id } }

    package func deliveries(on channel: String) -> [Delivery] {
        deliveries.filter { $0.channel == channel }
    }

    /// Some master has not been looked at yet: too early to decide anything.
    package var awaitsInspection: Bool {
        versions.contains { inspections[$0.master] == nil && unusable[$0.master] == nil }
    }
}
