import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// The contract of all transports, on three servers and in every protection there is.
@Suite(.fewServers) struct FTPContractTests {
    @Test(arguments: [
        (FTPServer.Program.vsftpd, FTPServer.Protection.explicit), (.vsftpd, .implicit),
        (.vsftpd, .none), (.proftpd, .explicit), (.proftpd, .implicit), (.pyftpdlib, .none),
    ])
    func contract(_ program: FTPServer.Program, _ protection: FTPServer.Protection) async throws {
        let server = try await FTPServer.start(program, protection)
        let folder = try TemporaryDirectory()
        try folder.give(server)
        try await TransportContract(make(server.options, in: folder), root: server.root).run()
        await server.stop()
    }

    /// Without renaming a name may show half a file while it is sent; afterwards nothing differs.
    @Test(arguments: [FTPServer.Program.vsftpd, .proftpd]) func direct(
        _ program: FTPServer.Program
    ) async throws {
        let server = try await FTPServer.start(program)
        let folder = try TemporaryDirectory()
        try folder.give(server)
        var options = server.options
        options.finish = .direct
        let transport = try make(options, in: folder)
        let file = try makeOutgoing(Data("direct".utf8), in: folder)
        let name = try remote("made/direct.jpg")
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name) == .confirmed(.hash))
        await transport.close()
        await server.stop()
    }

    /// vsftpd logs in once for each transfer at a time, and takes the data only with the TLS session
    /// of its own login.
    @Test func severalLoginsEachHaveTheirOwnTLSSession() async throws {
        let server = try await FTPServer.start(.vsftpd)
        let folder = try TemporaryDirectory()
        try folder.give(server)
        let transport = try make(server.options, in: folder, sessions: 4)
        let files = try (0..<24).map { number in
            try makeOutgoing(
                Data(repeating: UInt8(number), count: 300_000 + number), in: folder)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<4 {
                group.addTask {
                    for number in stride(from: lane, to: files.count, by: 4) {
                        let name = try remote("\(number).jpg")
                        try await transport.put(files[number], as: name)
                        #expect(
                            try await transport.look(for: files[number], as: name).isConfirmed)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(server.log.components(separatedBy: "OK LOGIN").count == 5, "four logins")
        #expect(server.log.components(separatedBy: "OK UPLOAD").count == 25)
        #expect(!server.log.contains("\"522 "))
        await transport.close()
        await server.stop()
    }
}

extension FTPServer {
    var options: FTPOptions {
        FTPOptions(
            .server(port, root + "/", scheme: protection.rawValue), user: user,
            password: .credential("password"),
            tls: TLSOptions(authorities: protection == .none ? nil : "ca"),
            plainText: protection == .none)
    }
}

extension TemporaryDirectory {
    /// What one needs to log in there, as credentials.
    func give(_ server: FTPServer) throws {
        try write(server.password + "\n", to: "credentials/password")
        try copy(server.tls.authority, to: "credentials/ca")
    }
}
