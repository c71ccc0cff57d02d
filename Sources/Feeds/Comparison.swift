private import Glibc
private import Host
package import Model

/// Which items an edition would take out of a feed, by their ids.
package struct Comparison: Sendable, Hashable {
    /// The first few, in the order of the edition that has them.
    package private(set) var gone: [String] = []
    package private(set) var count = 0

    /// Blocks on the disk, and holds the new edition's ids meanwhile.
    /// - Parameter told: ids that are named.
    package init(from old: String, to new: String, told: Int) throws(FeedError) {
        var stays: Set<String> = []
        try Self.ids(in: new) { stays.insert($0) }
        var (gone, count) = ([String](), 0)
        try Self.ids(in: old) { id in
            guard !stays.contains(id) else { return }
            count += 1
            if gone.count < told { gone.append(id) }
        }
        (self.gone, self.count) = (gone, count)
    }

    private static func ids(in path: String, _ each: (String) -> Void) throws(FeedError) {
        do {
            let file = try OpenFile.open(path, O_RDONLY)
            try GoogleRSS.ids(file.descriptor, each)
        } catch {
            throw FeedError("cannot compare with '\(path)': \(error)", remedy: .fixHost)
        }
    }
}
