import Foundation
import Model
import Support
import Testing

@testable import Transports

/// What a channel has laid on its server for us is found, and fetched whole.
@Suite(.fewServers, .timeLimit(.minutes(5))) struct FetchingTests {
    /// Two days of answers, as a marketplace keeps them, and what else lies there.
    private func fill(_ root: String) throws {
        for (name, text) in [
            ("out/Nov-29-2026/a.csv", "SKU,Status\nA1,SUCCESS\n"),
            ("out/Nov-30-2026/b.csv", "SKU,Status\nA1,FAILURE\n"),
            ("out/Nov-30-2026/b.log", "nothing"), ("out/readme.csv", "no folder"),
            ("report.json", "[]"),
        ] {
            let url = URL(filePath: "\(root)/\(name)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
    }

    /// - Parameter root: as the server calls what was filled; ends without `/`.
    private func check(_ transport: any Transport, _ root: String) async throws {
        let transport = try #require(transport as? any FetchingTransport)
        let paths = try await transport.paths(like: root + "/out/*/*.csv")
        #expect(paths == ["Nov-29-2026/a.csv", "Nov-30-2026/b.csv"].map { "\(root)/out/\($0)" })
        let first = try await transport.fetch(try #require(paths.first), limit: 100)
        #expect(String(decoding: first, as: UTF8.self) == "SKU,Status\nA1,SUCCESS\n")
        #expect(try await transport.paths(like: root + "/out/*.xml") == [])
        #expect(try await transport.paths(like: root + "/r.json") == [root + "/r.json"])
        for (path, limit) in [(paths[0], 10), (root + "/out/missing.csv", 100)] {
            await #expect(throws: DeliveryError.self) {
                try await transport.fetch(path, limit: limit)
            }
        }
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.paths(like: root + "/away/*.csv")
        }
        #expect(error?.message.contains("'\(root)/away/'") == true, "\(error?.message ?? "")")
    }

    @Test func folder() async throws {
        let folder = try TemporaryDirectory()
        let root = try folder.makeDirectory("out")
        try fill(root)
        let transport = try make(FolderOptions(folder.path("elsewhere/")), in: folder)
        try await check(transport, root)
        let fetching = try #require(transport as? any FetchingTransport)
        try FileManager.default.createSymbolicLink(
            atPath: root + "/link.csv", withDestinationPath: "/etc/passwd")
        await #expect(throws: DeliveryError.self) {
            try await fetching.fetch(root + "/link.csv", limit: 1 << 20)
        }
    }

    /// As eBay's: the inbox is emptied, and what became of it lies beside.
    @Test func aPlaceWhoseOwnerPicksUpFiles() async throws {
        let folder = try TemporaryDirectory()
        let root = try folder.makeDirectory("out")
        try fill(root)
        let means = TransportMeans(credentials: Credentials(directory: folder.path("credentials")))
        let options = FolderOptions(folder.path("inbox/"))
        try await check(try Destination(options, collects: true).makeTransport(means), root)
    }

    @Test func sftp() async throws {
        let server = try await SFTPServer.start()
        let folder = try TemporaryDirectory()
        try folder.copy(server.key, to: "credentials/key")
        try fill(server.root)
        let transport = try make(server.options, in: folder)
        try await check(transport, server.root)
        await transport.close()
        await server.stop()
    }

    @Test func ftp() async throws {
        let server = try await FTPServer.start(.vsftpd, .explicit, "")
        let folder = try TemporaryDirectory()
        try folder.give(server)
        try fill(server.root)
        let options = server.options
        let transport = try make(options, in: folder)
        let path = options.address.path
        try await check(transport, String(path.dropLast()))
        await transport.close()
        await server.stop()
    }

    @Test func http() async throws {
        let server = try await HTTPServer.start()
        let folder = try TemporaryDirectory()
        try fill(server.root)
        let transport = try #require(
            try make(server.options, in: folder) as? any FetchingTransport)
        #expect(try await transport.paths(like: "/report.json") == ["/report.json"])
        #expect(try await transport.fetch("/report.json", limit: 9) == Data("[]".utf8))
        for (path, limit) in [("/report.json", 1), ("/none.json", 9)] {
            await #expect(throws: DeliveryError.self) {
                try await transport.fetch(path, limit: limit)
            }
        }
        await transport.close()
        await server.stop()
    }

    @Test(arguments: [
        ("a.csv", "*.csv", true), ("a.csv", "*", true), ("a.csv", "a*v", true),
        ("acsv", "a*.csv", false), ("abcabc", "ab*bc", true), ("ab", "ab*ab", false),
        ("a-b-c", "a*b*c", true), ("a-c-b", "a*b*c", false), ("a.csv", "a.csv", true),
    ])
    func aStarStandsForAnything(_ name: String, _ pattern: String, _ fits: Bool) {
        #expect(NamePattern.fits(name, pattern) == fits)
    }
}
