import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// Whom a bucket's channel believes over TLS, and as whom it appears there: an nginx before a service.
@Suite(.fewServers) struct S3TrustTests {
    @Test func anAuthorityAPinAndACertificateOfOnesOwn() async throws {
        let service = try await S3Server.start(.moto)
        let door = try await HTTPServer.start(
            """
            ssl_verify_client on;
            location / { proxy_pass http://127.0.0.1:\(service.port); proxy_set_header Host $http_host; }
            """, tls: true)
        let folder = try TemporaryDirectory()
        let file = try makeOutgoing(Data("a rendition".utf8), in: folder)
        let name = try remote("a.jpg")
        let certificate = try #require(door.certificate)
        try folder.copy(certificate.authority, to: "credentials/ca")
        try folder.copy(certificate.clientCertificate, to: "credentials/me")
        try folder.copy(certificate.clientKey, to: "credentials/my-key")
        var options = try service.options(below: "", in: folder)
        options.endpoint = S3Endpoint(host: "127.0.0.1", port: door.port)
        func put(_ tls: TLSOptions) async throws {
            var trusting = options
            trusting.tls = tls
            let transport = try make(trusting, in: folder)
            try await transport.put(file, as: name)
            #expect(try await transport.look(for: file, as: name).isConfirmed)
            await transport.close()
        }
        try await put(TLSOptions(authorities: "ca", certificate: "me", key: "my-key"))
        try await put(TLSOptions(pins: [certificate.pin], certificate: "me", key: "my-key"))
        let wrong = "SHA256:\(String(repeating: "A", count: 43))"
        for tls in [
            TLSOptions(certificate: "me", key: "my-key"), TLSOptions(authorities: "ca"),
            TLSOptions(authorities: "ca", pins: [wrong], certificate: "me", key: "my-key"),
        ] {
            await #expect(throws: DeliveryError.self) { try await put(tls) }
        }
        await door.stop()
        await service.stop()
    }
}
