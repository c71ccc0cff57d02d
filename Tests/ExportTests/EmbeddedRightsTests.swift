import Bookkeeping
import Foundation
import Model
import Profiles
import Testing

@testable import Export

/// Rights that the picture itself states, or the `.xmp` beside it, act as those beside it do.
@Suite struct EmbeddedRightsTests {
    private func until(_ dates: String...) -> PictureMetadata {
        var metadata = PictureMetadata()
        metadata.usableUntil = dates
        return metadata
    }

    /// Seconds until midnight in the shop's zone.
    private func midnight(_ shop: Shop) throws -> Double {
        try Date("2026-05-28T22:00:00Z", strategy: .iso8601).timeIntervalSince(shop.now)
    }

    @Test func endWithTheirDay() async throws {
        let shop = try Shop()
        try await shop.arrives("one", says: until("2026-05-28", "2026-12-31"))
        try await shop.work()
        #expect(try await shop.states() == ["A1.jpg": .live])
        let left = try midnight(shop)
        let state = try await shop.ledger.skuState("A1")
        #expect(shop.profile.boundary(state, after: shop.now) == shop.now + left)
        shop.step(left - 1)
        #expect(try await shop.difference().summary == [])
        shop.step(1)
        let difference = try await shop.difference()
        #expect(difference.summary == ["drop A1.jpg at once"])
        #expect(
            difference.reasons == ["rights ended with 2026-05-28, as the picture itself says"])
        try await shop.work()
        #expect(try await shop.rows().isEmpty)
    }

    @Test func haveNotBegun() async throws {
        let shop = try Shop()
        var metadata = PictureMetadata()
        metadata.usableFrom = ["2026-05-29"]
        try await shop.arrives("one", says: metadata)
        #expect(try await shop.difference().summary == [])
        shop.step(try midnight(shop))
        #expect(try await shop.difference().summary == ["want A1.jpg"])
    }

    @Test func theNarrowestOfAllCounts() async throws {
        for (beside, inside, declared) in [
            ("2026-05-28", "2026-06-30", 1_000_000.0), ("2026-06-30", "2026-05-28", 1_000_000.0),
        ] {
            let shop = try Shop()
            try await shop.arrives("one", says: until(inside), beside: "xmp") {
                $0.rights.until = shop.now + declared
            }
            try await shop.ledger.recordXMP(until(beside), of: Shop.master("xmp"))
            try await shop.work()
            shop.step(try midnight(shop))
            #expect(try await shop.difference().summary == ["drop A1.jpg at once"])
        }
        let shop = try Shop()
        try await shop.arrives("one", says: until("2026-05-28")) {
            $0.rights.until = shop.now + 60
        }
        try await shop.work()
        shop.step(60)
        #expect(
            try await shop.difference().reasons.first?.contains("as the picture") == false)
    }

    @Test func canBeOverridden() async throws {
        let shop = try Shop()
        try await shop.arrives("one", says: until("2020-01-01", "nonsense")) {
            $0.rights.overridesEmbedded = true
            $0.rights.because = "licence renewed"
        }
        #expect(try await shop.difference().summary == ["want A1.jpg"])
    }

    @Test func waitForTheXMPBeside() async throws {
        let shop = try Shop()
        try await shop.arrives("one", beside: "xmp")
        #expect(try await shop.ledger.skuRecord("A1").awaitsInspection)
        #expect(try await shop.ledger.xmpSidecarsToRead(limit: 9) == [Shop.master("xmp")])
        #expect(try await shop.ledger.dirtySKUs(limit: 9).isEmpty)
        #expect(try await shop.ledger.counts(of: ["shop"]).uninspected == 1)
        try await shop.ledger.recordXMP(until("2020-01-01"), of: Shop.master("xmp"))
        #expect(try await !shop.ledger.skuRecord("A1").awaitsInspection)
        #expect(try await shop.ledger.xmpSidecarsToRead(limit: 9).isEmpty)
        #expect(try await shop.ledger.dirtySKUs(limit: 9) == ["A1"])
        let difference = try await shop.difference()
        #expect(difference.summary == [])
        #expect(
            difference.refused.flatMap(\.gates).map(\.message) == [
                "rights ended with 2020-01-01, as the picture itself says"
            ])
    }

    /// A new `.xmp` beside a picture that is live already.
    @Test func aLaterXMPEndsTheUse() async throws {
        let shop = try Shop()
        try await shop.arrives("one")
        try await shop.work()
        try await shop.arrives("one", beside: "xmp")
        try await shop.ledger.recordXMP(until("2020-01-01"), of: Shop.master("xmp"))
        #expect(try await shop.difference().summary == ["drop A1.jpg at once"])
        // That it is gone takes nothing back. Another one does.
        try await shop.arrives("one")
        #expect(try await shop.difference().summary == ["drop A1.jpg at once"])
        try await shop.arrives("one", beside: "better")
        try await shop.ledger.recordXMP(PictureMetadata(), of: Shop.master("better"))
        #expect(try await shop.difference().summary == [])
    }

    @Test func anXMPThatCannotBeReadIsNoPermission() async throws {
        let shop = try Shop()
        try await shop.arrives("one", beside: "xmp")
        let sources = try await shop.ledger.recordUnreadable(
            xmp: Shop.master("xmp"), because: "the .xmp file cannot be read")
        #expect(sources == ["one.png"])
        let difference = try await shop.difference()
        #expect(difference.summary == [])
        #expect(
            difference.refused.flatMap(\.gates).map(\.message) == ["the .xmp file cannot be read"])
        #expect(
            try await shop.ledger.quarantined(naming: "A1", limit: 9).map(\.reason)
                == ["the .xmp file cannot be read"])
        // The same bytes beside another picture are known already.
        try await shop.arrives("two", "back", beside: "xmp")
        #expect(try await shop.ledger.quarantined(naming: "A1", limit: 9).count == 2)
        // Mended.
        try await shop.arrives("one", beside: "better")
        try await shop.arrives("two", "back")
        try await shop.ledger.recordXMP(PictureMetadata(), of: Shop.master("better"))
        #expect(try await shop.ledger.quarantined(naming: "A1", limit: 9).isEmpty)
        #expect(try await shop.difference().summary == ["want A1-1.jpg", "want A1.jpg"])
    }

    @Test func aFocusIsRemembered() async throws {
        let shop = try Shop()
        try await shop.arrives("one") { $0.focus = Focus(x: 0.5, y: 0.25) }
        #expect(
            try await shop.ledger.skuState("A1").versions.map(\.focus) == [Focus(x: 0.5, y: 0.25)])
        try await shop.arrives("one") { $0.focus = Focus(x: 0, y: 1) }
        #expect(try await shop.ledger.skuState("A1").versions.map(\.focus) == [Focus(x: 0, y: 1)])
        try await shop.arrives("one")
        #expect(try await shop.ledger.skuState("A1").versions.map(\.focus) == [nil])
    }
}
