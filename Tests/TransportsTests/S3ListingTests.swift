import Foundation
import Model
import Support
import Testing
import TransportsSupport

@testable import Transports

/// A bucket is listed a page at a time, whatever it says in them.
@Suite(.fewServers) struct S3ListingTests {
    private static let head = RawServer.Act.readUntil("\r\n\r\n")

    private static func page(_ inside: String, next: String? = nil) -> [RawServer.Act] {
        let more =
            next.map {
                "<IsTruncated>true</IsTruncated><NextContinuationToken>\($0)</NextContinuationToken>"
            } ?? "<IsTruncated>false</IsTruncated>"
        return [
            head, .answer("200 OK", "<ListBucketResult>\(inside)\(more)</ListBucketResult>"),
        ]
    }

    private static func keys(_ names: String...) -> String {
        names.map { "<Contents><Key>in/\($0)</Key></Contents>" }.joined()
    }

    private func list(
        _ scripts: [RawServer.Act]..., goesOn: @escaping @Sendable () -> Bool = { true }
    ) async throws -> (Result<Strangers, DeliveryError>, requests: [String]) {
        let folder = try TemporaryDirectory()
        try folder.write("AKIDEXAMPLE", to: "credentials/access")
        try folder.write("secret", to: "credentials/secret")
        let server = try RawServer(scripts: scripts)
        defer { server.stop() }
        let options = S3Options(
            Target(
                DestinationAddress(scheme: "s3", host: "shop", path: "/in/"), allowPrivate: true),
            endpoint: S3Endpoint(isTLS: false, host: "127.0.0.1", port: server.port),
            accessKey: "access", secretKey: "secret")
        let transport = try #require(try make(options, in: folder) as? any ListingTransport)
        let search = StrangerSearch(
            "", most: 3, fits: { _ in true }, isKnown: { $0 == "known.jpg" }, goesOn: goesOn)
        let result: Result<Strangers, DeliveryError>
        do throws(DeliveryError) {
            result = .success(try await transport.strangers(search))
        } catch {
            result = .failure(error)
        }
        await transport.close()
        return (result, server.requests)
    }

    @Test func pageByPage() async throws {
        let (result, requests) = try await list(
            Self.page(Self.keys("a.jpg", "known.jpg", "", "b%20c.jpg"), next: "t/1"),
            Self.page("<CommonPrefixes><Prefix>in/below/</Prefix></CommonPrefixes>", next: "t2"),
            Self.page(Self.keys("d.jpg") + "<Contents><Key>out/e.jpg</Key></Contents>"))
        let found = try result.get()
        #expect(found.names == ["a.jpg", "b c.jpg", "below"])
        #expect(found.questions == 3)
        let query = "delimiter=%2F&encoding-type=url&list-type=2&prefix=in%2F"
        #expect(
            requests.map { $0.split(separator: " HTTP/").first } == [
                "GET /shop?\(query)", "GET /shop?continuation-token=t%2F1&\(query)",
                "GET /shop?continuation-token=t2&\(query)",
            ])
    }

    @Test func aServiceThatGoesRoundInACircleIsAtItsEnd() async throws {
        let (result, requests) = try await list(Self.page(Self.keys("a.jpg"), next: "same"))
        #expect(try result.get().names == ["a.jpg", "a.jpg"])
        #expect(requests.count == 2)
    }

    @Test func whoWaitsIsLetInBetweenTwoPages() async throws {
        let asked = SteppedClock()
        let (result, requests) = try await list(Self.page(Self.keys("a.jpg"), next: "more")) {
            asked.step(1)
            return asked.now.timeIntervalSince1970 < 1_780_000_002
        }
        #expect(throws: DeliveryError.self) { try result.get() }
        if case .failure(let error) = result { #expect(error.origin == .ended) }
        #expect(requests.count == 1)
    }

    @Test(arguments: [
        ("403 No", S3Words.fault("AccessDenied"), Remedy.fixChannel),
        ("503 No", S3Words.fault("SlowDown"), .retry(after: nil)), ("200 OK", "", .fixProfile),
        ("200 OK", "<html>", .fixProfile), ("200 OK", "<Error/>", .fixProfile),
        ("200 OK", String(repeating: "x", count: 5 << 20), .retry(after: nil)),
    ])
    func noListIsNoEmptyList(status: String, body: String, remedy: Remedy) async throws {
        let (result, _) = try await list([Self.head, .answer(status, body)])
        guard case .failure(let error) = result else {
            Issue.record("it is taken for an empty bucket")
            return
        }
        #expect(error.remedy == remedy, "\(error)")
    }
}
