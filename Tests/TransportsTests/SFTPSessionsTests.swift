import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// Many files over several sessions, against a real sshd.
@Suite(.fewServers, .timeLimit(.minutes(5))) struct SFTPSessionsTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func files(_ count: Int) throws -> [(RemoteName, Outgoing)] {
        try (1...count).map { number in
            (
                try remote("a/\(number).jpg"),
                try makeOutgoing(Data("rendition \(number)".utf8), in: folder)
            )
        }
    }

    private func start(_ extra: String = "") async throws -> SFTPServer {
        let server = try await SFTPServer.start(extra)
        try folder.copy(server.key, to: "credentials/key")
        return server
    }

    /// As couriers do: each file is put and looked for, all at one time.
    private func send(
        _ files: [(RemoteName, Outgoing)], _ transport: any Transport
    ) async throws -> [Presence] {
        try await withThrowingTaskGroup(of: Presence.self) { group in
            for (name, file) in files {
                group.addTask {
                    try await transport.put(file, as: name)
                    return try await transport.look(for: file, as: name)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func isAllThere(_ files: [(RemoteName, Outgoing)], _ server: SFTPServer) throws -> Bool
    {
        try files.allSatisfy { name, file in
            let stored = try Data(contentsOf: URL(fileURLWithPath: "\(server.root)/\(name)"))
            return ContentHash.of(stored) == file.sha256
        }
    }

    @Test func manyFilesAreLookedForInAListing() async throws {
        let filter = try SFTPFilter(in: folder)
        let server = try await start(filter.command)
        let transport = try make(server.options, in: folder, sessions: 3)
        let all = try files(40)
        let there = try await send(all, transport)
        #expect(there.allSatisfy { $0.confirmation != nil })
        #expect(there.count { $0.confirmation == .hash } >= 5)
        #expect(try isAllThere(all, server))
        await transport.close()
        // Each look alone would have opened its file, which goes up under another name; and those that are
        // read back are opened.
        let opened = filter.questions.count { $0.hasPrefix("OPEN ") && $0.hasSuffix(".jpg") }
        #expect((5..<30).contains(opened), "\(opened) of 40 files were opened to be looked for")
        await server.stop()
    }

    /// Beyond the first few, which are looked at before they are shown.
    @Test func whatIsThereIsReplacedInOneGo() async throws {
        let server = try await start()
        let transport = try make(server.options, in: folder)
        let first = try files(12)
        _ = try await send(first, transport)
        let second = try first.map { name, _ in
            (name, try makeOutgoing(Data("another \(name)".utf8), in: folder))
        }
        #expect(try await send(second, transport).allSatisfy { $0.confirmation != nil })
        #expect(try isAllThere(second, server))
        // Of another length, and gone.
        try Data("short".utf8).write(to: URL(fileURLWithPath: "\(server.root)/a/1.jpg"))
        try FileManager.default.removeItem(atPath: "\(server.root)/a/2.jpg")
        let looked = try await withThrowingTaskGroup(of: (String, Presence).self) { group in
            for (name, file) in second {
                group.addTask {
                    (name.rawValue, try await transport.look(for: file, as: name))
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(looked["a/2.jpg"] == .absent)
        guard case .different? = looked["a/1.jpg"] else {
            Issue.record("\(String(describing: looked["a/1.jpg"]))")
            return
        }
        #expect(looked.values.count { $0.confirmation != nil } == 10)
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(server.root)/a")
        #expect(names.allSatisfy { $0.hasSuffix(".jpg") }, "\(names)")
        await transport.close()
        await server.stop()
    }

    /// Some partners let an account in once at a time.
    @Test func aServerWithRoomForOneSessionGetsOne() async throws {
        let server = try await start()
        let proxy = try TCPProxy(to: server.port, most: 1)
        var options = server.options
        options.address.port = proxy.port
        let transport = try make(options, in: folder, sessions: 4)
        let all = try files(20)
        #expect(try await send(all, transport).allSatisfy { $0.confirmation != nil })
        #expect(try isAllThere(all, server))
        // Tried, and not again with every file.
        #expect((1...10).contains(proxy.counts.refused), "\(proxy.counts)")
        await transport.close()
        proxy.stop()
        await server.stop()
    }

    @Test func noMoreSessionsThanTheProfileAllows() async throws {
        let server = try await start()
        let proxy = try TCPProxy(to: server.port)
        var options = server.options
        options.address.port = proxy.port
        let transport = try make(options, in: folder, sessions: 3)
        _ = try await send(try files(30), transport)
        #expect(proxy.counts.peak <= 3)
        await transport.close()
        proxy.stop()
        await server.stop()
    }

    /// What waits for a session is told so as well.
    @Test func closingEndsWhatWaits() async throws {
        let server = try await start()
        let proxy = try TCPProxy(to: server.port, delay: 20)
        var options = server.options
        options.address.port = proxy.port
        let transport = try make(options, in: folder, sessions: 1)
        let all = try files(6)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for (name, file) in all {
                group.addTask {
                    do { try await transport.put(file, as: name) } catch is DeliveryError {
                        return true
                    }
                    return false
                }
            }
            while proxy.counts.seen == 0 { await Task.yield() }
            await transport.close()
            for try await failed in group { #expect(failed) }
        }
        proxy.stop()
        await server.stop()
    }
}
