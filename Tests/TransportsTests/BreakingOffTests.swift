import Foundation
import Host
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// Of what must not be shown any more while it is sent: the transfer ends, no name shows it, and nothing of
/// it stays.
@Suite(.fewServers, .timeLimit(.minutes(5))) struct BreakingOffTests {
    private let folder: TemporaryDirectory
    private let file: Outgoing
    private let name: RemoteName

    init() throws {
        folder = try TemporaryDirectory()
        file = try makeOutgoing(Data(count: 4 << 20), in: folder)
        name = try remote("a.jpg")
    }

    /// So slowly that it is on its way for long.
    private func breakOff(_ options: any TransportOptions, _ root: String) async throws {
        let transport = try make(options, in: folder, sessions: 1, bandwidth: 200_000)
        let put = Task { try await transport.put(file, as: name) }
        await Lane("folder").run {
            while (try? FileManager.default.contentsOfDirectory(atPath: root))?.isEmpty != false {
                // Nobody is expected on an empty set: a pause that needs no sleep.
                poll(nil, 0, 10)
            }
        }
        put.cancel()
        let error = await #expect(throws: DeliveryError.self) { try await put.value }
        #expect(error?.origin == .ended)
        #expect(!FileManager.default.fileExists(atPath: root + "/a.jpg"))
        try await transport.remove(name, object: nil)
        #expect(try await transport.isAbsent(name, object: nil))
        #expect(try FileManager.default.contentsOfDirectory(atPath: root) == [])
        await transport.close()
    }

    @Test func anSFTPServerShowsNothing() async throws {
        let server = try await SFTPServer.start()
        try folder.copy(server.key, to: "credentials/key")
        try await breakOff(server.options, server.root)
        await server.stop()
    }

    @Test func anFTPServerShowsNothing() async throws {
        let server = try await FTPServer.start(.proftpd)
        try folder.give(server)
        try await breakOff(server.options, server.root)
        await server.stop()
    }
}
