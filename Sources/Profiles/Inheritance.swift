import Model
import YAML

/// Resolves `like:` before anything is read, on the level of nodes, so that every key keeps the
/// place where it was written, in whichever file.
struct Inheritance {
    private let own: String
    private var files: [String: [Node.Entry]]
    private let library: [String: String]
    private let reader: Reader

    /// - Parameter library: by file name without `.yaml`.
    init(renditions: [Node.Entry], file: String, library: [String: String], reader: Reader) {
        own = ""
        files = [own: renditions]
        self.library = library
        self.reader = reader
    }

    /// The rendition with all it inherits; nil after a report.
    mutating func resolve(_ entry: Node.Entry) -> Node? {
        resolve(entry.value, file: own, name: entry.key, visited: [])
    }

    private mutating func resolve(
        _ node: Node, file: String, name: String, visited: [String]
    ) -> Node? {
        guard let entries = node.entries, let like = entries.first(where: { $0.key == "like" })
        else { return node }
        guard let target = reader.read(like.value, "like", .text) else { return nil }
        let path = visited + ["\(file)#\(name)"]
        guard let (base, baseFile, baseName) = find(target, from: file, at: like.value.place)
        else { return nil }
        guard !path.contains("\(baseFile)#\(baseName)") else {
            reader.report(
                like.value.place, "'like: \(target)' leads back to itself", code: "cycle")
            return nil
        }
        guard let resolved = resolve(base, file: baseFile, name: baseName, visited: path) else {
            return nil
        }
        var over = node
        over.content = .mapping(entries.filter { $0.key != "like" })
        return over.merged(onto: resolved)
    }

    private mutating func find(
        _ target: String, from file: String, at place: Place
    ) -> (Node, file: String, name: String)? {
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let file = parts.count == 2 ? parts[0].droppingSuffix(".yaml") : file
        let name = String(parts[parts.count - 1])
        guard let renditions = renditions(of: file, at: place) else { return nil }
        if let entry = renditions.first(where: { $0.key == name }) {
            return (entry.value, file, name)
        }
        let hint = Spelling.hint(to: name, among: renditions.map(\.key))
        let whose = file == own ? "" : " in '\(file).yaml'"
        reader.report(
            place, "there is no rendition '\(name)'\(whose)\(hint)", code: "unknown-rendition")
        return nil
    }

    private mutating func renditions(of file: String, at place: Place) -> [Node.Entry]? {
        if let known = files[file] { return known }
        guard let text = library[file] else {
            let hint = Spelling.hint(to: file, among: library.keys)
            reader.report(place, "there is no profile '\(file).yaml'\(hint)", code: "unknown-file")
            return nil
        }
        do {
            let entries = try Document(text, file: "\(file).yaml").root["renditions"]?.entries ?? []
            files[file] = entries
            return entries
        } catch {
            reader.report(
                place, "'\(file).yaml' cannot be read", code: "unknown-file",
                notes: error.all.map { Problem.Note($0.place, $0.message) })
            return nil
        }
    }
}

extension Substring {
    fileprivate func droppingSuffix(_ suffix: String) -> String {
        String(hasSuffix(suffix) ? dropLast(suffix.count) : self)
    }
}

extension Node {
    /// Key by key; what is not a mapping on both sides replaces what was there.
    func merged(onto base: Node) -> Node {
        guard let mine = entries, let theirs = base.entries else { return self }
        let kept = theirs.filter { old in !mine.contains { $0.key == old.key } }
        let merged = mine.map { entry in
            var entry = entry
            if let old = theirs.first(where: { $0.key == entry.key }) {
                entry.value = entry.value.merged(onto: old.value)
            }
            return entry
        }
        return Node(place: place, content: .mapping(merged + kept))
    }

    /// `any`: a demand is lifted.
    var isAny: Bool { text == "any" }
}
