import Foundation
import Model
import Testing
import Wire

@testable import Bookkeeping

@Suite struct SettlingTests {
    let book: Book

    init() throws { book = try Book() }

    @Test func aNewWishIsARow() async throws {
        try await book.inspected("one", [Asset(sku: "A1", view: "front")])
        try await book.settle([try book.wish("one", as: "a.jpg")])
        let row = try #require(try await book.row("a.jpg"))
        #expect(row.state == .render)
        #expect(row.key == Book.key("one"))
        #expect(!row.touched && row.heldKey == nil && row.attempts == 0)
        #expect(try await book.ledger.dirtySKUs(limit: 9).isEmpty)
        #expect(
            try await book.ledger.rendersWaiting(limit: 9).map(\.items).map { $0.map(\.key) }
                == [[Book.key("one")]])
    }

    @Test func whatPassedGoesStraightToSending() async throws {
        try await book.live("one", as: "a.jpg")
        try await book.settle([try book.wish("one", as: "b.jpg", passed: true)])
        #expect(try await book.row("b.jpg")?.state == .send)
        try await book.execute("UPDATE rendition SET file = NULL")
        try await book.settle([try book.wish("one", as: "c.jpg", passed: true)])
        #expect(try await book.row("c.jpg")?.state == .render)
    }

    @Test func aRowChangesInPlace() async throws {
        let old = try await book.live("one", as: "a.jpg")
        try await book.settle([
            try book.wish("two", as: "a.jpg", replaces: true, version: 2, old: old)
        ])
        let row = try #require(try await book.row("a.jpg"))
        #expect(row.id == old.id)
        #expect(row.state == .render && row.replaces)
        #expect(row.heldKey == Book.key("one") && row.heldVersion == 1)
        #expect(row.key == Book.key("two") && row.version == 2)
    }

    @Test func backToWhatIsThereNeedsNoTransfer() async throws {
        let old = try await book.live("one", as: "a.jpg")
        try await book.settle([try book.wish("two", as: "a.jpg", version: 2, old: old)])
        let changed = try await book.row("a.jpg")
        try await book.settle([
            try book.wish("one", as: "a.jpg", passed: true, replaces: true, old: changed)
        ])
        let row = try #require(try await book.row("a.jpg"))
        #expect(row.state == .live && !row.replaces)
    }

    @Test func backToWhatMayHaveBeenReplacedIsSentAgain() async throws {
        let old = try await book.live("one", as: "a.jpg")
        try await book.settle([try book.wish("two", as: "a.jpg", version: 2, old: old)])
        try await book.render("two")
        #expect(try await book.claim().claims.count == 1)
        let changed = try await book.row("a.jpg")
        try await book.settle([try book.wish("one", as: "a.jpg", passed: true, old: changed)])
        #expect(try await book.row("a.jpg")?.state == .send)
    }

    @Test func aNameOfAnotherSKUIsAClosedGate() async throws {
        try await book.inspected("one", [Asset(sku: "A1", view: "front")])
        try await book.inspected("two", [Asset(sku: "A2", view: "front")])
        try await book.live("one", as: "Same.jpg")
        try await book.settle([try book.wish("two", as: "same.jpg", sku: "A2")], sku: "A2")
        let verdict = try #require(try await book.ledger.verdicts(of: "A2").first)
        #expect(verdict.gates.map(\.kind) == [.name])
        #expect(verdict.gates[0].message.contains("'same.jpg'"))
        #expect(verdict.gates[0].message.contains("A1 front"))
        #expect(verdict.gates[0].message.contains("A2 front"))
        #expect(try await book.row("Same.jpg")?.asset.sku == "A1")
    }

    @Test func aNameThatBecomesFreeIsAskedForAgain() async throws {
        try await book.inspected("one", [Asset(sku: "A1", view: "front")])
        try await book.inspected("two", [Asset(sku: "A2", view: "front")])
        let holder = try await book.live("one", as: "same.jpg")
        try await book.settle([try book.wish("two", as: "same.jpg", sku: "A2")], sku: "A2")
        #expect(try await book.ledger.dirtySKUs(limit: 9).isEmpty)
        try await book.settle([.drop(holder, because: "withdrawn", urgent: true)])
        let claim = try #require(try await book.claim().claims.first)
        try await book.ledger.recordAbsence(claim.delivery)
        #expect(Set(try await book.ledger.dirtySKUs(limit: 9)) == ["A1", "A2"])
    }

    @Test func aRowThatMovedIsLeftAlone() async throws {
        let old = try await book.live("one", as: "a.jpg")
        try await book.execute("UPDATE delivery SET state = 'send'")
        try await book.settle([
            try book.wish("two", as: "a.jpg", old: old), .drop(old, because: "", urgent: true),
        ])
        #expect(try await book.row("a.jpg")?.state == .send)
        #expect(try await book.ledger.dirtySKUs(limit: 9) == ["A1"])
    }

    @Test func marksMadeMeanwhileStay() async throws {
        try await book.inspected("one", [Asset(sku: "A1", view: "front")])
        let record = try await book.ledger.skuRecord("A1")
        try await book.accept("one") { $0.tags = ["new"] }
        try await book.ledger.settle(
            record, changes: [], refused: [], channels: [], boundary: nil)
        #expect(try await book.integer("SELECT COUNT(*) FROM dirty") == 1)
    }

    @Test func whatWasNeverSentIsForgotten() async throws {
        try await book.settle([try book.wish("one", as: "a.jpg")])
        let row = try #require(try await book.row("a.jpg"))
        try await book.settle([.drop(row, because: "no longer wanted", urgent: false)])
        #expect(try await book.row("a.jpg") == nil)
    }

    /// Two channels that lie at one place would overwrite, and take away, each other's files.
    @Test func aNameAtTheSamePlaceIsHeld() async throws {
        let place = DestinationAddress(scheme: "file", path: "/srv/img/")
        for name in ["shop", "other"] {
            try await book.ledger.take(
                channel: name, file: "\(name).yaml", text: "channel: \(name)", revision: "1",
                address: place, state: "live", doubt: nil)
        }
        let row = try await book.live("one", as: "a.jpg")
        var wanted = try book.wanted("one", as: "A.jpg", sku: "A2")
        wanted.channel = "other"
        let change = DeliveryChange.want(wanted, replaces: false, over: nil)
        func settle() async throws -> [String] {
            let record = try await book.ledger.skuRecord("A2")
            try await book.ledger.settle(
                record, changes: [change], refused: [], channels: ["other"], boundary: nil)
            return try await book.ledger.list(
                .verdicts(channel: "other", gate: .name), limit: 9
            ).compactMap(\.entry.because)
        }
        let told = try await settle()
        #expect(told.first?.contains("A1 front of 'shop', which lies at the same place") == true)
        #expect(try await book.row("A.jpg", sku: "A2") == nil)
        // Gone there, it is asked again.
        try await book.execute("DELETE FROM dirty")
        try await book.settle([.drop(row, because: "stolen", urgent: true)])
        try await book.ledger.recordAbsence(try await book.claim().claims[0].delivery)
        #expect(try await book.ledger.dirtySKUs(limit: 9).contains("A2"))
        #expect(try await settle() == [])
        #expect(try await book.row("A.jpg", sku: "A2")?.channel == "other")
    }

    /// Each name by itself: one that is taken for a moment is asked for when it is free.
    @Test func whatALostLedgerMayHaveLeftIsSoughtByName() async throws {
        try await book.takeProfile()
        try await book.inspected("one", [Asset(sku: "A1", view: "front")])
        try await book.execute("UPDATE channel SET lost = 1")
        try await book.settle([try book.wish("one", as: "b.jpg")])
        func seek() async throws -> Set<String>? {
            try await book.settle(
                try ["a.jpg", "b.jpg"].map { .seek(try book.wanted("one", as: $0)) })
            return try await book.ledger.skuRecord("A1").soughtOn["shop"]?[1]
        }
        #expect(try await seek() == ["a.jpg"])
        let sought = try #require(try await book.row("a.jpg"))
        #expect(sought.state == .remove && sought.urgent && sought.touched)
        let row = try #require(try await book.row("b.jpg"))
        #expect(row.state == .render)
        try await book.settle([.drop(row, because: "stolen", urgent: true)])
        #expect(try await seek() == ["a.jpg", "b.jpg"])
        #expect(try await book.row("b.jpg")?.state == .remove)
    }

    /// Or it would wait for ever: nothing renders what is there.
    @Test func whatWasMadeWhileItWasDecidedIsDecidedAgain() async throws {
        try await book.inspected("one", [Asset(sku: "A1", view: "front")])
        try await book.live("one", as: "a.jpg")
        try await book.execute("DELETE FROM dirty")
        try await book.settle([try book.wish("one", as: "b.jpg")])
        #expect(try await book.row("b.jpg")?.state == .render)
        #expect(try await book.ledger.dirtySKUs(limit: 9) == ["A1"])
        try await book.execute("DELETE FROM dirty")
        try await book.ledger.lookAgainAtWhatIsMade()
        #expect(try await book.ledger.dirtySKUs(limit: 9) == ["A1"])
    }

    @Test func whatMayHaveArrivedIsTakenAway() async throws {
        try await book.settle([try book.wish("one", as: "a.jpg")])
        try await book.render("one")
        #expect(try await book.claim().claims.count == 1)
        // The next version is wanted while the first is on its way, and is withdrawn at once.
        var row = try #require(try await book.row("a.jpg"))
        try await book.settle([try book.wish("two", as: "a.jpg", version: 2, old: row)])
        row = try #require(try await book.row("a.jpg"))
        #expect(row.attempts == 0)
        try await book.settle([.drop(row, because: "withdrawn", urgent: true)])
        #expect(try await book.row("a.jpg")?.state == .remove)
    }

    @Test(arguments: [true, false])
    func urgentOrNot(urgent: Bool) async throws {
        let row = try await book.live("one", as: "a.jpg")
        book.clock.step(60)
        try await book.settle([.drop(row, because: "so", urgent: urgent)])
        let now = try #require(try await book.row("a.jpg"))
        #expect(now.state == (urgent ? .remove : .linger))
        #expect(now.urgent == urgent && now.because == "so" && now.since == book.now)
        // What leaves slowly may have to hurry, never the other way.
        try await book.settle([.drop(now, because: "rights ended", urgent: true)])
        #expect(try await book.row("a.jpg")?.urgent == true)
        #expect(try await book.ledger.counts(of: ["shop"]).urgentRemovals["shop"] == 1)
    }

    @Test func aReleaseHoldsForOneChange() async throws {
        let old = try await book.live("one", as: "a.jpg")
        try await book.settle([try book.wish("two", as: "a.jpg", replaces: true, old: old)])
        #expect(try await book.ledger.release(channel: "shop", by: "anna").count == 1)
        try await book.render("two")
        let claims = try await book.claim(replacements: 0).claims
        #expect(claims.count == 1)
        try await book.ledger.confirm(claims[0], by: .hash)
        let new = try await book.row("a.jpg")
        try await book.settle([try book.wish("three", as: "a.jpg", replaces: true, old: new)])
        try await book.render("three")
        let (more, guarded) = try await book.claim(replacements: 0)
        #expect(more.isEmpty && guarded == 1)
    }

    @Test func twoSlotsMayRefuseOneAsset() async throws {
        let asset = Asset(sku: "A1", view: "front")
        let refused = [Gate.Kind.compliance, .rights].map {
            Refused(channel: "shop", asset: asset, gates: [.sample($0)])
        }
        for _ in 1...3 { try await book.settle([], refused: refused) }
        #expect(try await book.ledger.verdicts(of: "A1").flatMap(\.gates).count == 2)
        let counts = try await book.counts()
        #expect(counts.kept == counts.true)
        #expect(try await book.ledger.counts(of: []).gates["shop"] == ["rights": 1])
        try await book.settle([])
        #expect(try await book.ledger.counts(of: []).gates["shop"] == nil)
    }

    @Test func boundaries() async throws {
        try await book.inspected("one", [Asset(sku: "A1", view: "front")])
        try await book.inspected("two", [Asset(sku: "A2", view: "front")])
        try await book.settle([], boundary: book.now.addingTimeInterval(10))
        try await book.settle([], sku: "A2", boundary: book.now.addingTimeInterval(20))
        #expect(try await book.ledger.passBoundaries() == book.now.addingTimeInterval(10))
        #expect(try await book.ledger.dirtySKUs(limit: 9).isEmpty)
        book.clock.step(10)
        #expect(try await book.ledger.passBoundaries() == book.now.addingTimeInterval(10))
        #expect(try await book.ledger.dirtySKUs(limit: 9) == ["A1"])
        try await book.settle([], sku: "A2", boundary: nil)
        #expect(try await book.ledger.passBoundaries() == nil)
    }

    @Test func anUninspectedMasterWaitsUnlessSomethingIsThere() async throws {
        try await book.accept("one")
        #expect(try await book.ledger.dirtySKUs(limit: 9).isEmpty)
        try await book.live("one", as: "a.jpg")
        #expect(try await book.ledger.dirtySKUs(limit: 9).isEmpty)
        try await book.accept("two", from: "one.png")
        #expect(try await book.ledger.dirtySKUs(limit: 9) == ["A1"])
    }
}
