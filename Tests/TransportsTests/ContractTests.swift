import Curl
import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

@Suite(.fewServers) struct ContractTests {
    @Test func folder() async throws {
        let folder = try TemporaryDirectory()
        let root = try folder.makeDirectory("out")
        let options = FolderOptions(root + "/")
        try await TransportContract(make(options, in: folder), root: root).run()
    }

    @Test func http() async throws {
        let server = try await HTTPServer.start()
        let folder = try TemporaryDirectory()
        try await TransportContract(
            make(server.options, in: folder), root: server.root
        ).run()
        await server.stop()
    }

    @Test func webDAV() async throws {
        let server = try await WebDAVServer.start()
        let folder = try TemporaryDirectory()
        try await TransportContract(
            make(server.options, in: folder), root: server.root
        ).run()
        await server.stop()
    }

    @Test func sftp() async throws {
        let server = try await SFTPServer.start()
        let folder = try TemporaryDirectory()
        try folder.copy(server.key, to: "credentials/key")
        try await TransportContract(
            make(server.options, in: folder), root: server.root
        ).run()
        await server.stop()
    }

    @Test func fake() async throws {
        let remote = FakeRemote()
        try await TransportContract(FakeTransport(remote), remote).run()
    }

    /// Without renaming a name may show half a file while it is sent; afterwards nothing differs.
    @Test func sftpDirect() async throws {
        let server = try await SFTPServer.start()
        let folder = try TemporaryDirectory()
        try folder.copy(server.key, to: "credentials/key")
        var options = server.options
        options.finish = .direct
        let transport = try make(options, in: folder)
        let file = try makeOutgoing(Data("direct".utf8), in: folder)
        let name = try remote("made/direct.jpg")
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name) == .confirmed(.hash))
        await transport.close()
        await server.stop()
    }
}

/// With the credentials in `credentials/` of the folder.
func make(
    _ options: any TransportOptions, in folder: TemporaryDirectory, timeouts: Timeouts = Timeouts(),
    sessions: Int = 2, bandwidth: Int64? = nil
) throws -> any Transport {
    let credentials = Credentials(directory: folder.path("credentials"), systemd: nil)
    return try options.makeTransport(
        TransportMeans(
            credentials: credentials, timeouts: timeouts, sessions: sessions,
            bandwidth: bandwidth.map { Bandwidth(bytesPerSecond: $0) }))
}

/// Each is held back in the middle of its file, by what the other session sends.
func expectASharedBandwidth(
    _ options: any TransportOptions, in folder: TemporaryDirectory
) async throws {
    let files = try [0x65, 0x66].map { byte in
        try makeOutgoing(Data(repeating: byte, count: 500_000), in: folder)
    }
    let transport = try make(options, in: folder, bandwidth: 800_000)
    let begun = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
        for (number, file) in files.enumerated() {
            let name = try remote("\(number).jpg")
            group.addTask { try await transport.put(file, as: name) }
        }
        try await group.waitForAll()
    }
    // A million bytes, less the tenth of a second's worth that is there in the beginning.
    #expect(ContinuousClock.now - begun >= .seconds(1.1))
    for (number, file) in files.enumerated() {
        let there = try await transport.look(for: file, as: try remote("\(number).jpg"))
        #expect(there == .confirmed(.hash))
    }
    await transport.close()
}

extension Target {
    /// On this machine.
    static func server(
        _ port: Int, _ path: String = "/", scheme: String = "http"
    ) -> Target {
        Target(
            DestinationAddress(scheme: scheme, host: "127.0.0.1", port: port, path: path),
            allowPrivate: true)
    }
}

extension HTTPServer {
    var options: HTTPOptions { HTTPOptions(.server(port, scheme: isTLS ? "https" : "http")) }
}

extension SFTPServer {
    var options: SFTPOptions {
        SFTPOptions(
            .server(port, root + "/", scheme: "sftp"), user: user, key: "key", hostKeys: hostKeys)
    }
}

extension TemporaryDirectory {
    func copy(_ path: String, to name: String) throws {
        try write(Data(contentsOf: URL(fileURLWithPath: path)), to: name)
    }
}
