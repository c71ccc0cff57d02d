internal import Host
internal import Model

/// A JSON document with a list of products in it, or one product a line.
final class JSONTable: ProductSource {
    private enum Stage { case before, within, over }

    private let path: String
    private let lines: JSONLines?
    private var reader: JSONReader
    /// Keys that lead to the list.
    private let items: [String]
    private var stage = Stage.before
    private var paths: PathColumns
    /// By column.
    private let ways: [[[String]]]

    var columns: Set<String> { paths.names }
    var missing: [String: Problem] { paths.missing }
    var repeated: [Problem] { [] }
    var note: Problem.Note? { nil }

    /// - Parameter items: nil: one product a line.
    init(
        _ file: consuming OpenFile, _ path: String, items: [String]?, _ columns: [ProductColumn]
    ) throws(Problem) {
        let top = Place(file: path, line: 1, column: 1)
        let source: TextSource
        do throws(HostError) { source = try TextSource(file, nil) } catch {
            throw Problem(top, "\(error)", code: "unreadable")
        }
        if let fault = source.fault { throw Problem(top, fault, code: "encoding") }
        self.path = path
        self.items = items ?? []
        lines = items == nil ? JSONLines(source, path) : nil
        reader = JSONReader(source, path)
        paths = PathColumns(columns, path)
        ways = columns.map { $0.sources.map(JSONValue.way) }
    }

    func next() throws(Problem) -> SourceRow? {
        if let lines {
            guard let line = try lines.next() else { return nil }
            return row(line.value, line: line.number)
        }
        if stage == .before { try begin() }
        guard stage == .within else { return nil }
        let hasItem = try reader.next().map { $0 != UInt8(ascii: "]") } ?? true
        guard hasItem else {
            try end()
            return nil
        }
        let line = reader.line
        let value = try reader.value()
        if try !reader.take(","), try reader.next() != UInt8(ascii: "]") {
            throw reader.fault("there is neither ',' nor ']' after an item")
        }
        return row(.success(value), line: line)
    }

    /// To the first item.
    private func begin() throws(Problem) {
        try enter(items[...])
        guard try reader.take("[") else {
            throw reader.fault(
                "\(items.isEmpty ? "the document" : "'\(items.joined(separator: "/"))'") is no list "
                    + "of products; say where it is with 'items'")
        }
        stage = .within
    }

    private func enter(_ keys: ArraySlice<String>) throws(Problem) {
        guard let key = keys.first else { return }
        try reader.expect("{")
        var there: [String] = []
        repeat {
            guard case .text(let bytes) = try reader.value() else {
                throw reader.fault("there is a key that is no text")
            }
            let name = String(decoding: bytes, as: UTF8.self)
            try reader.expect(":")
            if name == key { return try enter(keys.dropFirst()) }
            there.append(name)
            _ = try reader.value()
        } while try reader.take(",")
        let guess = there.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
        throw reader.fault("there is no '\(key)' on the way to the items, but \(guess)")
    }

    /// What follows the last item must be whole, too: else the file is cut off.
    private func end() throws(Problem) {
        stage = .over
        try reader.expect("]")
        for _ in items {
            while try reader.take(",") {
                _ = try reader.value()
                try reader.expect(":")
                _ = try reader.value()
            }
            try reader.expect("}")
        }
        guard try reader.next() == nil else {
            throw reader.fault("something follows the end of the document")
        }
    }

    private func row(_ value: Result<JSONValue, Problem>, line: Int) -> SourceRow {
        switch value {
        case .failure(let problem):
            return SourceRow(line: line, fault: problem)
        case .success(let item):
            guard case .object(let members) = item else {
                let place = Place(file: path, line: line, column: 1)
                return SourceRow(
                    line: line,
                    fault: Problem(place, "the item is no object of names and values", code: "json")
                )
            }
            return paths.row(line: line, names: members.map(\.key)) {
                item.texts(at: ways[$0][$1])
            }
        }
    }
}

extension JSONValue {
    /// All texts by a way of keys and of numbers within lists.
    fileprivate func texts(at way: [String]) -> [[UInt8]] {
        var value: JSONValue? = self
        for key in way {
            if case .list(let values) = value {
                value = Int(key).flatMap { values.indices.contains($0) ? values[$0] : nil }
            } else {
                value = value?.member(key)
            }
        }
        return value?.texts ?? []
    }

    /// `price`, or a JSON Pointer (RFC 6901) such as `/offer/price`.
    fileprivate static func way(_ path: String) -> [String] {
        guard path.hasPrefix("/") else { return [path] }
        return path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.replacing("~1", with: "/").replacing("~0", with: "~") }
            .map { String($0) }
    }

    /// Capitals make no other one.
    private func member(_ key: String) -> JSONValue? {
        if let exact = self[key] { return exact }
        guard case .object(let members) = self else { return nil }
        let folded = key.lowercased()
        return members.first { $0.key.lowercased() == folded }?.value
    }

    private var texts: [[UInt8]] {
        switch self {
        case .null, .object: []
        case .bool(let value): [Array("\(value)".utf8)]
        case .number(let digits): [digits]
        case .text(let text): [text]
        case .list(let values): values.flatMap(\.texts)
        }
    }
}
