/// The part of a document that must not be wrong: which items, which pictures, in which order.
/// A running hash, so that a million items compare in flat memory; good within one process only.
struct EditionContents: Equatable {
    private(set) var items = 0
    private var hasher = Hasher()
    private let identifying: [String]

    init(_ attributes: FeedAttributes) { identifying = attributes.identifying }

    /// Attribute by attribute: the order among them is the format's business.
    mutating func add(_ item: FeedItem) {
        items += 1
        hasher.combine(items)
        for name in identifying {
            for field in item.fields where field.name == name && !field.value.isEmpty {
                add(name, field.value.text ?? "")
            }
        }
    }

    private mutating func add(_ name: String, _ text: String) {
        hasher.combine(name)
        // Bytes, because equal strings may be spelled with other characters.
        var text = text
        text.withUTF8 { bytes in
            hasher.combine(bytes.count)
            hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
    }

    static func == (left: Self, right: Self) -> Bool {
        left.items == right.items && left.hasher.finalize() == right.hasher.finalize()
    }
}
