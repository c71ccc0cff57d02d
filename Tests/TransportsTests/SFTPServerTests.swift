import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// Kinds of server there are: what each account may do, and how much of it at one time.
@Suite(.fewServers, .timeLimit(.minutes(5))) struct SFTPServerTests {
    private let folder: TemporaryDirectory
    private let file: Outgoing

    init() throws {
        folder = try TemporaryDirectory()
        file = try makeOutgoing(Data("a rendition".utf8), in: folder)
    }

    private func start(_ extra: String) async throws -> SFTPServer {
        let server = try await SFTPServer.start(extra)
        try folder.copy(server.key, to: "credentials/key")
        return server
    }

    // MARK: Names

    /// The temporary name fits, and that under which an old file would wait does not.
    @Test func namesOf64BytesAreReplaced() async throws {
        let server = try await start(SFTPFilter(in: folder, longest: 64).command)
        let transport = try make(server.options, in: folder)
        let name = try remote(String(repeating: "n", count: 60) + ".jpg")
        for text in ["one", "its successor"] {
            let file = try makeOutgoing(Data(text.utf8), in: folder)
            try await transport.put(file, as: name)
            #expect(try await transport.look(for: file, as: name) == .confirmed(.hash))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.root) == ["\(name)"])
        // Nor can anything have been set aside for it, whose name would be longer.
        try await transport.remove(name, object: nil)
        #expect(try await transport.isAbsent(name, object: nil))
        await transport.close()
        await server.stop()
    }

    @Test func aNameThatIsTooLongIsThatFilesFault() async throws {
        let server = try await start(SFTPFilter(in: folder, longest: 64).command)
        let transport = try make(server.options, in: folder)
        let long = try remote(String(repeating: "n", count: 61) + ".jpg")
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: long)
        }
        #expect(error?.remedy == .fixInput, "\(error?.message ?? "")")
        #expect(error?.message.contains("65 bytes") == true, "\(error?.message ?? "")")
        try await transport.put(file, as: try remote("short.jpg"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.root) == ["short.jpg"])
        await transport.close()
        await server.stop()
    }

    // MARK: Rights

    /// sshd wants all above the account's own root to be the superuser's.
    @Test(.enabled(if: getuid() == 0, "takes root, to lock an account in"))
    func anAccountMayBeLockedInAFolder() async throws {
        let jail = "/run/sluice-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: "\(jail)/in", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: jail) }
        let server = try await start("ChrootDirectory \(jail)\nForceCommand internal-sftp")
        var options = server.options
        options.address.path = "/in/"
        let transport = try make(options, in: folder)
        let name = try remote("sub/a.jpg")
        try await transport.sweep()
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name) == .confirmed(.hash))
        #expect(FileManager.default.contents(atPath: "\(jail)/in/sub/a.jpg")?.count == 11)
        try await transport.remove(name)
        #expect(try await transport.isAbsent(name))
        await transport.close()
        await server.stop()
    }

    /// One that may look and not write keeps what is there, and says whose right is missing.
    @Test func aReadOnlyAccountNeitherReplacesNorRemoves() async throws {
        let server = try await start("ForceCommand internal-sftp -R")
        let path = "\(server.root)/a.jpg"
        try Data("old".utf8).write(to: URL(fileURLWithPath: path))
        let transport = try make(server.options, in: folder)
        let name = try remote("a.jpg")
        let put = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: name)
        }
        let removed = await #expect(throws: DeliveryError.self) {
            try await transport.remove(name)
        }
        for error in [put, removed] {
            #expect(error?.remedy == .fixChannel, "\(error?.message ?? "")")
            #expect(error?.message.contains("'\(server.user)'") == true)
        }
        #expect(FileManager.default.contents(atPath: path) == Data("old".utf8))
        await transport.close()
        await server.stop()
    }

    // MARK: Refusals

    /// SFTP's own words: 3 permission denied, 4 failure, 14 no space, 15 quota exceeded.
    @Test(arguments: [
        ("OPEN=14", Remedy.retry(after: nil), "quota"), ("OPEN=15", .retry(after: nil), "quota"),
        ("OPEN=3", .fixChannel, "right to write"), ("WRITE=14", .retry(after: nil), "disk"),
        ("WRITE=15", .retry(after: nil), "disk"), ("WRITE=4", .retry(after: nil), "disk"),
        ("WRITE=3", .retry(after: nil), "disk"), ("RENAME=3", .fixProfile, "finish: direct"),
    ])
    func aRefusalHasItsRemedy(_ word: String, _ remedy: Remedy, _ says: String) async throws {
        let server = try await start(SFTPFilter(in: folder, word).command)
        let transport = try make(server.options, in: folder)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: try remote("a.jpg"))
        }
        #expect(error?.remedy == remedy, "\(error?.message ?? "")")
        #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
        #expect(!FileManager.default.fileExists(atPath: "\(server.root)/a.jpg"))
        await transport.close()
        await server.stop()
    }

    /// It has its name, and nobody was told.
    @Test func aCutAfterTheRenameIsMadeGood() async throws {
        let filter = try SFTPFilter(in: folder, "cut=RENAME")
        let server = try await start(filter.command)
        let transport = try make(server.options, in: folder)
        let name = try remote("a.jpg")
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name) == .confirmed(.hash))
        #expect(filter.questions.count { $0.hasPrefix("RENAME ") } == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.root) == ["a.jpg"])
        await transport.close()
        await server.stop()
    }

    // MARK: How much at one time

    /// OpenSSH drops those who shake hands while too many do. Those that have rested, and were hung up
    /// on, shake hands again.
    @Test func noMoreThanFourShakeHandsAtOneTime() async throws {
        let server = try await start("MaxStartups 6:100:6")
        let clock = SteppedClock()
        let transport = try server.options.makeTransport(
            TransportMeans(
                credentials: Credentials(directory: folder.path("credentials"), systemd: nil),
                clock: clock.clock, sessions: 12))
        for round in 1...2 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...36 {
                    let name = try remote("\(round)/\(number).jpg")
                    group.addTask { try await transport.put(file, as: name) }
                }
                try await group.waitForAll()
            }
            #expect(server.log.components(separatedBy: "Accepted publickey").count > 5 * round)
            clock.go(to: clock.now.addingTimeInterval(60))
            server.cutConnections()
        }
        #expect(!server.log.contains("MaxStartups"))
        await transport.close()
        await server.stop()
    }

    /// That it does not rename over a file is found out once.
    @Test func howFilesAreReplacedIsLearned() async throws {
        let filter = try SFTPFilter(in: folder)
        let server = try await start(filter.command)
        let transport = try make(server.options, in: folder, sessions: 1)
        let name = try remote("a.jpg")
        // The first five are looked at before they are shown.
        for number in 1...6 {
            try await transport.put(try makeOutgoing(Data("\(number)".utf8), in: folder), as: name)
        }
        let before = filter.questions.count
        try await transport.put(file, as: name)
        let last = filter.questions.dropFirst(before).map { String($0.prefix { $0 != " " }) }
            .filter { ["OPEN", "RENAME"].contains($0) }
        // Refused, and then exchanged; nobody asked whether both are there.
        #expect(last == ["OPEN", "RENAME", "RENAME", "RENAME"], "\(last)")
        #expect(try await transport.look(for: file, as: name) == .confirmed(.hash))
        await transport.close()
        await server.stop()
    }
}
