import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// Whom FTP believes, and what is said before a password is.
@Suite(.fewServers, .timeLimit(.minutes(5))) struct FTPTrustTests: FTPTrial {
    let folder: TemporaryDirectory
    let file: Outgoing
    let name: RemoteName

    init() throws {
        folder = try TemporaryDirectory()
        file = try makeOutgoing(Data("a rendition".utf8), in: folder)
        name = try remote("a.jpg")
    }

    @Test(arguments: [FTPServer.Protection.explicit, .implicit])
    func anUnknownCertificateGetsNoLogin(_ protection: FTPServer.Protection) async throws {
        let server = try await start(.vsftpd, protection)
        var options = server.options
        options.tls = TLSOptions()
        let error = try await putError(options)
        #expect(error.remedy == .fixChannel, "\(error.message)")
        #expect(error.message.contains("tls_pin"), "\(error.message)")
        #expect(!server.log.contains("USER"), "\(server.log)")
        await server.stop()
    }

    @Test(arguments: [FTPServer.Program.vsftpd, .proftpd]) func aPinnedKeyNeedsNoAuthority(
        _ program: FTPServer.Program
    ) async throws {
        let server = try await start(program)
        var options = server.options
        options.tls = TLSOptions(pins: [server.tls.pin])
        let transport = try make(options, in: folder)
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name) == .confirmed(.hash))
        await transport.close()
        for authority in [nil, "ca"] {
            let wrong = "SHA256:\(String(repeating: "A", count: 43))"
            options.tls = TLSOptions(authorities: authority, pins: [wrong])
            let error = try await putError(options)
            #expect(error.remedy == .fixChannel, "\(error.message)")
            #expect(error.message.contains("'tls_pin'"), "\(error.message)")
        }
        await server.stop()
    }

    @Test func aCertificateOfOnesOwnIsShown() async throws {
        let server = try await start(
            .proftpd, .explicit, "TLSVerifyClient on\nTLSCACertificateFile {ca}")
        let refused = try await putError(server.options)
        #expect(refused.remedy != .fixInput, "\(refused.message)")
        try folder.copy(server.tls.clientCertificate, to: "credentials/me")
        try folder.copy(server.tls.clientKey, to: "credentials/my-key")
        var options = server.options
        (options.tls.certificate, options.tls.key) = ("me", "my-key")
        let transport = try make(options, in: folder)
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name) == .confirmed(.hash))
        await transport.close()
        // Told before anything is dialled: a key where a certificate belongs.
        options.tls.certificate = "my-key"
        let error = #expect(throws: DeliveryError.self) { try make(options, in: folder) }
        #expect(error?.message.contains("holds no 'CERTIFICATE'") == true)
        await server.stop()
    }

    /// Whoever sits between could take the offer of TLS away.
    @Test func withoutTLSNothingIsSaid() async throws {
        let server = try RawServer([
            .send("220 Hello\r\n"), .readUntil("\r\n"), .send("500 AUTH not understood\r\n"),
            .readUntil("\r\nAUTH SSL\r\n"), .send("500 AUTH not understood\r\n"), .hang,
        ])
        try folder.write("canary-2b", to: "credentials/password")
        let options = FTPOptions(
            .server(server.port, scheme: "ftpes"), user: "shop", password: .credential("password"))
        let error = try await putError(options)
        #expect(error.remedy == .fixProfile, "\(error.message)")
        #expect(error.message.contains("does not encrypt"), "\(error.message)")
        let said = server.requests.joined()
        #expect(!said.contains("USER") && !said.contains("canary-2b"), "\(said)")
        server.stop()
    }

    @Test func inClearOnlyWhereItIsSaid() async throws {
        let server = try await start(.pyftpdlib, .none)
        var options = server.options
        options.plainText = false
        let error = #expect(throws: DeliveryError.self) { try make(options, in: folder) }
        #expect(error?.message.contains("plain_text: true") == true)
        #expect(!server.log.contains("USER"))
        #expect(server.options.cautions.count == 1)
        #expect(server.options.cautions[0].contains("'plain_text: true'"))
        #expect(FTPOptions(.server(1, scheme: "ftps")).cautions.isEmpty)
        await server.stop()
    }

    /// Some servers say what they were told.
    @Test func aPasswordThatIsSaidBackIsNotTold() async throws {
        let server = try RawServer([
            .send("220 Hello\r\n"), .readUntil("USER shop\r\n"), .send("331 Password?\r\n"),
            .readUntil("PASS canary-77\r\n"), .send("530 'canary-77' is wrong\r\n"), .hang,
        ])
        try folder.write("canary-77", to: "credentials/password")
        let options = FTPOptions(
            .server(server.port, scheme: "ftp"), user: "shop", password: .credential("password"),
            plainText: true)
        let error = try await putError(options)
        #expect(error.remedy == .fixChannel, "\(error.message)")
        #expect(error.message.contains("530 '•••' is wrong"), "\(error.message)")
        server.stop()
    }

    @Test func aLineBreakInALoginIsNoCommand() async throws {
        let server = try await start(.pyftpdlib, .none)
        var options = server.options
        options.user = "shop\r\nDELE /etc/passwd"
        let error = try await putError(options)
        #expect(error.remedy == .fixProfile, "\(error.message)")
        #expect(!server.log.contains("DELE"))
        await server.stop()
    }
}
