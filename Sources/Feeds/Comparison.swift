private import Glibc
private import Host
package import Model

/// Which items an edition would take out of a feed, by their ids.
package struct Comparison: Sendable, Hashable {
    /// The first few, in the order of the edition that has them.
    package private(set) var gone: [String] = []
    package private(set) var count = 0
    /// Those whose picture had to go, which no guard holds.
    package private(set) var excused = 0

    /// Blocks on the disk, and holds the new edition's ids meanwhile.
    /// - Parameters:
    ///   - told: ids that are named; those that are excused are not.
    ///   - hadToGo: asked of each picture's address.
    package init(
        from old: String, to new: String, told: Int, hadToGo: (String) -> Bool
    ) throws(FeedError) {
        var stays: Set<String> = []
        do {
            let file = try OpenFile.open(new, O_RDONLY)
            try GoogleRSS.ids(file.descriptor) { stays.insert($0) }
            var items = try GoogleRSS.Items(old)
            while let item = try items.next() {
                guard let id = item.first("id"), !stays.contains(id) else { continue }
                count += 1
                if item.first("image_link").map(hadToGo) == true {
                    excused += 1
                } else if gone.count < told {
                    gone.append(id)
                }
            }
        } catch {
            throw FeedError("cannot compare '\(old)' with '\(new)': \(error)", remedy: .fixHost)
        }
    }
}

extension FeedItem {
    /// The text of the first field of that name.
    func first(_ name: String) -> String? { fields.first { $0.name == name }?.text }
}
