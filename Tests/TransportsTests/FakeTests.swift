import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// The fake does what its script says, and afterwards what everybody hopes.
@Suite struct FakeTests {
    private let folder: TemporaryDirectory
    private let file: Outgoing
    private let name: RemoteName
    private let remote = FakeRemote()
    private let transport: FakeTransport

    init() throws {
        folder = try TemporaryDirectory()
        file = try makeOutgoing(Data("a rendition".utf8), in: folder)
        name = try TransportsTests.remote("a.jpg")
        transport = FakeTransport(remote, path: "/in/")
    }

    private func error(_ body: () async throws -> Void) async throws -> DeliveryError {
        try #require(await #expect(throws: DeliveryError.self) { try await body() })
    }

    @Test func itFailsAsTold() async throws {
        remote.next(.put, .fail(.fixChannel, "no entry"), .loseAnswer, .lie, .garble)
        var failure = try await error { try await transport.put(file, as: name) }
        #expect(failure.remedy == .fixChannel && failure.message.contains("no entry"))
        #expect(remote.files.isEmpty)
        failure = try await error { try await transport.put(file, as: name) }
        #expect(failure.remedy == .retry(after: nil))
        #expect(remote.files == ["/in/a.jpg": Data("a rendition".utf8)], "it has arrived")
        try await transport.remove(name)
        try await transport.put(file, as: name)
        #expect(remote.files.isEmpty)
        try await transport.put(file, as: name)
        guard case .different = try await transport.look(for: file, as: name) else {
            Issue.record("other bytes are taken for ours")
            return
        }
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name).isConfirmed)
        remote.next(.remove, .lie)
        try await transport.remove(name)
        #expect(try await !transport.isAbsent(name))
    }

    @Test func itProcessesForAsLongAsTold() async throws {
        remote.next(.put, .processFor(looks: 2))
        try await transport.put(file, as: name)
        for _ in 1...2 {
            #expect(try await transport.look(for: file, as: name) == .processing())
        }
        #expect(try await transport.look(for: file, as: name).isConfirmed)
        remote.next(.look, .process())
        #expect(try await transport.look(for: file, as: name) == .processing())
    }

    @Test func whoeverLosesANumberIsFoundOut() async throws {
        let first = try await transport.put(file, as: name)
        let second = try await transport.put(file, as: name, replacing: first)
        #expect(first?.id == second?.id && remote.orphans.isEmpty)
        try await transport.put(file, as: name)
        #expect(remote.orphans.map(\.id) == [first?.id])
        #expect(try await transport.look(for: file, as: name, object: first) == .absent)
        try await transport.remove(name, object: first)
        #expect(try await !transport.isAbsent(name))
        #expect(remote.calls.last?.object == nil)
        #expect(remote.calls.dropLast().last?.object == first)
    }

    @Test(.timeLimit(.minutes(5))) func itHangsUntilItIsReleased() async throws {
        remote.next(.put, .hang, .fail(.fixHost), .hang, .hang)
        let first = Task { try await transport.put(file, as: name) }
        await remote.waitUntilHanging()
        remote.release()
        #expect(try await error { _ = try await first.value }.remedy == .fixHost)
        let second = Task { try await transport.put(file, as: name) }
        await remote.waitUntilHanging()
        second.cancel()
        #expect(try await error { _ = try await second.value }.remedy == .retry(after: nil))
        let third = Task { try await transport.put(file, as: name) }
        await remote.waitUntilHanging()
        await transport.close()
        #expect(try await error { _ = try await third.value }.remedy == .retry(after: nil))
        #expect(remote.hanging == 0)
    }
}
