/// What has become of one item between two editions.
package struct ItemChange: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable { case removed, added, changed }

    /// What it says of itself under one name: shortened to where the two differ, and of a name that it
    /// says several times only those that the other edition does not say.
    package struct Attribute: Sendable, Hashable {
        package var name: String
        /// Nil: it did not say it.
        package var old: String?
        /// Nil: it does not say it any more.
        package var new: String?

        package init(name: String, old: String?, new: String?) {
            self.name = name
            self.old = old
            self.new = new
        }
    }

    package var kind: Kind
    package var sku: String
    /// Its id in the feed, where that is not the SKU.
    package var id: String?
    /// Of one that has changed: in the order in which the new one says them.
    package var attributes: [Attribute]

    init(_ kind: Kind, sku: String, id: String?, attributes: [Attribute] = []) {
        self.kind = kind
        self.sku = sku
        self.id = id
        self.attributes = attributes
    }

    static func attributes(of old: FeedItem, _ new: FeedItem) -> [Attribute] {
        var names: [String] = []
        for field in new.fields + old.fields where !names.contains(field.name) {
            names.append(field.name)
        }
        return names.compactMap { attribute($0, texts($0, of: old), texts($0, of: new)) }
    }

    private static func texts(_ name: String, of item: FeedItem) -> [String] {
        item.fields.filter { $0.name == name }.map(\.value.plainText)
    }

    private static func attribute(
        _ name: String, _ old: [String], _ new: [String]
    ) -> Attribute? {
        guard old != new else { return nil }
        var (gone, come) = (without(new, in: old), without(old, in: new))
        // In another order.
        if gone.isEmpty, come.isEmpty { (gone, come) = (old, new) }
        let (before, after) = ShortText.pair(
            gone.joined(separator: ", "), come.joined(separator: ", "))
        return Attribute(
            name: name, old: gone.isEmpty ? nil : before, new: come.isEmpty ? nil : after)
    }

    /// Each of the others takes one away.
    private static func without(_ others: [String], in texts: [String]) -> [String] {
        var rest = others.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        return texts.filter { text in
            guard let count = rest[text], count > 0 else { return true }
            rest[text] = count - 1
            return false
        }
    }
}

extension FeedValue {
    /// In a line, for a person.
    fileprivate var plainText: String {
        guard case .group(let fields) = self else { return text ?? "" }
        return fields.map { "\($0.name): \($0.value.plainText)" }.joined(separator: ", ")
    }
}

/// Two texts, as much of each as shows in what they differ.
enum ShortText {
    private static let limit = 60
    /// What stands before the first difference.
    private static let lead = 15

    static func pair(_ old: String, _ new: String) -> (old: String, new: String) {
        guard old.count > limit || new.count > limit else { return (old, new) }
        let common = zip(old, new).prefix { $0 == $1 }.count
        let start = max(0, common - lead)
        return (cut(old, start), cut(new, start))
    }

    private static func cut(_ text: String, _ start: Int) -> String {
        let rest = text.dropFirst(start)
        return (start > 0 ? "…" : "") + rest.prefix(limit) + (rest.count > limit ? "…" : "")
    }
}
