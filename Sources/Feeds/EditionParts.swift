private import Foundation
private import Host
package import Model

/// An edition of several documents: the one with the feed's own name, and others beside it.
package enum EditionParts {
    /// Files of the others, in their order. Blocks on the disk.
    package static func files(_ edition: String) -> [String] {
        var files: [String] = []
        while Files.exists(file(edition, files.count + 1)) {
            files.append(file(edition, files.count + 1))
        }
        return files
    }

    /// An edition's own hash is that of all its documents.
    /// - Parameter hashes: of the one with the feed's own name first.
    package static func whole(_ hashes: [ContentHash]) -> ContentHash {
        guard hashes.count > 1 else { return hashes[0] }
        return ContentHash.of(Data(hashes.map(\.rawValue).joined(separator: " ").utf8))
    }

    /// - Parameter number: from 1.
    static func file(_ edition: String, _ number: Int) -> String { "\(edition).part\(number)" }

    /// `products.jsonl.gz` → `products-2.jsonl.gz`
    package static func name(_ file: String, _ part: String) -> String {
        let point = file.firstIndex(of: ".") ?? file.endIndex
        return "\(file[..<point])-\(part)\(file[point...])"
    }

    /// What each is called: by its own name; or numbered, from 1 where another names them all, else from
    /// 2, after the one with the feed's own name.
    package static func names(_ file: String, count: Int, of format: FeedFormat) -> [String] {
        guard format.beside.isEmpty else { return format.beside.map { name(file, $0.name) } }
        let first = format.split?.index == nil ? 2 : 1
        return (0..<count).map { name(file, "\(first + $0)") }
    }
}
