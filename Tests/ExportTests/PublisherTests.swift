import Bookkeeping
import Feeds
import Foundation
import Host
import Model
import Support
import Testing
import TransportsSupport

@testable import Export

/// A publisher with time in the test's hand.
@Suite(.serialized, .timeLimit(.minutes(5))) struct PublisherTests {
    static let feed = (
        "deliver:",
        """
        feed:
          format: google-rss
          file: products.xml
          to: "fake://feed/"
          image_base: "https://img.example.com/"
          title: Shop
          link: https://shop.example.com/
          description: All of it
          items:
            id: "{sku}"
            title: "{product.title}"
            description: "{product.title}"
            link: "https://shop.example.com/{sku}"
            image_link: slot:main
            price: "{product.price}"
            availability: in_stock
            condition: new
          publish: {quiet: 10m, at_least_every: 24h}
          drop: 20%
        deliver:
        """
    )

    private func open(_ body: (Stall) async throws -> Void) async throws {
        try await Stall.open(Self.feed, body: body)
    }

    /// Products with a record, and their pictures sent.
    private func sell(_ count: Int, _ stall: Stall) async throws {
        let names = try await stall.ready(count)
        try await stall.record(names.map { String($0.dropLast(4)) })
    }

    @Test func anEditionComesWhenThingsAreQuiet() async throws {
        try await open { stall in
            try await sell(3, stall)
            await stall.pass(300)
            try await sell(1, stall)
            await stall.pass(599)
            #expect(stall.edition == nil, "ten minutes after the last change")
            await stall.pass(2)
            #expect(stall.edition?.items == ["S1", "S2", "S3", "S4"])
            #expect(stall.feed.calls.filter { $0.verb == .put }.count == 1)
            // And not again before it has to.
            await stall.pass(86_000)
            #expect(stall.feed.calls.filter { $0.verb == .put }.count == 1)
            await stall.pass(1000)
            #expect(stall.feed.calls.filter { $0.verb == .put }.count == 2)
        }
    }

    @Test func itNamesNothingThatIsNotThere() async throws {
        try await open { stall in
            try await sell(2, stall)
            stall.remote.next(.put, .fail(.fixInput, "too pale"))
            try await sell(1, stall)
            await stall.pass(700)
            #expect(stall.edition?.items == ["S1", "S2"])
            let omitted = try await stall.ledger.count(
                .omissions(channel: "shop", gate: .source), limit: 9)
            #expect(omitted == 0, "what was never there is not left out")
            _ = try await stall.ledger.retry(channel: "shop", cause: nil)
            stall.signals.wake(channel: "shop")
            await stall.pass(700)
            #expect(stall.edition?.items == ["S1", "S2", "S3"])
        }
    }

    @Test func whatMustGoGoesFromTheFeedAtOnce() async throws {
        try await open { stall in
            try await sell(10, stall)
            await stall.pass(700)
            try await stall.drop("S3")
            // The quiet time is not for this.
            await stall.pass(30)
            #expect(stall.edition?.items.count == 9)
            #expect(stall.edition?.items.contains("S3") == false)
            #expect(stall.remote.files["/S3.jpg"] == nil)
        }
    }

    /// The edition that waits for a person is from after the change, and the one that goes again from before.
    @Test func whatMustGoGoesFromAFeedWhosePicturesLieElsewhereNow() async throws {
        try await open { stall in
            try await sell(4, stall)
            await stall.pass(700)
            #expect(stall.edition?.items.count == 4)
            let moved = ("https://img.example.com/", "https://cdn.example.com/i/")
            try await stall.take([Self.feed, moved])
            try await stall.drop("S3")
            await stall.pass(30)
            #expect(stall.edition?.items == ["S1", "S2", "S4"])
        }
    }

    @Test func aServerThatDoesNotAnswerIsTriedEverLessOften() async throws {
        try await open { stall in
            for _ in 1...5 { stall.feed.next(.put, .fail(.retry(after: nil))) }
            try await sell(1, stall)
            await stall.pass(605)
            let first = stall.feed.calls.filter { $0.verb == .put }.count
            // A ring makes it no more eager.
            for _ in 1...20 {
                stall.signals.wake(channel: "shop")
                await stall.quiet()
            }
            #expect(stall.feed.calls.filter { $0.verb == .put }.count == first)
            await stall.pass(3600)
            #expect(stall.feed.calls.filter { $0.verb == .put }.count == 6)
            #expect(stall.edition?.items == ["S1"])
        }
    }

    @Test func anUploadThatBreaksLeavesTheGoodEditionPublic() async throws {
        try await open { stall in
            try await sell(2, stall)
            await stall.pass(700)
            let good = try #require(stall.edition?.text)
            stall.feed.next(.put, .fail(.retry(after: 1000), "the connection broke"), .hang)
            try await sell(1, stall)
            await stall.pass(700)
            #expect(stall.edition?.text == good)
            let editions = try await stall.ledger.editions(channel: "shop")
            #expect(editions.map(\.state) == [.confirmed, .staged])
            #expect(editions.last?.because?.contains("the connection broke") == true)
            stall.clock.step(1000)
            await stall.feed.waitUntilHanging()
            #expect(stall.edition?.text == good)
            stall.feed.release()
            await stall.pass(1)
            #expect(stall.edition?.items == ["S1", "S2", "S3"])
        }
    }

    @Test func anEditionThatSomebodyWroteToIsMadeAgain() async throws {
        try await open { stall in
            stall.feed.next(.put, .fail(.retry(after: 1000), "the connection broke"))
            try await sell(2, stall)
            await stall.pass(700)
            let waiting = try #require(try await stall.ledger.editions(channel: "shop").last)
            let path = stall.publisher.path(waiting.file)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try Data(text.replacing("S1", with: "S7").utf8).write(to: URL(fileURLWithPath: path))
            await stall.pass(1200)
            #expect(stall.edition?.items == ["S1", "S2"])
        }
    }

    /// A clock that was ahead is set right while the publisher waits.
    @Test func aBackOffEndsThoughTheClockIsSetBack() async throws {
        try await open { stall in
            try await sell(1, stall)
            await stall.pass(700)
            stall.clock.step(200_000)
            stall.feed.next(.put, .fail(.retry(after: nil)))
            try await sell(1, stall)
            await stall.pass(610)
            stall.clock.setBack(200_000)
            stall.signals.wake(channel: "shop")
            await stall.pass(10)
            #expect(stall.edition?.items == ["S1", "S2"])
        }
    }

    /// Who has mended the login says `reload` or `resume`, and does not wait for a back-off besides.
    @Test func whatAPersonHasMendedIsTriedAtOnce() async throws {
        try await open { stall in
            for _ in 1...5 { stall.feed.next(.put, .fail(.fixChannel, "wrong password")) }
            try await sell(1, stall)
            await stall.pass(700)
            #expect(stall.edition == nil)
            stall.publisher.hurry()
            await stall.quiet()
            #expect(stall.edition?.items == ["S1"])
        }
    }

    @Test func anEditionOfWhichTheAnswerWasLostIsOut() async throws {
        try await open { stall in
            stall.feed.next(.put, .loseAnswer)
            try await sell(1, stall)
            await stall.pass(1200)
            #expect(stall.edition?.items == ["S1"])
            let last = try await stall.ledger.editions(channel: "shop").last
            #expect(last?.state == .confirmed)
        }
    }

    @Test func aFeedThatShrinksWaitsForAPerson() async throws {
        try await open { stall in
            try await sell(10, stall)
            await stall.pass(700)
            // The records of three products lose what an item needs.
            try await stall.record(["S1", "S2", "S3"], title: "")
            await stall.pass(7200)
            #expect(stall.edition?.items.count == 10)
            let held = try await stall.ledger.editions(channel: "shop").last
            #expect(held?.state == .held && held?.because?.contains("S1") == true)
            let (out, waiting) = try await stall.lastEditions()
            let changes = try EditionChanges(from: out, to: waiting, told: 9)
            #expect(changes.named.map(\.sku) == ["S1", "S2", "S3"])
            #expect(changes.counts == [.removed: 3] && changes.same == 7)
            _ = try await stall.ledger.release(channel: "shop", by: "anna")
            stall.signals.wake(channel: "shop")
            await stall.pass(700)
            #expect(stall.edition?.items.count == 7)
        }
    }

    @Test func anEditionLeftBehindIsSentByTheNextDaemon() async throws {
        try await open { stall in
            stall.feed.next(.put, .hang)
            try await sell(1, stall)
            stall.clock.step(601)
            await stall.feed.waitUntilHanging()
            try await stall.stop()
            await stall.start()
            await stall.pass(60)
            #expect(stall.edition?.items == ["S1"])
            #expect(try await stall.ledger.editions(channel: "shop").count == 1)
        }
    }

    /// That a change made the same bytes again is nothing a channel sees, which may drop a feed that
    /// is not touched for a day.
    @Test func theSameBytesAgainDoNotPutOffTheNextEdition() async throws {
        try await open { stall in
            try await sell(2, stall)
            await stall.pass(700)
            for _ in 1...20 {
                await stall.pass(3600)
                try await stall.record(["S1"])
            }
            #expect(stall.feed.calls.filter { $0.verb == .put }.count == 1)
            await stall.pass(4 * 3600 + 10)
            #expect(stall.feed.calls.filter { $0.verb == .put }.count == 2)
        }
    }

    /// Neither does another time of day in a document that says when it was made, and a question that
    /// waits for a person is asked once.
    @Test func onlyTheMomentIsNoChange() async throws {
        let atom = Self.feed.1.replacing("google-rss", with: "google-atom")
        try await Stall.open((Self.feed.0, atom)) { stall in
            try await sell(2, stall)
            await stall.pass(700)
            let puts = { stall.feed.calls.filter { $0.verb == .put }.count }
            for _ in 1...3 {
                try await stall.record(["S1"])
                await stall.pass(3600)
            }
            #expect(puts() == 1)
            try await stall.record(["S1"], title: "Another")
            await stall.pass(700)
            #expect(puts() == 2 && stall.edition?.text.contains("Another") == true)
            let editions = try await stall.ledger.editions(channel: "shop").count
            for _ in 1...3 {
                try await stall.drop("S2", urgent: false)
                await stall.pass(700)
            }
            #expect(try await stall.ledger.editions(channel: "shop").count == editions + 1)
            // It is overdue: what is out goes out again, and says so.
            let text = stall.edition?.text
            await stall.pass(86_500)
            #expect(puts() == 3 && stall.edition?.text != text)
        }
    }

    /// What has to leave soon and would be refused anyway is gone for another reason than its rights.
    @Test func anotherFaultIsNotExcusedByRightsThatEnd() async throws {
        try await open { stall in
            for sku in ["S1", "S2"] {
                try await stall.wanted(sku, sku, until: stall.clock.now + 40 * 3600)
            }
            stall.signals.wake(channel: "shop")
            try await stall.record(["S1", "S2"])
            await stall.pass(700)
            #expect(stall.edition?.items == ["S1", "S2"])
            await stall.pass(18 * 3600)
            try await stall.record(["S1", "S2"], title: "")
            await stall.pass(700)
            #expect(stall.edition?.items == ["S1", "S2"])
            let waiting = try await stall.ledger.editions(channel: "shop").last
            #expect(waiting?.state == .held && waiting?.items == 0)
        }
    }

    /// Nobody knows where the pictures lie; where the feed lies is known.
    @Test func aDoubtAboutThePicturesKeepsNothingInTheFeed() async throws {
        try await open { stall in
            try await sell(6, stall)
            await stall.pass(700)
            #expect(stall.edition?.items.count == 6)
            try await stall.ledger.doubt(channel: "shop", because: "its destination changed")
            try await stall.drop("S1")
            await stall.pass(60)
            #expect(stall.remote.files["/S1.jpg"] != nil, "nothing is taken down there")
            #expect(stall.edition?.items == ["S2", "S3", "S4", "S5", "S6"])
        }
    }

    /// A place that numbers what it is given would keep both.
    @Test func anEditionReplacesWhatAnEarlierDaemonSent() async throws {
        try await open { stall in
            try await sell(1, stall)
            await stall.pass(700)
            try await stall.stop()
            await stall.start()
            stall.feed.next(.put, .processFor(looks: 2))
            try await sell(1, stall)
            await stall.pass(1200)
            #expect(stall.edition?.items == ["S1", "S2"])
            #expect(stall.feed.calls.filter { $0.verb == .put }.count == 2)
            #expect(stall.feed.orphans.isEmpty)
        }
    }

    @Test func aRetiredChannelIsEmptiedAtOnce() async throws {
        try await open { stall in
            try await sell(2, stall)
            await stall.pass(700)
            try await stall.take([Self.feed, ("state: live", "state: retired")])
            for sku in ["S1", "S2"] { try await stall.drop(sku, urgent: false) }
            await stall.pass(700)
            #expect(stall.edition?.items.isEmpty == true)
            #expect(stall.remote.files.isEmpty, "not when 'old_stays' is over")
        }
    }
}

extension Stall {
    var feed: FakeRemote { fake.remote("feed") }

    /// What is published; nil: nothing.
    var edition: (items: [String], text: String)? {
        guard let data = feed.files["/products.xml"] else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return (text.matches(of: /<g:id>(.*?)<\/g:id>/).map { String($0.1) }, text)
    }

    /// Where the two newest editions lie, the older first.
    func lastEditions() async throws -> (String, String) {
        let files = try await ledger.editions(channel: "shop").suffix(2).map {
            store.editions + "/shop/" + $0.file
        }
        return (try #require(files.first), try #require(files.last))
    }

    func record(_ skus: [String], title: String = "A thing") async throws {
        let products = skus.map {
            Product(sku: $0, fields: ["title": title, "price": "12.00 EUR"])
        }
        try await Lane("products").run { [ledger] () throws(LedgerError) in
            _ = try ledger.record(products.map { RecordedProduct($0) }, in: "p.csv")
        }
        try await settle(skus)
    }

    /// They are looked at again, and nothing else is wanted of them.
    func settle(_ skus: [String]) async throws {
        for sku in skus {
            try await ledger.settle(
                try await ledger.skuRecord(sku), changes: [], refused: [], channels: ["shop"],
                boundary: nil)
        }
        signals.wake(channel: "shop")
        await quiet()
    }
}
