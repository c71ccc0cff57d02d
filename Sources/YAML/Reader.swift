package import Model

/// Walks a document and collects everything that is wrong with it, so that a person mends a file
/// once. A read that fails returns nil and has reported why; `finish` throws what was collected.
///
///     let reader = Reader()
///     let sidecar = reader.mapping(document.root, "a sidecar") { keys in
///         Sidecar(sku: keys.required("sku", .identifier) ?? "", tags: keys.list("tags", .text))
///     }
///     return try reader.finish(sidecar)
package final class Reader {
    /// A key that a reader asked a mapping for, whether it is there or not. All of them together
    /// are the language as it is read, which its reference must tell.
    package struct Question {
        /// As in `mapping`: `a rendition`.
        package var mapping: String
        package var key: String
        /// All that the value can be, where that is a few words.
        package var words: [String]
        package var isAnswered: Bool
    }

    package private(set) var problems: [Problem] = []
    private let onQuestion: ((Question) -> Void)?

    package init(onQuestion: ((Question) -> Void)? = nil) {
        self.onQuestion = onQuestion
    }

    fileprivate func note(_ question: @autoclosure () -> Question) {
        onQuestion?(question())
    }

    package func report(
        _ place: Place, _ message: String, code: String, notes: [Problem.Note] = []
    ) {
        guard !isFull else { return }
        problems.append(Problem(place, message, code: code, notes: notes))
    }

    /// Nobody mends a thousand mistakes one by one.
    fileprivate var isFull: Bool { problems.count >= 1_000 }

    /// For a word of the language that this build does not carry out: never a silent pass.
    package func report(notBuilt what: String, _ place: Place) {
        report(place, "\(what) is not built yet; take it out", code: "not-built")
    }

    package func report(_ others: Problems) {
        if !isFull { problems += others.all }
    }

    /// - Parameter what: the thing the mapping describes: `a rendition`.
    /// - Returns: nil where the node is no mapping; unknown keys are reported after `body`.
    package func mapping<Value>(
        _ node: Node, _ what: String, _ body: (Keys) -> Value
    ) -> Value? {
        guard let entries = node.entries else {
            report(
                node.place, "\(what) is written as 'key: value' lines, not \(node.described)",
                code: "wrong-type")
            return nil
        }
        let keys = Keys(entries, at: node.place, what, self)
        let value = body(keys)
        keys.reportUnknown()
        return value
    }

    package func read<Value>(_ node: Node, _ label: String, _ shape: Shape<Value>) -> Value? {
        shape.read(node, label, self)
    }

    /// - Throws: everything reported so far.
    package func finish<Value>(_ value: Value?) throws(Problems) -> Value {
        guard problems.isEmpty, let value else { throw Problems(problems) }
        return value
    }

    /// The text of a scalar, or a report that names the trap the writer fell into.
    func text(_ node: Node, _ label: String, expects: String) -> String? {
        switch node.content {
        case .text(let text): return text
        case .null:
            reportEmpty(node, label, expects)
        case .mapping(let entries) where entries.count == 1 && entries[0].value.isEmpty:
            report(
                node.place,
                "'\(label)' is a mapping; a text that begins with '{' must be quoted: "
                    + "\"{\(entries[0].key)}\"", code: "unquoted")
        case .mapping, .sequence:
            report(
                node.place, "'\(label)' wants \(expects), not \(node.described)",
                code: "wrong-type")
        }
        return nil
    }

    func reportEmpty(_ node: Node, _ label: String, _ expects: String) {
        if let comment = node.comment {
            report(
                node.place,
                "'\(label)' has no value: '\(comment.text)' is a comment; "
                    + "write \"\(comment.text)\"", code: "unquoted")
        } else {
            report(node.place, "'\(label)' has no value; it wants \(expects)", code: "no-value")
        }
    }
}

extension Node {
    fileprivate var isEmpty: Bool {
        if case .null = content { true } else { false }
    }

    /// `null` and `~`, as programs write what they leave out.
    fileprivate var isWrittenNull: Bool {
        if case .null(written: true) = content { true } else { false }
    }
}

/// The keys of one mapping. What was not asked for by the end is unknown.
package final class Keys {
    package let place: Place
    package let reader: Reader
    private let what: String
    private let entries: [Node.Entry]
    private var known: Set<String> = []

    fileprivate init(_ entries: [Node.Entry], at place: Place, _ what: String, _ reader: Reader) {
        self.entries = entries
        self.place = place
        self.what = what
        self.reader = reader
    }

    /// Nil when absent or written as `null`.
    package func node(_ key: String) -> Node? {
        known.insert(key)
        let node = entries.first { $0.key == key && !$0.value.isWrittenNull }?.value
        note(key, [], node)
        return node
    }

    private func note(_ key: String, _ words: [String], _ node: Node?) {
        reader.note(
            Reader.Question(mapping: what, key: key, words: words, isAnswered: node != nil))
    }

    /// Where the key's value stands, or the mapping where there is none.
    package func place(_ key: String) -> Place {
        entries.first { $0.key == key }?.value.place ?? place
    }

    package func required<Value>(_ key: String, _ shape: Shape<Value>) -> Value? {
        let node = requiredNode(key)
        note(key, shape.words, node)
        return node.flatMap { shape.read($0, key, reader) }
    }

    package func requiredNode(_ key: String) -> Node? {
        if let node = node(key) { return node }
        reader.report(place, "\(what) needs '\(key)'", code: "missing-key")
        return nil
    }

    package func optional<Value>(_ key: String, _ shape: Shape<Value>) -> Value? {
        let node = node(key)
        note(key, shape.words, node)
        return node.flatMap { shape.read($0, key, reader) }
    }

    /// One value or a list of them; empty when absent.
    package func list<Value>(_ key: String, _ shape: Shape<Value>) -> [Value] {
        let node = node(key)
        note(key, shape.words, node)
        guard let node else { return [] }
        return (node.items ?? [node]).compactMap { shape.read($0, key, reader) }
    }

    /// A mapping below `key`; nil when absent or not a mapping.
    package func mapping<Value>(
        _ key: String, _ what: String, _ body: (Keys) -> Value
    ) -> Value? {
        guard let node = node(key) else { return nil }
        return nested(node, key, what, body)
    }

    /// The list below `key`; empty when absent, a report when it is no list.
    package func items(_ key: String) -> [Node] {
        guard let node = node(key) else { return [] }
        if let items = node.items { return items }
        reader.report(
            node.place, "'\(key)' is a list ('- …' lines), not \(node.described)",
            code: "wrong-type")
        return []
    }

    /// Everything not asked for so far, for mappings whose keys the writer chooses.
    /// - Parameter prefix: only of keys that begin so.
    package func others(prefix: String = "") -> [Node.Entry] {
        let rest = entries.filter { !known.contains($0.key) && $0.key.hasPrefix(prefix) }
        known.formUnion(rest.map(\.key))
        return rest
    }

    /// Words of the language that this build does not carry out.
    package func notBuilt(_ keys: String...) {
        for key in keys {
            known.insert(key)
            guard let entry = entries.first(where: { $0.key == key }) else { continue }
            reader.report(notBuilt: "'\(key)'", entry.place)
        }
    }

    private func nested<Value>(
        _ node: Node, _ key: String, _ what: String, _ body: (Keys) -> Value
    ) -> Value? {
        if case .null = node.content {
            reader.reportEmpty(node, key, what)
            return nil
        }
        return reader.mapping(node, what, body)
    }

    fileprivate func reportUnknown() {
        for entry in entries where !known.contains(entry.key) && !reader.isFull {
            let hint = Spelling.hint(to: entry.key, among: known)
            reader.report(
                entry.place, "\(what) has no key '\(entry.key)'\(hint)", code: "unknown-key")
        }
    }
}
