import Foundation
import GRDB
import Host
import Model
import Support
import Testing

/// A secret of every kind, each marked; servers that repeat what they were sent; then everything is
/// read that anybody but the daemon could read. A mark in any of it is a leak.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Canaries {
    @Test func noSecretIsSeenAnywhere() async throws {
        try await Site.with { site in
            let cage = try await Cage(site)
            defer { cage.open() }
            try site.drop(Site.usual)
            // As the unit says: Swift's own tracer of crashes reads memory and prints it.
            try site.start(logging: "debug", environment: ["SWIFT_BACKTRACE=enable=no"])
            try await site.ready()
            try await site.wait(for: "every channel to have failed") { try cage.allHaveFailed() }
            try await site.wait(for: "an alarm to be told") { !cage.hook.requests.isEmpty }
            let said = try await cage.ask()
            let seen = try cage.processes()
            // A core is asked for by whoever can, and there is none.
            try await Lane("prlimit").run { () throws(any Error) in
                try Tool.run(
                    "prlimit", ["--pid", "\(site.pid)", "--core=unlimited"], package: "util-linux")
            }
            let log = site.log
            #expect(await site.end(SIGABRT) == 128 + SIGABRT)
            for (place, bytes) in said + seen + cage.files() + [("log", Data(log.utf8))] {
                #expect(cage.leaks(in: bytes) == [], "\(place)")
            }
            // Or nothing was looked at.
            #expect(said.count > 20 && seen.count > 5 && log.contains("pauses"))
            #expect(cage.files().contains { $0.0.hasSuffix("ledger.sqlite-wal") })
            #expect(cage.files().contains { $0.0.hasSuffix("program-environ") })
            #expect(cage.echo.requests.contains { $0.contains("X-Api-Key: canary-header") })
            let login = Data("shop42:canary-program".utf8).base64EncodedString()
            #expect(cage.echo.requests.contains { $0.contains(login) })
        }
    }
}

/// A site whose channels need a secret each, and the servers that take them.
private final class Cage: Sendable {
    /// What may be seen nowhere, by the file that holds it.
    private let secrets: [String: String]
    private let site: Site
    let echo: RawServer
    private let ftp: RawServer
    let hook: RawServer
    private let channels = [
        "basic", "bearer", "bucket", "ftp", "header", "keyed", "login", "program", "client",
    ]

    init(_ site: Site) async throws {
        self.site = site
        // Answers with all it was sent, and wants none of it.
        echo = try RawServer(scripts: [[.readUntil("\r\n\r\n"), .echo(status: 403)]])
        hook = try RawServer(scripts: [[.readUntil("\r\n\r\n"), .echo(status: 500)]])
        ftp = try RawServer([
            .send("220 hello\r\n"), .readUntil("USER"), .send("331 and who else\r\n"),
            .readUntil("PASS canary-ftp\r\n"), .send("530 canary-ftp is no password\r\n"), .hang,
        ])
        let keys = try await Self.storeKeys(site)
        // It prints one, and keeps what it was given to work with.
        try site.home.write(
            script: """
                tr '\\0' '\\n' </proc/$$/environ >'\(site.home.path("program-environ"))'
                cat '\(site.home.path("credentials/program"))'
                """, to: "password-program")
        secrets = try Self.store(site, hook.url).merging(keys) { first, _ in first }
        for channel in Channel.allCases {
            try Files.remove(site.home.path("channels/\(channel).yaml"))
        }
        for name in channels { try write(name) }
        let alarm = """
            alarm:
              post: credential:hook-address
              secret: credential:hook-secret
              allow_private: true
              after: 1s

            """
        let text = try String(contentsOfFile: site.configuration, encoding: .utf8)
        try site.home.write(text + alarm, to: "sluice.yaml")
    }

    func open() {
        for server in [echo, ftp, hook] { server.stop() }
    }

    private static func store(_ site: Site, _ hook: String) throws -> [String: String] {
        var secrets: [String: String] = [:]
        for name in [
            "basic", "bearer", "access", "secret-key", "session", "ftp", "header", "login",
            "passphrase", "program", "hook-secret", "hook-address",
        ] {
            secrets[name] = "canary-\(name)"
            let before = name == "hook-address" ? hook : ""
            try site.home.write("\(before)canary-\(name)", to: "credentials/\(name)")
        }
        return secrets
    }

    /// Any line of a key is as good as the whole.
    private static func storeKeys(_ site: Site) async throws -> [String: String] {
        let directory = try TemporaryDirectory()
        let keys = try await Lane("keys").run { () throws(any Error) in
            try SFTPServer.makeKey(
                .ed25519, at: directory.path("keyed"), passphrase: "canary-passphrase")
            let client = try TestCertificate(in: directory)
            return try [
                ("keyed", directory.path("keyed")), ("client-key", client.clientKey),
                ("client-certificate", client.clientCertificate),
            ].map { ($0.0, try String(contentsOfFile: $0.1, encoding: .utf8)) }
        }
        for (name, text) in keys { try site.home.write(text, to: "credentials/\(name)") }
        return keys.filter { $0.0 != "client-certificate" }.reduce(into: [:]) { secrets, key in
            let line = key.1.split(separator: "\n").dropFirst().first
            secrets[key.0] = line.map(String.init)
        }
    }

    private func write(_ name: String) throws {
        let sftp = "sftp://127.0.0.1:\(site.servers.sftp.port)\(site.servers.sftp.root)/"
        let pins = site.servers.sftp.hostKeys.map { "\"\($0)\"" }.joined(separator: ", ")
        let (to, more): (String, [String]) =
            switch name {
            case "basic": (echo.url, ["user: shop42", "password: credential:basic"])
            case "bearer": (echo.url + "img/", ["token: credential:bearer"])
            case "bucket":
                (
                    "s3://shop/img/",
                    [
                        "endpoint: \(echo.url.dropLast())", "access_key: credential:access",
                        "secret_key: credential:secret-key", "session_token: credential:session",
                    ]
                )
            case "ftp":
                (
                    "ftp://127.0.0.1:\(ftp.port)/",
                    ["plain_text: true", "user: shop42", "password: credential:ftp"]
                )
            case "header":
                (echo.url + "own/", ["headers: {X-Api-Key: credential:header}"])
            case "program":
                (
                    echo.url + "run/",
                    ["user: shop42", "password: {run: \(site.home.path("password-program"))}"]
                )
            case "keyed":
                (
                    sftp,
                    [
                        "user: shop42", "key: credential:keyed",
                        "passphrase: credential:passphrase",
                        "host_keys: [\(pins)]",
                    ]
                )
            case "login":
                (
                    sftp + "login/",
                    ["user: shop42", "password: credential:login", "host_keys: [\(pins)]"]
                )
            default:
                (
                    "https://127.0.0.1:\(echo.port)/",
                    [
                        "client_certificate: credential:client-certificate",
                        "client_key: credential:client-key",
                    ]
                )
            }
        let profile = Channel.folder.profile(
            site, Twist(to: to, deliver: ["allow_private: true"] + more)
        ).replacing("channel: folder", with: "channel: \(name)")
        try site.home.write(profile, to: "channels/\(name).yaml")
    }

    // MARK: What happens

    func allHaveFailed() throws -> Bool {
        let failed = try site.books.rows(
            """
            SELECT name FROM channel WHERE paused IS NOT NULL
                OR EXISTS (SELECT 1 FROM delivery WHERE channel = channel.name AND error IS NOT NULL)
            """)
        return Set(failed.map { $0["name"] as String }).isSuperset(of: channels)
    }

    /// Everything that can be asked, and what came of it.
    func ask() async throws -> [(String, Data)] {
        let questions =
            [
                ["status"], ["status", "--json"], ["why", "A1"], ["why", "A1", "--json"],
                ["live", "A1"], ["receipt", "A1", "--json"], ["list", "waiting"],
                ["list", "stuck", "--json"], ["api"], ["check"], ["check", "--json"],
                ["credential", "--list"], ["reload"], ["bump", "A1"], ["status", "--json"],
            ] + channels.map { ["probe", $0] } + channels.map { ["retry", "--channel", $0] }
        var said: [(String, Data)] = []
        for words in questions {
            let answer = try await site.run(words + ["--config", site.configuration])
            said.append((words.joined(separator: " "), Data(answer.output.utf8)))
        }
        return said
    }

    /// Arguments and environment of all processes there are.
    func processes() throws -> [(String, Data)] {
        let own = getpid()
        return try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap(Int32.init)
            .filter { $0 != own }
            .flatMap { pid in
                ["cmdline", "environ"].compactMap { name in
                    FileManager.default.contents(atPath: "/proc/\(pid)/\(name)")
                        .map { ("\(name) of \(pid)", $0) }
                }
            }
    }

    /// All that lies there, but the secrets themselves; a core too, if there were one.
    func files() -> [(String, Data)] {
        let home = site.home.path("")
        let names = FileManager.default.subpaths(atPath: home) ?? []
        let here = FileManager.default.currentDirectoryPath
        let cores = ((try? FileManager.default.contentsOfDirectory(atPath: here)) ?? [])
            .filter { $0.hasPrefix("core") }.map { "\(here)/\($0)" }
        return
            (names.filter { !$0.hasPrefix("credentials") }.map { "\(home)/\($0)" } + cores)
            .compactMap { path in
                FileManager.default.contents(atPath: path).map { (path, $0) }
            }
    }

    /// The names of secrets in it, plain or as HTTP's basic login has them.
    func leaks(in bytes: Data) -> [String] {
        secrets.filter { _, secret in
            let login = Data("shop42:\(secret)".utf8).base64EncodedString()
            return bytes.range(of: Data(secret.utf8)) != nil
                || bytes.range(of: Data(login.utf8)) != nil
        }.keys.sorted()
    }
}
