// Where a channel's files go, as a profile's `deliver:` says it. Secrets are named, never held.

package struct DestinationAddress: Hashable, Codable, Sendable {
    package enum Scheme: String, Codable, Sendable, CaseIterable {
        case file, http, https, sftp, s3
    }

    package enum Finish: String, Codable, Sendable {
        /// Upload under a temporary name, check the size, rename.
        case rename
        /// Straight to the final name, for servers that forbid renaming.
        case direct
    }

    package var scheme: Scheme
    /// Empty for `file`.
    package var host: String
    package var port: Int?
    /// Absolute, ends in `/`.
    package var path: String
    package var user: String?
    /// Name of the credential that holds a password (SFTP, HTTP basic).
    package var password: String?
    /// Name of the credential that holds a private key in OpenSSH's or PEM form.
    package var key: String?
    /// Name of the credential that holds the key's passphrase.
    package var passphrase: String?
    /// Name of the credential sent as `Authorization: Bearer`.
    package var token: String?
    /// `SHA256:…` of the host keys that are accepted; SFTP refuses a channel without one.
    package var hostKeys: [String]
    package var finish: Finish
    /// Permission bits for `file`, such as 0o644.
    package var mode: Int
    /// Loopback, link-local and private addresses are refused unless the profile allows them.
    package var allowPrivate: Bool
    /// Transfers at one time.
    package var sessions: Int
    /// Transfers started per minute; nil: no limit.
    package var perMinute: Int?

    package init(
        scheme: Scheme, host: String = "", port: Int? = nil, path: String, user: String? = nil,
        password: String? = nil, key: String? = nil, passphrase: String? = nil,
        token: String? = nil, hostKeys: [String] = [], finish: Finish = .rename,
        mode: Int = 0o644, allowPrivate: Bool = false, sessions: Int = 2, perMinute: Int? = nil
    ) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.user = user
        self.password = password
        self.key = key
        self.passphrase = passphrase
        self.token = token
        self.hostKeys = hostKeys
        self.finish = finish
        self.mode = mode
        self.allowPrivate = allowPrivate
        self.sessions = sessions
        self.perMinute = perMinute
    }

    /// Without user or secrets, for messages: `sftp://feeds.example.com:2222/incoming/`.
    package var description: String {
        scheme.rawValue + "://" + host + (port.map { ":\($0)" } ?? "") + path
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
    /// Asked for its length.
    case size
}
