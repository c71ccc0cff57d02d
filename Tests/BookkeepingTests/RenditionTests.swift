import Foundation
import Model
import Testing

@testable import Bookkeeping

@Suite struct RenditionTests {
    let book: Book

    init() throws { book = try Book() }

    private func wanted(_ seeds: [String]) async throws {
        for seed in seeds {
            try await book.accept(seed, [Asset(sku: seed, view: "front")])
            try await book.settle([try book.wish(seed, as: "\(seed).jpg", sku: seed)], sku: seed)
            book.clock.step(1)
        }
    }

    private func waiting(_ limit: Int = 2) async throws -> [ContentHash] {
        try await book.ledger.rendersWaiting(limit: limit).map(\.master)
    }

    @Test func theLongestWaitingAndTheNewestTakeTurns() async throws {
        try await wanted(["c", "a", "d", "b"])
        #expect(try await waiting(9) == ["c", "b", "a", "d"].map(Book.hash))
    }

    @Test func whatIsInHandIsPassedOver() async throws {
        try await wanted(["c", "a", "b"])
        let rest = try await book.ledger.rendersWaiting(limit: 9, besides: [Book.hash("a")])
        #expect(rest.map(\.master) == ["c", "b"].map(Book.hash))
    }

    @Test func whatIsPutOffIsInNobodysWay() async throws {
        try await wanted(["a", "b", "c", "d"])
        try await book.ledger.countAttempt(rendering: [Book.key("a"), Book.key("b")])
        try await book.ledger.postponeRender(
            of: [Book.key("a"), Book.key("b")], until: book.now.addingTimeInterval(60))
        #expect(try await waiting() == ["c", "d"].map(Book.hash))
        book.clock.step(60)
        let jobs = try await book.ledger.rendersWaiting(limit: 9)
        #expect(jobs.map(\.attempts) == [0, 0, 0, 0], "nobody's fault does not count")
    }

    /// Nothing would come of it, again and again.
    @Test func whatIsOfAnUnusableMasterIsNotToBeMade() async throws {
        try await wanted(["a", "b"])
        _ = try await book.ledger.recordUnusable(
            Book.hash("a"), because: "it rots", untilItArrives: true)
        #expect(try await waiting() == [Book.hash("b")])
    }

    @Test func whatExistsIsNotMadeTwice() async throws {
        try await wanted(["a", "b"])
        try await book.ledger.recordRendition(
            MadeRendition(key: Book.key("a"), file: "a.jpg", receipt: Book.receipt("a")),
            passing: [])
        #expect(try await waiting() == [Book.hash("b")])
        #expect(try await book.row("a.jpg", sku: "a")?.state == .render)
    }

    @Test func aRefusalAsksTheAssetsAgain() async throws {
        try await wanted(["a"])
        try await book.ledger.recordInspection(Book.inspection, of: Book.hash("a"))
        try await book.execute("DELETE FROM dirty")
        try await book.ledger.recordRefusal(Refusal(.crashed, "it died"), of: Book.key("a"))
        #expect(try await waiting().isEmpty)
        #expect(try await book.ledger.dirtySKUs(limit: 9) == ["a"])
        #expect(
            try await book.ledger.skuState("a").refusals == [
                Book.key("a"): Refusal(.crashed, "it died")
            ])
        try await book.execute("DELETE FROM dirty")
        _ = try await book.ledger.retry(channel: "shop", cause: nil)
        #expect(try await book.ledger.dirtySKUs(limit: 9) == ["a"])
        #expect(try await book.ledger.skuState("a").refusals.isEmpty)
    }

    @Test func unusedBytesGo() async throws {
        try await book.live("live", as: "live.jpg")
        let held = try await book.live("held", as: "held.jpg")
        try await book.settle([try book.wish("next", as: "held.jpg", old: held)])
        let gone = try await book.live("gone", as: "gone.jpg")
        try await book.settle([.drop(gone, because: "", urgent: true)])
        try await book.ledger.recordAbsence(try await book.claim().claims[0].delivery)
        #expect(try await book.ledger.forgetUnused(keep: 60, limit: 9).isEmpty)
        book.clock.step(61)
        #expect(try await book.ledger.forgetUnused(keep: 60, limit: 9) == ["ab/gone.jpg"])
        #expect(try await book.ledger.forgetUnused(keep: 60, limit: 9).isEmpty)
    }
}
