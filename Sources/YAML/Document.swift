// Reads the YAML and JSON that people and other systems write: profiles, the configuration,
// sidecars, manifests. Promises a place for every node, an error with file, line and column for
// every mistake, and bounded work on hostile input. What the keys mean is the caller's business:
// scalars stay text here (`NO` stays Norway), a `Shape` says what a text must look like.

package import Model
private import Yams

package struct Document: Sendable {
    package let root: Node

    /// Bytes of a document, where the caller names no other limit.
    package static let usualLimit = 64 << 10
    /// Levels of nesting.
    package static let depthLimit = 32
    /// Values, lists, mappings and what separates them: three hundred bytes each while a document
    /// is read. A manifest of ten thousand files with everything said of each has 540,000.
    package static let nodeLimit = 550_000

    /// - Parameter file: as it shall stand in messages.
    /// - Throws: `Problems`. A syntax error comes alone, duplicate keys come together.
    package init(
        _ text: String, file: String, limit: Int = usualLimit
    ) throws(Problems) {
        let source = try Source(text, file: file, limit: limit)
        let scan = Scan(source)
        if let problem = scan.refused { throw Problems([problem]) }
        let composed = try Self.compose(source, scan)
        guard scan.duplicates.isEmpty else { throw Problems(scan.duplicates) }
        var conversion = Conversion(source, comments: scan.comments)
        root = conversion.node(composed)
        guard conversion.problems.isEmpty else { throw Problems(conversion.problems) }
    }

    /// As above; bytes that are not UTF-8 are a problem like any other.
    package init(
        bytes: some Collection<UInt8>, file: String, limit: Int = usualLimit
    ) throws(Problems) {
        let start = Place(file: file, line: 1, column: 1)
        guard bytes.count <= limit else { throw Source.tooLong(limit, at: start) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problems([
                Problem(start, "the file is not UTF-8 text; save it as UTF-8", code: "encoding")
            ])
        }
        try self.init(text, file: file, limit: limit)
    }

    /// Nil for a document without content.
    private static func compose(
        _ source: Source, _ scan: Scan
    ) throws(Problems) -> Yams.Node? {
        do {
            return try Yams.compose(yaml: source.text, .basic, .default, .utf8)
        } catch YamlError.duplicatedKeysInMapping where !scan.duplicates.isEmpty {
            throw Problems(scan.duplicates)
        } catch let error as YamlError {
            throw Problems([syntaxProblem(error, source, scan.traps)])
        } catch {
            throw Problems([Problem(source.start, "cannot be read: \(error)", code: "syntax")])
        }
    }

    /// The likely cause where we can name it, else what libyaml says.
    private static func syntaxProblem(
        _ error: YamlError, _ source: Source, _ traps: [Trap]
    ) -> Problem {
        let problem = source.explain(error)
        let place = problem.place
        // libyaml gives up after the cause, a few lines on at most.
        let cause = traps.last {
            ($0.place.line, $0.place.column) <= (place.line, place.column)
                && place.line - $0.place.line <= 10
        }
        guard let cause else { return problem }
        return Problem(
            cause.place, cause.message, code: cause.code,
            notes: [Problem.Note(place, "YAML gave up here: \(problem.message)")])
    }
}

extension Source {
    fileprivate func explain(_ error: YamlError) -> Problem {
        var ruler = Ruler(self)
        func syntax(_ place: Place, _ text: String, _ notes: [Problem.Note] = []) -> Problem {
            Problem(place, text.trimmed, code: "syntax", notes: notes)
        }
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _):
            let notes = context.map { context in
                let start = ruler.place(line: context.mark.line, column: context.mark.column)
                return [Problem.Note(start, context.text.trimmed)]
            }
            let place = ruler.place(line: mark.line, column: mark.column)
            return syntax(place, problem, notes ?? [])
        case .composer(_, _, let mark, _):
            let place = ruler.place(line: mark.line, column: mark.column)
            return syntax(place, "a second document begins here; one file holds one")
        case .reader(let problem, let offset, _, _):
            return syntax(place(character: offset ?? 0), problem)
        case .duplicatedKeysInMapping(let keys, let context):
            let place = ruler.place(line: context.mark.line, column: context.mark.column)
            return syntax(place, "'\(keys.joined(separator: "', '"))' is there twice")
        default:
            return syntax(start, "\(error)")
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(split(whereSeparator: \.isNewline).joined(separator: " "))
    }
}

/// Turns Yams' tree into ours: keys are texts, empty plain scalars are null.
private struct Conversion {
    private let start: Place
    private let comments: [Int: Comment]
    private var ruler: Ruler
    private(set) var problems: [Problem] = []

    init(_ source: Source, comments: [Int: Comment]) {
        start = source.start
        self.comments = comments
        ruler = Ruler(source)
    }

    mutating func node(_ node: Yams.Node?) -> Node {
        let place = node?.mark.map { ruler.place(line: $0.line, column: $0.column) } ?? start
        switch node {
        case .scalar(let scalar):
            return Node(place: place, content: content(scalar), comment: comment(after: scalar))
        case .sequence(let items):
            return Node(place: place, content: .sequence(items.map { self.node($0) }))
        case .mapping(let pairs):
            return Node(place: place, content: .mapping(pairs.compactMap { entry($0, $1) }))
        case .alias, nil:
            return Node(place: place, content: .null(written: false))
        }
    }

    private func content(_ scalar: Yams.Node.Scalar) -> Node.Content {
        guard scalar.style == .plain else { return .text(scalar.string) }
        switch scalar.string {
        case "": return .null(written: false)
        case "~", "null": return .null(written: true)
        default: return .text(scalar.string)
        }
    }

    /// The comment on the line where a plain scalar starts: `AB #12` loses its end to one.
    private func comment(after scalar: Yams.Node.Scalar) -> Comment? {
        guard scalar.style == .plain, let mark = scalar.mark else { return nil }
        let found = comments[mark.line]
        return found.flatMap { $0.column > mark.column || scalar.string.isEmpty ? $0 : nil }
    }

    private mutating func entry(_ key: Yams.Node, _ value: Yams.Node) -> Node.Entry? {
        let keyNode = node(key)
        guard case .scalar(let scalar) = key else {
            problems.append(
                Problem(keyNode.place, "a key must be a plain word", code: "wrong-type"))
            return nil
        }
        return Node.Entry(key: scalar.string, place: keyNode.place, value: node(value))
    }
}
