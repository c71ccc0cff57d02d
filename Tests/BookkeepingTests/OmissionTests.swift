import Foundation
import Host
import Model
import Testing
import Wire

@testable import Bookkeeping

/// What a feed leaves out is state: there as long as it lasts, gone with its reason.
@Suite struct OmissionTests {
    let book: Book

    init() async throws {
        book = try Book()
        try await book.takeProfile()
    }

    private func make(
        _ edition: Int64, _ omitted: [(sku: String, gate: Gate)], channel: String = "shop"
    ) async throws {
        try await Lane("feed").run { [book] () throws(LedgerError) in
            try book.ledger.omit(omitted, channel: channel, edition: edition)
        }
        try await book.ledger.forgetOmissions(channel: channel, before: edition)
    }

    private func counts() async throws -> [String: Int] {
        try await book.ledger.counts(of: ["shop"]).omissions["shop"] ?? [:]
    }

    @Test func eachMakingSaysAnewWhatIsLeftOut() async throws {
        let began = book.now
        try await make(
            1, [("A1", .sample(.metadata, "no title")), ("A2", .sample(.metadata, "no price"))])
        #expect(try await counts() == ["metadata": 2])
        book.clock.step(60)
        try await make(
            2, [("A2", .sample(.metadata, "no link")), ("A3", .sample(.rights, "ends"))])
        #expect(try await counts() == ["metadata": 1, "rights": 1])
        let left = try await book.ledger.omissions(channel: "shop", limit: 9)
        #expect(left.map(\.sku) == ["A2", "A3"])
        #expect(left.map(\.reason) == ["no link", "ends"])
        #expect(left.map(\.since) == [began, book.now])
        #expect(
            try await book.ledger.omissions(channel: "shop", kind: .rights, limit: 9).map(\.sku)
                == ["A3"])
        #expect(
            try await book.ledger.omissions(channel: "shop", after: "A2", limit: 9).map(\.sku)
                == ["A3"])
        #expect(try await book.ledger.omissions(sku: "A2").map(\.channel) == ["shop"])
        #expect(try await book.ledger.omissions(sku: "A1").isEmpty)
    }

    @Test func aChannelWithoutAFeedLeavesNothingOut() async throws {
        try await make(1, [("A1", .sample(.metadata))])
        try await make(1, [("A1", .sample(.metadata))], channel: "other")
        try await book.ledger.forgetOmissions(channel: "shop", before: nil)
        #expect(try await counts() == [:])
        #expect(try await book.ledger.omissions(channel: "other", limit: 9).count == 1)
    }

    @Test func onlyWhatIsNewIsHistory() async throws {
        try await make(1, [("A1", .sample(.metadata, "no title"))])
        try await make(2, [("A1", .sample(.metadata, "no title"))])
        try await make(3, [("A1", .sample(.metadata, "no price"))])
        let told = try await book.ledger.events(after: 0, limit: 99).filter {
            $0.kind == "left out"
        }
        #expect(told.map(\.text) == ["no title", "no price"])
    }
}
