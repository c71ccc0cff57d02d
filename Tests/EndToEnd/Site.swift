import Foundation
import Host
import Support
import Synchronization
import Testing

/// The built daemon with all it needs, in a directory of its own: a spool, product records, and
/// three channels that really exist (a folder, an nginx with a feed, an OpenSSH server).
final class Site: Sendable {
    let home: TemporaryDirectory
    let servers: Servers
    /// So that several sites may share the servers.
    private let corner = "site-\(UInt32.random(in: 0...UInt32.max))"
    private let daemon = Mutex<Child?>(nil)
    private let past = Mutex("")
    private let lane = Lane("site")

    init(_ servers: Servers) throws {
        home = try TemporaryDirectory()
        self.servers = servers
        for name in ["spool", "state", "channels", "products", "folder", "aside"] {
            _ = try home.makeDirectory(name)
        }
        for root in [servers.http.root, servers.sftp.root] {
            let path = "\(root)/\(corner)/img"
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        }
        let key = try Data(contentsOf: URL(fileURLWithPath: servers.sftp.key))
        try home.write(key, to: "credentials/sftp-key")
        try home.write(Self.configuration, to: "sluice.yaml")
        for channel in Channel.allCases { try write(channel.profile(self), as: channel) }
        try writeProducts(["A1", "A2", "A3"])
    }

    /// Servers and a site for one test; both gone with it, whatever happens.
    static func with(_ body: (Site) async throws -> Void) async throws {
        try await Servers.with { servers in
            try await Site(servers).live(body)
        }
    }

    /// Ends the daemon after `body`; what it said is told when something was wrong.
    func live(_ body: (Site) async throws -> Void) async throws {
        do {
            try await body(self)
        } catch {
            await kill()
            print("the daemon said:\n" + past.withLock(\.self).suffix(6000))
            throw error
        }
        await kill()
    }

    private static let configuration = """
        spool: {path: spool, settle: 0s, scan_every: 5s}
        state: state
        channels: channels
        products:
          path: products
          columns: {sku: text, title: text, description: text, link: url, price: price,
            availability: text}
        credentials: credentials
        zone: UTC
        socket: {path: s.sock}
        render: {workers: 1}
        store: {reserve: 0%}

        """

    // MARK: Places

    func root(of channel: Channel) -> String {
        switch channel {
        case .folder: home.path("folder")
        case .web: "\(servers.http.root)/\(corner)/img"
        case .sftp: "\(servers.sftp.root)/\(corner)/img"
        }
    }

    var webBase: String { "\(servers.http.url)\(corner)/" }
    var feedPath: String { "\(servers.http.root)/\(corner)/feed/products.xml" }

    func write(_ profile: String, as channel: Channel) throws {
        try home.write(profile, to: "channels/\(channel).yaml")
    }

    func writeProducts(_ skus: [String], price: String = "12.00 EUR") throws {
        let rows = skus.map { sku in
            "\(sku),Product \(sku),What \(sku) is,https://shop.example.com/\(sku),\(price),in_stock"
        }
        try writeTable(rows)
    }

    /// Below the header of the declared columns.
    func writeTable(_ rows: [String], as name: String = "products.csv") throws {
        let head = "sku,title,description,link,price,availability"
        try writeTable(text: ([head] + rows).joined(separator: "\n") + "\n", as: name)
    }

    func writeTable(text: String, as name: String = "products.csv") throws {
        try home.write(text, to: "aside/\(name)")
        _ = rename(home.path("aside/\(name)"), home.path("products/\(name)"))
    }

    // MARK: The daemon

    /// - Parameters:
    ///   - crashAt: the durable step at which a debug build kills itself: `17` is the 17th of all,
    ///     `send.put:2` the second of its name.
    ///   - failFsync: a part of the path whose first fsync shall fail.
    ///   - account: whose process it is to be; only root can make it another's.
    ///   - level: what is logged.
    ///   - environment: more of it, `NAME=value`.
    ///   - resolving: what it shall see in `/etc/resolv.conf`; takes root.
    func start(
        crashAt: String? = nil, failFsync: String? = nil, as account: uid_t? = nil,
        logging level: String = "notice", environment: [String] = [], resolving: String? = nil
    ) throws {
        let faults =
            environment + (crashAt.map { ["SLUICE_CRASH_AT=\($0)"] } ?? [])
            + (failFsync.map { ["SLUICE_FAIL_FSYNC=\($0)"] } ?? [])
        let other = account.map {
            ["setpriv", "--reuid=\($0)", "--regid=\($0)", "--clear-groups", "--"]
        }
        let child = try Child(
            "/usr/bin/env",
            faults + (other ?? []) + (try resolving.map(unshare) ?? [])
                + [Self.executable("sluice"), "run", "--log", level, "--config", configuration])
        daemon.withLock { $0 = child }
    }

    /// What lets a program see another `/etc/resolv.conf` than everybody else.
    private func unshare(resolving text: String) throws -> [String] {
        let file = try home.write(text, to: "resolv.conf", mode: 0o644)
        return [
            "unshare", "--mount", "sh", "-c",
            "mount --bind '\(file)' /etc/resolv.conf && exec \"$@\"", "sh",
        ]
    }

    var isRunning: Bool { daemon.withLock { $0?.hasEnded == false } }
    var pid: pid_t { daemon.withLock { $0?.pid } ?? 0 }
    var log: String { daemon.withLock { $0?.output } ?? "" }
    /// By daemons that have ended.
    var saidBefore: String { past.withLock(\.self) }

    /// SIGKILL for the daemon only: its workers must find their own end.
    func kill() async {
        await end(SIGKILL)
    }

    /// SIGTERM. What the daemon said is told when it did not end well.
    /// - Returns: the exit status.
    @discardableResult
    func stop() async -> Int32 {
        let before = past.withLock(\.count)
        let status = await end(SIGTERM)
        if status != 0 {
            let said = past.withLock { $0.dropFirst(before).suffix(6000) }
            print("the daemon ended with \(status), and said:\n\(said)")
        }
        return status
    }

    @discardableResult
    func end(_ signal: Int32) async -> Int32 {
        guard let child = daemon.withLock(\.self) else { return -1 }
        if !child.hasEnded { Glibc.kill(child.pid, signal) }
        return await waitForEnd()
    }

    /// Comes back when the daemon has ended.
    @discardableResult
    func waitForEnd() async -> Int32 {
        guard let child = daemon.withLock(\.self) else { return -1 }
        let status = await lane.run { child.waitForEnd() }
        daemon.withLock { $0 = nil }
        past.withLock { $0 += child.output }
        return status
    }

    var configuration: String { home.path("sluice.yaml") }

    /// Built next to the tests.
    static func executable(_ name: String) -> String {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent(name).path
    }

    /// Runs a command to its end.
    @discardableResult
    func sluice(_ arguments: String...) async throws -> (status: Int32, output: String) {
        try await run(arguments + ["--config", configuration])
    }

    func run(_ words: [String]) async throws -> (status: Int32, output: String) {
        try await Lane("command").run { () throws(any Error) in
            let child = try Child(Self.executable("sluice"), words)
            return (child.waitForEnd(), child.output)
        }
    }
}

/// Where pictures go in these tests.
enum Channel: String, CaseIterable, CustomStringConvertible {
    case folder, web, sftp

    var description: String { rawValue }
}

/// One nginx and one sshd.
struct Servers: Sendable {
    var http: HTTPServer
    var sftp: SFTPServer

    static func with(_ body: (Servers) async throws -> Void) async throws {
        // A file of this name makes it answer 503, or take no more pictures.
        let http = try await HTTPServer.start(
            """
            if (-f $document_root/down) { return 503; }
            set $answer "$request_method $request_uri";
            if (-f $document_root/full) { set $answer "full $answer"; }
            if ($answer ~ "^full PUT .*/img/") { return 413; }
            """)
        do {
            let sftp = try await SFTPServer.start()
            do {
                try await body(Servers(http: http, sftp: sftp))
            } catch {
                await sftp.stop()
                throw error
            }
            await sftp.stop()
        } catch {
            await http.stop()
            throw error
        }
        await http.stop()
    }
}
