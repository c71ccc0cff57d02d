import Foundation
import Host
import Model
import Testing

@testable import Bookkeeping

@Suite struct ArrivalTests {
    let book: Book

    init() throws { book = try Book() }

    private func dirty() async throws -> Int? {
        try await book.integer("SELECT COUNT(*) FROM dirty")
    }

    @Test func aNewVersion() async throws {
        let changed = try await book.accept("one")
        #expect(changed == [Asset(sku: "A1", view: "front")])
        let record = try await book.ledger.skuRecord("A1")
        #expect(record.state.versions.map(\.master) == [Book.hash("one")])
        #expect(record.awaitsInspection)
        #expect(try await book.ledger.fingerprints(of: ["one.png", "x"]) == ["one.png": "one"])
        #expect(
            try await book.ledger.mastersToInspect(limit: 9).map(\.master) == [Book.hash("one")])
    }

    @Test func theSameBytesAgainChangeNothing() async throws {
        try await book.accept("one")
        try await book.execute("DELETE FROM dirty")
        #expect(try await book.accept("one").isEmpty)
        #expect(try await book.accept("one", from: "elsewhere.png").isEmpty)
        #expect(try await dirty() == 0)
        #expect(try await book.integer("SELECT COUNT(*) FROM version") == 1)
    }

    @Test func whatIsSaidOfThemMayChange() async throws {
        try await book.inspected("one", [Asset(sku: "A1", view: "front")])
        try await book.execute("DELETE FROM dirty")
        try await book.accept("one") {
            $0.rights.until = self.book.now
            $0.kind = "drawing"
            $0.tags = ["jeans"]
        }
        let version = try #require(try await book.ledger.skuState("A1").versions.first)
        #expect(version.rights.until == book.now)
        #expect(version.kind == "drawing")
        #expect(version.tags == ["jeans"])
        #expect(try await dirty() == 1)
    }

    @Test func nothingUndoesAWithdrawal() async throws {
        try await book.accept("one")
        let count = try await book.ledger.withdraw(
            sku: "A1", view: "front", number: 1, channel: nil, because: "stolen", by: "maria")
        #expect(count == 1)
        try await book.accept("one") { $0.approval?.seq = 9 }
        #expect(
            try await book.ledger.skuState("A1").versions.map { $0.withdrawn?.because } == [
                "stolen"
            ]
        )
        let again = try await book.ledger.withdraw(
            sku: "A1", view: nil, number: nil, channel: nil, because: "again", by: "maria")
        #expect(again == 0)
    }

    @Test func aWithdrawalFromOneChannelStaysToo() async throws {
        try await book.accept("one")
        for _ in 1...2 {
            _ = try await book.ledger.withdraw(
                sku: "A1", view: nil, number: nil, channel: "shop", because: "", by: "maria")
        }
        try await book.accept("one") { $0.rights.notOn = ["other"] }
        let version = try #require(try await book.ledger.skuState("A1").versions.first)
        #expect(version.rights.notOn == ["other"])
        #expect(version.barred.mapValues(\.because) == ["shop": ""])
        #expect(version.withdrawn == nil)
    }

    @Test func aWithdrawalIsUndoneByAPersonOnly() async throws {
        try await book.accept("one")
        try await book.accept("two") { $0.approval?.seq = 2 }
        for (view, because) in [("front", "licence ended"), (nil, "mistyped")] {
            if view == nil { try await book.accept("three") { $0.approval?.seq = 3 } }
            _ = try await book.ledger.withdraw(
                sku: "A1", view: view, number: nil, channel: nil, because: because, by: "maria")
            book.clock.step(60)
        }
        func withdrawn() async throws -> [String?] {
            try await book.ledger.skuState("A1").versions.map { $0.withdrawn?.because }
        }
        // The latest decision first: what an earlier one took down stays away.
        let first = try await book.ledger.reinstate(
            sku: "A1", view: nil, number: nil, channel: nil, because: "it was A2", by: "anna")
        #expect(first.count == 1 && first.remaining == 2 && first.because == "mistyped")
        #expect(try await withdrawn() == ["licence ended", "licence ended", nil])
        let second = try await book.ledger.reinstate(
            sku: "A1", view: "front", number: 1, channel: nil, because: "renewed", by: "anna")
        #expect(second.count == 2 && second.remaining == 0)
        #expect(try await withdrawn() == [nil, nil, nil])
        let third = try await book.ledger.reinstate(
            sku: "A1", view: nil, number: nil, channel: nil, because: "again", by: "anna")
        #expect(third.count == 0 && third.because == nil)
        #expect(
            try await book.integer("SELECT COUNT(*) FROM event WHERE kind = 'reinstated'") == 2)
    }

    @Test func oneVariantIsWithdrawnByItself() async throws {
        try await book.accept("red", [Asset(sku: "A1", view: "front", variant: "red")])
        try await book.accept("blue", [Asset(sku: "A1", view: "front", variant: "blue")])
        func withdrawn() async throws -> [String] {
            try await book.ledger.skuState("A1").versions.filter { $0.withdrawn != nil }
                .map(\.asset.variant)
        }
        let count = try await book.ledger.withdraw(
            sku: "A1", view: "front", number: 1, variant: "red", channel: nil, because: "stolen",
            by: "maria")
        #expect(count == 1)
        #expect(try await withdrawn() == ["red"])
        func reinstate(_ variant: String) async throws -> Int {
            try await book.ledger.reinstate(
                sku: "A1", view: nil, number: nil, variant: variant, channel: nil, because: "found",
                by: "maria"
            ).count
        }
        #expect(try await reinstate("blue") == 0)
        #expect(try await reinstate("red") == 1)
        #expect(
            Asset(sku: "A 1", view: "front", variant: "red").commandArguments
                == "'A 1' --view front --number 1 --variant red")
    }

    @Test func aWithdrawalFromOneChannelIsUndoneThere() async throws {
        try await book.accept("one")
        for channel in ["shop", "other"] {
            _ = try await book.ledger.withdraw(
                sku: "A1", view: nil, number: nil, channel: channel, because: channel, by: "maria")
        }
        let done = try await book.ledger.reinstate(
            sku: "A1", view: nil, number: nil, channel: "shop", because: "so", by: "anna")
        #expect(done.count == 1 && done.because == "shop")
        let version = try #require(try await book.ledger.skuState("A1").versions.first)
        #expect(version.barred.keys.sorted() == ["other"])
    }

    @Test func onePictureForSeveralSKUs() async throws {
        let assets = ["A1", "A2", "A3"].map { Asset(sku: $0, view: "front") }
        #expect(try await book.accept("one", assets) == assets)
        #expect(try await dirty() == 0, "too early to decide anything")
        #expect(try await book.integer("SELECT COUNT(*) FROM master") == 1)
        try await book.ledger.recordInspection(Book.inspection, of: Book.hash("one"))
        #expect(try await dirty() == 3)
        #expect(Set(try await book.ledger.dirtySKUs(limit: 9)) == ["A1", "A2", "A3"])
    }

    @Test func quarantineIsAVerdictOnTheFileAsItIs() async throws {
        try await book.ledger.quarantine(
            path: "bad.png", fingerprint: "1", skus: ["A1", "A2"], reason: "no picture")
        let found = try await book.ledger.quarantined(naming: "A2", limit: 9)
        #expect(found.map(\.path) == ["bad.png"])
        #expect(try await book.ledger.quarantined(naming: "A", limit: 9).isEmpty)
        try await book.accept("one", from: "bad.png")
        #expect(try await book.ledger.quarantined(naming: "A2", limit: 9).isEmpty)
    }

    @Test func anUnusableMasterQuarantinesWhereItStillLies() async throws {
        try await book.accept("bad", from: "a.png")
        try await book.accept("bad", from: "b.png")
        try await book.accept("good", from: "a.png") { $0.approval?.seq = 2 }
        let sources = try await book.ledger.recordUnusable(Book.hash("bad"), because: "cut off")
        #expect(sources == ["b.png"])
        #expect(try await book.ledger.recordUnusable(Book.hash("bad"), because: "again").isEmpty)
        #expect(
            try await book.ledger.skuState("A1").unusable[Book.hash("bad")] == "cut off")
        try await book.accept("bad", from: "c.png")
        let found = try await book.ledger.quarantined(naming: "A1", limit: 9)
        #expect(found.map(\.path) == ["b.png", "c.png"])
        #expect(found.allSatisfy { $0.reason == "cut off" })
    }

    @Test func productRecords() async throws {
        func take(_ fields: [String: String]) async throws -> Int {
            try await book.record(
                fields.map { Product(sku: $0.key, fields: ["title": $0.value]) })
        }
        #expect(try await take(["A1": "one", "A2": "two"]) == 2)
        #expect(try await take(["A1": "one", "A2": "two"]) == 0)
        try await book.execute("DELETE FROM dirty")
        #expect(try await take(["A1": "new"]) == 1)
        #expect(try await book.ledger.dirtySKUs(limit: 9) == ["A1"])
        #expect(try await book.ledger.skuState("A2").product?.fields == ["title": "two"])
        try await Lane("products").run { [book] () throws(LedgerError) in
            try book.ledger.removeProducts(["A2"])
        }
        #expect(try await book.ledger.skuState("A2").product == nil)
        #expect(try await Set(book.ledger.dirtySKUs(limit: 9)) == ["A1", "A2"])
    }

    @Test func aReleaseHoldsForTheVeryContent() async throws {
        func refuse(_ content: String, releasable: Bool = true) async throws -> ProductRefusal? {
            try await Lane("products").run { [book] () throws(LedgerError) in
                try book.ledger.refuse(
                    ProductRefusal(
                        name: "p.csv", file: "p.csv", content: content, reason: "too much",
                        isReleasable: releasable))
                return try book.ledger.productRefusals().first
            }
        }
        #expect(try await refuse("one")?.isReleased == false)
        #expect(try await book.ledger.releaseProducts(by: "anna") == ["p.csv"])
        #expect(try await refuse("one")?.isReleased == true)
        #expect(try await refuse("two")?.isReleased == false)
        #expect(try await refuse("three", releasable: false)?.isReleased == false)
        #expect(try await book.ledger.releaseProducts(by: "anna") == [])
    }

    @Test func aPassOverEverythingMeetsEverySKU() async throws {
        for number in 10...19 {
            try await book.accept("\(number)", [Asset(sku: "V\(number)", view: "front")])
        }
        _ = try await book.record((15...29).map { Product(sku: "V\($0)", fields: [:]) })
        try await book.takeProfile()
        try await book.execute("DELETE FROM dirty")
        var turns = 1
        while try await book.ledger.advance(channel: "shop", batch: 3) { turns += 1 }
        #expect(turns == 7)
        #expect(try await dirty() == 20)
        #expect(try await book.ledger.channel("shop")?.cursor == nil)
        #expect(try await book.ledger.advance(channel: "shop", batch: 3) == false)
    }

    @Test func aMistypedSKUFindsItsLikes() async throws {
        for number in 100...140 {
            try await book.accept("\(number)", [Asset(sku: "SKU\(number)", view: "front")])
        }
        let found = try await book.ledger.skusLike("SKU13x", limit: 40)
        #expect(found.contains("SKU131"))
        #expect(found.count <= 40)
    }
}
