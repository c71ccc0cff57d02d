package import Model

/// A value in a document, with its place. Which type a text stands for is not decided here.
package struct Node: Sendable {
    package enum Content: Sendable {
        /// Nothing after the colon (`written` false), or `null` and `~`.
        case null(written: Bool)
        case text(String)
        case sequence([Node])
        case mapping([Entry])
    }

    package struct Entry: Sendable {
        package var key: String
        /// Of the key.
        package var place: Place
        package var value: Node

        package init(key: String, place: Place, value: Node) {
            self.key = key
            self.place = place
            self.value = value
        }
    }

    package var place: Place
    package var content: Content
    /// A comment that may have swallowed the end of the value, or all of it.
    package var comment: Comment?

    package init(place: Place, content: Content, comment: Comment? = nil) {
        self.place = place
        self.content = content
        self.comment = comment
    }

    package var text: String? {
        if case .text(let text) = content { text } else { nil }
    }

    package var entries: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    package var items: [Node]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    package subscript(key: String) -> Node? { entries?.first { $0.key == key }?.value }

    /// What it is, for messages: `'text'`, `a list`, `a mapping`, `nothing`.
    package var described: String {
        switch content {
        case .null: "nothing"
        case .text(let text):
            "'\(text.withoutSecrets.prefix(80))\(text.withoutSecrets.count > 80 ? "…" : "")'"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// One text for all documents that say the same: without comments and places, keys in order.
    package var canonical: String {
        switch content {
        case .null: "~"
        case .text(let text): quoted(text)
        case .sequence(let items): "[" + items.map(\.canonical).joined(separator: ",") + "]"
        case .mapping(let entries):
            "{"
                + entries.sorted { $0.key < $1.key }
                .map { quoted($0.key) + ":" + $0.value.canonical }.joined(separator: ",") + "}"
        }
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

/// A comment that begins right after its `#`, as a lost value does (`#FFFFFF`, `AB #12`).
package struct Comment: Sendable, Hashable {
    package var column: Int
    /// From the `#` on.
    package var text: String

    package init(column: Int, text: String) {
        self.column = column
        self.text = text
    }
}
