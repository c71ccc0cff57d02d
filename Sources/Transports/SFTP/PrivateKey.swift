import Foundation

/// What can be known of a private key without using it. libssh2 gives one and the same error for a
/// missing file, a wrong passphrase and a refused key, so a mistake in the configuration must be
/// found before the server is asked.
struct PrivateKey: Equatable {
    enum Kind: Equatable {
        case ed25519, ecdsa, rsa
        /// Inside an encrypted container that does not say.
        case unknown
    }

    var kind: Kind
    var isEncrypted: Bool

    /// Why a file is not a usable key; a half sentence for people.
    struct Unusable: Error, Equatable {
        var why: String
    }

    init(_ data: Data) throws(Unusable) {
        let text = String(decoding: data, as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        guard let begin = lines.firstIndex(where: { $0.hasPrefix("-----BEGIN ") }) else {
            throw Unusable(why: Self.guess(lines.first ?? ""))
        }
        let label = lines[begin].dropFirst(11).replacing("-----", with: "")
        let inner = lines[(begin + 1)...].prefix { !$0.hasPrefix("-----END ") }
        switch label {
        case "OPENSSH PRIVATE KEY":
            try self.init(openSSH: Data(base64Encoded: inner.joined()) ?? Data())
        case "PRIVATE KEY":
            try self.init(pkcs8: Data(base64Encoded: inner.joined()) ?? Data())
        case "RSA PRIVATE KEY":
            self.init(kind: .rsa, isEncrypted: inner.contains { $0.hasSuffix("ENCRYPTED") })
        case "EC PRIVATE KEY":
            self.init(kind: .ecdsa, isEncrypted: inner.contains { $0.hasSuffix("ENCRYPTED") })
        case "ENCRYPTED PRIVATE KEY":
            self.init(kind: .unknown, isEncrypted: true)
        default:
            throw Unusable(why: "it holds a '\(label)', not an Ed25519 or ECDSA private key")
        }
    }

    private init(kind: Kind, isEncrypted: Bool) {
        self.kind = kind
        self.isEncrypted = isEncrypted
    }

    /// openssh-key-v1: magic, cipher, kdf, kdf options, count, first public key (its type first).
    private init(openSSH data: Data) throws(Unusable) {
        var rest = data[...]
        let magic = Data("openssh-key-v1\0".utf8)
        guard rest.starts(with: magic) else { throw Unusable(why: "it is damaged") }
        rest = rest.dropFirst(magic.count)
        guard let cipher = Self.text(&rest), Self.text(&rest) != nil, Self.text(&rest) != nil,
            rest.count > 4
        else { throw Unusable(why: "it is damaged") }
        rest = rest.dropFirst(4)
        guard var key = Self.text(&rest).map({ $0[...] }), let type = Self.text(&key) else {
            throw Unusable(why: "it is damaged")
        }
        isEncrypted = cipher != Data("none".utf8)
        let name = String(decoding: type, as: UTF8.self)
        switch name {
        case "ssh-ed25519": kind = .ed25519
        case "ssh-rsa": kind = .rsa
        case _ where name.hasPrefix("ecdsa-sha2-"): kind = .ecdsa
        default: throw Unusable(why: "it is of the kind '\(name)'; make an Ed25519 or ECDSA key")
        }
    }

    /// The algorithm's object identifier stands near the front.
    private init(pkcs8 data: Data) throws(Unusable) {
        isEncrypted = false
        let head = data.prefix(40)
        if head.range(of: Data([0x2B, 0x65, 0x70])) != nil {
            kind = .ed25519
        } else if head.range(of: Data([0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01])) != nil {
            kind = .ecdsa
        } else if head.range(of: Data([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01])) != nil {
            kind = .rsa
        } else {
            throw Unusable(why: "it is neither an Ed25519 nor an ECDSA key")
        }
    }

    /// A length in four bytes, most significant first, and as many bytes.
    private static func text(_ rest: inout Data.SubSequence) -> Data? {
        guard rest.count >= 4 else { return nil }
        let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard rest.count - 4 >= count else { return nil }
        defer { rest = rest.dropFirst(4 + count) }
        return Data(rest.dropFirst(4).prefix(count))
    }

    private static func guess(_ line: String) -> String {
        if line.hasPrefix("PuTTY-User-Key-File") {
            return "it is in PuTTY's form; export it as an OpenSSH key"
        }
        if line.hasPrefix("ssh-") || line.hasPrefix("ecdsa-") {
            return "it is the public half; the private one has no '.pub'"
        }
        return "it holds no private key"
    }
}
