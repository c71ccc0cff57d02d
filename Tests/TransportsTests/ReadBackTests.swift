import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// A length alone believes a server that stores other bytes of the same length.
@Suite(.fewServers) struct ReadBackTests {
    private let folder: TemporaryDirectory
    private let file: Outgoing
    private let name: RemoteName

    init() throws {
        folder = try TemporaryDirectory()
        file = try makeOutgoing(Data("a rendition".utf8), in: folder)
        name = try remote("a.jpg")
    }

    /// Small files of which none is in the sample, and one that is.
    private func files(_ count: Int, inSample: Bool) throws -> [Outgoing] {
        var found: [Outgoing] = []
        var number = 0
        while found.count < count {
            number += 1
            let data = Data("picture \(number)".utf8)
            let head = UInt32(ContentHash.of(data).rawValue.prefix(8), radix: 16) ?? 0
            if (head % 100 == 0) == inSample { found.append(try makeOutgoing(data, in: folder)) }
        }
        return found
    }

    private func levels(
        _ files: [Outgoing], _ transport: any Transport
    ) async throws -> [Model.Confirmation?] {
        var levels: [Model.Confirmation?] = []
        for file in files {
            try await transport.put(file, as: name)
            levels.append(try await transport.look(for: file, as: name).confirmation)
        }
        return levels
    }

    /// The first five, then one in a hundred, the same ones at every try; after other bytes were
    /// found, everything until twenty in a row were right.
    private func policy(_ transport: any Transport, root: String) async throws {
        let others = try files(7, inSample: false)
        let sampled = try files(1, inSample: true)
        let (hash, size) = (Model.Confirmation.hash, Model.Confirmation.size)
        #expect(
            try await levels(others, transport) == [hash, hash, hash, hash, hash, size, size])
        #expect(try await levels(sampled + sampled, transport) == [hash, hash])

        // A server that flips a bit: the same length.
        try Data("b rendition".utf8).write(to: URL(fileURLWithPath: "\(root)/a.jpg"))
        #expect(try await transport.look(for: file, as: name).confirmation == size)
        var feed = file
        feed.mediaType = "application/xml"
        let presence = try await transport.look(for: feed, as: name)
        guard case .different(let what) = presence else {
            Issue.record("other bytes are taken for ours")
            return
        }
        #expect(what.contains(file.sha256.short))
        #expect(what.contains(ContentHash.of(Data("b rendition".utf8)).short))
        #expect(what.contains("does it convert pictures?"))
        guard case .different = try await transport.look(for: file, as: name) else {
            Issue.record("a server that was caught is believed at once")
            return
        }
        let many = Array(repeating: others[0], count: 21)
        #expect(
            try await levels(many, transport) == Array(repeating: hash, count: 20) + [size])
        await transport.close()
    }

    @Test func overHTTP() async throws {
        let server = try await HTTPServer.start()
        try await policy(make(server.options, in: folder), root: server.root)
        await server.stop()
    }

    @Test func overSFTP() async throws {
        let server = try await SFTPServer.start()
        try folder.copy(server.key, to: "credentials/key")
        try await policy(make(server.options, in: folder), root: server.root)
        await server.stop()
    }

    private func look(_ heads: (method: String, answer: String)...) async throws -> (
        Presence, [String]
    ) {
        let server = try RawServer(
            scripts: heads.map { [.readUntil("\r\n\r\n"), .send($0.answer)] })
        defer { server.stop() }
        let options = HTTPOptions(.server(server.port, "/"))
        let transport = try make(options, in: folder)
        let presence = try await transport.look(for: file, as: name)
        await transport.close()
        #expect(zip(server.requests, heads).allSatisfy { $0.hasPrefix($1.method) })
        return (presence, server.requests)
    }

    private func answer(_ status: String, length: Int, _ body: String = "") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(length)\r\nConnection: close\r\n\r\n\(body)"
    }

    /// It keeps what was sent and shows something smaller to whoever fetches it.
    @Test func aServerThatCompressesAgainIsFound() async throws {
        let (presence, requests) = try await look(
            ("HEAD", answer("200 OK", length: 11)), ("GET", answer("200 OK", length: 5, "small")))
        guard case .different = presence else {
            Issue.record("\(presence)")
            return
        }
        #expect(requests.allSatisfy { $0.contains("Cache-Control: no-cache\r\n") })
    }

    /// A place that only takes files: the length is all there is to know.
    @Test(arguments: ["401 No", "403 No", "405 No", "501 No"])
    func aServerThatShowsNothingIsBelievedByTheLength(status: String) async throws {
        let (presence, _) = try await look(
            ("HEAD", answer("200 OK", length: 11)), ("GET", answer(status, length: 0)))
        #expect(presence.confirmation == .size)
    }
}
