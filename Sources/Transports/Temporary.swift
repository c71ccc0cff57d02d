import Model
import YAML

/// Names for files that are not finished: recognisable, so that a later run can clear them away, and
/// on the same disk as the final name, so that a rename suffices.
package struct Temporary: Sendable, Hashable {
    /// Of this process: what carries it is being written right now.
    private static let token = String(UInt32.random(in: .min ... .max), radix: 36)
    /// Of an ending that a profile asks for: with it a name still fits servers that take 64 bytes.
    private static let longestSuffix = 20

    private let prefix: String
    private let suffix: String
    /// Below the profile's own, for all of them; nil: each beside its final name.
    package let folder: String?

    /// `.sluice-<hash16>-<token>-<random>.tmp`
    package init(folder: String? = nil) {
        (prefix, suffix, self.folder) = (".sluice-", ".tmp", folder)
    }

    /// `sluice-<hash16>-<token>-<random>.part`: not hidden, for partners who know such files by their
    /// ending, and servers that take none that begins with a dot.
    package init(suffix: String) {
        (prefix, self.suffix, folder) = ("sluice-", suffix, nil)
    }

    func name(_ hash: ContentHash) -> String {
        let random = String(UInt32.random(in: .min ... .max), radix: 36)
        return "\(prefix)\(hash.short)-\(Self.token)-\(random)\(suffix)"
    }

    private var aside: String { prefix + "old-" }

    /// Where the old file waits while a new one takes its name; says which name that is.
    func aside(_ leaf: String) -> String { aside + leaf + suffix }

    /// The name an aside belongs to.
    func owner(ofAside name: String) -> String? {
        guard name.hasPrefix(aside), name.hasSuffix(suffix),
            name.utf8.count > aside.utf8.count + suffix.utf8.count
        else { return nil }
        return String(name.dropFirst(aside.count).dropLast(suffix.count))
    }

    /// Of any process of ours.
    func isOurs(_ name: String) -> Bool {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix),
            name.utf8.count > prefix.utf8.count + suffix.utf8.count
        else { return false }
        // A server's list of names is a stranger's word, and never becomes a path: not '..', nor what a
        // server on Windows takes for a separator.
        let own =
            owner(ofAside: name)
            ?? String(name.dropFirst(prefix.count).dropLast(suffix.count))
        return RemoteName(rawValue: own) != nil && !own.contains("/")
    }

    /// Left behind by another process of ours, not being written by this one.
    func isLeftover(_ name: String) -> Bool {
        isOurs(name) && !name.contains("-\(Self.token)-")
    }

    /// `{suffix: ".part"}` or `{folder: ".incoming"}`
    static let shape = Shape<Temporary> { node, label, reader in
        reader.mapping(node, "'\(label)'") { keys in
            let suffix = keys.optional("suffix", Self.suffix)
            let folder = keys.optional("folder", Self.folder)
            guard keys.lacks("suffix") != keys.lacks("folder") else {
                reader.report(
                    node.place, "'\(label)' wants either a 'suffix' or a 'folder'",
                    code: "contradiction")
                return nil
            }
            return suffix.map { Temporary(suffix: $0) } ?? folder.map { Temporary(folder: $0) }
        } ?? nil
    }

    private static let suffix = Shape<String>(
        expects: "an ending such as .part, of at most \(longestSuffix) characters"
    ) { text in
        text.hasPrefix(".") && text.utf8.count <= longestSuffix && isPlain(text) ? text : nil
    }

    private static let folder = Shape<String>(
        expects: "one folder below that of 'to', such as .incoming"
    ) { text in isPlain(text) ? text : nil }

    /// A name, which may begin with a dot.
    private static func isPlain(_ text: String) -> Bool {
        RemoteName(rawValue: text.hasPrefix(".") ? String(text.dropFirst()) : text) != nil
            && !text.contains("/")
    }
}

extension RemoteName {
    var segments: [String] { rawValue.split(separator: "/").map(String.init) }
    var leaf: String { segments.last ?? rawValue }
    /// Without the slash at its end; empty for the base itself.
    var folder: String { segments.dropLast().joined(separator: "/") }
}
