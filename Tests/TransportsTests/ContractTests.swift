import Foundation
import Model
import Support
import Testing
import Transports

@Suite struct ContractTests {
    @Test func folder() async throws {
        let folder = try TemporaryDirectory()
        let root = try folder.makeDirectory("out")
        let address = DestinationAddress(scheme: .file, path: root + "/")
        try await TransportContract(make(address, in: folder), root: root).run()
    }

    @Test func http() async throws {
        let server = try await HTTPServer.start()
        let folder = try TemporaryDirectory()
        try await TransportContract(
            make(server.address, in: folder), root: server.root
        ).run()
        await server.stop()
    }

    @Test func webDAV() async throws {
        let server = try await WebDAVServer.start()
        let folder = try TemporaryDirectory()
        try await TransportContract(
            make(server.address, in: folder), root: server.root
        ).run()
        await server.stop()
    }

    @Test func sftp() async throws {
        let server = try await SFTPServer.start()
        let folder = try TemporaryDirectory()
        try folder.copy(server.key, to: "credentials/key")
        try await TransportContract(
            make(server.address, in: folder), root: server.root
        ).run()
        await server.stop()
    }

    /// Without renaming a name may show half a file while it is sent; afterwards nothing differs.
    @Test func sftpDirect() async throws {
        let server = try await SFTPServer.start()
        let folder = try TemporaryDirectory()
        try folder.copy(server.key, to: "credentials/key")
        var address = server.address
        address.finish = .direct
        let transport = try make(address, in: folder)
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
    _ address: DestinationAddress, in folder: TemporaryDirectory, timeouts: Timeouts = Timeouts()
) throws -> any Transport {
    let credentials = Credentials(directory: folder.path("credentials"), systemd: nil)
    return try makeTransport(address, credentials: credentials, timeouts: timeouts)
}

extension HTTPServer {
    var address: DestinationAddress {
        DestinationAddress(
            scheme: isTLS ? .https : .http, host: "127.0.0.1", port: port, path: "/",
            allowPrivate: true)
    }
}

extension SFTPServer {
    var address: DestinationAddress {
        DestinationAddress(
            scheme: .sftp, host: "127.0.0.1", port: port, path: root + "/", user: user, key: "key",
            hostKeys: hostKeys, allowPrivate: true)
    }
}

extension TemporaryDirectory {
    func copy(_ path: String, to name: String) throws {
        try write(Data(contentsOf: URL(fileURLWithPath: path)), to: name)
    }
}
