import Curl
import Foundation
import Model
import Support
import Testing

@Suite struct SessionTests {
    private let session = Session(name: "curl tests")

    private func transfer(_ method: Transfer.Method, _ url: String) -> Transfer {
        var transfer = Transfer(method, url)
        transfer.allowPrivate = true
        return transfer
    }

    private func code(of transfer: Transfer, on session: Session) async -> CurlFailure.Code? {
        do throws(CurlFailure) {
            _ = try await session.perform(transfer)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func putThenGetGivesTheSameBytes() async throws {
        let server = try await HTTPServer.start()
        let folder = try TemporaryDirectory()
        let data = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
        let path = try folder.write(data, to: "big")
        var put = transfer(.put, server.url + "a/b.jpg")
        put.body = .file(path: path, bytes: Int64(data.count), sha256: .of(data))
        let stored = try await session.perform(put)
        #expect(stored.status == 201)
        #expect(stored.uploaded == Int64(data.count))
        #expect(stored.effectiveMethod == "PUT")
        var get = transfer(.get, server.url + "a/b.jpg")
        get.sink = .digest(limit: 4_000_000)
        #expect(try await session.perform(get).sha256 == .of(data))
        let head = try await session.perform(transfer(.head, server.url + "a/b.jpg"))
        #expect(head.contentLength == Int64(data.count))
        await server.stop()
    }

    /// The middle of it, and nothing that is not the part it was said to be.
    @Test func aPartOfAFile() async throws {
        let server = try await HTTPServer.start()
        let folder = try TemporaryDirectory()
        let data = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
        let path = try folder.write(data, to: "big")
        let part = Data(data[100_000..<250_000])
        func put(from offset: Int64) -> Transfer {
            var put = transfer(.put, server.url + "part")
            put.body = .part(path: path, offset: offset, bytes: 150_000, sha256: .of(part))
            return put
        }
        #expect(try await session.perform(put(from: 100_000)).status == 201)
        #expect(FileManager.default.contents(atPath: server.root + "/part") == part)
        for offset: Int64 in [99_999, 250_000] {
            #expect(await code(of: put(from: offset), on: session) == .changed)
        }
        await server.stop()
    }

    @Test func aChangedFileNeverArrivesWhole() async throws {
        let server = try await HTTPServer.start()
        let folder = try TemporaryDirectory()
        let path = try folder.write("other bytes", to: "file")
        var put = transfer(.put, server.url + "x.jpg")
        put.body = .file(path: path, bytes: 11, sha256: .of(Data("these bytes".utf8)))
        let failure = await #expect(throws: CurlFailure.self) { try await session.perform(put) }
        #expect(failure?.code == .changed)
        #expect(!FileManager.default.fileExists(atPath: server.root + "/x.jpg"))
        await server.stop()
    }

    @Test func privateAddressesAreRefusedBeforeDialling() async throws {
        let server = try RawServer([.hang])
        let failure = await #expect(throws: CurlFailure.self) {
            try await session.perform(Transfer(.get, "http://localhost:\(server.port)/"))
        }
        #expect(failure?.code == .privateAddress)
        #expect(server.requests.isEmpty)
        server.stop()
    }

    @Test func cancellationEndsATransferThatHangs() async throws {
        let server = try RawServer([.hang])
        let transfer = transfer(.get, server.url)
        let result = await withTaskGroup(of: CurlFailure.Code?.self) { group in
            group.addTask { await code(of: transfer, on: session) }
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(result == .cancelled)
        server.stop()
    }

    @Test func closingFailsWhatIsInHandAndWhatComesAfter() async throws {
        let server = try RawServer([.readUntil("\r\n\r\n"), .hang])
        let session = Session(name: "closing")
        let transfer = transfer(.get, server.url)
        async let first = code(of: transfer, on: session)
        await session.answer()
        await session.close()
        #expect(await code(of: transfer, on: session) == .closed)
        #expect(await first == .closed)
        server.stop()
    }

    @Test func anAnswerOverItsLimitIsRefused() async throws {
        let server = try RawServer([
            .readUntil("\r\n\r\n"),
            .send(
                "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"
                    + String(repeating: "x", count: 5000)),
        ])
        var get = transfer(.get, server.url)
        get.sink = .keep(limit: 4999)
        let failure = await #expect(throws: CurlFailure.self) { try await session.perform(get) }
        #expect(failure?.code == .tooLarge)
        server.stop()
    }

    @Test func drippedHeadersEndAtTheDeadline() async throws {
        let server = try RawServer([
            .readUntil("\r\n\r\n"), .drip("HTTP/1.1 200 OK\r\n", everyMilliseconds: 200),
        ])
        var get = transfer(.get, server.url)
        get.deadlines.total = 0.3
        let failure = await #expect(throws: CurlFailure.self) { try await session.perform(get) }
        #expect(failure?.code == .timedOut)
        server.stop()
    }

    @Test func aUnixSocketTakesAPostWithoutAskingForAnAddress() async throws {
        let folder = try TemporaryDirectory()
        let socket = folder.path("socket")
        let server = try await HTTPServer.start(
            "listen unix:\(socket); location /say { return 200 \"$request_method $content_length\"; }"
        )
        var post = Transfer(.post, "http://local/say")
        post.unixSocket = socket
        post.body = .data(Data("hello".utf8))
        let answer = try await session.perform(post)
        #expect(String(decoding: answer.body, as: UTF8.self) == "POST 5")
        await server.stop()
    }

    @Test func onlyTheSchemesWeSpeak() async throws {
        let failure = await #expect(throws: CurlFailure.self) {
            try await session.perform(transfer(.get, "file:///etc/hostname"))
        }
        #expect(failure?.code == .wrongScheme)
    }
}
