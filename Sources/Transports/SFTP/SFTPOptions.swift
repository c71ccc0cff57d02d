import Curl
private import Foundation
package import Model

/// An account on an SFTP server.
package struct SFTPOptions: TransportOptions {
    package var target: Target
    package var user: String?
    package var password: Password?
    /// Name of the credential that holds a private key in OpenSSH's or PEM form.
    package var key: String?
    /// Name of the credential that holds the key's passphrase.
    package var passphrase: String?
    /// `SHA256:…` of the host keys that are accepted; refused without one.
    package var hostKeys: [String]
    package var finish: Finish

    package init(
        _ target: Target, user: String? = nil, password: Password? = nil, key: String? = nil,
        passphrase: String? = nil, hostKeys: [String] = [], finish: Finish = .rename
    ) {
        self.target = target
        self.user = user
        self.password = password
        self.key = key
        self.passphrase = passphrase
        self.hostKeys = hostKeys
        self.finish = finish
    }

    package var handsOut: HandsOut { .files }

    package var passwordProgram: String? { password?.program }

    package var credentials: [String] {
        [password?.credential, key, passphrase].compactMap(\.self)
    }

    /// While some are sent, those that have been are looked for in one listing; with four a session (200
    /// files, 40 ms round trip, 4 sessions) the listings took a sixth of the time.
    package var filesPerSession: Int { 8 }

    package var showsByRename: Bool { finish.manner == .rename }

    package var marksBatches: Bool { finish.marker?.per == .batch }

    package func makeTransport(_ means: TransportMeans) throws(DeliveryError) -> any Transport {
        try check()
        let peer = SFTPPeer(self, login: try login(means), means)
        let account = Account(
            user: user, password: password?.description, key: key, passphrase: passphrase)
        return FileServerTransport(peer, address, account, finish, tidies: means.tidies)
    }

    /// What must be said before anything is dialled.
    private func check() throws(DeliveryError) {
        guard !hostKeys.isEmpty else {
            throw refusal(
                "no 'host_keys' are pinned; '\(HostKey.scan(address))' prints them")
        }
        let path = address.path
        let segments = path.split(separator: "/")
        let isPlain = path.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard path.hasPrefix("/"), path.hasSuffix("/"), isPlain, !segments.contains(".."),
            !segments.contains(".")
        else { throw refusal("the path must be absolute and plain, and end in '/'") }
        guard segments.first?.hasPrefix("~") != true else {
            throw refusal("write the account's directory out in full in place of '~'")
        }
    }

    private func login(_ means: TransportMeans) throws(DeliveryError) -> LoginSource {
        guard let user, !user.isEmpty else { throw refusal("'user' is missing") }
        let passphrase = try passphrase.map { name throws(DeliveryError) in
            try means.credentials.secret(name)
        }
        let keyFile = try key.map { name throws(DeliveryError) in
            let (path, data) = try means.credentials.read(name)
            try Self.check(data, name, hasPassphrase: passphrase != nil)
            return path
        }
        guard let password else {
            guard keyFile != nil else { throw refusal("neither 'key' nor 'password' is set") }
            return .fixed(
                .ssh(user: user, password: nil, keyFile: keyFile, passphrase: passphrase))
        }
        return try password.source(means) {
            .ssh(user: user, password: $0, keyFile: keyFile, passphrase: passphrase)
        }
    }

    private static func check(
        _ data: Data, _ name: String, hasPassphrase: Bool
    ) throws(DeliveryError) {
        let key: PrivateKey
        do throws(PrivateKey.Unusable) {
            key = try PrivateKey(data)
        } catch {
            throw DeliveryError("cannot use the key '\(name)': \(error.why)", remedy: .fixChannel)
        }
        if key.kind == .rsa {
            throw DeliveryError(
                "cannot use the key '\(name)': it is RSA, which today's servers refuse from libssh2 "
                    + "1.10 (SHA-1 signatures); make one with 'ssh-keygen -t ed25519' (or ecdsa)",
                remedy: .fixChannel)
        }
        if key.isEncrypted && !hasPassphrase {
            throw DeliveryError(
                "cannot use the key '\(name)': it is encrypted and the profile names no 'passphrase'",
                remedy: .fixChannel)
        }
    }
}
