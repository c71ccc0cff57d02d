import Foundation
import Model
import YAML

/// How a file comes to its final name on a server that has folders, and how its reader learns of it.
package struct Finish: Sendable, Hashable {
    package enum Manner: String, Sendable, CaseIterable {
        /// Upload under a temporary name, check the size, rename.
        case rename
        /// Straight to the final name, for servers that forbid renaming.
        case direct
    }

    package var manner: Manner
    package var marker: Marker?
    package var temporary: Temporary

    package init(
        _ manner: Manner = .rename, marker: Marker? = nil, temporary: Temporary = Temporary()
    ) {
        self.manner = manner
        self.marker = marker
        self.temporary = temporary
    }

    package static let rename = Finish()
    package static let direct = Finish(.direct)
}

/// An empty file that says: what it belongs to is whole, and may be read.
package struct Marker: Sendable, Hashable {
    package enum Extent: String, Sendable, CaseIterable {
        /// One for each file, beside it.
        case file
        /// One for all of them, when there is nothing more to send.
        case batch
    }

    static let field = "{name}"

    /// With `{name}` for the file's own, where there is one for each.
    package var name: String
    package var per: Extent

    package init(_ name: String, per: Extent) {
        self.name = name
        self.per = per
    }

    func name(for leaf: String) -> String { name.replacing(Self.field, with: leaf) }
}

extension Finish {
    /// The file that a marker would be of; nil where the name is none's.
    func owner(ofMarker leaf: String) -> String? {
        guard let marker, marker.per == .file,
            let field = marker.name.range(of: Marker.field)
        else { return nil }
        let (head, tail) = (marker.name[..<field.lowerBound], marker.name[field.upperBound...])
        guard leaf.hasPrefix(head), leaf.hasSuffix(tail), leaf.count > head.count + tail.count
        else { return nil }
        return String(leaf.dropFirst(head.count).dropLast(tail.count))
    }
}

/// The keys of `deliver:` about that, for every server that has folders.
struct FinishKeys {
    private let finish = OptionKey("finish", Self.shape)
    private let temporary = OptionKey("temporary", Temporary.shape)

    var all: [any AnyOptionKey] { [finish, temporary] }

    /// - Parameter base: of the channel on the same server, for what is not written.
    func finish(_ keys: Keys, base: Finish) -> Finish {
        var value = finish.read(keys) ?? base
        value.temporary = temporary.read(keys) ?? base.temporary
        if value.manner == .direct, !keys.lacks(temporary.name) {
            keys.refuse(
                "'temporary' is the name before a file is renamed, and 'finish' here renames none",
                "contradiction", at: temporary.name)
        }
        return value
    }

    private static let shape: Shape<Finish> = {
        let manner = Shape<Finish.Manner>.choice()
        return Shape(words: manner.words) { node, label, reader in
            guard node.entries != nil else {
                return manner.read(node, label, reader).map { Finish($0) }
            }
            return reader.mapping(node, "'\(label)'") { keys in
                let per = keys.optional("per", Shape<Marker.Extent>.choice()) ?? .file
                let by = keys.optional("by", manner) ?? .rename
                let name = keys.required("marker", Self.marker(per))
                return name.map { Finish(by, marker: Marker($0, per: per)) }
            } ?? nil
        }
    }()

    private static func marker(_ per: Marker.Extent) -> Shape<String> {
        let expects =
            switch per {
            case .file: "a name with '\(Marker.field)' for the file's own, such as \"{name}.done\""
            case .batch: "a name such as ready.txt, for 'per: batch'"
            }
        return Shape(expects: expects) { text in
            let leaf = text.replacing(Marker.field, with: "a")
            let isPerFile = text.contains(Marker.field) && text != Marker.field
            guard RemoteName(rawValue: leaf) != nil, !leaf.contains("/"),
                per == .file ? isPerFile : leaf == text
            else { return nil }
            return text
        }
    }
}
