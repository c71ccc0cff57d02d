import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// Against a real sshd: what goes wrong, what is made of it, and that nothing is left behind.
@Suite(.fewServers) struct SFTPFaultTests {
    private let folder: TemporaryDirectory
    private let file: Outgoing
    private let name: RemoteName

    init() throws {
        folder = try TemporaryDirectory()
        file = try makeOutgoing(Data("a rendition".utf8), in: folder)
        name = try remote("a.jpg")
    }

    private func putError(_ options: any TransportOptions) async throws -> DeliveryError {
        let transport = try make(options, in: folder)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: name)
        }
        await transport.close()
        return try #require(error)
    }

    private func start(_ extra: String = "") async throws -> SFTPServer {
        let server = try await SFTPServer.start(extra)
        try folder.copy(server.key, to: "credentials/key")
        return server
    }

    @Test func aWrongPinSendsNothingAndShowsTheKey() async throws {
        let server = try await start()
        var options = server.options
        options.hostKeys = ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
        let error = try await putError(options)
        #expect(error.remedy == .fixChannel)
        #expect(server.hostKeys.contains { error.message.contains("\"\($0)\"") })
        #expect(!server.log.contains("Accepted"))
        #expect(!server.log.contains("Failed publickey"))
        let shown = try await options.shownHostKey()
        #expect(server.hostKeys.contains(shown))
        await server.stop()
    }

    /// The server negotiates one of its keys; a set that holds it among others is enough.
    @Test func oneOfSeveralPinsIsEnough() async throws {
        let server = try await start()
        var options = server.options
        options.hostKeys = ["SHA256:other", try await options.shownHostKey()]
        let transport = try make(options, in: folder)
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name) == .confirmed(.hash))
        await transport.close()
        await server.stop()
    }

    @Test func everyKindOfKeyThatWorks() async throws {
        let server = try await start()
        try folder.copy(server.ecdsaKey, to: "credentials/ecdsa")
        try folder.copy(server.encryptedKey, to: "credentials/encrypted")
        try folder.write(server.passphrase + "\n", to: "credentials/passphrase")
        for (key, passphrase) in [("key", nil), ("ecdsa", nil), ("encrypted", "passphrase")] {
            var options = server.options
            (options.key, options.passphrase) = (key, passphrase)
            let transport = try make(options, in: folder)
            try await transport.put(file, as: name)
            await transport.close()
        }
        await server.stop()
    }

    @Test func aStrangersKeyAndAWrongPassphraseStopTheChannel() async throws {
        let server = try await start()
        let canary = "canary-91bc"
        try SFTPServer.makeKey(.ed25519, at: folder.path("credentials/stranger"))
        try folder.copy(server.encryptedKey, to: "credentials/encrypted")
        try folder.write(canary, to: "credentials/passphrase")
        for (key, passphrase) in [("stranger", nil), ("encrypted", "passphrase")] {
            var options = server.options
            (options.key, options.passphrase) = (key, passphrase)
            let error = try await putError(options)
            #expect(error.remedy == .fixChannel, "\(error.message)")
            #expect(error.message.contains("'\(key)'"))
            #expect(error.message.contains("passphrase") == (passphrase != nil))
            #expect(!error.message.contains(canary))
        }
        await server.stop()
    }

    @Test func aMissingDirectoryIsMade() async throws {
        let server = try await start()
        var options = server.options
        options.address.path += "not/yet there/"
        let transport = try make(options, in: folder)
        try await transport.sweep()
        try await transport.put(file, as: name)
        let stored = try Data(contentsOf: URL(fileURLWithPath: options.address.path + "a.jpg"))
        #expect(stored == Data("a rendition".utf8))
        await transport.close()
        await server.stop()
    }

    /// root may write everywhere, so the server itself refuses.
    @Test func aReadOnlyServerStopsTheChannel() async throws {
        let server = try await start("ForceCommand internal-sftp -R")
        let error = try await putError(server.options)
        #expect(error.remedy == .fixChannel, "\(error.message)")
        await server.stop()
    }

    @Test func aServerWithoutRenameIsToldApart() async throws {
        let server = try await start("ForceCommand internal-sftp -P rename,posix-rename")
        let error = try await putError(server.options)
        #expect(error.remedy == .fixProfile)
        #expect(error.message.contains("finish: direct"))
        #expect(try remains(server).isEmpty)
        var options = server.options
        options.finish = .direct
        let transport = try make(options, in: folder)
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name).isConfirmed)
        await transport.close()
        await server.stop()
    }

    @Test func aSwapThatWasCutIsUndoneByTheNextSweep() async throws {
        let server = try await start()
        let aside = server.root + "/.sluice-old-a.jpg.tmp"
        #expect(FileManager.default.createFile(atPath: aside, contents: Data("old".utf8)))
        let transport = try make(server.options, in: folder)
        try await transport.sweep()
        let path = server.root + "/a.jpg"
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("old".utf8))
        // And one whose successor did arrive is only cleared away.
        #expect(FileManager.default.createFile(atPath: aside, contents: Data("older".utf8)))
        try await transport.sweep()
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("old".utf8))
        #expect(try remains(server).isEmpty)
        await transport.close()
        await server.stop()
    }

    @Test func leftoversInSubdirectoriesGoWhenTheyAreNextUsed() async throws {
        let server = try await start()
        let below = server.root + "/below"
        try FileManager.default.createDirectory(atPath: below, withIntermediateDirectories: true)
        let leftover = below + "/.sluice-0123456789abcdef-dead-beef.tmp"
        #expect(FileManager.default.createFile(atPath: leftover, contents: Data("half".utf8)))
        let transport = try make(server.options, in: folder)
        try await transport.put(file, as: try remote("below/a.jpg"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: below) == ["a.jpg"])
        await transport.close()
        await server.stop()
    }

    @Test func aCutMidTransferIsTriedAgainAndSwept() async throws {
        let server = try await start()
        let big = try makeOutgoing(Data(repeating: 0x63, count: 20_000_000), in: folder)
        // Slow enough for the far side to be in time.
        let transport = try make(server.options, in: folder, bandwidth: 2_000_000)
        let watch = try DirectoryWatch(server.root)
        let task = Task { () async -> DeliveryError? in
            do throws(DeliveryError) {
                try await transport.put(big, as: name)
                return nil
            } catch {
                return error
            }
        }
        // It is under way as soon as its temporary file shows.
        try await watch.waitForNewName()
        server.cutConnections()
        let error = try #require(await task.value)
        #expect(error.remedy == .retry(after: nil), "\(error.message)")
        #expect(try await transport.isAbsent(name))
        try await transport.put(file, as: name)
        #expect(try remains(server).isEmpty)
        await transport.close()
        await server.stop()
    }

    @Test func twoSessionsShareABandwidth() async throws {
        let server = try await start()
        try await expectASharedBandwidth(server.options, in: folder)
        await server.stop()
    }

    @Test func aCancelledPutIsClearedAwayByTheNext() async throws {
        let server = try await start()
        let big = try makeOutgoing(Data(repeating: 0x64, count: 20_000_000), in: folder)
        // Slow enough for the far side to be in time.
        let transport = try make(server.options, in: folder, bandwidth: 2_000_000)
        let watch = try DirectoryWatch(server.root)
        let task = Task { try await transport.put(big, as: name) }
        try await watch.waitForNewName()
        task.cancel()
        let error = await #expect(throws: DeliveryError.self) { try await task.value }
        #expect(error?.remedy == .retry(after: nil))
        try await transport.put(file, as: name)
        #expect(try remains(server).isEmpty)
        #expect(try await transport.look(for: file, as: name) == .confirmed(.hash))
        await transport.close()
        await server.stop()
    }

    @Test func oneLoginServesManyFilesUntilTheServerHangsUp() async throws {
        let server = try await start()
        let transport = try make(server.options, in: folder)
        for number in 1...5 { try await transport.put(file, as: try remote("\(number).jpg")) }
        #expect(server.log.components(separatedBy: "Accepted publickey").count == 2)
        // A connection that was dropped costs one retry at most: the news may come late.
        server.cutConnections()
        if (try? await transport.put(file, as: name)) == nil {
            try await transport.put(file, as: name)
        }
        #expect(server.log.components(separatedBy: "Accepted publickey").count == 3)
        await transport.close()
        await server.stop()
    }

    /// /dev/full takes a file and no byte of it.
    @Test func aFullDiskIsTriedAgain() async throws {
        let server = try await start()
        var options = server.options
        options.address.path = "/dev/"
        options.finish = .direct
        let transport = try make(options, in: folder)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: try remote("full"))
        }
        #expect(error?.remedy == .retry(after: nil), "\(error?.message ?? "")")
        await transport.close()
        await server.stop()
    }

    /// What could not be kept leaves no empty file behind, or there would soon be no room for those.
    @Test(.enabled(if: getuid() == 0, "takes root, to mount a small disk"))
    func aFullDiskIsNotFilledFurther() async throws {
        let server = try await start()
        var options = server.options
        options.address.path = server.root + "/small/"
        try FileManager.default.createDirectory(
            atPath: options.address.path, withIntermediateDirectories: true)
        let disk = try TinyDisk(server.root + "/small", "size=1m")
        try disk.fill()
        let transport = try make(options, in: folder)
        for number in 1...5 {
            let error = await #expect(throws: DeliveryError.self) {
                try await transport.put(file, as: try remote("\(number).jpg"))
            }
            #expect(error?.remedy == .retry(after: nil))
            #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == ["filling"])
        }
        try disk.empty()
        try await transport.put(file, as: name)
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == ["a.jpg"])
        await transport.close()
        await server.stop()
    }

    @Test func aServerThatIsAwayIsTriedAgain() async throws {
        let server = try await start()
        let transport = try make(server.options, in: folder)
        try await transport.put(file, as: name)
        await server.stop()
        for _ in 0..<2 {
            let error = await #expect(throws: DeliveryError.self) {
                try await transport.put(file, as: try remote("b.jpg"))
            }
            #expect(error?.remedy == .retry(after: nil))
        }
        await transport.close()
    }

    private func remains(_ server: SFTPServer) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: server.root)
            .filter { $0.contains(".sluice-") }
    }
}
