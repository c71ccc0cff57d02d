/// Where a channel's files lie: one place is one scheme, server and path, however one logs in there.
package struct DestinationAddress: Hashable, Codable, Sendable {
    /// `sftp`
    package var scheme: String
    /// Empty where there is no server.
    package var host: String
    package var port: Int?
    /// Absolute, ends in `/`.
    package var path: String

    package init(scheme: String, host: String = "", port: Int? = nil, path: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
    }

    /// `sftp://feeds.example.com:2222/incoming/`
    package var description: String {
        scheme + "://" + host + (port.map { ":\($0)" } ?? "") + path
    }

    package func isSameServer(as other: Self) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }
}

/// A name on a channel: one or more segments of `A-Z a-z 0-9 . _ -` (and, between segments, `/`).
/// Never starts with a dot or a dash, never contains `..`: safe in a URL, a shell-like SFTP quote
/// and a path. Names from outside never become one without passing here.
package struct RemoteName: RawRepresentable, Hashable, Codable, Sendable, Comparable,
    CustomStringConvertible
{
    package static let limit = 200

    package let rawValue: String

    package init?(rawValue: String) {
        guard !rawValue.isEmpty, rawValue.utf8.count <= Self.limit else { return nil }
        for segment in rawValue.split(separator: "/", omittingEmptySubsequences: false) {
            guard let first = segment.utf8.first, Self.isWord(first),
                segment.utf8.allSatisfy({ Self.isWord($0) || $0 == 0x2D || $0 == 0x2E }),
                !segment.contains("..")
            else { return nil }
        }
        self.rawValue = rawValue
    }

    package var description: String { rawValue }

    /// For comparing on servers that do not tell case apart.
    package var folded: String { rawValue.lowercased() }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

/// How sure we are that a file is at its final name, and how we know.
package enum Confirmation: String, Codable, Sendable {
    /// Read back and hashed.
    case hash
    /// Asked for the hash that the other side has calculated itself of what it keeps.
    case checksum
    /// Asked for its length.
    case size
    /// Gone after it was put, from a place whose owner picks files up.
    case collected
    /// The channel's word: it gives no bytes back.
    case answer
    /// Something is there; the channel makes of it what it likes, as the profile says.
    case presence
}
