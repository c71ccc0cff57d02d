import Model

/// Names for files that are not finished: beside the final one, so that a rename suffices, and
/// recognisable, so that a later run can clear them away.
enum Temporary {
    private static let prefix = ".sluice-"
    private static let aside = ".sluice-old-"
    private static let suffix = ".tmp"
    /// Of this process: what carries it is being written right now.
    private static let token = String(UInt32.random(in: .min ... .max), radix: 36)

    /// `.sluice-<hash16>-<token>-<random>.tmp`: fits servers that take 64 bytes.
    static func name(_ hash: ContentHash) -> String {
        let random = String(UInt32.random(in: .min ... .max), radix: 36)
        return "\(prefix)\(hash.short)-\(token)-\(random)\(suffix)"
    }

    /// Where the old file waits while a new one takes its name; says which name that is.
    static func aside(_ leaf: String) -> String { "\(aside)\(leaf)\(suffix)" }

    /// The name an aside belongs to.
    static func owner(ofAside name: String) -> String? {
        guard name.hasPrefix(aside), name.hasSuffix(suffix),
            name.utf8.count > aside.utf8.count + suffix.utf8.count
        else { return nil }
        return String(name.dropFirst(aside.count).dropLast(suffix.count))
    }

    static func isOurs(_ name: String) -> Bool {
        name.hasPrefix(prefix) && name.hasSuffix(suffix)
    }

    /// Left behind by another process of ours, not being written by this one.
    static func isLeftover(_ name: String) -> Bool {
        isOurs(name) && !name.contains("-\(token)-")
    }
}

extension RemoteName {
    var segments: [String] { rawValue.split(separator: "/").map(String.init) }
    var leaf: String { segments.last ?? rawValue }
    /// Without the slash at its end; empty for the base itself.
    var folder: String { segments.dropLast().joined(separator: "/") }
}
