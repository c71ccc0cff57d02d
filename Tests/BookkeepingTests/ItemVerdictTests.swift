import Foundation
import Model
import Testing
import Wire

@testable import Bookkeeping

@Suite struct ItemVerdictTests {
    let book: Book

    init() async throws {
        book = try Book()
        try await book.takeProfile()
        for sku in ["A1", "A2"] { try await book.accept(sku, [Asset(sku: sku, view: "front")]) }
    }

    private func said(_ counts: Counts) -> [String: Int] {
        (counts.said["shop"] ?? [:]).filter { $0.value > 0 }
    }

    @Test func aVerdictKeepsTheTimeAtWhichItWasFirstSaid() async throws {
        let first = book.now
        let rejected = ItemAnswer(.rejected, status: "FAILURE", message: "no brand")
        let unknown = try await book.ledger.record(
            [
                "A1": rejected, "A2": ItemAnswer(.accepted, status: "SUCCESS", message: ""),
                "X9": rejected,
            ], of: "shop")
        #expect(unknown == (1, ["X9"]), "nobody could look after it")
        let list = try await book.ledger.list(.rejected(channel: "shop"), limit: 9).map(\.entry)
        #expect(list.map(\.sku) == ["A1"] && list.first?.because == "FAILURE: no brand")
        #expect(list.first?.since == first && list.first?.state == .rejected)
        #expect(said(try await book.ledger.counts(of: [])) == ["rejected": 1, "accepted": 1])
        book.clock.step(60)
        _ = try await book.ledger.record(["A1": rejected], of: "shop")
        var row = try #require(try await book.ledger.saidOfItem("A1").first)
        #expect(row.since == first && row.message == "no brand")
        _ = try await book.ledger.record(
            ["A1": ItemAnswer(.pending, status: "IN_REVIEW", message: "")], of: "shop")
        row = try #require(try await book.ledger.saidOfItem("A1").first)
        #expect(row.since == book.now && row.verdict == .pending)
        #expect(said(try await book.ledger.counts(of: [])) == ["pending": 1, "accepted": 1])
        #expect(try await book.ledger.rejected(by: "shop", limit: 9).isEmpty)
        try await book.ledger.forget(channel: "shop", because: "gone", by: "anna")
        #expect(said(try await book.ledger.counts(of: [])).isEmpty)
        #expect(try await book.integer("SELECT COUNT(*) FROM item_verdict") == 0)
    }

    @Test func aProductThatIsGoneIsRejectedNoMore() async throws {
        let row = try await book.live("one", as: "a.jpg")
        let rejected = ItemAnswer(.rejected, status: "FAILURE", message: "no brand")
        _ = try await book.ledger.record(["A1": rejected, "A2": rejected], of: "shop")
        try await book.settle([.drop(row, because: "withdrawn", urgent: true)])
        try await book.ledger.recordAbsence(try await book.claim().claims[0].delivery)
        #expect(try await book.ledger.rejected(by: "shop", limit: 9).map(\.sku) == ["A2"])
        #expect(said(try await book.ledger.counts(of: [])) == ["rejected": 1])
    }

    @Test func whatWasReadIsKnownAfterARestart() async throws {
        var read = VerdictsRead(at: book.now)
        read.files = ["/out/a.csv": "1f"]
        read.trouble = "it is cut off"
        try await book.ledger.record(read, of: "shop")
        #expect(try await book.ledger.verdictsRead(of: "shop") == read)
    }
}
