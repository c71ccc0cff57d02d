import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// Whom a channel believes over TLS, and as whom it appears there.
@Suite(.fewServers) struct HTTPTrustTests {
    @Test func anAuthorityOrAPinOfOnesOwn() async throws {
        let server = try await HTTPServer.start(tls: true)
        let folder = try TemporaryDirectory()
        let file = try makeOutgoing(Data("a rendition".utf8), in: folder)
        let name = try remote("a.jpg")
        let certificate = try #require(server.certificate)
        try folder.copy(certificate.authority, to: "credentials/ca")
        func put(_ tls: TLSOptions) async throws {
            var options = server.options
            options.tls = tls
            let transport = try make(options, in: folder)
            try await transport.put(file, as: name)
            #expect(try await transport.look(for: file, as: name).isConfirmed)
            await transport.close()
        }
        try await put(TLSOptions(authorities: "ca"))
        try await put(TLSOptions(pins: [certificate.pin]))
        try await put(TLSOptions(authorities: "ca", pins: [certificate.pin]))
        let wrong = "SHA256:\(String(repeating: "A", count: 43))"
        for tls in [
            TLSOptions(), TLSOptions(pins: [wrong]), TLSOptions(authorities: "ca", pins: [wrong]),
        ] {
            let error = await #expect(throws: DeliveryError.self) { try await put(tls) }
            #expect(error?.remedy == .fixChannel, "\(error?.message ?? "")")
        }
        await server.stop()
    }

    @Test func aCertificateOfOnesOwn() async throws {
        let server = try await HTTPServer.start("ssl_verify_client on;", tls: true)
        let folder = try TemporaryDirectory()
        let file = try makeOutgoing(Data("a rendition".utf8), in: folder)
        let name = try remote("a.jpg")
        let certificate = try #require(server.certificate)
        try folder.copy(certificate.clientCertificate, to: "credentials/me")
        try folder.copy(certificate.clientKey, to: "credentials/my-key")
        var options = server.options
        options.tls = TLSOptions(pins: [certificate.pin])
        let stranger = try make(options, in: folder)
        await #expect(throws: DeliveryError.self) { try await stranger.put(file, as: name) }
        await stranger.close()
        (options.tls.certificate, options.tls.key) = ("me", "my-key")
        let transport = try make(options, in: folder)
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name).isConfirmed)
        await transport.close()
        await server.stop()
    }

    /// Allowed within one's own network, and not unseen.
    @Test func aLoginInClearIsSaid() {
        let login = Password.program("/usr/local/bin/password")
        #expect(HTTPOptions(.server(1), user: "shop", password: login).cautions.count == 1)
        #expect(HTTPOptions(.server(1)).cautions.isEmpty)
        let https = Target.server(1, scheme: "https")
        #expect(HTTPOptions(https, user: "shop", password: login).cautions.isEmpty)
    }
}
