import Foundation
import Host
import Intake
import Logging
import Model
import Testing
import Wire

@testable import Bookkeeping
@testable import Export

@Suite struct StatusTests {
    private func with(_ body: (Daemon) async throws -> Void) async throws {
        try await Daemon.withNoPart(body)
    }

    @Test func aLedgerThatCannotBeReadIsSaid() async throws {
        try await with { daemon in
            #expect(try await daemon.status(look: nil).verdict == .ok)
            try await daemon.ledger.write("test") { database in
                try database.run("DROP TABLE count")
            }
            let answer = try await daemon.status(look: nil)
            #expect(answer.verdict == .stuck && !answer.idle)
            #expect(answer.standing.map(\.what) == ["the ledger cannot be read"])
            #expect(answer.channels.map(\.light) == [.red])
        }
    }

    @Test func whatWaitsForAPersonIsYellowAndInTheEndRed() async throws {
        try await with { daemon in
            let since = daemon.ledger.now().milliseconds
            let key = ContentHash.of(Data()).rawValue
            try await daemon.ledger.write("test") { database in
                try database.run(
                    """
                    INSERT INTO delivery (channel, name, folded, sku, view, number, variant, slot,
                        position, version, rendition, key, state, since)
                    VALUES ('shop', 'a.jpg', 'a.jpg', 'A', 'front', 1, '', 'main', 1, 1, 'hero', ?,
                        'handed', ?)
                    """, [key, since])
            }
            var channel = try #require(try await daemon.status(look: nil).channels.first)
            #expect(channel.light == .yellow)
            #expect(channel.deliveries[.handedOver] == 1 && channel.deliveries[.live] == nil)
            #expect(channel.reasons.first?.hasPrefix("1 file waits for a person since") == true)
            try await daemon.ledger.write("test") { database in
                try database.run("UPDATE delivery SET since = ?", [since - 25 * 3_600_000])
            }
            let answer = try await daemon.status(look: nil)
            channel = try #require(answer.channels.first)
            #expect(channel.light == .red)
            #expect(answer.causes.map(\.kind) == [.handedOver])
        }
    }

    @Test func whatStandsStillIsRed() async throws {
        try await with { daemon in
            daemon.standstills.report(.reconciler, "no room", remedy: "make some")
            daemon.standstills.report(.courier, on: "shop", "no room", remedy: "make some")
            let answer = try await daemon.status(look: nil)
            #expect(answer.verdict == .stuck)
            #expect(answer.standing.map(\.what) == ["reconciling stands still"])
            #expect(answer.channels.first?.light == .red)
            let reason = try #require(answer.channels.first?.reasons.first)
            let since = daemon.standstills.all[0].since.plain(in: daemon.zone)
            #expect(reason == "sending stands still since \(since): no room; make some")
            daemon.standstills.clear(.reconciler)
            daemon.standstills.clear(.courier, on: "shop")
            #expect(try await daemon.status(look: nil).verdict == .ok)
        }
    }

    @Test func whatTheChannelProcessesIsSaidAndIsNoTrouble() async throws {
        try await with { daemon in
            let since = Date(timeIntervalSince1970: 1_780_000_000)
            try await Self.send(processedSince: since, daemon)
            let words = "being processed by the channel since \(since.plain(in: daemon.zone))"
            let channel = try #require(try await daemon.status(look: nil).channels.first)
            #expect(channel.reasons == ["1 file is \(words)"] && channel.light == .green)
            #expect(channel.limitedBy == "the channel, which processes what it was sent")
            let entry = try await daemon.why(sku: "A1", channel: nil).entries.first
            #expect(entry?.next?.hasPrefix("\(words); asked again ") == true)
            let question = ListQuestion(.sending)
            let listed = try await daemon.list(question).entries.first
            #expect(listed?.because == "being processed by the channel" && listed?.since == since)
        }
    }

    @Test func whatAHeldChannelIsToGetIsNotOnItsWay() async throws {
        try await with { daemon in
            try await Self.send(processedSince: nil, daemon)
            let goes = try #require(try await daemon.why(sku: "A1", channel: nil).entries.first)
            #expect(goes.gates.isEmpty && goes.next == "on its way")
            try await daemon.ledger.hold(channel: "shop", because: "sale")
            let held = try #require(try await daemon.why(sku: "A1", channel: nil).entries.first)
            #expect(held.gates.map(\.kind) == [.channel] && held.next == nil)
        }
    }

    private static func send(processedSince since: Date?, _ daemon: Daemon) async throws {
        let key = ContentHash.of(Data()).rawValue
        let now = daemon.ledger.now()
        try await daemon.ledger.write("test") { database in
            try database.run("INSERT INTO product (sku, fields) VALUES ('A1', '{}')")
            try database.run(
                """
                INSERT INTO delivery (channel, name, folded, sku, view, number, variant, slot,
                    position, version, rendition, key, state, since, next_try,
                    processing_since) VALUES ('shop', 'A1.jpg', 'a1.jpg', 'A1', 'front', 1, '',
                    'main', 1, 1, 'hero', ?, 'send', ?, ?, ?)
                """,
                [key, now.milliseconds, now.milliseconds + 60_000, since?.milliseconds])
        }
    }

    @Test func profilesThatCannotBeReadAreSaid() async throws {
        try await with { daemon in
            let (path, aside) = (daemon.settings.channels, daemon.settings.channels + "-aside")
            #expect(rename(path, aside) == 0)
            #expect(try await daemon.reload(by: "anna").problems.count == 1)
            let answer = try await daemon.status(look: nil)
            #expect(answer.standing.map(\.what) == ["profiles are not taken"])
            #expect(answer.standing.first?.next.contains(path) == true)
            #expect(rename(aside, path) == 0)
            #expect(try await daemon.reload(by: "anna").problems == [])
            #expect(try await daemon.status(look: nil).verdict == .ok)
        }
    }

    /// Or what is there would be taken for what is at the new place.
    @Test func aPlaceIsRememberedThroughADraftThatNamesNone() async throws {
        try await with { daemon in
            let file = URL(filePath: daemon.settings.channels + "/shop.yaml")
            let text = try String(contentsOf: file, encoding: .utf8)
            func take(_ text: String) async throws -> ReloadAnswer {
                try Data(text.utf8).write(to: file)
                return try await daemon.reload(by: "anna")
            }
            let deliver = try #require(text.split(separator: "\n").last)
            let draft = text.replacing(deliver, with: "").replacing(
                "state: live", with: "state: draft")
            #expect(try await take(draft).waiting == [])
            let moved = try await take(text.replacing("/folder/", with: "/elsewhere/"))
            #expect(moved.waiting == ["shop"])
            #expect(moved.channels["shop"]?.contains("its destination changed") == true)
        }
    }

    @Test func whoHangsIsNamed() async throws {
        try await with { daemon in
            daemon.heartbeat.rest(.intake, until: Date(timeIntervalSinceNow: 5))
            let answer = try await daemon.status(look: nil)
            #expect(answer.standing.isEmpty)
            let late = daemon.silent(at: .now.advanced(by: .seconds(200)))
            #expect(late.map(\.what) == ["intake hangs"])
        }
    }

    @Test func anAnswerWaitsForALookThatBeganAfterTheQuestion() async throws {
        try await with { daemon in
            daemon.spool.looks.end(daemon.spool.looks.begin())
            let during = daemon.spool.looks.begin()
            daemon.signals.reconcile.wake()
            let asked = try await daemon.status(look: "new")
            #expect(!asked.idle)
            daemon.spool.looks.end(during)
            #expect(try await daemon.status(look: asked.look).look == asked.look)
            let question = try #require(asked.look.flatMap { Question($0) })
            #expect(!daemon.hasLooked(since: question))
            daemon.spool.looks.end(daemon.spool.looks.begin())
            #expect(daemon.hasLooked(since: question))
            // Of a daemon that is gone: asked anew.
            let other = try await daemon.status(look: "1.1.1")
            #expect(other.look != "1.1.1" && !other.idle)
        }
    }
}
