import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// What a server can do wrong, and what is made of it.
@Suite(.fewServers) struct HTTPFaultTests {
    private static let canary = "canary-7f3a-secret"

    private let folder: TemporaryDirectory
    private let file: Outgoing
    private let name: RemoteName

    init() throws {
        folder = try TemporaryDirectory()
        file = try makeOutgoing(Data(repeating: 0x61, count: 200_000), in: folder)
        name = try remote("a.jpg")
        try folder.write(Self.canary + "\n", to: "credentials/token")
    }

    private func transport(_ server: RawServer, total: Double = 20) throws -> any Transport {
        var timeouts = Timeouts()
        timeouts.base = total
        timeouts.floor = 1 << 30
        let options = HTTPOptions(.server(server.port, "/img/"), token: "token")
        return try make(options, in: folder, timeouts: timeouts)
    }

    /// The error of a put to a server that behaves like this.
    private func putError(_ acts: RawServer.Act..., total: Double = 20) async throws
        -> DeliveryError
    {
        let server = try RawServer(acts)
        defer { server.stop() }
        let transport = try transport(server, total: total)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: name)
        }
        await transport.close()
        let found = try #require(error)
        #expect(!found.message.contains(Self.canary))
        #expect(found.message.hasPrefix("cannot put 'a.jpg' on 'http://127.0.0.1:"))
        return found
    }

    private static let head = RawServer.Act.readUntil("\r\n\r\n")

    private static func answer(_ status: String, _ headers: String = "") -> RawServer.Act {
        .send("HTTP/1.1 \(status)\r\n\(headers)Content-Length: 0\r\nConnection: close\r\n\r\n")
    }

    @Test func anAnswerBeforeTheBodyIsNoSuccess() async throws {
        // Headers and body arrive together for a small file, so the whole one is large.
        let big = try makeOutgoing(Data(repeating: 0x62, count: 30_000_000), in: folder)
        let server = try RawServer([Self.head, Self.answer("200 OK"), .hang])
        defer { server.stop() }
        let transport = try transport(server, total: 5)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(big, as: name)
        }
        #expect(error?.remedy == .retry(after: nil))
        await transport.close()
    }

    @Test(arguments: [0, 1, 100_000, 199_999, 200_000])
    func aConnectionThatIsCutIsTriedAgain(at bytes: Int) async throws {
        let acts: [RawServer.Act] =
            bytes == 0 ? [.reset] : [Self.head, .readBody(bytes), .reset]
        let server = try RawServer(acts)
        defer { server.stop() }
        let transport = try transport(server)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: name)
        }
        #expect(error?.remedy == .retry(after: nil))
        await transport.close()
    }

    @Test func aServerThatNeverAnswersEndsAtTheDeadline() async throws {
        let error = try await putError(.hang, total: 0.4)
        #expect(error.remedy == .retry(after: nil))
    }

    @Test(arguments: [300, 301, 302, 303, 305, 307, 308])
    func aRedirectIsNotFollowed(status: Int) async throws {
        let other = try RawServer([.hang])
        defer { other.stop() }
        let error = try await putError(
            Self.head, .readBody(200_000),
            Self.answer("\(status) Elsewhere", "Location: \(other.url)there?signature=abc\r\n"))
        #expect(error.remedy == .fixProfile)
        #expect(error.message.contains("\(other.url)there?…'"))
        #expect(other.requests.isEmpty)
    }

    /// Of a cache in between perhaps: it neither points anywhere nor says what became of the file.
    @Test(arguments: [304, 306])
    func anAnswerThatMeansNothingIsTriedAgain(status: Int) async throws {
        let error = try await putError(
            Self.head, .readBody(200_000), Self.answer("\(status) Whatever"))
        #expect(error.remedy == .retry(after: nil))
        #expect(error.message.contains("\(status), which means nothing here"), "\(error)")
    }

    /// To the question whether it is there: neither that it is nor that it is not.
    @Test(arguments: [300, 301, 304, 305, 306, 308])
    func aQuestionThatIsSentElsewhereIsNotAnswered(status: Int) async throws {
        let server = try RawServer([Self.head, Self.answer("\(status) Whatever")])
        defer { server.stop() }
        let transport = try transport(server)
        for _ in 1...2 {
            let looked = await #expect(throws: DeliveryError.self) {
                try await transport.look(for: file, as: name)
            }
            let asked = await #expect(throws: DeliveryError.self) {
                try await transport.isAbsent(name)
            }
            let isWrongPlace = ![304, 306].contains(status)
            for error in [looked, asked] {
                #expect(error?.remedy == (isWrongPlace ? .fixProfile : .retry(after: nil)))
            }
        }
        await transport.close()
    }

    @Test(arguments: [
        (401, Remedy.fixChannel), (403, .fixChannel), (407, .fixChannel), (400, .fixInput),
        (413, .fixInput), (415, .fixInput), (422, .fixInput), (500, .retry(after: nil)),
        (502, .retry(after: nil)), (507, .retry(after: nil)), (202, .fixProfile),
        (405, .fixProfile), (404, .fixProfile), (410, .fixProfile), (408, .retry(after: nil)),
        (418, .retry(after: nil)), (451, .retry(after: nil)), (499, .retry(after: nil)),
        (206, .retry(after: nil)), (599, .retry(after: nil)),
    ])
    func everyStatusHasItsRemedy(status: Int, remedy: Remedy) async throws {
        let error = try await putError(Self.head, .readBody(200_000), Self.answer("\(status) Word"))
        #expect(error.remedy == remedy)
        #expect(error.message.contains("\(status)"))
    }

    @Test(
        arguments: [
            ("120", 120.0), ("-5", 0), ("99999999999999", 21_600), ("soon", nil),
            ("Wed, 01 Jan 2032 00:00:00 GMT", 21_600), ("Fri, 01 Jan 2010 00:00:00 GMT", 0),
        ], ["429 Too Many Requests", "503 Service Unavailable"])
    func aBusyServerSaysWhen(when: (text: String, seconds: Double?), status: String) async throws {
        let (text, seconds) = when
        let error = try await putError(
            Self.head, .readBody(200_000), Self.answer(status, "Retry-After: \(text)\r\n"))
        #expect(error.remedy == .retry(after: seconds))
    }

    @Test func aRefusalIsToldInTheServersWords() async throws {
        func told(_ body: String) async throws -> String {
            try await putError(
                Self.head, .readBody(200_000),
                .send("HTTP/1.1 422 No\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            ).message
        }
        let page =
            "<html><style>p {}</style><p>Image\r\n is <b>too</b> small:\u{1B}[31m 480 px</p></html>"
        #expect(
            try await told(page).hasSuffix("; the server says: 'Image is too small: [31m 480 px'"))
        #expect(try await told(#"{"error": "no alpha"}"#).contains(#"'{"error": "no alpha"}'"#))
        #expect(try await told("").hasSuffix("it refuses this file"))
        // Some answer with what they were sent; `putError` looks for it.
        #expect(try await told("you sent Bearer \(Self.canary)").hasSuffix("it refuses this file"))
        #expect(try await told(String(repeating: "x", count: 100_000)).utf8.count < 500)
    }

    @Test func aRefusalBeforeTheBodyIsUnderstood() async throws {
        let error = try await putError(
            Self.head, Self.answer("503 Busy", "Retry-After: 30\r\n"), .hang, total: 5)
        #expect(error.remedy == .retry(after: 30))
    }

    @Test func aTruncatedFileIsSeenByTheSeparateQuestion() async throws {
        let server = try RawServer(
            [Self.head, .readBody(200_000), Self.answer("200 OK")],
            [Self.head, .send("HTTP/1.1 200 OK\r\nContent-Length: 150000\r\n\r\n"), .hang])
        defer { server.stop() }
        let transport = try transport(server)
        try await transport.put(file, as: name)
        let presence = try await transport.look(for: file, as: name)
        #expect(presence == .different("150000 bytes in place of 200000"))
        await transport.close()
    }

    /// A page for people in the file's place, with 200 to all that is asked: also of the file's length.
    @Test(arguments: ["<html>not here</html>", "<html>" + String(repeating: " ", count: 199_994)])
    func aPageIsNotTheFile(page: String) async throws {
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: \(page.count)\r\n"
            + "Connection: close\r\n\r\n"
        let server = try RawServer(
            [Self.head, .readBody(200_000), .send(head + page)], [Self.head, .send(head)],
            [Self.head, .send(head + page)])
        defer { server.stop() }
        let transport = try transport(server)
        try await transport.put(file, as: name)
        guard case .different = try await transport.look(for: file, as: name) else {
            Issue.record("a page is taken for the file")
            return
        }
        await transport.close()
    }

    @Test(arguments: ["405 Method Not Allowed", "501 Not Implemented", "200 OK"])
    func withoutHEADTheFileIsReadBack(status: String) async throws {
        let small = try makeOutgoing(Data("small".utf8), in: folder)
        let server = try RawServer(
            [Self.head, .send("HTTP/1.1 \(status)\r\nConnection: close\r\n\r\n")],
            [Self.head, .send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nsmall")],
            [Self.head, .send("HTTP/1.1 \(status)\r\nConnection: close\r\n\r\n")],
            [Self.head, .send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nother")],
            [Self.head, .send("HTTP/1.1 \(status)\r\nConnection: close\r\n\r\n")],
            [Self.head, .send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html>no such")])
        defer { server.stop() }
        let transport = try transport(server)
        #expect(try await transport.look(for: small, as: name).confirmation == .hash)
        for _ in 0..<2 {
            guard case .different = try await transport.look(for: small, as: name) else {
                Issue.record("other bytes are taken for ours")
                continue
            }
        }
        await transport.close()
    }

    @Test func absenceWithoutHEADIsReadFromTheStatus() async throws {
        let refusal = "HTTP/1.1 405 No\r\nConnection: close\r\n\r\n"
        let server = try RawServer(
            [Self.head, .send(refusal)],
            [Self.head, .send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nbytes"), .hang],
            [Self.head, .send(refusal)],
            [Self.head, .send("HTTP/1.1 404 No\r\nConnection: close\r\n\r\n<html>"), .hang])
        defer { server.stop() }
        let transport = try transport(server)
        #expect(try await !transport.isAbsent(name))
        #expect(try await transport.isAbsent(name))
        await transport.close()
    }

    @Test func theTokenGoesToTheServerAndNowhereElse() async throws {
        let server = try RawServer([Self.head, .readBody(200_000), Self.answer("201 Created")])
        defer { server.stop() }
        let transport = try transport(server)
        try await transport.put(file, as: name)
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("PUT /img/a.jpg HTTP/1.1\r\n"))
        #expect(request.contains("Authorization: Bearer \(Self.canary)\r\n"))
        #expect(request.contains("Content-Type: image/jpeg\r\n"))
        #expect(!request.contains("Expect:"))
        await transport.close()
    }

    @Test func nginxRefusesAndIsUnderstood() async throws {
        let server = try await HTTPServer.start(
            """
            location /secret/ { auth_basic shop; auth_basic_user_file /dev/null; }
            location /small/ { client_max_body_size 1k; }
            location /busy/ { add_header Retry-After 77 always; return 503; }
            location /moved/ { return 301 /elsewhere/; }
            """)
        let transport = try make(server.options, in: folder)
        for (path, remedy) in [
            ("secret/a.jpg", Remedy.fixChannel), ("small/a.jpg", .fixInput),
            ("busy/a.jpg", .retry(after: 77)), ("moved/a.jpg", .fixProfile),
        ] {
            let name = try remote(path)
            let error = await #expect(throws: DeliveryError.self) {
                try await transport.put(file, as: name)
            }
            #expect(error?.remedy == remedy, "\(path): \(error?.message ?? "")")
        }
        await transport.close()
        await server.stop()
    }

    @Test func anUnsignedCertificateStopsTheChannel() async throws {
        let server = try await HTTPServer.start(tls: true)
        let transport = try make(server.options, in: folder)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: name)
        }
        #expect(error?.remedy == .fixChannel)
        #expect(error?.message.contains("certificate") == true)
        await transport.close()
        await server.stop()
    }

    @Test func nobodyListeningAndUnknownNamesAreTriedAgain() async throws {
        var options = HTTPOptions(.server(try Port.free(), "/"))
        for host in ["127.0.0.1", "no-such-host.invalid"] {
            options.address.host = host
            let transport = try make(options, in: folder)
            let error = await #expect(throws: DeliveryError.self) {
                try await transport.put(file, as: name)
            }
            #expect(error?.remedy == .retry(after: nil))
            await transport.close()
        }
    }

    @Test func aNameThatResolvesToThisMachineIsRefused() async throws {
        let server = try RawServer([.hang])
        defer { server.stop() }
        let options = HTTPOptions(
            Target(
                DestinationAddress(
                    scheme: "http", host: "localhost", port: server.port, path: "/")))
        let transport = try make(options, in: folder)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: name)
        }
        #expect(error?.remedy == .fixProfile)
        #expect(server.requests.isEmpty)
        await transport.close()
    }
}
