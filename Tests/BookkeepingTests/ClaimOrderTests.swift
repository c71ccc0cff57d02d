import Foundation
import Model
import Testing
import Wire

@testable import Bookkeeping

/// Who comes first: what a person wants, and else what failed, what is old and what is new in turn.
@Suite struct ClaimOrderTests {
    let book: Book

    init() throws { book = try Book() }

    private func ready(_ numbers: ClosedRange<Int>, replaces: Bool = false) async throws {
        for number in numbers {
            try await book.settle(
                [
                    try book.wish(
                        "\(number)", as: "s\(number).jpg", sku: "S\(number)", replaces: replaces)
                ], sku: "S\(number)")
            try await book.render("\(number)")
        }
    }

    private func claim(_ limit: Int, replacements: Int = .max, turn: Int = 0) async throws
        -> [String]
    {
        try await book.ledger.claim(
            channel: "shop", limit: limit, replacements: replacements, sends: nil, turn: turn,
            delay: { _ in 10 }
        ).claims.map(\.delivery.name.rawValue)
    }

    private func bump(_ sku: String, channel: String? = nil) async throws -> Bumped {
        try await book.ledger.bump(
            sku: sku, view: nil, number: nil, variant: nil, channel: channel, by: "anna")
    }

    @Test func whatFailedWhatIsOldAndWhatIsNewTakeTurns() async throws {
        try await ready(1...2)
        for claim in try await book.claim(2).claims {
            try await book.ledger.recordFailure(claim.delivery, error: "no", next: book.now)
        }
        try await ready(3...9)
        #expect(try await claim(3) == ["s1.jpg", "s3.jpg", "s9.jpg"])
        // One at a time, nobody is passed over for ever.
        #expect(try await claim(1, turn: 1) == ["s4.jpg"])
        #expect(try await claim(1, turn: 2) == ["s8.jpg"])
        #expect(try await claim(1, turn: 3) == ["s2.jpg"])
        // What one does not need, the others have.
        #expect(try await claim(9) == ["s5.jpg", "s6.jpg", "s7.jpg"])
    }

    /// Each claim sorted a hundred thousand rows that waited.
    @Test(arguments: ClaimQueue.allCases.filter { $0 != .urgent })
    func eachQueueIsAWalkAlongItsIndex(_ queue: ClaimQueue) async throws {
        let plan = try await book.ledger.read("test") { database in
            try database.rows(
                """
                EXPLAIN QUERY PLAN SELECT id \(Ledger.due(queue)) ORDER BY \(queue.order) LIMIT 9
                """, ["shop", 1, 1]
            ).map { $0["detail"] as String }
        }
        #expect(plan.count == 1 && plan[0].hasPrefix("SEARCH"), "\(plan)")
    }

    @Test func whatIsBumpedGoesFirstUntilItIsThere() async throws {
        try await ready(1...9)
        #expect(try await bump("S5") == Bumped(deliveries: 1))
        let claims = try await book.claim(1).claims
        #expect(claims.map(\.delivery.name.rawValue) == ["s5.jpg"])
        try await book.ledger.confirm(claims[0], by: .hash)
        #expect(try await book.integer("SELECT SUM(bumped) FROM delivery") == 0)
        #expect(try await bump("S5") == Bumped(), "nothing of it waits")
        let bumps = try await book.ledger.events(after: 0, limit: 999).filter {
            $0.kind == "bumped"
        }
        #expect(bumps.map(\.text) == ["by anna"])
    }

    @Test func whatIsBumpedDoesNotWaitForItsNextTry() async throws {
        try await ready(1...3)
        let first = try await book.claim(1).claims[0]
        let next = book.now.addingTimeInterval(3600)
        try await book.ledger.recordFailure(first.delivery, error: "busy", next: next)
        _ = try await bump("S1")
        #expect(try await claim(1) == ["s1.jpg"])
    }

    @Test func theGuardHoldsWhatIsBumped() async throws {
        try await ready(1...9, replaces: true)
        _ = try await bump("S5")
        #expect(try await claim(1, replacements: 0) == [])
        #expect(try await claim(1, replacements: 1) == ["s5.jpg"])
    }

    @Test func anotherChannelIsNotBumped() async throws {
        try await ready(1...2)
        #expect(try await bump("S2", channel: "elsewhere") == Bumped())
        #expect(try await claim(1, turn: 1) == ["s1.jpg"])
    }

    /// A bump ends when nobody wants it any more as well.
    @Test func whatIsWantedAnewLaterIsNotBumped() async throws {
        try await ready(1...1)
        _ = try await bump("S1")
        let row = try #require(try await book.row("s1.jpg", sku: "S1"))
        try await book.execute("UPDATE delivery SET touched = 1")
        try await book.settle([.drop(row, because: "", urgent: true)], sku: "S1")
        #expect(try await book.integer("SELECT bumped FROM delivery") == 0)
    }

    @Test func aPictureNobodyHasLookedIntoIsLookedIntoFirst() async throws {
        for number in 1...4 {
            try await book.accept("\(number)", [Asset(sku: "S\(number)", view: "front")])
            book.clock.step(1)
        }
        #expect(try await bump("S3") == Bumped(masters: 1))
        let jobs = try await book.ledger.mastersToInspect(limit: 2)
        #expect(jobs.map(\.master) == ["3", "1", "4"].map(Book.hash))
        #expect(jobs.map(\.isBumped) == [true, false, false])
        // What is then wanted of it is rendered and sent first.
        try await book.ledger.recordInspection(Book.inspection, of: Book.hash("3"))
        for number in 1...4 {
            let wish = try book.wish("\(number)", as: "s\(number).jpg", sku: "S\(number)")
            try await book.settle([wish], sku: "S\(number)")
        }
        let renders = try await book.ledger.rendersWaiting(limit: 2)
        #expect(renders.first?.master == Book.hash("3"))
        #expect(renders.map(\.isBumped) == [true, false, false])
        #expect(try await book.integer("SELECT SUM(bumped) FROM master") == 0)
        for number in 1...4 { try await book.render("\(number)") }
        #expect(try await claim(1) == ["s3.jpg"])
    }
}
