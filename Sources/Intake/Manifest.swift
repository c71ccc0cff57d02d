private import Foundation
import Model
private import Synchronization
import YAML

/// A batch's list of files. `defaults:` holds what all of them share; each entry under `files:`
/// lies over it, and may hold all that a sidecar holds, and `file`.
struct Manifest: Sendable {
    struct Entry: Sendable {
        var statement: Statement
        var problems: [Problem]
    }

    /// By the exact bytes of the path, which Swift's strings would hold equal too readily.
    private var entries: [[UInt8]: Entry] = [:]
    /// What is wrong with the list itself. Mistakes inside an entry concern only its file.
    private(set) var problems: [Problem] = []
    private(set) var files: [String] = []
    private var namesakes: [String: [String]] = [:]
    private var mistakes = 0
    /// True where it says of every file which bytes are meant.
    private(set) var isProof = false

    private static let mostMistakes = 10_000

    init(_ document: Document, _ reading: StatementReader) {
        let reader = Reader()
        _ = reader.mapping(document.root, "a manifest") { keys in
            let defaults = defaults(keys, reading)
            _ = keys.requiredNode("files")
            for node in keys.items("files") { add(node, reader, reading, defaults) }
        }
        problems = reader.problems
        namesakes = Dictionary(grouping: files, by: Namesake.key)
        isProof =
            problems.isEmpty && !entries.isEmpty
            && entries.values.allSatisfy { $0.problems.isEmpty && $0.statement.sha256 != nil }
    }

    func entry(_ file: String) -> Entry? { entries[Array(file.utf8)] }

    /// Listed names near this one, other than it; equal ones (`==`) are the same in another form.
    func near(_ file: String) -> [String] {
        (namesakes[Namesake.key(file)] ?? []).filter { !$0.utf8.elementsEqual(file.utf8) }
    }

    private func defaults(_ keys: Keys, _ reading: StatementReader) -> Statement? {
        keys.mapping("defaults", "the files' defaults") { reading.statement($0) }
    }

    private mutating func add(
        _ node: Node, _ outer: Reader, _ reading: StatementReader, _ defaults: Statement?
    ) {
        let reader = Reader()
        var file: (path: String, place: Place)?
        let read = reader.mapping(node, "a file") { keys in
            file = keys.required("file", Self.path).map { ($0, keys.place("file")) }
            return reading.statement(keys)
        }
        guard let file, let read else { return outer.report(Problems(reader.problems)) }
        let statement = defaults.map(read.over) ?? read
        // Enough of each to mend it; a list of nothing but mistakes is not kept whole.
        let told = Array(reader.problems.prefix(mistakes < Self.mostMistakes ? 20 : 1))
        mistakes += told.count
        let entry = Entry(statement: statement, problems: told)
        guard let first = entries.updateValue(entry, forKey: Array(file.path.utf8)) else {
            return files.append(file.path)
        }
        let note = Problem.Note(first.statement.place, "'\(file.path)' is here first")
        outer.report(
            file.place, "'\(file.path)' is listed twice", code: "duplicate", notes: [note])
    }

    /// Below the batch, without detours.
    private static let path = Shape<String> { node, label, reader in
        guard let text = Shape.identifier.read(node, label, reader) else { return nil }
        let steps = text.split(separator: "/", omittingEmptySubsequences: false)
        let isFit = steps.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
        if isFit, text.utf8.count <= 4096, SpoolName.isFit(text) { return text }
        reader.report(
            node.place,
            "'\(label)' wants the path of a file in the batch, such as 'photo.jpg', not "
                + node.described, code: "bad-value")
        return nil
    }
}

/// The manifest that was read last. Candidates of one batch come one after the other, so one is
/// enough; it is put away when the next pass begins.
final class ManifestShelf: Sendable {
    typealias Content = Result<Manifest, Rejection>

    private let last = Mutex<(key: String, content: Content)?>(nil)

    func content(_ key: String, _ read: () -> Content) -> Content {
        if let last = last.withLock({ $0 }), last.key == key { return last.content }
        let content = read()
        last.withLock { $0 = (key, content) }
        return content
    }

    func clear() { last.withLock { $0 = nil } }
}
