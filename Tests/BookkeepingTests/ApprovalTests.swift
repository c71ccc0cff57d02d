import Foundation
import Model
import Testing

@testable import Bookkeeping

/// Which approvals hold, through the ledger.
@Suite struct ApprovalTests {
    let book: Book

    init() throws { book = try Book() }

    private func faults() async throws -> [String?] {
        try await book.ledger.skuState("A1").versions.map(\.approvalFault?.message)
    }

    @Test func otherBytesThanApproved() async throws {
        try await book.accept("one") { $0.approval = self.book.approval(of: "another") }
        let fault = try #require(try await faults()[0])
        #expect(fault.contains("approval lapsed"))
        #expect(fault.contains(Book.hash("one").short))
        #expect(fault.contains(Book.hash("another").short))
    }

    @Test func aFileReplacedInPlaceHasNoApproval() async throws {
        try await book.accept("one", from: "front.png")
        try await book.accept("two", from: "front.png")
        let faults = try await faults()
        #expect(faults[0] == nil)
        #expect(faults[1]?.contains("bytes seen first") == true)
    }

    /// Bytes that were there before, without approval, do not take it from those it was given to.
    @Test func whoCameFirstIsNotWhoWasApprovedFirst() async throws {
        try await book.accept("one", from: "front.png") { $0.approval = nil }
        book.clock.step(1)
        try await book.accept("two", from: "front.png")
        book.clock.step(1)
        try await book.accept("one", from: "front.png")
        let faults = try await faults()
        #expect(faults[0]?.contains("bytes seen first") == true)
        #expect(faults[1] == nil)
    }

    @Test func withdrawingTheFirstGivesItsApprovalToNobody() async throws {
        try await book.accept("one", from: "front.png")
        try await book.accept("two", from: "front.png")
        _ = try await book.ledger.withdraw(
            sku: "A1", view: nil, number: nil, channel: nil, because: "wrong", by: "maria")
        try await book.accept("three", from: "front.png")
        #expect(try await faults()[2]?.contains("bytes seen first") == true)
    }

    @Test func twoFilesSideBySideAreBothHeldAndNamed() async throws {
        for (first, second) in [("one", "two"), ("two", "one")] {
            let book = try Book()
            try await book.accept(first)
            try await book.accept(second)
            let faults = try await book.ledger.skuState("A1").versions.map(\.approvalFault?.message)
            #expect(faults[0] == faults[1])
            #expect(faults[0]?.contains("'one.png' and 'two.png'") == true)
        }
    }

    @Test func withdrawingOneOfTwoEndsTheQuestion() async throws {
        try await book.accept("one")
        try await book.accept("two")
        try await book.accept("two") {
            $0.withdrawn = Withdrawal(at: self.book.now, because: "the other")
        }
        #expect(try await faults() == [nil, nil])
    }

    @Test func anotherPlaceInTheOrderIsNoQuestion() async throws {
        try await book.accept("one") { $0.approval?.seq = 1 }
        try await book.accept("two") { $0.approval?.seq = 2 }
        try await book.accept("three") { $0.approval?.at += 60 }
        #expect(try await faults() == [nil, nil, nil])
    }

    @Test func otherAssetsAreNoneOfItsBusiness() async throws {
        try await book.accept("one")
        try await book.accept("two", [Asset(sku: "A1", view: "back")])
        #expect(try await faults() == [nil, nil])
    }

    @Test func aLaterApprovalCountsWhateverComesLast() async throws {
        let early = book.approval(seq: 1)
        let late = book.approval("paul", seq: 1, at: 60)
        let bound = book.approval("paul", seq: 1, at: 60, of: "one")
        let orders = [
            [early, late, bound], [bound, late, early], [late, bound, early], [bound, early, late],
        ]
        for approvals in orders {
            let book = try Book()
            for (number, approval) in approvals.enumerated() {
                try await book.accept("one", from: "\(number).png") { $0.approval = approval }
            }
            #expect(try await book.ledger.skuState("A1").versions.map(\.approval) == [bound])
        }
    }
}
