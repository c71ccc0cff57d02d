import Foundation
import Model
import Testing
import Wire

@testable import Bookkeeping

@Suite struct SendingTests {
    let book: Book

    init() throws { book = try Book() }

    /// Rows ready to be put, `s1.jpg` and so on.
    private func ready(_ numbers: ClosedRange<Int>, replaces: Bool = false) async throws {
        for number in numbers {
            try await book.settle([
                try book.wish("\(number)", as: "s\(number).jpg", replaces: replaces)
            ])
            try await book.render("\(number)")
        }
    }

    private func due() async throws -> Date? {
        try await book.ledger.nextDue(channel: "shop", after: book.now, oldStays: 60)
    }

    private func names(_ claims: [Claim]) -> [String] { claims.map(\.delivery.name.rawValue) }

    @Test func aClaimCountsBeforeAnythingStarts() async throws {
        try await ready(1...1)
        let claim = try #require(try await book.claim().claims.first)
        #expect(claim.file == "ab/1.jpg" && claim.bytes == 90_000)
        #expect(claim.sha256 == Book.hash("bytes of 1") && claim.format == .jpeg)
        let row = try #require(try await book.row("s1.jpg"))
        #expect(row.attempts == 1 && row.touched)
        #expect(row.nextTry == book.now.addingTimeInterval(10))
        #expect(try await book.claim().claims.isEmpty)
        #expect(try await due() == row.nextTry)
        book.clock.step(10)
        #expect(try await book.claim().claims.isEmpty, "it is in hand")
        try await book.ledger.keepClaims([], on: "shop")
        #expect(try await book.claim().claims.count == 1)
        #expect(try await book.row("s1.jpg")?.nextTry == book.now.addingTimeInterval(20))
    }

    @Test func whatIsInHandIsNobodyElsesUntilItsLeaseEnds() async throws {
        try await ready(1...3)
        let claims = try await book.claim(2).claims
        #expect(names(claims) == ["s1.jpg", "s3.jpg"])
        #expect(names(try await book.claim().claims) == ["s2.jpg"])
        book.clock.step(1000)
        // The first is still in hand, the others are not.
        try await book.ledger.keepClaims([claims[0].delivery.id], on: "shop")
        #expect(names(try await book.claim().claims) == ["s2.jpg", "s3.jpg"])
        book.clock.step(1799)
        #expect(try await book.claim().claims.isEmpty)
        book.clock.step(1)
        #expect(try await book.claim().claims.count == 3)
    }

    @Test func aClaimEndsHoweverItEnds() async throws {
        try await ready(1...3)
        let claims = try await book.claim().claims
        // Each moved on while it was in hand.
        try await book.execute("UPDATE delivery SET key = '\(Book.key("other").rawValue)'")
        try await book.ledger.confirm(claims[0], by: .hash)
        try await book.ledger.recordFailure(claims[1].delivery, error: "no", next: nil)
        try await book.ledger.unclaim(claims[2].delivery, tried: true)
        #expect(try await book.integer("SELECT COUNT(*) FROM delivery WHERE leased_until > 0") == 0)
    }

    @Test func noMoreThanAsked() async throws {
        try await ready(1...5)
        #expect(names(try await book.claim(2).claims) == ["s1.jpg", "s5.jpg"])
        #expect(names(try await book.claim(sends: 1).claims) == ["s2.jpg"])
        #expect(try await book.claim(sends: 0).claims.isEmpty)
    }

    @Test func whatMustGoGoesFirst() async throws {
        let urgent = try await book.live("u", as: "u.jpg")
        let slow = try await book.live("l", as: "l.jpg")
        try await ready(1...2)
        try await book.settle([.drop(slow, because: "", urgent: false)])
        try await book.settle([.drop(urgent, because: "", urgent: true)])
        let gone = try await book.ledger.letGo(
            channel: "shop", oldStays: 0, hasFeed: false, budget: 9)
        #expect(gone == (1, 0))
        #expect(
            names(try await book.claim(sends: 1).claims) == ["u.jpg", "l.jpg", "s1.jpg"])
    }

    @Test func theGuardHoldsNobodyElse() async throws {
        try await ready(1...400, replaces: true)
        try await ready(401...402)
        let (claims, guarded) = try await book.claim(5, replacements: 1)
        #expect(names(claims) == ["s401.jpg", "s402.jpg", "s1.jpg"])
        #expect(guarded == 399)
        let since = book.now
        #expect(try await book.ledger.spent("replace", channel: "shop", since: since) == 1)
        // What the guard holds is no reason to look again soon.
        let next = try #require(try await due())
        #expect(next > book.now)
    }

    @Test func aRetryIsCountedOnce() async throws {
        try await ready(1...1, replaces: true)
        let first = try await book.claim(replacements: 1).claims[0]
        try await book.ledger.recordFailure(first.delivery, error: "busy", next: book.now)
        #expect(try await book.claim(replacements: 0).claims.count == 1)
        #expect(try await book.ledger.spent("replace", channel: "shop", since: book.now) == 1)
    }

    @Test func whatIsGivenBackIsNotSpent() async throws {
        try await ready(1...1, replaces: true)
        for _ in 1...3 {
            let claim = try await book.claim(replacements: 1).claims[0]
            try await book.ledger.unclaim(claim.delivery, tried: false)
        }
        #expect(try await book.ledger.spent("replace", channel: "shop", since: book.now) == 0)
        #expect(try await book.row("s1.jpg")?.attempts == 0)
    }

    @Test func aDamagedRowIsSetAside() async throws {
        try await ready(1...3)
        try await book.execute(
            "UPDATE rendition SET recipe = '{' WHERE key = '\(Book.key("2"))'")
        #expect(names(try await book.claim().claims) == ["s1.jpg", "s3.jpg"])
        let row = try #require(try await book.row("s2.jpg"))
        #expect(row.state == .stuck && row.error?.contains("damaged") == true)
    }

    @Test func confirmed() async throws {
        try await ready(1...1)
        let claim = try await book.claim().claims[0]
        try await book.takeProfile()
        book.clock.step(5)
        try await book.ledger.confirm(claim, by: .size)
        let row = try #require(try await book.row("s1.jpg"))
        #expect(row.state == .live && row.heldKey == Book.key("1") && row.heldVersion == 1)
        #expect(row.confirmedBy == "size" && row.confirmedAt == book.now && row.since == book.now)
        #expect(row.attempts == 0 && !row.touched && row.error == nil)
        #expect(try await book.ledger.channel("shop")?.lastSuccess == book.now)
        #expect(try await book.ledger.channel("shop")?.feedChanged.map { $0 >= book.now } == true)
    }

    @Test func confirmedWhenSomethingElseIsWantedAlready() async throws {
        try await ready(1...1)
        let claim = try await book.claim().claims[0]
        let row = try await book.row("s1.jpg")
        try await book.settle([
            try book.wish("new", as: "s1.jpg", replaces: true, version: 2, old: row)
        ])
        try await book.ledger.confirm(claim, by: .hash)
        let now = try #require(try await book.row("s1.jpg"))
        #expect(now.state == .render && now.key == Book.key("new") && now.version == 2)
        #expect(now.heldKey == Book.key("1") && now.heldVersion == 1)
        #expect(now.replaces, "the guard still counts it")
    }

    @Test func absent() async throws {
        let row = try await book.live("one", as: "a.jpg")
        try await book.settle([.drop(row, because: "stolen", urgent: true)])
        let claim = try await book.claim().claims[0]
        #expect(claim.file == nil)
        try await book.ledger.recordAbsence(claim.delivery)
        #expect(try await book.row("a.jpg") == nil)
        let event = try #require(try await book.ledger.events(after: 0, limit: 99).last)
        #expect(event.kind == "removed" && event.text.contains("stolen; proven absent"))
    }

    @Test func absentWhenItIsWantedAgain() async throws {
        let row = try await book.live("one", as: "a.jpg")
        try await book.settle([.drop(row, because: "", urgent: true)])
        let claim = try await book.claim().claims[0]
        let going = try await book.row("a.jpg")
        try await book.settle([try book.wish("one", as: "a.jpg", passed: true, old: going)])
        try await book.ledger.recordAbsence(claim.delivery)
        let now = try #require(try await book.row("a.jpg"))
        #expect(now.state == .send && now.heldKey == nil && !now.touched)
    }

    @Test func failures() async throws {
        try await ready(1...2)
        let claims = try await book.claim().claims
        try await book.ledger.recordFailure(claims[0].delivery, error: "never", next: nil)
        #expect(try await book.row("s1.jpg")?.state == .stuck)
        let next = book.now.addingTimeInterval(77)
        try await book.ledger.recordFailure(claims[1].delivery, error: "later", next: next)
        let row = try #require(try await book.row("s2.jpg"))
        #expect(row.state == .send && row.nextTry == next && row.error == "later")
        #expect(try await book.ledger.counts(of: ["shop"]).lastErrors["shop"] != nil)
        #expect(try await book.ledger.retry(channel: "shop", cause: "nev") == 1)
        #expect(names(try await book.claim().claims) == ["s1.jpg"])
    }

    @Test func aFailedPutDoesNotPutOffAnUrgentRemoval() async throws {
        try await book.live("one", as: "a.jpg")
        try await book.execute("UPDATE delivery SET state = 'send'")
        let claim = try await book.claim().claims[0]
        let row = try #require(try await book.row("a.jpg"))
        try await book.settle([.drop(row, because: "stolen", urgent: true)])
        try await book.ledger.recordFailure(claim.delivery, error: "never", next: nil)
        let claims = try await book.claim().claims
        #expect(claims.map(\.delivery.state) == [.remove])
    }

    @Test func lettingGo() async throws {
        for number in 1...4 {
            let row = try await book.live("\(number)", as: "\(number).jpg")
            try await book.settle([.drop(row, because: "", urgent: false)])
            book.clock.step(1)
        }
        func letGo(_ oldStays: Double, _ budget: Int) async throws -> [Int] {
            let gone = try await book.ledger.letGo(
                channel: "shop", oldStays: oldStays, hasFeed: false, budget: budget)
            return [gone.moved, gone.guarded]
        }
        #expect(try await letGo(4.5, 9) == [0, 0])
        #expect(try await letGo(3, 9) == [2, 0])
        #expect(try await letGo(0, 0) == [0, 2])
        #expect(try await letGo(0, 1) == [1, 1])
        #expect(try await book.ledger.spent("withdraw", channel: "shop", since: .distantPast) == 3)
        #expect(try await book.ledger.release(channel: "shop", by: "anna").count == 1)
        #expect(try await letGo(0, 0) == [1, 0])
        #expect(try await book.ledger.spent("withdraw", channel: "shop", since: .distantPast) == 3)
        let oldest = try await book.ledger.counts(of: ["shop"]).oldestWaiting["shop"]
        #expect(oldest == book.now, "waiting begins when it may go")
    }

    @Test func bytesThatAreGoneAreMadeAgain() async throws {
        try await ready(1...1)
        try await book.ledger.forgetBytes(of: Book.key("1"))
        #expect(try await book.row("s1.jpg")?.state == .render)
    }

    @Test func anotherDestinationKnowsNothing() async throws {
        try await book.takeProfile()
        let old = try await book.live("one", as: "a.jpg")
        try await book.settle([try book.wish("two", as: "a.jpg", replaces: true, old: old)])
        let leaving = try await book.live("three", as: "b.jpg")
        try await book.settle([.drop(leaving, because: "", urgent: false)])
        try await book.live("four", as: "c.jpg")
        try await book.ledger.hold(channel: "shop", because: "moved")
        try await book.ledger.resume(channel: "shop", elsewhere: true, by: "anna")
        #expect(try await book.row("b.jpg") == nil)
        #expect(try await book.row("a.jpg")?.state == .render)
        #expect(try await book.row("c.jpg")?.state == .send)
        #expect(try await book.ledger.counts(of: []).held["shop"] == nil)
        #expect(try await book.ledger.channel("shop")?.held == nil)
    }
}
