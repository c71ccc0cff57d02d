/// The attributes that items of one edition may have, in their order: what a document must know
/// before its first item where attributes are columns.
package struct FeedOutline: Sendable, Hashable {
    package struct Column: Sendable, Hashable {
        package var name: String
        /// Of a group.
        package var parts: [String]
    }

    package private(set) var columns: [Column] = []
    /// Those without which an item is left out, whatever the format asks.
    package private(set) var needed: Set<String> = []

    package init() {}

    package mutating func need(_ name: String) { needed.insert(name) }

    /// Parts that it knows already keep their places.
    package mutating func add(_ name: String, parts: [String] = []) {
        guard let index = columns.firstIndex(where: { $0.name == name }) else {
            columns.append(Column(name: name, parts: parts))
            return
        }
        for part in parts where !columns[index].parts.contains(part) {
            columns[index].parts.append(part)
        }
    }

    package mutating func add(_ item: FeedItem) {
        for field in item.fields {
            if case .group(let fields) = field.value {
                add(field.name, parts: fields.map(\.name))
            } else {
                add(field.name)
            }
        }
    }
}
