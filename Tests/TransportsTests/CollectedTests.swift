import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// A partner who picks files up at once.
@Suite(.fewServers) struct CollectedTests {
    private let folder: TemporaryDirectory
    private let file: Outgoing
    private let name: RemoteName

    init() throws {
        folder = try TemporaryDirectory()
        file = try makeOutgoing(Data("a rendition".utf8), in: folder)
        name = try remote("a.jpg")
    }

    private func make(_ options: any TransportOptions) throws -> any Transport {
        let credentials = Credentials(directory: folder.path("credentials"), systemd: nil)
        return try Destination(options, collects: true).makeTransport(
            TransportMeans(credentials: credentials))
    }

    private func fake() throws -> (FakeRemote, any Transport) {
        let remote = FakeRemote()
        let target = Target(DestinationAddress(scheme: "fake", host: "shop", path: "/"))
        return (remote, try make(FakeOptions(target, remote)))
    }

    @Test func whatWasPutAndIsGoneHasArrived() async throws {
        let (remote, transport) = try fake()
        #expect(try await transport.look(for: file, as: name) == .absent, "never put")
        try await transport.put(file, as: name)
        remote.set("/a.jpg", nil)
        #expect(try await transport.look(for: file, as: name) == .confirmed(.collected))
        // That it was put then says nothing of another time.
        #expect(try await transport.look(for: file, as: name) == .absent)
    }

    @Test func whatWasNotPutWellIsAbsent() async throws {
        let (remote, transport) = try fake()
        try await transport.put(file, as: name)
        remote.next(.put, .loseAnswer)
        await #expect(throws: DeliveryError.self) { try await transport.put(file, as: name) }
        remote.set("/a.jpg", nil)
        #expect(try await transport.look(for: file, as: name) == .absent)
    }

    @Test func anotherFileOfThatNameHasNotArrived() async throws {
        let (remote, transport) = try fake()
        try await transport.put(file, as: name)
        remote.set("/a.jpg", nil)
        let other = try makeOutgoing(Data("another".utf8), in: folder)
        #expect(try await transport.look(for: other, as: name) == .absent)
    }

    /// What lies there still can be taken away; nobody knows what became of the rest.
    @Test func whatWasCollectedCannotBeTakenAway() async throws {
        let (remote, transport) = try fake()
        try await transport.put(file, as: name)
        try await transport.remove(name)
        #expect(remote.files.isEmpty)
        let error = await #expect(throws: DeliveryError.self) { try await transport.remove(name) }
        #expect(error?.message.contains("collected") == true, "\(error?.message ?? "")")
        #expect(error?.origin == .here, "the channel does not pause for it")
    }

    @Test func fromAServerAndFromAFolder() async throws {
        let server = try await SFTPServer.start()
        try folder.copy(server.key, to: "credentials/key")
        let root = try folder.makeDirectory("out")
        let places: [(any TransportOptions, String)] = [
            (server.options, server.root), (FolderOptions(root + "/"), root),
        ]
        for (options, root) in places {
            let transport = try make(options)
            try await transport.put(file, as: name)
            try FileManager.default.removeItem(atPath: "\(root)/a.jpg")
            #expect(try await transport.look(for: file, as: name) == .confirmed(.collected))
            await transport.close()
        }
        await server.stop()
    }
}
