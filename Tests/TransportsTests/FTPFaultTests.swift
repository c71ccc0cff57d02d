import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// Against real servers: what goes wrong, what is made of it, and that nothing is left behind.
@Suite(.fewServers) struct FTPFaultTests: FTPTrial {
    let folder: TemporaryDirectory
    let file: Outgoing
    let name: RemoteName

    init() throws {
        folder = try TemporaryDirectory()
        file = try makeOutgoing(Data("a rendition".utf8), in: folder)
        name = try remote("a.jpg")
    }

    // MARK: Refusals

    @Test(arguments: [FTPServer.Program.vsftpd, .proftpd]) func aWrongPasswordStopsTheChannel(
        _ program: FTPServer.Program
    ) async throws {
        let server = try await start(program)
        try folder.write("canary-wrong-3f", to: "credentials/password")
        let error = try await putError(server.options)
        #expect(error.remedy == .fixChannel, "\(error.message)")
        #expect(error.message.contains("the password 'password' ('530 "), "\(error.message)")
        #expect(!error.message.contains("canary"))
        await server.stop()
    }

    /// In the words the servers of the world use; each is one answer to one command.
    @Test(arguments: [
        ("STOR=452_No_space_left.", Remedy.retry(after: nil), "no room"),
        ("STOR=552_Quota_exceeded.", .retry(after: nil), "quota"),
        ("STOR=421_Too_busy.", .retry(after: nil), "no more connections"),
        ("STOR=425_Cannot_open_data_connection.", .retry(after: nil), "425"),
        ("STOR=553_Prohibited_name.", .fixProfile, "finish: direct"),
        ("STOR=550_Permission_denied.", .fixChannel, "rights"),
        ("STOR=532_Need_account.", .fixChannel, "532"),
        ("RNTO=550_Permission_denied.", .fixProfile, "finish: direct"),
        ("RNTO=553_Name_not_allowed.", .fixInput, "that name"),
        ("USER=421_Too_many_users.", .retry(after: nil), "sessions"),
        ("PASS=530_Login_incorrect.", .fixChannel, "Login incorrect."),
    ])
    func anAnswerHasItsRemedy(_ answer: String, _ remedy: Remedy, _ words: String) async throws {
        let server = try await start(.pyftpdlib, .none, answer)
        let error = try await putError(server.options)
        #expect(error.remedy == remedy, "\(error.message)")
        #expect(error.message.contains(words), "\(error.message)")
        #expect(!error.message.contains(server.password))
        await server.stop()
    }

    @Test func aNameThatIsRefusedIsThatFilesFault() async throws {
        let server = try await start(.pyftpdlib, .none, "STOR=553_Prohibited_name.")
        var options = server.options
        options.finish = .direct
        let error = try await putError(options)
        #expect(error.remedy == .fixInput, "\(error.message)")
        await server.stop()
    }

    @Test func aFullDiskIsTriedAgain() async throws {
        let server = try await start(.pyftpdlib, .none, "full")
        let error = try await putError(server.options)
        #expect(error.remedy == .retry(after: nil), "\(error.message)")
        await server.stop()
        // /dev/full takes a file and no byte of it.
        let real = try await start(.vsftpd)
        var options = real.options
        options.address.path = "/dev/"
        options.finish = .direct
        let transport = try make(options, in: folder)
        let refused = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: try remote("full"))
        }
        #expect(refused?.remedy == .retry(after: nil), "\(refused?.message ?? "")")
        await transport.close()
        await real.stop()
    }

    /// What could not be kept leaves no empty file behind, or there would soon be no room for those.
    @Test(
        .enabled(if: getuid() == 0, "takes root, to mount a small disk"),
        arguments: [FTPServer.Program.vsftpd, .proftpd])
    func aFullDiskIsNotFilledFurther(_ program: FTPServer.Program) async throws {
        let server = try await start(program)
        var options = server.options
        options.address.path += "small/"
        try FileManager.default.createDirectory(
            atPath: server.root + "/small", withIntermediateDirectories: true)
        let disk = try TinyDisk(server.root + "/small", "size=1m")
        try disk.fill()
        let transport = try make(options, in: folder)
        for number in 1...3 {
            let error = await #expect(throws: DeliveryError.self) {
                try await transport.put(file, as: try remote("\(number).jpg"))
            }
            #expect(error?.remedy == .retry(after: nil), "\(error?.message ?? "")")
            #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == ["filling"])
        }
        try disk.empty()
        try await transport.put(file, as: name)
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == ["a.jpg"])
        await transport.close()
        await server.stop()
    }

    @Test func aServerThatDoesNotRenameOverAFileIsSwapped() async throws {
        let server = try await start(.pyftpdlib, .none, "no-overwrite")
        let transport = try make(server.options, in: folder)
        try await transport.put(file, as: name)
        let other = try makeOutgoing(Data("its successor".utf8), in: folder)
        try await transport.put(other, as: name)
        #expect(try await transport.look(for: other, as: name) == .confirmed(.hash))
        #expect(try names(server) == ["a.jpg"])
        await transport.close()
        await server.stop()
    }

    @Test func aSwapThatWasCutIsUndoneByTheNextSweep() async throws {
        let server = try await start(.vsftpd)
        let aside = server.root + "/.sluice-old-a.jpg.tmp"
        #expect(FileManager.default.createFile(atPath: aside, contents: Data("old".utf8)))
        let transport = try make(server.options, in: folder)
        try await transport.sweep()
        #expect(try names(server) == ["a.jpg"])
        // And one whose successor did arrive is only cleared away.
        #expect(FileManager.default.createFile(atPath: aside, contents: Data("older".utf8)))
        try await transport.sweep()
        let stored = try Data(contentsOf: URL(fileURLWithPath: server.root + "/a.jpg"))
        #expect(stored == Data("old".utf8))
        #expect(try names(server) == ["a.jpg"])
        await transport.close()
        await server.stop()
    }

    // MARK: Proofs

    /// To the question for its size the server says 550, as if nothing were there.
    @Test func whatMayNotBeSeenIsNotAbsent() async throws {
        let closed = folder.path("closed")
        let server = try await start(.pyftpdlib, .none, "closed=\(closed)")
        _ = try folder.makeDirectory("closed")
        try folder.write("still here", to: "closed/a.jpg")
        var options = server.options
        options.address.path = folder.path + "/"
        let transport = try make(options, in: folder)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.isAbsent(try remote("closed/a.jpg"))
        }
        #expect(error?.remedy == .fixChannel, "\(error?.message ?? "")")
        #expect(try await transport.isAbsent(try remote("missing/a.jpg")))
        #expect(try await transport.isAbsent(try remote("b.jpg")))
        await transport.close()
        await server.stop()
    }

    @Test func whatMayNotBeListedIsNotAbsent() async throws {
        let server = try await start(.pyftpdlib, .none, "NLST=550_Permission_denied.")
        let transport = try make(server.options, in: folder)
        try await transport.sweep()
        // One may still be allowed to put something there, and it is found.
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name).isConfirmed)
        #expect(try await !transport.isAbsent(name))
        try await transport.remove(name)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.isAbsent(name)
        }
        #expect(error?.remedy == .fixChannel, "\(error?.message ?? "")")
        await transport.close()
        await server.stop()
    }

    @Test func aServerThatTellsNoSizesIsAskedForTheFile() async throws {
        let server = try await start(.pyftpdlib, .none, "SIZE=500_Not_understood.")
        let transport = try make(server.options, in: folder)
        #expect(try await transport.look(for: file, as: name) == .absent)
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name) == .confirmed(.hash))
        let longer = try makeOutgoing(Data("a longer rendition".utf8), in: folder)
        guard case .different = try await transport.look(for: longer, as: name) else {
            Issue.record("another length is taken for ours")
            return
        }
        await transport.close()
        await server.stop()
    }

    @Test func aRefusedRemovalStopsTheChannel() async throws {
        let server = try await start(.pyftpdlib, .none, "DELE=550_Permission_denied.")
        let transport = try make(server.options, in: folder)
        try await transport.put(file, as: name)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.remove(name)
        }
        #expect(error?.remedy == .fixChannel, "\(error?.message ?? "")")
        await transport.close()
        await server.stop()
    }

    private func names(_ server: FTPServer) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: server.root).sorted()
    }
}
