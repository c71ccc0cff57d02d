import Foundation
import Host
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// A server that lists one name after the other, for ever.
@Suite(.fewServers, .timeLimit(.minutes(5))) struct EndlessListingTests {
    private let folder: TemporaryDirectory
    private let filter: SFTPFilter

    init() throws {
        folder = try TemporaryDirectory()
        filter = try SFTPFilter(in: folder, "drip=READDIR")
    }

    private func start() async throws -> SFTPServer {
        let server = try await SFTPServer.start(filter.command)
        try folder.copy(server.key, to: "credentials/key")
        return server
    }

    /// To tidy up is no reason to fail.
    @Test func itTakesSoLongAndNoLonger() async throws {
        let server = try await start()
        var timeouts = Timeouts()
        timeouts.listing = 5
        let transport = try make(server.options, in: folder, timeouts: timeouts)
        try await transport.sweep()
        let (file, name) = (
            try makeOutgoing(Data("a rendition".utf8), in: folder), try remote("a.jpg")
        )
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name).confirmation != nil)
        await transport.close()
        await server.stop()
    }

    /// Nobody waits any more: libcurl, which says goodbye to the server, is not waited for either.
    @Test func itEndsWhenItIsBrokenOff() async throws {
        let server = try await start()
        let transport = try make(server.options, in: folder)
        let sweep = Task { try await transport.sweep() }
        await Lane("filter").run { [filter] in
            // Nobody is expected on an empty set: a pause that needs no sleep.
            while !filter.questions.contains(where: { $0.hasPrefix("OPENDIR") }) {
                poll(nil, 0, 10)
            }
        }
        let before = ContinuousClock.now
        sweep.cancel()
        let error = await #expect(throws: DeliveryError.self) { try await sweep.value }
        #expect(error?.origin == .ended)
        await transport.close()
        #expect(ContinuousClock.now - before < .seconds(8))
        await server.stop()
    }
}
