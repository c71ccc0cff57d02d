import Foundation
import Model
import Support
import Testing
import TransportsSupport

@testable import Transports

/// A file in parts, and a service that loses the thread.
@Suite(.fewServers) struct S3MultipartFaultTests {
    private let folder: TemporaryDirectory
    private let bucket: S3Bucket
    private let server: RawServer
    private let options: S3Options

    private static let head = RawServer.Act.readUntil("\r\n\r\n")
    private static let begun = RawServer.Act.answer(
        "200 OK",
        "<InitiateMultipartUploadResult><UploadId>id/1</UploadId></InitiateMultipartUploadResult>")
    private static let composite = "D3x9sGAL907rIW6k+9VeGq7ISJwj8P4RkYNArCoEaMk="

    private static func part(_ headers: String) -> RawServer.Act {
        .answer("200 OK", "", "ETag: \"p&1\"\r\n\(headers)")
    }

    /// Begins, takes one part, ends like this, and takes an abort.
    private init(part: String = "", _ end: [RawServer.Act]) throws {
        folder = try TemporaryDirectory()
        try folder.write("AKIDEXAMPLE", to: "credentials/access")
        try folder.write("secret", to: "credentials/secret")
        server = try RawServer(
            [Self.head, Self.begun], [Self.head, .readBody(5), Self.part(part)], end,
            [Self.head, .answer("204 No Content", "")])
        options = S3Options(
            Target(DestinationAddress(scheme: "s3", host: "shop", path: "/"), allowPrivate: true),
            endpoint: S3Endpoint(isTLS: false, host: "127.0.0.1", port: server.port),
            accessKey: "access", secretKey: "secret")
        bucket = try options.makeBucket(
            TransportMeans(
                credentials: Credentials(directory: folder.path("credentials"), systemd: nil)))
    }

    init() throws { try self.init([]) }

    @discardableResult
    private func put() async throws -> (tag: String?, checksum: String?) {
        let file = try makeOutgoing(Data("parts".utf8), in: folder)
        let attempt = Attempt(verb: "put", name: "a.bin", address: options.address)
        let parts = S3Multipart(options, bucket, file, key: "a.bin", headers: [], attempt)
        return try await parts.put()
    }

    @Test func theEndNamesItsParts() async throws {
        let end =
            "<CompleteMultipartUploadResult><ETag>\"z-1\"</ETag></CompleteMultipartUploadResult>"
        let it = try Self([Self.head, .readUntil("Upload>"), .answer("200 OK", "\n \n\(end)")])
        let object = try await it.put()
        #expect(object.tag == "\"z-1\"" && object.checksum == nil)
        let requests = it.server.requests
        #expect(
            requests.map { $0.split(separator: "\r\n").first.map(String.init) } == [
                "POST /shop/a.bin?uploads= HTTP/1.1",
                "PUT /shop/a.bin?partNumber=1&uploadId=id%2F1 HTTP/1.1",
                "POST /shop/a.bin?uploadId=id%2F1 HTTP/1.1",
            ])
        #expect(requests[2].contains("<PartNumber>1</PartNumber><ETag>\"p&amp;1\"</ETag></Part>"))
        await it.bucket.close()
        it.server.stop()
    }

    /// The hash of the parts' hashes: of "parts" alone, as `sha256sum` twice and `base64` give it.
    @Test func whoCalculatesChecksumsIsHeldToThem() async throws {
        let part = ContentHash.of(Data("parts".utf8)).base64
        let whole = "\(Self.composite)-1"
        let end =
            "<CompleteMultipartUploadResult><ETag>\"z-1\"</ETag><ChecksumSHA256>\(whole)"
            + "</ChecksumSHA256></CompleteMultipartUploadResult>"
        let it = try Self(
            part: "x-amz-checksum-sha256: \(part)\r\n",
            [Self.head, .readUntil("Upload>"), .answer("200 OK", end)])
        #expect(try await it.put().checksum == whole)
        let requests = it.server.requests
        #expect(requests[0].contains("\r\nx-amz-checksum-algorithm: SHA256\r\n"))
        #expect(requests[1].contains("\r\nx-amz-checksum-sha256: \(part)\r\n"))
        #expect(requests[2].contains("</ETag><ChecksumSHA256>\(part)</ChecksumSHA256></Part>"))
        await it.bucket.close()
        it.server.stop()
    }

    /// 200 was said before the work was done, so the body counts; what was begun is taken back.
    @Test(arguments: [
        ("200 OK", "<Error><Code>InternalError</Code></Error>", Remedy.retry(after: nil)),
        ("200 OK", "<Error><Code>SomethingNew</Code></Error>", .retry(after: nil)),
        ("200 OK", "<Error><Code>AccessDenied</Code></Error>", .fixChannel),
        ("200 OK", "", .retry(after: nil)), ("200 OK", "<html>", .retry(after: nil)),
        ("503 Slow", "<Error><Code>SlowDown</Code></Error>", .retry(after: nil)),
    ])
    func anErrorAtTheEnd(status: String, body: String, remedy: Remedy) async throws {
        let it = try Self([Self.head, .readUntil("Upload>"), .answer(status, body)])
        let error = await #expect(throws: DeliveryError.self) { try await it.put() }
        #expect(error?.remedy == remedy, "\(error?.message ?? "")")
        #expect(it.server.requests.last?.hasPrefix("DELETE /shop/a.bin?uploadId=id%2F1 ") == true)
        await it.bucket.close()
        it.server.stop()
    }

    @Test func aCutAtTheEndIsTriedAgain() async throws {
        let it = try Self([Self.head, .reset])
        let error = await #expect(throws: DeliveryError.self) { try await it.put() }
        #expect(error?.remedy == .retry(after: nil))
        await it.bucket.close()
        it.server.stop()
    }
}
