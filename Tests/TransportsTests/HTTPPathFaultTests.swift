import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// What can go wrong on the way to a server: certificates, names, and those who take for ever.
@Suite(.fewServers) struct HTTPPathFaultTests {
    private let folder: TemporaryDirectory
    private let file: Outgoing
    private let name: RemoteName

    init() throws {
        folder = try TemporaryDirectory()
        file = try makeOutgoing(Data(repeating: 0x61, count: 200_000), in: folder)
        name = try remote("a.jpg")
    }

    private func putError(
        _ options: HTTPOptions, _ timeouts: Timeouts = Timeouts()
    ) async throws -> DeliveryError {
        let transport = try make(options, in: folder, timeouts: timeouts)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: name)
        }
        await transport.close()
        return try #require(error)
    }

    // MARK: TLS

    @Test(arguments: [TestCertificate.Flaw.expired, .otherName, .selfSigned])
    func aCertificateThatIsNotGoodStopsTheChannel(flaw: TestCertificate.Flaw) async throws {
        let server = try await HTTPServer.start(tls: true, flaw: flaw)
        let certificate = try #require(server.certificate)
        try folder.copy(certificate.authority, to: "credentials/ca")
        var options = server.options
        options.tls.authorities = "ca"
        let error = try await putError(options)
        #expect(error.remedy == .fixChannel)
        #expect(error.message.contains("certificate"), "\(error.message)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.root).isEmpty)
        await server.stop()
    }

    /// It may be a server that is being rebuilt, so it is no reason to stop for good.
    @Test func whoSpeaksNoTLSOrOnlyOldOneIsTriedAgain() async throws {
        let plain = try RawServer([.readUntil("\u{1}"), .send("HTTP/1.1 400 Bad\r\n\r\n")])
        defer { plain.stop() }
        let error = try await putError(HTTPOptions(.server(plain.port, scheme: "https")))
        #expect(error.remedy == .retry(after: nil))
        #expect(!plain.requests.joined().contains("PUT"))
        let old = try await HTTPServer.start("ssl_protocols TLSv1 TLSv1.1;", tls: true)
        #expect(try await putError(old.options).remedy == .retry(after: nil))
        await old.stop()
    }

    // MARK: Slowness

    /// It takes the file so slowly that it would take for ever.
    @Test func whoReadsNothingEndsAtTheDeadline() async throws {
        let big = try makeOutgoing(Data(repeating: 0x62, count: 30_000_000), in: folder)
        let server = try RawServer([.readUntil("\r\n\r\n"), .readBody(1), .stall])
        defer { server.stop() }
        var timeouts = Timeouts()
        (timeouts.slow, timeouts.slowBytes) = (1, 1 << 30)
        let transport = try make(
            HTTPOptions(.server(server.port)), in: folder, timeouts: timeouts)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(big, as: name)
        }
        #expect(error?.remedy == .retry(after: nil))
        await transport.close()
    }

    /// A hundred bytes a second are alive, and not enough.
    @Test func whoAnswersDropByDropEndsAtTheDeadline() async throws {
        let body = String(repeating: "x", count: 5000)
        let server = try RawServer([
            .readUntil("\r\n\r\n"),
            .drip(
                "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n\(body)", everyMilliseconds: 10),
        ])
        defer { server.stop() }
        var timeouts = Timeouts()
        (timeouts.slow, timeouts.slowBytes) = (1, 1000)
        var options = HTTPOptions(.server(server.port))
        options.manner.confirm = .get
        let transport = try make(options, in: folder, timeouts: timeouts)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.look(for: file, as: name)
        }
        #expect(error?.remedy == .retry(after: nil))
        await transport.close()
    }

    /// Stored, and never heard of: the question finds it.
    @Test func aLostAnswerIsMadeGoodByTheQuestion() async throws {
        let head = RawServer.Act.readUntil("\r\n\r\n")
        let server = try RawServer(
            [head, .readBody(200_000), .reset],
            [
                head,
                .send("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\nConnection: close\r\n\r\n"),
            ],
            [
                head,
                .send("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n"),
                .send(String(repeating: "a", count: 200_000)),
            ])
        defer { server.stop() }
        let transport = try make(HTTPOptions(.server(server.port)), in: folder)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: name)
        }
        #expect(error?.remedy == .retry(after: nil))
        #expect(try await transport.look(for: file, as: name).confirmation == .hash)
        await transport.close()
    }

    /// 401 in the middle of a run: what came before stays, and what comes after waits.
    @Test func aLoginThatEndsStopsTheChannelAndNoFile() async throws {
        let head = RawServer.Act.readUntil("\r\n\r\n")
        func say(_ status: String) -> RawServer.Act {
            .send("HTTP/1.1 \(status)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
        let server = try RawServer(
            [head, .readBody(200_000), say("201 Created")],
            [head, .readBody(200_000), say("401 Unauthorized")],
            [head, .readBody(200_000), say("403 Forbidden")])
        defer { server.stop() }
        let transport = try make(HTTPOptions(.server(server.port)), in: folder)
        try await transport.put(file, as: name)
        for _ in 1...2 {
            let error = await #expect(throws: DeliveryError.self) {
                try await transport.put(file, as: name)
            }
            #expect(error?.remedy == .fixChannel)
        }
        await transport.close()
    }
}
