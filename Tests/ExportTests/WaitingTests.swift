import Bookkeeping
import Foundation
import Model
import Profiles
import Testing

@testable import Export

/// Beside what is live: what waits, what is set aside, and who keeps a place that two claim.
@Suite struct WaitingTests {
    private func refused(_ shop: Shop) async throws -> [String] {
        try await shop.difference().refused.flatMap(\.gates).map {
            "\($0.kind.rawValue): \($0.message)"
        }
    }

    @Test func bytesThatReplaceApprovedOnesAreTold() async throws {
        let shop = try Shop()
        try await shop.arrives("one")
        try await shop.work()
        try await shop.arrives("two") { $0.approval = nil }
        #expect(try await shop.difference().summary == [])
        #expect(try await refused(shop) == ["approval: not approved yet"])
        let gate = try await shop.difference().refused.first?.gates.first
        #expect(gate?.turn == "approver" && gate?.next == "sluice approve two.png")
        // Approved, it takes its place, and the other is no news.
        try await shop.arrives("two", seq: 2)
        try await shop.work()
        #expect(try await refused(shop) == [])
        #expect(try await shop.served(["one", "two"]) == ["A1.jpg": "two"])
    }

    /// What was never approved, and was overtaken, waits for nobody.
    @Test func whatWasOvertakenIsNoNews() async throws {
        let shop = try Shop()
        try await shop.arrives("one") { $0.approval = nil }
        #expect(try await refused(shop) == ["approval: not approved yet"])
        shop.step(1)
        try await shop.arrives("two", seq: 2)
        try await shop.work()
        #expect(try await refused(shop) == [])
    }

    @Test func anUnapprovedOneIsSeenBesideOneThatWasWithdrawn() async throws {
        let shop = try Shop()
        try await shop.arrives("one")
        try await shop.work()
        _ = try await shop.ledger.withdraw(
            sku: "A1", view: nil, number: nil, channel: nil, because: "stolen", by: "maria")
        try await shop.work()
        #expect(try await shop.difference().refused.flatMap(\.gates).map(\.kind) == [.withdrawn])
        try await shop.arrives("two") { $0.approval = nil }
        #expect(try await refused(shop) == ["approval: not approved yet"])
    }

    @Test func anOlderApprovalIsSetAside() async throws {
        let shop = try Shop()
        try await shop.arrives("one", seq: 2)
        try await shop.work()
        shop.step(1)
        try await shop.arrives("two", seq: 1)
        let state = try await shop.ledger.skuState("A1")
        let decision = try #require(
            shop.profile.want(state, at: shop.now).first)
        #expect(decision.others.map(\.version.master) == [Shop.master("two")])
        #expect(decision.others.map(\.gates) == [[]])
        #expect(decision.news.isEmpty)
    }

    /// Who has a slot of one keeps it, though the other would come first in it.
    @Test(arguments: [true, false])
    func theHolderOfASlotOfOneStays(hashed: Bool) async throws {
        let more = ("{sku}.{ext}", hashed ? "{sku}-{hash}.{ext}" : "{sku}.{ext}")
        let shop = try Shop(more)
        try await shop.arrives("two", number: 2)
        try await shop.work()
        let before = try await shop.served(["one", "two"])
        #expect(before.values.sorted() == ["two"])
        try await shop.arrives("one", number: 1)
        #expect(try await shop.difference().summary == [])
        #expect(
            try await refused(shop)
                == ["name: slot 'main' takes one picture and has A1 front-2; A1 front waits"])
        let next = try await shop.difference().refused.first?.gates.first?.next ?? ""
        #expect(next.contains("sluice withdraw A1 --view front --number 2 --channel shop"))
        try await shop.work()
        #expect(try await shop.served(["one", "two"]) == before)
        // The command that the gate names.
        _ = try await shop.ledger.withdraw(
            sku: "A1", view: "front", number: 2, channel: "shop", because: "REASON", by: "maria")
        try await shop.work()
        #expect(try await shop.served(["one", "two"]).values.sorted() == ["one"])
    }

    @Test func aSecondViewWaitsForItsSlot() async throws {
        let shop = try Shop(
            ("view: front", "view: [front, detail1]"), ("{sku}.{ext}", "{sku}-{view}.{ext}"))
        try await shop.arrives("one", "detail1")
        try await shop.work()
        try await shop.arrives("two", "front")
        #expect(try await shop.difference().summary == [])
        #expect(try await refused(shop).first?.contains("has A1 detail1; A1 front waits") == true)
        // One that would come after it is no question.
        let other = try Shop(
            ("view: front", "view: [front, detail1]"), ("{sku}.{ext}", "{sku}-{view}.{ext}"))
        try await other.arrives("one", "front")
        try await other.work()
        try await other.arrives("two", "detail1")
        #expect(try await refused(other).first?.hasPrefix("selection: ") == true)
    }

    /// Where the holder goes for another reason, the feed is not without a picture meanwhile.
    @Test func theOldOneStaysUntilTheOtherAssetIsThere() async throws {
        let shop = try Shop(("{sku}.{ext}", "{sku}-{hash}.{ext}"))
        try await shop.arrives("two", number: 2)
        try await shop.work()
        try await shop.arrives("one", number: 1)
        try await shop.arrives("two", number: 2) { $0.kind = "video" }
        try await shop.work(sending: false)
        #expect(try await shop.rows().map(\.state) == [.live, .send])
        try await shop.work()
        #expect(try await shop.rows().map(\.state) == [.linger, .live])
    }

    @Test func theHolderOfANameStays() async throws {
        let shop = try Shop(
            ("[back, detail]", "[detail, detail1]"),
            ("{sku}-{position}.{ext}", "{sku}-{view}{number}.{ext}"))
        try await shop.arrives("two", "detail1", number: 1)
        try await shop.work()
        try await shop.arrives("one", "detail", number: 11)
        try await shop.work()
        #expect(try await shop.difference().refused.map(\.asset.view) == ["detail"])
        #expect(try await shop.served(["one", "two"]) == ["A1-detail11.jpg": "two"])
    }

    /// Case 30: 2062 is a slip of the pen.
    @Test func anApprovalOfTheFutureDecidesNothing() async throws {
        let shop = try Shop()
        let future = shop.now + 100_000
        try await shop.arrives("one") { $0.approval?.at = future }
        #expect(try await shop.difference().summary == [])
        let gate = try #require(try await shop.difference().refused.first?.gates.first)
        #expect(gate.kind == .approval && gate.turn == "approver")
        #expect(gate.next?.contains("correct the date") == true)
        // It supersedes nothing.
        try await shop.arrives("two") { $0.approval?.at = shop.now }
        try await shop.work()
        #expect(try await shop.served(["one", "two"]) == ["A1.jpg": "two"])
        #expect(try await refused(shop).count == 1)
        // Its time comes, less what clocks may differ.
        let state = try await shop.ledger.skuState("A1")
        let counts = future - Approval.clockSkew
        #expect(
            shop.profile.boundary(state, after: shop.now)
                == counts)
        shop.step(counts.timeIntervalSince(shop.now))
        try await shop.work()
        #expect(try await shop.served(["one", "two"]) == ["A1.jpg": "one"])
    }

    @Test func aSlipOfThePenCanBeMended() async throws {
        let shop = try Shop()
        try await shop.arrives("one") { $0.approval?.at = shop.now + 1e9 }
        try await shop.arrives("one") { $0.approval?.at = shop.now }
        try await shop.work()
        #expect(try await shop.served(["one"]) == ["A1.jpg": "one"])
    }
}
