import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// What breaks on the way.
@Suite(.fewServers, .timeLimit(.minutes(5))) struct FTPConnectionTests: FTPTrial {
    let folder: TemporaryDirectory
    let file: Outgoing
    let name: RemoteName

    init() throws {
        folder = try TemporaryDirectory()
        file = try makeOutgoing(Data("a rendition".utf8), in: folder)
        name = try remote("a.jpg")
    }

    @Test func aPortForDataThatIsShutIsTold() async throws {
        let server = try await start(.pyftpdlib, .none, "dead-data")
        let error = try await putError(server.options)
        #expect(error.remedy == .retry(after: nil), "\(error.message)")
        #expect(error.message.contains("passive ports"), "\(error.message)")
        await server.stop()
    }

    /// The data goes where the login went, whatever address the server names.
    @Test func theServerCannotSendUsElsewhere() async throws {
        let elsewhere = try RawServer([.hang])
        let (high, low) = (elsewhere.port / 256, elsewhere.port % 256)
        let server = try RawServer([
            .send("220 Hello\r\n"), .readUntil("USER shop\r\n"), .send("230 Come in\r\n"),
            .readUntil("PWD\r\n"), .send("257 \"/\"\r\n"), .readUntil("EPSV\r\n"),
            .send("500 No\r\n"), .readUntil("PASV\r\n"),
            .send("227 Entering (10,1,2,3,\(high),\(low))\r\n"), .readUntil("STOR"),
            .send("550 Enough\r\n"), .hang,
        ])
        try folder.write("x", to: "credentials/password")
        let options = FTPOptions(
            .server(server.port, scheme: "ftp"), user: "shop", password: .credential("password"),
            plainText: true, finish: .direct)
        let transport = try make(options, in: folder)
        let task = Task { try await transport.put(file, as: name) }
        // On this machine, where the login is, and not at 10.1.2.3.
        #expect(await elsewhere.wait { $0.count == 1 })
        await transport.close()
        _ = await task.result
        server.stop()
        elsewhere.stop()
    }

    @Test func aPrivateAddressIsRefused() async throws {
        let server = try await start(.vsftpd)
        var options = server.options
        options.target.allowPrivate = false
        let error = try await putError(options)
        #expect(error.remedy == .fixProfile, "\(error.message)")
        #expect(server.log.isEmpty)
        await server.stop()
    }

    @Test(arguments: [FTPServer.Program.vsftpd, .proftpd])
    func aCutMidTransferIsTriedAgainAndSwept(_ program: FTPServer.Program) async throws {
        let server = try await start(program)
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
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.root) == ["a.jpg"])
        await transport.close()
        await server.stop()
    }

    @Test func twoSessionsShareABandwidth() async throws {
        let server = try await start(.vsftpd)
        try await expectASharedBandwidth(server.options, in: folder)
        await server.stop()
    }

    /// It has its name, and nobody was told.
    @Test func aCutAfterTheRenameIsMadeGood() async throws {
        let server = try await start(.pyftpdlib, .none, "cut-rename")
        let transport = try make(server.options, in: folder)
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name) == .confirmed(.hash))
        #expect(server.log.components(separatedBy: "< USER ").count > 2, "it was not cut")
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.root) == ["a.jpg"])
        await transport.close()
        await server.stop()
    }

    @Test func aServerThatIsAwayIsTriedAgain() async throws {
        let server = try await start(.vsftpd)
        let transport = try make(server.options, in: folder)
        try await transport.put(file, as: name)
        await server.stop()
        for _ in 0..<2 {
            let error = await #expect(throws: DeliveryError.self) {
                try await transport.put(file, as: try remote("b.jpg"))
            }
            #expect(error?.remedy == .retry(after: nil), "\(error?.message ?? "")")
        }
        await transport.close()
    }

    @Test func oneLoginServesManyFilesUntilTheServerHangsUp() async throws {
        let server = try await start(.vsftpd)
        let transport = try make(server.options, in: folder)
        for number in 1...5 { try await transport.put(file, as: try remote("\(number).jpg")) }
        #expect(server.log.components(separatedBy: "OK LOGIN").count == 2)
        server.cutConnections()
        // What waited is not asked again: a new login, and nobody notices.
        try await transport.put(file, as: name)
        #expect(server.log.components(separatedBy: "OK LOGIN").count == 3)
        await transport.close()
        await server.stop()
    }

    /// It says 421 into the silence, and hangs up.
    @Test func aLoginThatWaitedTooLongIsMadeAnew() async throws {
        let session: [RawServer.Act] = [
            .send("220 Hello\r\n"), .readUntil("USER shop\r\n"), .send("230 Come in\r\n"),
            .readUntil("PWD\r\n"), .send("257 \"/\"\r\n"),
            .readUntil("DELE /.sluice-old-a.jpg.tmp\r\n"), .send("550 No such file\r\n"),
            .readUntil("DELE /a.jpg\r\n"), .send("250 Gone\r\n"),
        ]
        let server = try RawServer(
            session + [.send("421 Timeout\r\n"), .close], session + [.hang])
        try folder.write("x", to: "credentials/password")
        let options = FTPOptions(
            .server(server.port, scheme: "ftp"), user: "shop", password: .credential("password"),
            plainText: true)
        let transport = try make(options, in: folder)
        try await transport.remove(name)
        try await transport.remove(name)
        #expect(server.requests.count == 2)
        await transport.close()
        server.stop()
    }

    @Test func oneLoginTooManyIsTriedAgain() async throws {
        let server = try await start(.pyftpdlib, .none, "one-login")
        let first = try make(server.options, in: folder)
        try await first.put(file, as: name)
        let error = try await putError(server.options)
        #expect(error.remedy == .retry(after: nil), "\(error.message)")
        #expect(error.message.contains("sessions"), "\(error.message)")
        await first.close()
        await server.stop()
    }

    /// libcurl waits for the end of a transfer on its own, for up to a minute.
    @Test func closingDoesNotWaitForAServerThatSaysNothing() async throws {
        let data = try RawServer([.hang])
        let server = try RawServer([
            .send("220 Hello\r\n"), .readUntil("USER shop\r\n"), .send("230 Come in\r\n"),
            .readUntil("PWD\r\n"), .send("257 \"/\"\r\n"), .readUntil("EPSV\r\n"),
            .send("229 Entering (|||\(data.port)|)\r\n"), .readUntil("TYPE I\r\n"),
            .send("200 I\r\n"), .readUntil("STOR"), .send("150 Go on\r\n"), .hang,
        ])
        try folder.write("x", to: "credentials/password")
        let options = FTPOptions(
            .server(server.port, scheme: "ftp"), user: "shop", password: .credential("password"),
            plainText: true)
        let transport = try make(options, in: folder)
        let task = Task { try await transport.put(file, as: name) }
        #expect(await data.wait { $0 == ["a rendition"] })
        let clock = ContinuousClock()
        let taken = await clock.measure { await transport.close() }
        #expect(taken < .seconds(10), "\(taken)")
        let error = await #expect(throws: DeliveryError.self) { try await task.value }
        #expect(error?.remedy == .retry(after: nil))
        server.stop()
        data.stop()
    }
}
