private import Foundation
private import Host

/// A real service that speaks S3 and refuses whoever does not sign right. There are two, of two families:
/// what both take is S3, and not a peculiarity of one.
package final class S3Server: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// botocore checks its signatures.
        case moto
        /// OpenStack's, which checks clocks and the hashes of bodies as well.
        case swift
    }

    /// A key as a service hands it out.
    package struct Login: Sendable {
        package var accessKey: String
        package var secretKey: String
        package var sessionToken: String?
    }

    package let kind: Kind
    package let port: Int
    package let bucket = "pictures"
    /// What the service signs for.
    package let region: String
    /// By the name the script gives them: `sluice` may do all.
    package let logins: [String: Login]
    /// The bucket without S3: a GET lists its keys or gets one, PUT and DELETE do as they say.
    package let openURL: String

    private let directory: TemporaryDirectory
    private let child: Child

    package static func start(_ kind: Kind) async throws -> S3Server {
        let lane = Lane("s3 server")
        return try await lane.run { () throws(any Error) -> S3Server in try S3Server(kind) }
    }

    package func stop() async {
        let child = child
        await Lane("stop s3 server").run { child.stop() }
    }

    /// What it has printed.
    package var log: String { child.output }

    private init(_ kind: Kind) throws {
        self.kind = kind
        let directory = try TemporaryDirectory()
        self.directory = directory
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let script = root.appendingPathComponent("S3/\(kind.rawValue)-server.py").path
        switch kind {
        case .moto:
            region = "us-east-1"
            child = try Child(try Self.moto(root), ["-u", script, bucket])
        case .swift:
            region = "eu-north-7"
            // Debian's own Python, whose module it is; another may come first in the path.
            child = try Child("/usr/bin/python3", ["-u", script, directory.path, bucket])
        }
        // Slow starters, both: half of Python's shelf is read first.
        guard child.waitForOutput(" done\n", seconds: 60) else {
            child.stop()
            throw SupportError("\(kind.rawValue) did not start: \(child.output)")
        }
        let lines = child.output.split(separator: "\n").map { $0.split(separator: " ") }
        guard let ready = lines.first(where: { $0.first == "ready" }), ready.count == 4,
            let port = Int(ready[1]), let other = Int(ready[2])
        else { throw SupportError("\(kind.rawValue) said: \(child.output)") }
        self.port = port
        openURL =
            kind == .moto
            ? "http://127.0.0.1:\(other)" : "http://127.0.0.1:\(other)/v1/AUTH_test/\(bucket)"
        logins = lines.reduce(into: [:]) { logins, words in
            guard words.count >= 3, words[0] != "ready" else { return }
            logins[String(words[0])] = Login(
                accessKey: String(words[1]), secretKey: String(words[2]),
                sessionToken: words.count > 3 ? String(words[3]) : nil)
        }
        if kind == .swift {
            try Tool.run(
                "curl", ["-sSf", "-X", "PUT", "-H", "Content-Length: 0", openURL], package: "curl")
        }
    }

    /// In an environment of its own, which `deploy/packages test` makes.
    private static func moto(_ root: URL) throws -> String {
        let tree = root.deletingLastPathComponent().deletingLastPathComponent()
        let python = tree.appendingPathComponent(".build/python/bin/python3").path
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw SupportError("cannot find '\(python)': run 'deploy/packages test'")
        }
        return python
    }
}
