import Curl
import Foundation
import Host
import Model
import Support
import Testing
import TransportsSupport

@testable import Transports

/// Against real services, which refuse whoever does not sign right.
@Suite(S3Servers()) struct S3ServiceTests {
    private let folder: TemporaryDirectory
    /// Of all keys of this test.
    private let prefix = "in-\(UInt64.random(in: .min ... .max))/"

    init() throws { folder = try TemporaryDirectory() }

    private func means(clock: WallClock = .system) -> TransportMeans {
        TransportMeans(
            credentials: Credentials(directory: folder.path("credentials"), systemd: nil),
            clock: clock)
    }

    @Test(arguments: S3Server.Kind.allCases)
    func theContract(kind: S3Server.Kind) async throws {
        let server = try S3Servers.server(kind)
        let options = try server.options(below: prefix, in: folder)
        try await TransportContract(
            make(options, in: folder), try OpenBucket(server, prefix: prefix)
        ).run()
    }

    /// What is signed is what arrives, whatever a key is made of. Names of ours have none of it, and a
    /// rule that only holds for letters is not understood.
    @Test(arguments: S3Server.Kind.allCases)
    func everyPrintableCharacter(kind: S3Server.Kind) async throws {
        let server = try S3Servers.server(kind)
        let bucket = try server.options(below: prefix, in: folder).makeBucket(means())
        let attempt = Attempt(
            verb: "put", name: "", address: try server.options(below: prefix, in: folder).address)
        let printable = String(decoding: (0x21...0x7E).map { UInt8($0) }, as: UTF8.self)
        let keys =
            printable.map { "a\($0)b" }.filter { $0 != "a/b" }
            + [printable, "a b+c%20d", "é/\u{1F45F}", "a/b/"]
        for key in keys.map({ prefix + $0 }) {
            let body = Data("bytes of \(key)".utf8)
            var put = S3Ask(.put, key)
            (put.body, put.sha256, put.bytes) = (.data(body), .of(body), Int64(body.count))
            #expect(try await bucket.perform(put, attempt).status == 200, "\(key)")
            var get = S3Ask(.get, key)
            get.sink = .keep(limit: 1 << 10)
            let answer = try await bucket.perform(get, attempt)
            #expect(answer.status == 200 && answer.response.body == body, "\(key)")
        }
        let stored = Set(try OpenBucket(server, prefix: prefix).paths())
        #expect(Set(keys).subtracting(stored) == [])
        for key in keys.map({ prefix + $0 }) {
            #expect(
                [200, 204].contains(try await bucket.perform(S3Ask(.delete, key), attempt).status))
        }
        await bucket.close()
    }

    @Test(arguments: S3Server.Kind.allCases)
    func aWrongLoginStopsTheChannel(kind: S3Server.Kind) async throws {
        let server = try S3Servers.server(kind)
        let file = try makeOutgoing(Data("picture".utf8), in: folder)
        let name = try remote("a.jpg")
        let login = try #require(server.logins["sluice"])
        for (access, secret, words) in [
            (login.accessKey, "wrong", "'secret' is not the secret"),
            ("AKIANOBODY", login.secretKey, "'access'"),
        ] {
            var options = try server.options(below: prefix, in: folder)
            try folder.write(access, to: "credentials/access")
            try folder.write(secret, to: "credentials/secret")
            options.endpoint?.path = ""
            let transport = try make(options, in: folder)
            let put = await #expect(throws: DeliveryError.self) {
                try await transport.put(file, as: name)
            }
            #expect(
                put?.remedy == .fixChannel && put?.message.contains(words) == true,
                "\(put?.message ?? "")")
            let look = await #expect(throws: DeliveryError.self) {
                try await transport.look(for: file, as: name)
            }
            #expect(look?.remedy == .fixChannel && look?.message.contains(words) == true)
            await transport.close()
        }
        #expect(try OpenBucket(server, prefix: prefix).paths() == [])
    }

    @Test(arguments: S3Server.Kind.allCases)
    func aBucketThatIsNotThereIsNamed(kind: S3Server.Kind) async throws {
        let server = try S3Servers.server(kind)
        var options = try server.options(below: prefix, in: folder)
        options.address.host = "no-such-bucket"
        let transport = try make(options, in: folder)
        let file = try makeOutgoing(Data("picture".utf8), in: folder)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: try remote("a.jpg"))
        }
        #expect(error?.remedy == .fixProfile)
        #expect(error?.message.contains("there is no bucket 'no-such-bucket'") == true)
        await transport.close()
    }

    @Test func aKeyThatMayOnlyReadIsTold() async throws {
        let server = try S3Servers.server(.moto)
        let transport = try make(
            try server.options(below: prefix, in: folder, login: "reader"), in: folder)
        let file = try makeOutgoing(Data("picture".utf8), in: folder)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: try remote("a.jpg"))
        }
        #expect(error?.remedy == .fixChannel)
        #expect(error?.message.contains("s3:PutObject") == true)
        await transport.close()
    }

    @Test func temporaryCredentials() async throws {
        let server = try S3Servers.server(.moto)
        let file = try makeOutgoing(Data("picture".utf8), in: folder)
        let name = try remote("a.jpg")
        let options = try server.options(below: prefix, in: folder, login: "session")
        let transport = try make(options, in: folder)
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name).confirmation == .hash)
        await transport.close()
        try folder.write("another-token", to: "credentials/token")
        let other = try make(options, in: folder)
        let error = await #expect(throws: DeliveryError.self) {
            try await other.put(file, as: name)
        }
        #expect(error?.remedy == .fixChannel)
        #expect(error?.message.contains("the token 'token' is not valid") == true)
        await other.close()
    }

    /// The bucket in the host's name, and what an object is given along.
    @Test func styleAndCache() async throws {
        let server = try S3Servers.server(.moto)
        var options = try server.options(below: prefix, in: folder)
        options.endpoint?.host = "s3.localhost"
        (options.style, options.cache) = (.host, "public, max-age=86400")
        options.publicBase = "https://img.example.com/shop"
        let transport = try make(options, in: folder)
        let file = try makeOutgoing(Data("picture".utf8), in: folder)
        let name = try remote("a/b.jpg")
        let object = try await transport.put(file, as: name)
        #expect(object?.url == "https://img.example.com/shop/a/b.jpg")
        #expect(try await transport.look(for: file, as: name).confirmation == .hash)
        #expect(try OpenBucket(server, prefix: prefix).bytes("a/b.jpg") == Data("picture".utf8))
        let head = try Tool.run(
            "curl", ["-sSI", "\(server.openURL)/\(prefix)a/b.jpg"], package: "curl")
        #expect(head.contains("X-Cache-Control: public, max-age=86400"))
        await transport.close()
    }

    /// It refuses what is a quarter of an hour off, and is gone by after that.
    @Test(arguments: [-7200.0, 90_000])
    func anotherClock(seconds: Double) async throws {
        let server = try S3Servers.server(.swift)
        let options = try server.options(below: prefix, in: folder)
        let clock = WallClock { Date().addingTimeInterval(seconds) }
        let transport = try options.makeTransport(means(clock: clock))
        let file = try makeOutgoing(Data("picture".utf8), in: folder)
        let name = try remote("a.jpg")
        #expect(try await transport.isAbsent(name))
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name).confirmation == .hash)
        await transport.close()
    }

    @Test func anotherRegionIsSaid() async throws {
        let server = try S3Servers.server(.swift)
        var options = try server.options(below: prefix, in: folder)
        options.region = "us-east-1"
        let transport = try make(options, in: folder)
        let file = try makeOutgoing(Data("picture".utf8), in: folder)
        for ask in [true, false] {
            let error = await #expect(throws: DeliveryError.self) {
                if ask {
                    _ = try await transport.isAbsent(try remote("a.jpg"))
                } else {
                    try await transport.put(file, as: try remote("a.jpg"))
                }
            }
            #expect(error?.remedy == .fixProfile)
            #expect(
                error?.message.contains("write 'region: eu-north-7'") == true,
                "\(error?.message ?? "")")
        }
        await transport.close()
    }

    @Test(arguments: S3Server.Kind.allCases)
    func aFileInParts(kind: S3Server.Kind) async throws {
        let server = try S3Servers.server(kind)
        let transport = try make(try server.options(below: prefix, in: folder), in: folder)
        var data = Data(count: Int(S3Multipart.above) + 12_345)
        for index in stride(from: 0, to: data.count, by: 4099) { data[index] = UInt8(index % 251) }
        let file = try makeOutgoing(data, in: folder)
        let name = try remote("large.tif")
        try await transport.put(file, as: name)
        #expect(try OpenBucket(server, prefix: prefix).bytes("large.tif") == data)
        #expect(try await transport.look(for: file, as: name).confirmation == .size)
        var other = file
        other.sha256 = .of(Data("other".utf8))
        guard case .different = try await transport.look(for: other, as: name) else {
            Issue.record("another file of that length is taken for ours")
            return
        }
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(other, as: name)
        }
        #expect(error?.remedy == .fixInput && error?.message.contains("changed") == true)
        try await transport.remove(name)
        #expect(try await transport.isAbsent(name))
        await transport.close()
    }

    /// moto calculates it of the parts that it keeps, and says it without their number.
    @Test func theChecksumOfPartsIsWhatTheServiceCalculates() async throws {
        let options = try S3Servers.server(.moto).options(below: prefix, in: folder)
        let transport = try make(options, in: folder)
        let bucket = try options.makeBucket(means())
        let data = Data(repeating: 0x73, count: Int(S3Multipart.above) + 1)
        let file = try makeOutgoing(data, in: folder)
        try await transport.put(file, as: try remote("large.tif"))
        var ask = S3Ask(.head, prefix + "large.tif")
        ask.headers = [("x-amz-checksum-mode", "ENABLED")]
        let attempt = Attempt(verb: "look for", name: "large.tif", address: options.address)
        let head = try await bucket.perform(ask, attempt)
        let said = try #require(head.headers[S3Bucket.checksumHeader])
        let parts = try #require(try S3Multipart.parts(of: file))
        #expect(S3Multipart.composite(parts) == "\(said)-\(parts.count)")
        try await transport.remove(try remote("large.tif"))
        await bucket.close()
        await transport.close()
    }

    /// Those of a day ago and under a name of ours.
    @Test(arguments: S3Server.Kind.allCases)
    func abandonedPartsAreSwept(kind: S3Server.Kind) async throws {
        let server = try S3Servers.server(kind)
        let options = try server.options(below: prefix, in: folder)
        let bucket = try options.makeBucket(means())
        let attempt = Attempt(verb: "begin", name: "", address: options.address)
        let (ours, dotted, other) = ("\(prefix)a/b.tif", "\(prefix).others", "of-\(prefix)c.tif")
        for key in [ours, dotted, other] {
            let ask = S3Ask(.post, key, query: [("uploads", "")])
            #expect(try await bucket.perform(ask, attempt).status == 200)
        }
        func begun() async throws -> [S3Element] {
            let answer = try await bucket.perform(
                S3Ask(.get, nil, query: [("uploads", "")]), attempt)
            return try #require(S3Element(answer.response.body)).all("Upload")
                .filter { $0.text("Key")?.contains(prefix) == true }
        }
        func keys() async throws -> [String] {
            try await begun().compactMap { $0.text("Key") }.sorted()
        }
        #expect(try await keys() == [ours, dotted, other].sorted())
        // By the service's own date: moto's is a day in 2010.
        let date = try #require(
            try await begun().first?.text("Initiated").flatMap(AmazonDate.date))
        for (hours, left) in [(23.0, [ours, dotted, other]), (25, [dotted, other])] {
            let clock = WallClock { date.addingTimeInterval(hours * 3600) }
            let transport = try options.makeTransport(means(clock: clock))
            try await transport.sweep()
            #expect(try await keys() == left.sorted())
            await transport.close()
        }
        await bucket.close()
    }
}

extension S3Server {
    /// With its keys as credentials of that folder.
    func options(
        below prefix: String, in folder: TemporaryDirectory, login name: String = "sluice"
    ) throws -> S3Options {
        let login = try #require(logins[name])
        try folder.write(login.accessKey, to: "credentials/access")
        try folder.write(login.secretKey, to: "credentials/secret")
        if let token = login.sessionToken { try folder.write(token, to: "credentials/token") }
        return S3Options(
            Target(
                DestinationAddress(scheme: "s3", host: bucket, path: "/\(prefix)"),
                allowPrivate: true),
            endpoint: S3Endpoint(isTLS: false, host: "127.0.0.1", port: port), region: region,
            accessKey: "access", secretKey: "secret",
            sessionToken: login.sessionToken == nil ? nil : "token")
    }
}
