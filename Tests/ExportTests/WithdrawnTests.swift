import Foundation
import Model
import Support
import Testing
import TransportsSupport
import Wire

@testable import Bookkeeping
@testable import Export

/// What must not be public any more, while it is on its way and after it is gone.
@Suite(.serialized, .timeLimit(.minutes(5))) struct WithdrawnTests {
    /// The transfer ends before the file is shown, and what may lie there goes.
    @Test func whatIsOnItsWayIsBrokenOff() async throws {
        try await Stall.open { stall in
            stall.remote.next(.put, .hang)
            try await stall.wanted("S1", "one")
            stall.signals.wake(channel: "shop")
            await stall.remote.waitUntilHanging()
            try await stall.drop("S1")
            #expect(try await stall.states() == [:])
            #expect(stall.remote.files.isEmpty)
            #expect(stall.calls(.put) == 1 && stall.calls(.remove) == 1)
            #expect(try await stall.paused() == nil, "nobody's failure")
        }
    }

    /// Whose answer says what it is called there is waited for, or nobody could take it away.
    @Test func whatIsNamedByTheAnswerIsWaitedFor() async throws {
        try await Stall.open(("old_stays: 1d", "old_stays: 1d, names: true")) { stall in
            stall.remote.next(.put, .hang)
            try await stall.wanted("S1", "one")
            stall.signals.wake(channel: "shop")
            await stall.remote.waitUntilHanging()
            async let dropped: Void = stall.drop("S1")
            while try await stall.row("S1")?.state != .remove {}
            stall.remote.release()
            try await dropped
            #expect(try await stall.states() == [:])
            #expect(stall.remote.files.isEmpty && stall.remote.orphans.isEmpty)
        }
    }

    // MARK: The public address

    private static let jpeg = Data([0xFF, 0xD8, 0xFF, 0xE0] + (0..<2000).map { UInt8($0 % 251) })

    /// The channel's files are given out by a server of its own, as a cache does.
    private func open(_ body: (Stall, HTTPServer) async throws -> Void) async throws {
        let server = try await HTTPServer.start("location / { types { image/jpeg jpg; } }")
        let feed = PublisherTests.feed.1.replacing("https://img.example.com/", with: server.url)
        do {
            try await Stall.open(
                ("deliver:", "fetch: {agent: Googlebot-Image/1.0}\n" + feed),
                ("old_stays: 1d", "old_stays: 1d, allow_private: true")
            ) { stall in try await body(stall, server) }
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private func asked(_ server: HTTPServer, _ name: String) -> Int {
        server.log.components(separatedBy: "GET /\(name) ").count - 1
    }

    @Test func whatACacheStillGivesOutIsTold() async throws {
        try await open { stall, server in
            try await stall.ready(2)
            for name in ["S1.jpg", "S2.jpg"] {
                try Self.jpeg.write(to: URL(filePath: "\(server.root)/\(name)"))
            }
            unlink("\(server.root)/S2.jpg")
            for sku in ["S1", "S2"] { try await stall.drop(sku) }
            await stall.pass(60)
            let there = try await stall.ledger.withdrawn(from: "shop", isThere: true)
            #expect(there.map(\.name) == ["S1.jpg"])
            #expect(there.first?.url == server.url + "S1.jpg")
            #expect(try await stall.ledger.withdrawn(from: "shop").count == 1, "S2 is gone")
            // A cache's own time, and it is asked again.
            unlink("\(server.root)/S1.jpg")
            await stall.pass(3700)
            #expect(try await stall.ledger.withdrawn(from: "shop") == [])
        }
    }

    /// What must go goes from a channel that is held as well.
    @Test func aHeldChannelAsksAllTheSame() async throws {
        try await open { stall, server in
            try await stall.ready(1)
            try Self.jpeg.write(to: URL(filePath: "\(server.root)/S1.jpg"))
            try await stall.ledger.hold(channel: "shop", because: "a person says so")
            try await stall.drop("S1")
            await stall.pass(60)
            #expect(stall.remote.files["/S1.jpg"] == nil)
            #expect(try await stall.ledger.withdrawn(from: "shop", isThere: true).count == 1)
        }
    }

    /// Mended, and a person says so: it is asked at once, and not in an hour.
    @Test func aPersonWhoHasMendedItWaitsForNothing() async throws {
        try await open { stall, server in
            try await stall.ready(1)
            try Self.jpeg.write(to: URL(filePath: "\(server.root)/S1.jpg"))
            await stall.quiet()
            #expect(try await stall.ledger.crawl(of: "shop")?.findings.isEmpty == false)
            try await stall.ready(1)
            try await stall.drop("S1")
            #expect(try await stall.ledger.withdrawn(from: "shop", isThere: true).count == 1)
            let before = try #require(try await stall.ledger.crawl(of: "shop"))
            unlink("\(server.root)/S1.jpg")
            await stall.pass(1)
            #expect(try await stall.ledger.crawl(of: "shop") == before)
            stall.courier.hurry()
            stall.signals.wake(channel: "shop")
            await stall.quiet()
            #expect(try await stall.ledger.withdrawn(from: "shop") == [])
            #expect(try await stall.ledger.crawl(of: "shop")?.at != before.at)
        }
    }

    /// Its name is another picture's by now.
    @Test func whatLiesThereAgainIsAskedForNoMore() async throws {
        try await open { stall, server in
            try await stall.ready(1)
            try Self.jpeg.write(to: URL(filePath: "\(server.root)/S1.jpg"))
            try await stall.drop("S1")
            #expect(try await stall.ledger.withdrawn(from: "shop").count == 1)
            try await stall.wanted("S1", "another")
            stall.signals.wake(channel: "shop")
            await stall.quiet()
            #expect(try await stall.ledger.withdrawn(from: "shop") == [])
        }
    }
}
