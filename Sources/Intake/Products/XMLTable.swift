internal import Host
internal import Model
internal import XML

/// An XML document with an element for each product.
final class XMLTable: ProductSource {
    /// Bytes of text in one item.
    private static let longest = 1 << 20
    /// Elements within one another.
    private static let deepest = 64

    private let file: OpenFile
    private let path: String
    private var reader: Reader
    /// Names from the root to an item.
    private let steps: [String]
    /// Names from the root to where the reader stands.
    private var open: [String] = []
    private var hasItems = false
    private var paths: PathColumns
    /// By column.
    private let ways: [[XMLPath]]

    var columns: Set<String> { paths.names }
    var missing: [String: Problem] { paths.missing }
    var repeated: [Problem] { [] }
    var note: Problem.Note? { nil }

    init(
        _ file: consuming OpenFile, _ path: String, item: [String], _ columns: [ProductColumn]
    ) throws(Problem) {
        let descriptor = file.descriptor
        self.file = file
        self.path = path
        steps = item
        paths = PathColumns(columns, path)
        ways = columns.map { $0.sources.map(XMLPath.init) }
        do throws(XMLFault) { reader = try Reader(descriptor: descriptor) } catch {
            throw Problem(Place(file: path, line: 1, column: 1), "\(error)", code: "unreadable")
        }
    }

    func next() throws(Problem) -> SourceRow? {
        while let piece = try piece() {
            switch piece {
            case .start(let name):
                open.append(name.local)
                guard isItem else { continue }
                hasItems = true
                let line = reader.line
                let item = try item(start(name))
                open.removeLast()
                return paths.row(line: line, names: item.children.lazy.map(\.local)) {
                    ways[$0][$1].values(in: item)
                }
            case .end: open.removeLast()
            case .text: break
            }
        }
        guard !hasItems else { return nil }
        throw Problem(
            Place(file: path, line: 1, column: 1),
            "there is no '\(steps.joined(separator: "/"))' in it; say where the items are with 'items'",
            code: "no-items")
    }

    private var isItem: Bool {
        open.count == steps.count
            && zip(open, steps).allSatisfy { $0 == $1 || $1.hasSuffix(":\($0)") }
    }

    private func piece() throws(Problem) -> Reader.Piece? {
        do throws(XMLFault) { return try reader.next() } catch {
            var (line, message) = (reader.line, "\(error)")
            if case .document(let place, let why) = error { (line, message) = (place, why) }
            throw Problem(
                Place(file: path, line: max(line, 1), column: 1), message, code: "xml")
        }
    }

    private func start(_ name: Reader.Name) -> XMLItem {
        XMLItem(prefix: reader.prefix, local: name.local, attributes: reader.attributes())
    }

    /// All of an element, to its end.
    private func item(_ root: XMLItem) throws(Problem) -> XMLItem {
        var (stack, count) = ([root], 0)
        while let current = stack.last, let piece = try piece() {
            switch piece {
            case .start(let name):
                let child = start(name)
                current.children.append(child)
                stack.append(child)
                count += 64 + child.attributes.reduce(0) { $0 + $1.value.utf8.count }
            case .text(let text):
                current.text += text
                count += text.utf8.count
            case .end: stack.removeLast()
            }
            guard count <= Self.longest, stack.count <= Self.deepest else {
                throw Problem(
                    Place(file: path, line: reader.line, column: 1),
                    "an item is longer than \(Self.longest >> 10) KiB, or nested too deep",
                    code: "xml")
            }
        }
        return root
    }
}
