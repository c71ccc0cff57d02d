import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// Names with folders, on servers that make them, want them made, or have none.
@Suite(.fewServers) struct WebFolderTests {
    private let folder: TemporaryDirectory
    private let file: Outgoing

    init() throws {
        folder = try TemporaryDirectory()
        file = try makeOutgoing(Data("a rendition".utf8), in: folder)
    }

    private func put(_ name: String, _ transport: any Transport) async throws {
        try await transport.put(file, as: try remote(name))
    }

    private func putError(_ name: String, _ transport: any Transport) async throws
        -> DeliveryError
    {
        try #require(
            await #expect(throws: DeliveryError.self) { try await put(name, transport) })
    }

    @Test func missingFoldersAreMadeOnceFromTheTop() async throws {
        let server = try await WebDAVServer.start()
        let transport = try make(server.options, in: folder)
        try await put("a/b/1.jpg", transport)
        try await put("a/b/2.jpg", transport)
        try await put("a/c/3.jpg", transport)
        #expect(
            await server.requests(7) == [
                "PUT /a/b/1.jpg 409", "MKCOL /a/ 201", "MKCOL /a/b/ 201", "PUT /a/b/1.jpg 201",
                "PUT /a/b/2.jpg 201",
                "MKCOL /a/c/ 201", "PUT /a/c/3.jpg 201",
            ])
        await transport.close()
        await server.stop()
    }

    /// A new start knows nothing; what is there already is no failure.
    @Test func foldersThatAreThereAreUsed() async throws {
        let server = try await WebDAVServer.start()
        for name in ["a/1.jpg", "a/b/2.jpg"] {
            let transport = try make(server.options, in: folder)
            try await put(name, transport)
            await transport.close()
        }
        #expect(
            await server.requests(5).suffix(4) == [
                "PUT /a/b/2.jpg 409", "MKCOL /a/ 405", "MKCOL /a/b/ 201", "PUT /a/b/2.jpg 201",
            ])
        await server.stop()
    }

    @Test func foldersThatSomebodyTookAwayAreMadeAgain() async throws {
        let server = try await WebDAVServer.start()
        let transport = try make(server.options, in: folder)
        try await put("a/1.jpg", transport)
        try FileManager.default.removeItem(atPath: server.root + "/a")
        try await put("a/2.jpg", transport)
        #expect(try await transport.look(for: file, as: remote("a/2.jpg")).isConfirmed)
        await transport.close()
        await server.stop()
    }

    /// The profile's own path is a person's to make: a slip of the pen must not become a folder.
    @Test func nothingIsMadeAboveTheProfilesPath() async throws {
        let server = try await WebDAVServer.start()
        var options = server.options
        options.address.path = "/imgages/"
        let transport = try make(options, in: folder)
        let error = try await putError("a/1.jpg", transport)
        #expect(error.remedy == .fixProfile)
        #expect(error.message.contains("the server has no '/imgages/'"), "\(error.message)")
        #expect(
            await server.requests(2) == ["PUT /imgages/a/1.jpg 409", "MKCOL /imgages/a/ 409"])
        await transport.close()
        await server.stop()
    }

    /// nginx answers 500 where the folder is missing.
    @Test func nginxIsAskedForFoldersToo() async throws {
        let server = try await HTTPServer.start(
            dav: .init(methods: "PUT DELETE MKCOL", makesFolders: false))
        let transport = try make(server.options, in: folder)
        try await put("a/b/1.jpg", transport)
        #expect(try await transport.look(for: file, as: remote("a/b/1.jpg")).isConfirmed)
        await transport.close()
        await server.stop()
    }

    @Test func nginxWithoutFoldersGetsTheTrueCause() async throws {
        let server = try await HTTPServer.start(dav: .init(makesFolders: false))
        let transport = try make(server.options, in: folder)
        let error = try await putError("a/1.jpg", transport)
        #expect(error.message.contains("without '/'"), "\(error.message)")
        #expect(error.message.contains("make 'a/' there"), "\(error.message)")
        try await put("1.jpg", transport)
        await transport.close()
        await server.stop()
    }

    /// One name's fault: those without a folder go on, so the channel does not pause.
    @Test(arguments: [403, 405, 501])
    func aServerWithoutFoldersGetsTheTrueCause(status: Int) async throws {
        func answer(_ status: Int) -> [RawServer.Act] {
            [
                .readUntil("\r\n\r\n"),
                .send("HTTP/1.1 \(status) X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            ]
        }
        let server = try RawServer(
            answer(409), answer(status), answer(status == 405 ? 405 : 409), answer(409))
        defer { server.stop() }
        let options = HTTPOptions(.server(server.port, "/img/"))
        let transport = try make(options, in: folder)
        let error = try await putError("a/b/1.jpg", transport)
        #expect(error.remedy == .fixInput)
        #expect(error.message.contains("the server makes no folders"), "\(error.message)")
        #expect(error.message.contains("409, and \(status) when"), "\(error.message)")
        #expect(error.message.contains("without '/'"), "\(error.message)")
        #expect(server.requests.dropFirst().first?.hasPrefix("MKCOL /img/a/ HTTP") == true)
        await transport.close()
    }
}

extension WebDAVServer {
    var options: HTTPOptions { HTTPOptions(.server(port)) }
}
