import Foundation
import Host
import Model
import Support
import Testing
import TransportsSupport

@testable import Transports

/// What a service can do wrong, and what is made of it.
@Suite(.fewServers) struct S3FaultTests {
    private static let canary = "canary-5d21-secret"
    private static let token = "canary-9e07-token"

    private let folder: TemporaryDirectory
    private let file: Outgoing
    private let name: RemoteName

    init() throws {
        folder = try TemporaryDirectory()
        file = try makeOutgoing(Data(repeating: 0x61, count: 200_000), in: folder)
        name = try remote("a.jpg")
        try folder.write("AKIDEXAMPLE\n", to: "credentials/access")
        try folder.write(Self.canary + "\n", to: "credentials/secret")
        try folder.write(Self.token + "\n", to: "credentials/token")
    }

    private func options(_ port: Int, region: String? = nil) -> S3Options {
        S3Options(
            Target(
                DestinationAddress(scheme: "s3", host: "shop", path: "/in/"), allowPrivate: true),
            endpoint: S3Endpoint(isTLS: false, host: "127.0.0.1", port: port), region: region,
            accessKey: "access", secretKey: "secret", sessionToken: "token",
            cache: "public, max-age=60", publicBase: "https://img.example.com/")
    }

    private func transport(
        _ server: RawServer, total: Double = 20, clock: WallClock = .system
    ) throws -> any Transport {
        var timeouts = Timeouts()
        timeouts.base = total
        timeouts.floor = 1 << 30
        return try options(server.port).makeTransport(
            TransportMeans(
                credentials: Credentials(directory: folder.path("credentials"), systemd: nil),
                timeouts: timeouts, clock: clock))
    }

    private static let head = RawServer.Act.readUntil("\r\n\r\n")
    private static let body = RawServer.Act.readBody(200_000)

    /// The error of a put to a service that behaves like this.
    private func putError(
        _ scripts: [RawServer.Act]..., clock: WallClock = .system
    ) async throws -> DeliveryError {
        let server = try RawServer(scripts: scripts)
        defer { server.stop() }
        let transport = try transport(server, clock: clock)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: name)
        }
        await transport.close()
        let found = try #require(error)
        #expect(!found.message.contains(Self.canary) && !found.message.contains(Self.token))
        #expect(found.message.hasPrefix("cannot put 'a.jpg' on 's3://shop/in/': "))
        return found
    }

    @Test(arguments: [
        (503, "SlowDown", Remedy.retry(after: 7), "SlowDown"),
        (503, "ServiceUnavailable", .retry(after: 7), "passes"),
        (500, "InternalError", .retry(after: 7), "InternalError"),
        (400, "RequestTimeout", .retry(after: 7), "passes"),
        (400, "BadDigest", .retry(after: 7), "BadDigest"),
        (403, "AccessDenied", .fixChannel, "s3:ListBucket"),
        (
            403, "SignatureDoesNotMatch", .fixChannel,
            "'secret' is not the secret of the key 'access'"
        ),
        (403, "InvalidAccessKeyId", .fixChannel, "'access'"),
        (400, "ExpiredToken", .fixChannel, "the token 'token' is not valid any more"),
        (404, "NoSuchBucket", .fixProfile, "there is no bucket 'shop' at '127.0.0.1:"),
        (400, "EntityTooLarge", .fixInput, "refuses this file"),
        (400, "InvalidStorageClass", .fixProfile, "'InvalidStorageClass' (400)"),
        (405, "MethodNotAllowed", .fixProfile, "'endpoint'"),
        (403, "RequestTimeTooSkewed", .fixHost, "timedatectl"),
    ])
    func everyCodeHasItsRemedy(
        status: Int, code: String, remedy: Remedy, words: String
    ) async throws {
        let error = try await putError([
            Self.head, Self.body,
            .answer("\(status) Word", S3Words.fault(code), "Retry-After: 7\r\n"),
        ])
        #expect(error.remedy == remedy, "\(error)")
        #expect(error.message.contains(words), "\(error)")
    }

    @Test(arguments: [
        (503, "SlowDown"), (503, "ServiceUnavailable"), (500, "InternalError"),
        (400, "RequestTimeout"), (429, "TooManyRequests"),
    ])
    func aBusyServiceNeedNotSayWhen(status: Int, code: String) async throws {
        let error = try await putError([
            Self.head, Self.body, .answer("\(status) Word", S3Words.fault(code)),
        ])
        #expect(error.remedy == .retry(after: nil), "\(error)")
        #expect(error.message.contains("'\(code)' (\(status)), which passes"), "\(error)")
    }

    /// To the question, which is answered without words: neither that it is there nor that it is not.
    @Test(arguments: [("", nil), ("Retry-After: 9\r\n", 9.0)])
    func aBusyServiceDoesNotSayWhatIsThere(header: String, seconds: Double?) async throws {
        let server = try RawServer([
            Self.head, .send("HTTP/1.1 503 Slow Down\r\n\(header)Connection: close\r\n\r\n"),
        ])
        defer { server.stop() }
        let transport = try transport(server)
        let looked = await #expect(throws: DeliveryError.self) {
            try await transport.look(for: file, as: name)
        }
        let asked = await #expect(throws: DeliveryError.self) {
            try await transport.isAbsent(name)
        }
        for error in [looked, asked] { #expect(error?.remedy == .retry(after: seconds)) }
        await transport.close()
    }

    /// 200 was said to half of it.
    @Test func aTruncatedFileIsSeenByTheSeparateQuestion() async throws {
        let server = try RawServer(
            [Self.head, Self.body, .answer("200 OK")],
            [
                Self.head,
                .send("HTTP/1.1 200 OK\r\nContent-Length: 150000\r\nConnection: close\r\n\r\n"),
            ])
        defer { server.stop() }
        let transport = try transport(server)
        try await transport.put(file, as: name)
        let presence = try await transport.look(for: file, as: name)
        #expect(presence == .different("150000 bytes in place of 200000"))
        await transport.close()
    }

    @Test(arguments: [
        ("503 Busy", "", Remedy.retry(after: 9)), ("500 Broken", "<html>", .retry(after: nil)),
        ("403 Forbidden", "", .fixChannel), ("404 Not Found", "<html>", .fixProfile),
        ("202 Accepted", "", .fixProfile), ("301 Moved", "", .fixProfile),
        ("304 Not Modified", "", .retry(after: nil)),
        ("403 Forbidden", "<Error><Code>a b</Code></Error>", .fixChannel),
        (
            "403 Forbidden", "<!DOCTYPE a [<!ENTITY b 'c'>]><Error><Code>SlowDown</Code></Error>",
            .fixChannel
        ),
    ])
    func withoutACodeTheStatusDecides(status: String, body: String, remedy: Remedy) async throws {
        let error = try await putError([
            Self.head, Self.body, .answer(status, body, "Retry-After: 9\r\n"),
        ])
        #expect(error.remedy == remedy, "\(error)")
    }

    @Test(arguments: [
        ("301 Moved", "PermanentRedirect", "<Endpoint>shop.s3.eu-west-1.amazonaws.com</Endpoint>"),
        ("307 Moved", "TemporaryRedirect", ""),
        ("400 Bad", "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"),
    ])
    func theRightRegionIsSaid(status: String, code: String, more: String) async throws {
        let error = try await putError([
            Self.head, Self.body,
            .answer(
                status, S3Words.fault(code, more),
                code == "AuthorizationHeaderMalformed" ? "" : "x-amz-bucket-region: eu-west-1\r\n"),
        ])
        #expect(error.remedy == .fixProfile)
        #expect(error.message.contains("write 'region: eu-west-1' in the profile"), "\(error)")
    }

    @Test(arguments: [0, 1, 100_000, 199_999, 200_000])
    func aConnectionThatIsCutIsTriedAgain(at bytes: Int) async throws {
        let error = try await putError(
            bytes == 0 ? [.reset] : [Self.head, .readBody(bytes), .reset])
        #expect(error.remedy == .retry(after: nil))
    }

    @Test func anAnswerBeforeTheBodyIsNoSuccess() async throws {
        let big = try makeOutgoing(Data(repeating: 0x62, count: 30_000_000), in: folder)
        let server = try RawServer([Self.head, .answer("200 OK"), .hang])
        defer { server.stop() }
        let transport = try transport(server, total: 5)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(big, as: name)
        }
        #expect(error?.remedy == .retry(after: nil))
        await transport.close()
    }

    /// The service has it, and we do not know: the question adopts it.
    @Test func aLostAnswerIsMadeGoodByTheQuestion() async throws {
        let stored =
            "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\nETag: \"e\"\r\nConnection: close\r\n"
            + "x-amz-meta-sha256: \(file.sha256.rawValue)\r\n\r\n"
        let server = try RawServer(
            [Self.head, Self.body, .reset], [Self.head, .send(stored)],
            [Self.head, .send(stored + String(repeating: "a", count: 200_000))])
        defer { server.stop() }
        let transport = try transport(server)
        await #expect(throws: DeliveryError.self) { try await transport.put(file, as: name) }
        #expect(
            try await transport.look(for: file, as: name)
                == .confirmed(
                    .hash, RemoteObject(url: "https://img.example.com/a.jpg", entityTag: "\"e\"")))
        #expect(server.requests[1].hasPrefix("HEAD /shop/in/a.jpg HTTP/1.1\r\n"))
        await transport.close()
    }

    /// Metadata may prove other bytes; the right ones are proven by the service's own sum.
    @Test func whatAnObjectSaysOfItsBytes() async throws {
        // Enough good ones for the sample to rest.
        func head(_ headers: String) -> [RawServer.Act] {
            [
                Self.head,
                .send(
                    "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\nConnection: close\r\n\(headers)\r\n"
                ),
            ]
        }
        let get: [RawServer.Act] = [
            Self.head, .answer("200 OK", String(repeating: "a", count: 200_000)),
        ]
        let ours = "x-amz-meta-sha256: \(file.sha256.rawValue)\r\n"
        let theirs = "x-amz-checksum-sha256: \(file.sha256.base64)\r\n"
        let other = "x-amz-checksum-sha256: \(Signing.empty.base64)\r\n"
        let composite = "x-amz-checksum-sha256: \(Signing.empty.base64)-3\r\n"
        var scripts: [[RawServer.Act]] = []
        for _ in 0..<ReadBack.first { scripts += [head(ours), get] }
        scripts += [head(ours + theirs), head(ours + composite), head(ours + other)]
        let server = try RawServer(scripts: scripts)
        defer { server.stop() }
        let transport = try transport(server)
        for _ in 0..<ReadBack.first {
            #expect(try await transport.look(for: file, as: name).confirmation == .hash)
        }
        if !ReadBack.isInSample(file.sha256) {
            #expect(try await transport.look(for: file, as: name).confirmation == .checksum)
            #expect(try await transport.look(for: file, as: name).confirmation == .size)
            guard case .different = try await transport.look(for: file, as: name) else {
                Issue.record("other bytes are taken for ours")
                return
            }
        }
        await transport.close()
    }

    /// What the service says of one in parts is compared with what it has said before.
    @Test func theChecksumOfPartsIsKeptAndCompared() async throws {
        var large = file
        large.bytes = S3Multipart.above + 1
        func head(_ said: String) -> [RawServer.Act] {
            [
                Self.head,
                .send(
                    "HTTP/1.1 200 OK\r\nContent-Length: \(large.bytes)\r\nConnection: close\r\n"
                        + "x-amz-checksum-sha256: \(said)\r\n\r\n"),
            ]
        }
        let server = try RawServer(scripts: [head("aaaa-5"), head("bbbb-5"), head("bbbb-5")])
        defer { server.stop() }
        let transport = try transport(server)
        let known = RemoteObject(checksum: "aaaa-5")
        let there = try await transport.look(for: large, as: name, object: known)
        guard case .confirmed(.checksum, let object) = there else {
            Issue.record("\(there)")
            return
        }
        #expect(object?.checksum == "aaaa-5")
        guard case .different = try await transport.look(for: large, as: name, object: known)
        else {
            Issue.record("other bytes are taken for ours")
            return
        }
        #expect(try await transport.look(for: large, as: name).confirmation == .size)
        await transport.close()
    }

    /// Skewed by more than an hour: told once, believed, kept.
    @Test func theOtherClockIsGoneBy() async throws {
        let ours = Date(timeIntervalSince1970: 1_800_000_000)
        let date = "Date: Fri, 15 Jan 2027 09:30:00 GMT\r\n"
        let server = try RawServer(
            [
                Self.head, Self.body,
                .answer("403 No", S3Words.fault("RequestTimeTooSkewed"), date),
            ],
            [Self.head, Self.body, .answer("200 OK", "", date)],
            [Self.head, Self.body, .answer("200 OK", "", date)])
        defer { server.stop() }
        let transport = try transport(server, clock: WallClock { ours })
        try await transport.put(file, as: name)
        try await transport.put(file, as: name)
        #expect(
            server.requests.map { $0.contains("x-amz-date: 20270115T080000Z") } == [
                true, false, false,
            ])
        #expect(
            server.requests.map { $0.contains("x-amz-date: 20270115T093000Z") } == [
                false, true, true,
            ])
        await transport.close()
    }

    /// A HEAD has no body: its date tells the skew, and a GET the reason.
    @Test func aRefusalWithoutWordsIsAskedForThem() async throws {
        let ours = Date(timeIntervalSince1970: 1_800_000_000)
        let near = "Date: Fri, 15 Jan 2027 08:00:10 GMT\r\n"
        let far = "Date: Fri, 15 Jan 2027 07:00:00 GMT\r\n"
        let server = try RawServer(
            [Self.head, .send("HTTP/1.1 403 No\r\n\(far)Connection: close\r\n\r\n")],
            [Self.head, .send("HTTP/1.1 404 No\r\n\(far)Connection: close\r\n\r\n")],
            [Self.head, .send("HTTP/1.1 400 No\r\n\(far)Connection: close\r\n\r\n")],
            [Self.head, .answer("400 No", S3Words.fault("ExpiredToken"), near)])
        defer { server.stop() }
        let transport = try transport(server, clock: WallClock { ours })
        #expect(try await transport.isAbsent(name))
        let error = await #expect(throws: DeliveryError.self) { try await transport.isAbsent(name) }
        #expect(error?.remedy == .fixChannel)
        #expect(error?.message.contains("'ExpiredToken'") == true)
        #expect(server.requests.map { String($0.prefix(4)) } == ["HEAD", "HEAD", "HEAD", "GET "])
        #expect(server.requests[1].contains("x-amz-date: 20270115T070000Z"))
        await transport.close()
    }

    @Test func whoKnowsNoChecksumsIsSentNone() async throws {
        let server = try RawServer(
            [Self.head, Self.body, .answer("501 No", S3Words.fault("NotImplemented"))],
            [Self.head, Self.body, .answer("200 OK")],
            [Self.head, Self.body, .answer("200 OK")])
        defer { server.stop() }
        let transport = try transport(server)
        try await transport.put(file, as: name)
        try await transport.put(file, as: name)
        #expect(
            server.requests.map { $0.contains("x-amz-checksum-sha256:") } == [true, false, false])
        await transport.close()
    }

    @Test func whatIsSent() async throws {
        let server = try RawServer([
            Self.head, Self.body, .answer("200 OK", "", "ETag: \"x\"\r\n"),
        ])
        defer { server.stop() }
        let transport = try transport(server)
        let object = try await transport.put(file, as: name)
        #expect(object == RemoteObject(url: "https://img.example.com/a.jpg", entityTag: "\"x\""))
        let request = try #require(server.requests.first)
        let lines = Set(request.split(separator: "\r\n").map(String.init))
        for line in [
            "PUT /shop/in/a.jpg HTTP/1.1", "Host: 127.0.0.1:\(server.port)",
            "content-type: image/jpeg", "cache-control: public, max-age=60",
            "x-amz-content-sha256: \(file.sha256)", "x-amz-meta-sha256: \(file.sha256)",
            "x-amz-checksum-sha256: \(file.sha256.base64)", "x-amz-security-token: \(Self.token)",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(request.contains("Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"))
        #expect(!request.contains(Self.canary))
        await transport.close()
    }
}
