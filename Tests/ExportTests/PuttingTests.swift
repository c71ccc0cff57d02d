import Foundation
import Model
import Testing
import Transports
import TransportsSupport

@testable import Bookkeeping
@testable import Export

/// What a courier makes of a channel that takes its time, forgets to answer, or numbers what it is given.
@Suite struct PuttingTests {
    private let carried: CourierShop
    private var shop: Shop { carried.shop }
    private var remote: FakeRemote { carried.remote }

    init() async throws {
        carried = try await CourierShop()
        try await shop.arrives("one")
        try await carried.reconcile()
    }

    @Test func whatIsPutIsProvenAndItsNumberKept() async throws {
        try await carried.turn()
        let row = try await carried.row()
        #expect(row.state == .live && row.confirmedBy == "hash")
        #expect(row.object == remote.object("/A1.jpg") && row.object?.id != nil)
        #expect(carried.calls(.look).map(\.object) == [row.object])
    }

    @Test func whatIsProcessedIsAskedForAgainAndNotSentAgain() async throws {
        remote.next(.put, .processFor(looks: 4))
        let begun = shop.now
        try await carried.turn()
        var waits: [Double] = []
        for _ in 1...3 {
            let row = try await carried.row()
            #expect(row.state == .send && row.processingSince == begun && row.error == nil)
            #expect(row.object?.id != nil)
            waits.append(row.nextTry.timeIntervalSince(shop.now))
            #expect(try await carried.turn() == 0, "not before its time")
            try await carried.nextTurn()
        }
        #expect(waits == waits.sorted(), "\(waits)")
        try await carried.nextTurn()
        let row = try await carried.row()
        #expect(row.state == .live && row.processingSince == nil)
        #expect(carried.calls(.put).count == 1)
        #expect(Set(carried.calls(.look).map(\.object?.id)) == [row.object?.id])
    }

    @Test func theChannelSaysWhenToAskAgain() async throws {
        remote.next(.look, .process(after: 3000))
        try await carried.turn()
        #expect(try await carried.row().nextTry.timeIntervalSince(shop.now) == 3000)
    }

    @Test func processingWithoutAnEndIsToldToAPerson() async throws {
        remote.next(.put, .processFor(looks: 1000))
        let begun = shop.now
        try await carried.turn()
        var longest = 0.0
        while try await carried.row().state == .send, shop.now < begun.addingTimeInterval(90_000) {
            let before = shop.now
            try await carried.nextTurn()
            longest = max(longest, shop.now.timeIntervalSince(before))
        }
        let row = try await carried.row()
        #expect(row.state == .stuck && row.processingSince == nil)
        #expect(row.error?.contains("has processed 'A1.jpg' for 24 hours") == true)
        #expect(longest <= 900)
        #expect(abs(shop.now.timeIntervalSince(begun) - 86_400) <= 900)
        // A person says: again. It has it still, and is asked, not sent it again.
        _ = try await shop.ledger.retry(channel: "shop", cause: nil)
        try await carried.turn()
        #expect(try await carried.row().processingSince == shop.now)
        #expect(carried.calls(.put).count == 1)
    }

    @Test func whatComesToNothingIsSentAgain() async throws {
        remote.next(.look, .process())
        try await carried.turn()
        remote.set("/A1.jpg", nil)
        try await carried.nextTurn()
        var row = try await carried.row()
        #expect(row.state == .send && row.processingSince == nil)
        #expect(row.error?.contains("processed 'A1.jpg', and then: nothing is there") == true)
        #expect(carried.calls(.put).count == 1)
        try await carried.nextTurn()
        row = try await carried.row()
        #expect(row.state == .live && carried.calls(.put).count == 2)
    }

    @Test func aLostAnswerIsNoSecondFile() async throws {
        remote.next(.put, .loseAnswer)
        try await carried.turn()
        #expect(try await carried.row().state == .send)
        try await carried.nextTurn()
        #expect(try await carried.row().object == remote.object("/A1.jpg"))
        #expect(try await carried.row().state == .live && carried.calls(.put).count == 1)
    }

    /// The number is written down before the next question, which may not be answered.
    @Test func aNumberOutlivesALookThatFails() async throws {
        remote.next(.look, .fail(.retry(after: nil)))
        try await carried.turn()
        let object = try #require(remote.object("/A1.jpg"))
        #expect(try await carried.row().object == object)
        try await carried.nextTurn()
        #expect(try await carried.row().state == .live && carried.calls(.put).count == 1)
        #expect(carried.calls(.look).last?.object == object)
    }

    @Test func aSuccessorReplacesTheVeryThing() async throws {
        try await carried.turn()
        let first = try #require(remote.object("/A1.jpg")?.id)
        try await shop.arrives("two", seq: 2)
        try await carried.reconcile()
        remote.next(.put, .processFor(looks: 1))
        try await carried.turn()
        #expect(try await carried.row().processingSince != nil)
        try await carried.nextTurn()
        #expect(try await carried.row().state == .live)
        #expect(remote.object("/A1.jpg")?.id == first && remote.orphans.isEmpty)
    }

    @Test func whatIsWantedInsteadIsNotPutOff() async throws {
        remote.next(.put, .processFor(looks: 1000))
        try await carried.turn()
        let object = try await carried.row().object
        try await shop.arrives("two", seq: 2)
        try await carried.reconcile()
        let row = try await carried.row()
        #expect(row.processingSince == nil && row.nextTry <= shop.now && row.object == object)
        try await carried.turn()
        #expect(try await carried.row().state == .live && remote.orphans.isEmpty)
    }

    @Test func itIsTakenAwayByItsNumber() async throws {
        try await carried.turn()
        let row = try await carried.row()
        try await shop.ledger.settle(
            try await shop.ledger.skuRecord("A1"), changes: [.drop(row, because: "", urgent: true)],
            refused: [], channels: [], boundary: nil)
        try await carried.turn()
        #expect(remote.files.isEmpty)
        #expect(carried.calls(.remove).map(\.object) == [row.object])
        #expect(Set(carried.calls(.isAbsent).map(\.object)) == [row.object])
        #expect(try await shop.rows().isEmpty)
    }
}
