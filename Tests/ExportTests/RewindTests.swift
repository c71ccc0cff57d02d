import Bookkeeping
import Foundation
import Host
import Model
import Profiles
import Support
import Testing
import TransportsSupport

@testable import Export

/// Nonsense was published, and a person puts an earlier edition back.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RewindTests {
    /// A good edition of so many products, then one of nonsense.
    private func open(
        _ count: Int = 4, _ body: (Stall, _ good: EditionRecord) async throws -> Void
    ) async throws {
        try await Stall.open(PublisherTests.feed) { stall in
            let skus = try await stall.ready(count).map { String($0.dropLast(4)) }
            try await stall.record(skus)
            await stall.pass(700)
            let good = try #require(try await stall.ledger.editions(channel: "shop").last)
            try await stall.record(skus, title: "Nonsense")
            await stall.pass(700)
            #expect(stall.titles == Array(repeating: "Nonsense", count: count))
            try await body(stall, good)
        }
    }

    private func rewind(_ stall: Stall, to edition: EditionRecord) async throws {
        try await stall.ledger.rewind(to: edition, by: "anna")
        stall.publisher.hurry()
        await stall.quiet()
    }

    @Test func theGoodEditionComesBackAndStays() async throws {
        try await open { stall, good in
            try await rewind(stall, to: good)
            #expect(stall.titles == Array(repeating: "A thing", count: 4))
            #expect(stall.edition?.items == ["S1", "S2", "S3", "S4"])
            // What is known of the products waits for a person, and says why.
            await stall.pass(700)
            var last = try #require(try await stall.ledger.editions(channel: "shop").last)
            #expect(last.state == .held)
            #expect(last.because?.hasPrefix("edition 1 was put back by anna, ") == true)
            try await stall.stop()
            await stall.start()
            // A day later the channel is shown the same once more: it must not take it for dead.
            let puts = stall.feed.calls.count { $0.verb == .put }
            await stall.pass(86_500)
            #expect(stall.feed.calls.count { $0.verb == .put } == puts + 1)
            #expect(stall.titles == Array(repeating: "A thing", count: 4))
            last = try #require(try await stall.ledger.editions(channel: "shop").last)
            #expect(last.state == .held)
            let released = try await stall.ledger.release(channel: "shop", by: "anna")
            #expect(released.edition && released.rewind && released.stale.isEmpty)
            stall.signals.wake(channel: "shop")
            await stall.quiet()
            #expect(stall.titles == Array(repeating: "Nonsense", count: 4))
            #expect(try await stall.ledger.rewind(of: "shop") == nil)
        }
    }

    /// The edition that waits was made before: it would publish the nonsense once more.
    @Test func whoMendsAndReleasesAtOnceGetsWhatIsMended() async throws {
        try await open { stall, good in
            try await rewind(stall, to: good)
            await stall.pass(700)
            try await stall.record(["S1", "S2", "S3", "S4"], title: "Better")
            let released = try await stall.ledger.release(channel: "shop", by: "anna")
            #expect(released.rewind && !released.edition && released.stale.count == 1)
            #expect(released.description == "the feed, of which a new edition is made")
            stall.signals.wake(channel: "shop")
            await stall.pass(500)
            #expect(stall.titles == Array(repeating: "A thing", count: 4))
            await stall.pass(200)
            #expect(stall.titles == Array(repeating: "Better", count: 4))
        }
    }

    @Test func whatMustGoLeavesItAllTheSame() async throws {
        try await open { stall, good in
            try await rewind(stall, to: good)
            try await stall.drop("S3")
            await stall.pass(30)
            #expect(stall.edition?.items == ["S1", "S2", "S4"])
            #expect(stall.titles == Array(repeating: "A thing", count: 3))
            #expect(stall.remote.files["/S3.jpg"] == nil)
            await stall.pass(7200)
            #expect(stall.titles == Array(repeating: "A thing", count: 3))
            #expect(try await stall.ledger.rewind(of: "shop")?.isOut == true)
        }
    }

    /// Whatever is on its way when the order comes, and whenever the daemon ends.
    @Test func theNextDaemonPutsItBack() async throws {
        try await open { stall, good in
            try await stall.stop()
            try await stall.ledger.rewind(to: good, by: "anna")
            stall.feed.next(.put, .hang)
            stall.begin()
            await stall.feed.waitUntilHanging()
            try await stall.stop()
            #expect(try await stall.ledger.editions(channel: "shop").map(\.number) == [1, 2, 3])
            await stall.start()
            await stall.pass(1)
            #expect(stall.titles == Array(repeating: "A thing", count: 4))
            #expect(try await stall.ledger.editions(channel: "shop").map(\.number) == [1, 2, 3])
        }
    }

    @Test func nonsenseThatIsUnderWayDoesNotPushItOut() async throws {
        try await open { stall, good in
            for title in ["Nonsense 2", "Nonsense 3", "Nonsense 4"] {
                try await stall.record(["S1"], title: title)
                await stall.pass(700)
            }
            // Five are kept, and the first of them is wanted again.
            stall.feed.next(.put, .hang)
            try await stall.record(["S1"], title: "Nonsense 5")
            stall.clock.step(601)
            await stall.feed.waitUntilHanging()
            try await stall.ledger.rewind(to: good, by: "anna")
            stall.feed.release()
            await stall.pass(1)
            #expect(stall.titles == Array(repeating: "A thing", count: 4))
            let kept = try await stall.ledger.editions(channel: "shop").map(\.number)
            #expect(kept == [3, 4, 5, 6, 7])
            let files = try Files.names(in: stall.store.editions + "/shop")
            #expect(files.count == 10, "each has its items beside it")
        }
    }

    // MARK: Pictures

    private func review(_ stall: Stall, _ edition: EditionRecord) async throws -> PictureReview {
        let (path, ledger) = (stall.store.editions + "/shop/" + edition.file, stall.ledger)
        let profile = try #require(stall.active.profile("shop"))
        let feed = try #require(profile.feed)
        return try await Lane("review").run { () throws(any Error) in
            try PictureReview(of: path, on: profile, feed, ledger)
        }
    }

    @Test func picturesThatAreGoneOrMayNotBeShownAreNamed() async throws {
        try await open(2) { stall, _ in
            let until = stall.clock.now.addingTimeInterval(90_000)
            try await stall.wanted("T1", "licensed for a while", until: until)
            try await stall.record(["T1"])
            await stall.pass(700)
            let good = try #require(try await stall.ledger.editions(channel: "shop").last)
            #expect(try await review(stall, good).gone == [])
            try await stall.stop()
            let row = try #require(try await stall.row("S1"))
            try await stall.ledger.recordDrift(.lost, of: row, because: "it is gone")
            // Nobody has taken it down yet.
            stall.clock.step(100_000)
            let found = try await review(stall, good)
            #expect(found.gone == ["s1.jpg", "t1.jpg"] && found.there == ["s2.jpg"])
            #expect(found.skus == ["S1", "T1"] && found.touched == 2 && found.lost == 2)
            #expect(found.all == 3)
            await stall.start()
        }
    }

    @Test func whatGoesMeanwhileIsNotPublishedAgain() async throws {
        try await open { stall, good in
            try await stall.stop()
            try await stall.ledger.rewind(to: good, by: "anna")
            stall.begin()
            try await stall.drop("S2")
            await stall.pass(60)
            #expect(stall.edition?.items == ["S1", "S3", "S4"])
            #expect(stall.titles == Array(repeating: "A thing", count: 3))
        }
    }

    /// Superseded, and still there: it is named again, and stays as long as it is.
    @Test func whatLingersStaysWhileItIsNamed() async throws {
        try await open(6) { stall, good in
            try await stall.drop("S2", urgent: false)
            await stall.pass(700)
            #expect(stall.edition?.items == ["S1", "S3", "S4", "S5", "S6"])
            #expect(try await review(stall, good).gone == [])
            try await rewind(stall, to: good)
            #expect(stall.edition?.items.count == 6)
            await stall.pass(3 * 86_400)
            #expect(stall.remote.files["/S2.jpg"] != nil)
            _ = try await stall.ledger.release(channel: "shop", by: "anna")
            stall.signals.wake(channel: "shop")
            await stall.pass(2 * 86_400)
            #expect(stall.edition?.items == ["S1", "S3", "S4", "S5", "S6"])
            #expect(stall.remote.files["/S2.jpg"] == nil)
        }
    }

    @Test func aRetiredChannelIsEmptiedAllTheSame() async throws {
        try await open(2) { stall, good in
            try await rewind(stall, to: good)
            try await stall.take([PublisherTests.feed, ("state: live", "state: retired")])
            for sku in ["S1", "S2"] { try await stall.drop(sku, urgent: false) }
            await stall.pass(700)
            #expect(stall.edition?.items.isEmpty == true && stall.remote.files.isEmpty)
        }
    }
}

extension Stall {
    /// Of the items that are published, in their order.
    var titles: [String] {
        (edition?.text ?? "").matches(of: /<item>.*?<title>(.*?)<\/title>/.dotMatchesNewlines())
            .map { String($0.1) }
    }
}
