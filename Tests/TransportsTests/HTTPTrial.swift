import Foundation
import Model
import Support
import Testing
import TransportsSupport

@testable import Transports

/// A file, and a server that says what a test wants it to say.
struct HTTPTrial {
    static let canary = "canary-19c2-secret"

    let folder: TemporaryDirectory
    let file: Outgoing
    let name: RemoteName

    init() throws {
        folder = try TemporaryDirectory()
        var file = try makeOutgoing(Data("a rendition".utf8), in: folder)
        file.fields = ["sku": "AB/1", "position": "2"]
        self.file = file
        name = try remote("in/a.jpg")
        try folder.write(Self.canary + "\n", to: "credentials/api-key")
    }

    static let head = RawServer.Act.readUntil("\r\n\r\n")

    static func say(_ status: String, _ body: String = "", _ headers: String = "")
        -> [RawServer.Act]
    {
        [
            .send(
                "HTTP/1.1 \(status)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n"
                    + "Connection: close\r\n\r\n\(body)")
        ]
    }

    /// One that takes a file of ours and says this.
    static func taking(
        _ status: String, _ body: String = "", _ headers: String = "", bytes: Int = 11
    ) -> [RawServer.Act] {
        [head, .readBody(bytes)] + say(status, body, headers)
    }

    static func asked(
        _ status: String, _ body: String = "", _ headers: String = ""
    ) -> [RawServer.Act] {
        [head] + say(status, body, headers)
    }

    static func manner(
        _ set: (inout HTTPManner) throws -> Void
    ) rethrows -> HTTPManner {
        var manner = HTTPManner()
        try set(&manner)
        return manner
    }

    static func condition(_ pointer: String, _ equals: String?) throws -> AnswerCondition {
        AnswerCondition(
            place: .pointer(try #require(JSONPointer(pointer))), equals: equals)
    }

    @discardableResult
    func with<Result>(
        _ manner: HTTPManner, _ scripts: [RawServer.Act]...,
        run: (any Transport, RawServer) async throws -> Result
    ) async throws -> Result {
        let server = try RawServer(scripts: scripts)
        defer { server.stop() }
        var options = HTTPOptions(.server(server.port, "/v1/"))
        options.headers = [
            OwnHeader("X-Api-Key", .credential("api-key")), OwnHeader("X-Shop", .text("42")),
        ]
        options.manner = manner
        let transport = try make(options, in: folder)
        let result = try await run(transport, server)
        await transport.close()
        return result
    }

    func error(
        _ manner: HTTPManner, _ scripts: [RawServer.Act]
    ) async throws -> DeliveryError {
        let found = try await with(manner, scripts) { transport, _ in
            await #expect(throws: DeliveryError.self) { try await transport.put(file, as: name) }
        }
        let error = try #require(found)
        #expect(!error.message.contains(Self.canary))
        return error
    }
}
