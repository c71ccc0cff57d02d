import Foundation
import Model
import Testing

@testable import Bookkeeping

@Suite struct EditionTests {
    let book: Book

    init() async throws {
        book = try Book()
        try await book.takeProfile()
    }

    private func stage(
        _ file: String, _ images: [String] = [], hold: String? = nil
    ) async throws -> EditionRecord {
        try await book.ledger.stageEdition(
            channel: "shop", file: file, sha256: Book.hash(file), items: 3, bytes: 300,
            images: { try images.forEach($0) }, madeAt: book.now, hold: hold)
    }

    /// The channel's last change, as an edition made now would show it.
    private func mark() async throws -> Date? {
        try await book.ledger.channel("shop")?.feedChanged
    }

    private func letGo() async throws -> Int {
        try await book.ledger.letGo(
            channel: "shop", oldStays: 0, hasFeed: true, budget: 9
        ).moved
    }

    @Test func stagedAndConfirmed() async throws {
        let staged = try await stage("1.xml", ["a.jpg", "a.jpg"])
        #expect(staged.state == .staged && staged.number == 1 && staged.items == 3)
        book.clock.step(5)
        #expect(
            try await book.ledger.confirmEdition(staged, showing: try await mark(), kept: 2).isEmpty
        )
        let record = try #require(try await book.ledger.editions(channel: "shop").first)
        #expect(record.state == .confirmed && record.confirmedAt == book.now)
        #expect(try await book.ledger.channel("shop")?.feedChanged == nil)
    }

    @Test func aChangeMadeMeanwhileIsForTheNext() async throws {
        let staged = try await stage("1.xml")
        book.clock.step(1)
        let shown = try await mark()
        try await book.live("one", as: "a.jpg")
        _ = try await book.ledger.confirmEdition(staged, showing: shown, kept: 2)
        #expect(try await book.ledger.channel("shop")?.feedChanged != nil)
    }

    @Test func oldOnesGo() async throws {
        var gone: [String] = []
        for number in 1...4 {
            gone += try await book.ledger.confirmEdition(
                try await stage("\(number).xml"), showing: try await mark(), kept: 2)
        }
        #expect(gone == ["1.xml", "2.xml"])
        #expect(try await book.ledger.editions(channel: "shop").map(\.file) == ["3.xml", "4.xml"])
    }

    @Test func aHeldOneWaitsForAPersonAndGivesWay() async throws {
        _ = try await stage("1.xml", ["a.jpg"], hold: "drops too much")
        #expect(try await book.ledger.release(channel: "shop", by: "anna").count == 1)
        var last = try #require(try await book.ledger.editions(channel: "shop").last)
        #expect(last.state == .held && last.released && last.because == "drops too much")
        _ = try await stage("2.xml")
        last = try #require(try await book.ledger.editions(channel: "shop").last)
        #expect(last.file == "2.xml" && last.number == 2)
        #expect(try await book.integer("SELECT COUNT(*) FROM edition_image") == 0)
    }

    @Test func theSameBytesAreOutAlready() async throws {
        _ = try await book.ledger.confirmEdition(
            try await stage("1.xml"), showing: try await mark(), kept: 2)
        _ = try await stage("2.xml", ["a.jpg"], hold: "drops too much")
        book.clock.step(60)
        try await book.ledger.feedIsCurrent(
            channel: "shop", showing: try await mark(), madeAt: book.now)
        let editions = try await book.ledger.editions(channel: "shop")
        #expect(editions.map(\.file) == ["1.xml"])
        #expect(editions.map(\.madeAt) == [book.now])
        #expect(try await book.integer("SELECT COUNT(*) FROM edition_image") == 0)
    }

    /// However much waits for the guard: what a person let pass goes.
    @Test func whatIsLetPassIsNotBehindWhatIsHeld() async throws {
        let row = try await book.live("one", as: "z.jpg")
        try await book.settle([.drop(row, because: "superseded", urgent: false)])
        try await book.execute("UPDATE delivery SET released = 1")
        try await book.execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
            INSERT INTO delivery (channel, name, folded, sku, view, number, variant, slot, position,
                version, rendition, key, state, since)
            SELECT 'shop', i || '.jpg', i || '.jpg', 'B' || i, 'front', 1, '', 'main', 1, 1, 'hero',
                key, 'linger', 0 FROM n, (SELECT key FROM delivery)
            """)
        book.clock.step(1)
        let (moved, guarded) = try await book.ledger.letGo(
            channel: "shop", oldStays: 0, hasFeed: false, budget: 0)
        #expect(moved == 1 && guarded == 1000)
        #expect(try await book.row("z.jpg")?.state == .remove)
    }

    @Test func nothingGoesBeforeTheFeedHasLeftItOut() async throws {
        let row = try await book.live("one", as: "a.jpg")
        let first = try await stage("1.xml", ["a.jpg"])
        _ = try await book.ledger.confirmEdition(first, showing: try await mark(), kept: 2)
        book.clock.step(1)
        try await book.settle([.drop(row, because: "superseded", urgent: false)])
        #expect(try await letGo() == 0)
        book.clock.step(1)
        let second = try await stage("2.xml")
        #expect(try await letGo() == 0)
        #expect(try await book.ledger.stands(first))
        _ = try await book.ledger.confirmEdition(second, showing: try await mark(), kept: 2)
        #expect(try await letGo() == 1)
    }

    /// However long the edition without it waited for a person.
    @Test func itsTimeBeginsWhenTheFeedLeavesItOut() async throws {
        func goes() async throws -> Int {
            try await book.ledger.letGo(channel: "shop", oldStays: 60, hasFeed: true, budget: 9)
                .moved
        }
        let row = try await book.live("one", as: "a.jpg")
        let first = try await stage("1.xml", ["a.jpg"])
        _ = try await book.ledger.confirmEdition(first, showing: try await mark(), kept: 2)
        try await book.settle([.drop(row, because: "superseded", urgent: false)])
        book.clock.step(1)
        let second = try await stage("2.xml")
        book.clock.step(3600)
        _ = try await book.ledger.confirmEdition(second, showing: try await mark(), kept: 2)
        #expect(try await goes() == 0)
        book.clock.step(59)
        #expect(try await goes() == 0)
        book.clock.step(1)
        #expect(try await goes() == 1)
    }

    @Test func anEditionFallsWithAnImage() async throws {
        let row = try await book.live("one", as: "a.jpg")
        let edition = try await stage("1.xml", ["a.jpg"])
        #expect(try await book.ledger.stands(edition))
        try await book.settle([.drop(row, because: "", urgent: true)])
        #expect(try await book.ledger.stands(edition) == false)
        #expect(try await book.ledger.isSettled(channel: "shop") == false)
        try await book.ledger.recordAbsence(try await book.claim().claims[0].delivery)
        #expect(try await book.ledger.stands(edition) == false)
        #expect(try await book.ledger.isSettled(channel: "shop"))
    }

    /// More than the limits let through waits for a person; the feed does not wait with it.
    @Test func whatAGuardHoldsHoldsUpNoEdition() async throws {
        try await book.live("one", as: "a.jpg")
        try await book.execute("UPDATE delivery SET state = 'send', replaces = 1")
        #expect(try await book.ledger.isSettled(channel: "shop") == false)
        #expect(try await book.ledger.isSettled(channel: "shop", isGuarded: true))
        try await book.execute("UPDATE delivery SET released = 1")
        #expect(try await book.ledger.isSettled(channel: "shop", isGuarded: true) == false)
    }

    /// Who says that it is mended does not wait for a back-off besides.
    @Test func whatIsResumedIsDueAtOnce() async throws {
        try await book.live("one", as: "a.jpg")
        try await book.execute("UPDATE delivery SET state = 'send', next_try = 9e15")
        #expect(try await book.claim().claims.isEmpty)
        try await book.ledger.resume(channel: "shop", elsewhere: false, by: "anna")
        #expect(try await book.claim().claims.count == 1)
    }

    @Test func aFeedShowsWhatIsThere() async throws {
        for sku in ["A1", "A2", "A3"] {
            try await book.accept(sku, [Asset(sku: sku, view: "front")])
            try await book.live(sku, as: "\(sku).jpg", sku: sku)
        }
        let row = try #require(try await book.row("A2.jpg", sku: "A2"))
        try await book.settle([.drop(row, because: "", urgent: false)], sku: "A2")
        let first = try book.ledger.liveProducts(channel: "shop", after: "", limit: 1)
        #expect(first.map(\.sku) == ["A1"])
        #expect(first[0].images.map(\.name.rawValue) == ["A1.jpg"])
        let rest = try book.ledger.liveProducts(channel: "shop", after: "A1", limit: 9)
        #expect(rest.map(\.sku) == ["A3"])
        #expect(try book.ledger.liveProducts(channel: "other", after: "", limit: 9).isEmpty)
    }

    /// Found changed or gone, it is confirmed no more.
    @Test func aFeedNamesNothingThatHasDrifted() async throws {
        for sku in ["A1", "A2"] {
            try await book.accept(sku, [Asset(sku: sku, view: "front")])
            try await book.live(sku, as: "\(sku).jpg", sku: sku)
        }
        let row = try #require(try await book.row("A1.jpg", sku: "A1"))
        let edition = try await stage("1.xml", ["a1.jpg", "a2.jpg"])
        #expect(try await book.ledger.isConfirmed(edition))
        let before = try await mark()
        try await book.ledger.recordDrift(.lost, of: row, because: "it is gone")
        let live = try book.ledger.liveProducts(channel: "shop", after: "", limit: 9)
        #expect(live.map(\.images.count) == [0, 1])
        // Another is asked for. What is out stands; what waits does not go out.
        #expect(try await mark() != before)
        #expect(try await book.ledger.stands(edition))
        #expect(try await !book.ledger.isConfirmed(edition))
    }

    @Test func anotherDestinationHasNoEdition() async throws {
        _ = try await book.ledger.confirmEdition(
            try await stage("1.xml", ["a.jpg"]), showing: try await mark(), kept: 2)
        try await book.ledger.resume(channel: "shop", elsewhere: true, by: "anna")
        #expect(try await book.ledger.editions(channel: "shop").isEmpty)
    }

    /// The feed lies elsewhere and is read as before: what comes next is held against it.
    @Test func aFeedThatStaysKeepsItsEditions() async throws {
        _ = try await book.ledger.confirmEdition(
            try await stage("1.xml", ["a.jpg"]), showing: try await mark(), kept: 2)
        _ = try await stage("2.xml", ["a.jpg"])
        try await book.ledger.resume(
            channel: "shop", elsewhere: true, feedStays: true, by: "anna")
        let left = try await book.ledger.editions(channel: "shop")
        #expect(left.map(\.file) == ["1.xml"])
        #expect(try await book.integer("SELECT COUNT(*) FROM edition_image") == 0)
    }
}
