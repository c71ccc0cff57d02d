private import Foundation
private import Host

/// A real FTP server, for the account that runs the tests. All of them show the whole machine.
package final class FTPServer: Sendable {
    package enum Program: Sendable {
        /// Knows no MLSD, and hides names that begin with a dot.
        case vsftpd
        case proftpd
        /// Can be told to refuse, and has no TLS: see `PythonFTP`.
        case pyftpdlib
    }

    /// In the words of URLs.
    package enum Protection: String, Sendable {
        case explicit = "ftpes"
        case implicit = "ftps"
        case none = "ftp"
    }

    package let port: Int
    /// Where clients may write.
    package let root: String
    package let user: String
    package let password = "canary-5c07"
    package let protection: Protection
    package let tls: TestCertificate

    private let directory: TemporaryDirectory
    private let child: Child
    private let logFile: String?

    /// - Parameter extra: more lines of configuration, `{ca}` is the authority's certificate. pyftpdlib: words of `PythonFTP.script`.
    package static func start(
        _ program: Program, _ protection: Protection = .explicit, _ extra: String = ""
    ) async throws -> FTPServer {
        let lane = Lane("ftp server")
        return try await lane.run { () throws(any Error) -> FTPServer in
            var last: (any Error)?
            // The port was free a moment ago; another process may have been faster.
            for _ in 0..<5 {
                do { return try FTPServer(program, protection, extra) } catch { last = error }
            }
            throw last ?? SupportError("cannot start an FTP server")
        }
    }

    package func stop() async {
        let child = child
        await Lane("stop ftp server").run { child.stop() }
    }

    /// Cuts every connection of vsftpd or proftpd, which have a process for each; they go on listening.
    package func cutConnections() { child.killDescendants() }

    /// Commands so far, and what was said to them.
    package var log: String {
        guard let logFile else { return child.output }
        return (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? ""
    }

    /// False when it is not said within 20 s.
    package func waitForLog(_ line: String) async -> Bool {
        await Lane("ftp server").run { [self] in
            for _ in 0..<2000 {
                if log.contains(line) { return true }
                // Nobody is expected on an empty set: a pause that needs no sleep.
                poll(nil, 0, 10)
            }
            return false
        }
    }

    private init(_ program: Program, _ protection: Protection, _ extra: String) throws {
        let directory = try TemporaryDirectory()
        self.directory = directory
        self.protection = protection
        port = try Port.free()
        root = try directory.makeDirectory("root")
        tls = try TestCertificate(in: directory)
        let site = FTPSite(
            port: port, directory: directory, protection: protection, tls: tls, password: password)
        let extra = extra.replacing("{ca}", with: tls.authority)
        switch program {
        case .vsftpd:
            user = "anonymous"
            logFile = directory.path("log")
            child = try site.startVsftpd(extra)
        case .proftpd:
            user = "shop"
            logFile = directory.path("log")
            child = try site.startProftpd(user, extra)
        case .pyftpdlib:
            user = "shop"
            logFile = nil
            child = try site.startPyftpdlib(user, extra)
        }
        guard Port.waitForListener(port, whileRunning: child) else {
            child.stop()
            throw SupportError("the FTP server did not start: \(child.output)")
        }
    }
}

extension Port {
    /// Asks the kernel, because a connection would be a client.
    static func waitForListener(_ port: Int, whileRunning child: Child) -> Bool {
        let digits = String(port, radix: 16, uppercase: true)
        let padding = String(repeating: "0", count: 4 - digits.count)
        let line = "0100007F:\(padding)\(digits) 00000000:0000 0A"
        for _ in 0..<2000 {
            let table = (try? String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)) ?? ""
            if table.contains(line) { return true }
            if child.hasEnded { return false }
            // Nobody is expected on an empty set: a pause that needs no sleep.
            poll(nil, 0, 10)
        }
        return false
    }
}
