package import Model
import YAML

/// A format carries its own proof: items, and lines that the document of them has.
package struct FormatTest: Sendable {
    package var items: [FeedItem]
    package var lines: [String]
    /// The faults that keep an item out, as `why` says them; empty: it may go out.
    package var refused: String?
    package var head: [String: String]
    package var place: Place
}

struct FormatTestReader {
    let reader: Reader

    func test(_ node: Node) -> FormatTest? {
        reader.mapping(node, "a test of a format") { keys in
            let nodes = keys.requiredNode("given").map { $0.items ?? [$0] } ?? []
            let items = nodes.enumerated().compactMap { item($1, $0) }
            let lines = keys.list("lines", .text)
            let refused = keys.optional("refused", .text)
            var head: [String: String] = [:]
            _ = keys.mapping("head", "'head'") { keys in
                for entry in keys.others() { head[entry.key] = entry.value.text }
            }
            return FormatTest(
                items: items, lines: lines, refused: refused, head: head, place: node.place)
        }
    }

    private func item(_ node: Node, _ number: Int) -> FeedItem? {
        reader.mapping(node, "an item") { keys in
            let fields = keys.others().flatMap { entry in
                (entry.value.items ?? [entry.value]).compactMap { value in
                    self.value(value, entry.key).map { FeedItem.Field(entry.key, $0) }
                }
            }
            return FeedItem(sku: "SKU\(number + 1)", fields: fields)
        }
    }

    private func value(_ node: Node, _ label: String) -> FeedValue? {
        if let parts = node.entries {
            return .group(
                parts.compactMap { part in
                    reader.read(part.value, part.key, .text).map { FeedItem.Field(part.key, $0) }
                })
        }
        return reader.read(node, label, .text).map { .text($0) }
    }
}

extension FeedFormat {
    package struct TestResult: Sendable {
        package var place: Place
        /// Nil: as it should be.
        package var failure: String?
    }

    /// Runs the format's own cases, in memory.
    package func runTests() -> [TestResult] {
        tests.map { TestResult(place: $0.place, failure: failure(of: $0)) }
    }

    private func failure(of test: FormatTest) -> String? {
        var format = self
        format.answerForTests(test.head)
        let faults = test.items.flatMap { format.check($0).map(\.message) }
        if let refused = test.refused {
            return faults.contains(refused)
                ? nil : "expected \"\(refused)\", but: \(faults.joined(separator: "; "))"
        }
        guard faults.isEmpty else { return faults.joined(separator: "; ") }
        guard let document = try? format.document(of: test.items) else {
            return "the document could not be written"
        }
        // Of bytes: to Swift a carriage return and a line feed are one character.
        var lines = document.utf8.split(separator: UInt8(ascii: "\n")).map { line in
            String(decoding: line, as: UTF8.self).drop { $0 == " " }
        }[...]
        for line in test.lines {
            guard let index = lines.firstIndex(where: { $0 == line }) else {
                return "expected the line '\(line)' in:\n\(document)"
            }
            lines = lines[(index + 1)...]
        }
        return nil
    }

    /// What is not given is something, so that no document is without its head.
    mutating func answerForTests(_ given: [String: String] = [:]) {
        var answers = given
        for question in questions where answers[question.key] == nil {
            answers[question.key] =
                question.otherwise?.filled(by: answers) ?? question.kind.example
        }
        answer(answers)
    }

    /// A few items, and what goes out beside them.
    private func document(of items: [FeedItem]) throws -> String {
        var outline = FeedOutline()
        for item in items { outline.add(item) }
        var rows: [FeedRow] = []
        var tree = CategoryTree()
        var filling = RowFilling(self)
        for item in items {
            var row = FeedRow(columns: attributes.names.count)
            _ = filling.fill(&row, with: item)
            if let column = categories?.column, let index = row.index(column) {
                tree.add(row.text(index))
            }
            rows.append(row)
        }
        let facts = EditionFacts(
            now: "2026-11-30T14:05:00Z", items: rows.count, categories: tree.all,
            categoryIDs: tree.ids)
        let output = try Output(-1, isPacked: false)
        for format in [self] + beside {
            let program = Compiler.compile(format, outline, facts)
            let writer = ItemWriter(program, to: output)
            for pass in program.passes {
                writer.begin(pass)
                for row in rows { try writer.write(row) }
            }
            output.append(program.tail)
        }
        return String(
            decoding: UnsafeBufferPointer(start: output.bytes, count: output.count), as: UTF8.self)
    }
}
