/// The categories of all items, numbered in the order in which they come, parents first.
struct CategoryTree {
    private(set) var all: [EditionFacts.Category] = []
    /// A path, as it is written, and the number of its category.
    private(set) var ids: [String: Int] = [:]

    /// `A > B > C`
    mutating func add(_ path: String) {
        guard ids[path] == nil else { return }
        var parent = 0
        var whole = ""
        for part in path.split(separator: ">") {
            let name = part.trimmed
            guard !name.isEmpty else { continue }
            whole += whole.isEmpty ? name : " > " + name
            parent = id(of: whole, name, below: parent)
        }
        ids[path] = parent
    }

    private mutating func id(of path: String, _ name: String, below parent: Int) -> Int {
        if let known = ids[path] { return known }
        let id = all.count + 1
        ids[path] = id
        all.append(EditionFacts.Category(id: id, parent: parent, name: name))
        return id
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = self
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
