private import Foundation
private import Host

/// A real `sshd` that speaks nothing but SFTP, for the account that runs the tests.
package final class SFTPServer: Sendable {
    package enum KeyKind: String, Sendable {
        case ed25519, ecdsa, rsa
    }

    package let port: Int
    /// Where clients may write; the server itself shows the whole machine.
    package let root: String
    package let user: String
    /// `SHA256:…` of its Ed25519 and ECDSA host keys.
    package let hostKeys: [String]
    /// Private keys it accepts: an Ed25519 one, an ECDSA one, and an Ed25519 one with `passphrase`.
    package let key: String
    package let ecdsaKey: String
    package let encryptedKey: String
    package let passphrase: String

    private let directory: TemporaryDirectory
    private let child: Child

    /// - Parameter extra: more lines for sshd_config.
    package static func start(_ extra: String = "") async throws -> SFTPServer {
        let lane = Lane("sftp server")
        return try await lane.run { () throws(any Error) -> SFTPServer in
            var last: (any Error)?
            // The port was free a moment ago; another process may have been faster.
            for _ in 0..<5 {
                do { return try SFTPServer(extra) } catch { last = error }
            }
            throw last ?? SupportError("cannot start sshd")
        }
    }

    package func stop() async {
        let child = child
        await Lane("stop sftp server").run { child.stop() }
    }

    /// Cuts every connection; the server goes on listening.
    package func cutConnections() { child.killDescendants() }

    /// What sshd has logged so far.
    package var log: String { child.output }

    /// `sftp://127.0.0.1:PORT/…/`, the root as seen by clients.
    package var url: String { "sftp://127.0.0.1:\(port)\(root)/" }

    /// Makes another key pair, one the server does not know.
    package static func makeKey(
        _ kind: KeyKind, at path: String, passphrase: String = ""
    ) throws {
        try Tool.run(
            "ssh-keygen", ["-q", "-t", kind.rawValue, "-N", passphrase, "-C", "test", "-f", path],
            package: "openssh-client")
    }

    private init(_ extra: String) throws {
        let sshd = try Tool.find("sshd", package: "openssh-server")
        let directory = try TemporaryDirectory()
        let port = try Port.free()
        self.directory = directory
        self.port = port
        root = try directory.makeDirectory("root")
        user = NSUserName()
        key = directory.path("key")
        ecdsaKey = directory.path("key-ecdsa")
        encryptedKey = directory.path("key-encrypted")
        passphrase = "canary passphrase"
        try Self.makeKey(.ed25519, at: key)
        try Self.makeKey(.ecdsa, at: ecdsaKey)
        try Self.makeKey(.ed25519, at: encryptedKey, passphrase: passphrase)
        hostKeys = try ["ed25519", "ecdsa"].map { try Self.makeHostKey($0, directory) }
        let keys = try [key, ecdsaKey, encryptedKey].map {
            try String(contentsOfFile: $0 + ".pub", encoding: .utf8)
        }
        try directory.write(keys.joined(), to: "authorized_keys")
        let config = try directory.write(
            Self.configuration(port, directory, extra), to: "sshd_config")
        // sshd run by root insists on it; Debian makes it when the service starts.
        if getuid() == 0 { mkdir("/run/sshd", 0o755) }
        child = try Child(sshd, ["-D", "-e", "-f", config])
        guard child.waitForOutput("Server listening on 127.0.0.1") else {
            child.stop()
            throw SupportError("sshd did not start: \(child.output)")
        }
    }

    private static func makeHostKey(
        _ kind: String, _ directory: TemporaryDirectory
    ) throws -> String {
        let path = directory.path("host-\(kind)")
        try Tool.run(
            "ssh-keygen", ["-q", "-t", kind, "-N", "", "-C", "host", "-f", path],
            package: "openssh-client")
        let line = try Tool.run(
            "ssh-keygen", ["-l", "-E", "sha256", "-f", path + ".pub"], package: "openssh-client")
        guard let pin = line.split(separator: " ").first(where: { $0.hasPrefix("SHA256:") }) else {
            throw SupportError("ssh-keygen printed no fingerprint: '\(line)'")
        }
        return String(pin)
    }

    // With PAM, because without it sshd takes an ordinary account for locked when it cannot read
    // /etc/shadow, and root where it has no password.
    private static func configuration(
        _ port: Int, _ directory: TemporaryDirectory, _ extra: String
    ) -> String {
        """
        ListenAddress 127.0.0.1
        Port \(port)
        HostKey \(directory.path("host-ed25519"))
        HostKey \(directory.path("host-ecdsa"))
        AuthorizedKeysFile \(directory.path("authorized_keys"))
        PidFile none
        UsePAM yes
        StrictModes no
        PermitRootLogin prohibit-password
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        MaxStartups 100
        LoginGraceTime 20
        Subsystem sftp internal-sftp
        \(extra)

        """
    }
}
