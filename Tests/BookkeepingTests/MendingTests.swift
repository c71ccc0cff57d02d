import Foundation
import Model
import Testing

@testable import Bookkeeping

/// The store's copy went bad; the same bytes arrive again.
@Suite struct MendingTests {
    let book: Book
    private let reason = "the master in the store is not what was approved"

    init() throws { book = try Book() }

    private func sources() async throws -> [String: String] {
        let first = try await book.text("SELECT state FROM source WHERE path = 'one.png'")
        let second = try await book.text("SELECT state FROM source WHERE path = 'two.png'")
        return ["one.png": first, "two.png": second].compactMapValues(\.self)
    }

    @Test func whatArrivesAgainIsUsedAgain() async throws {
        let asset = Asset(sku: "A1", view: "front")
        try await book.inspected("one", [asset])
        try await book.accept("one", from: "two.png")
        let told = try await book.ledger.recordUnusable(
            Book.hash("one"), because: reason, untilItArrives: true)
        #expect(told == ["one.png", "two.png"])
        #expect(
            try await book.ledger.skuState("A1").unusable[Book.hash("one")] == reason)
        #expect(try await sources() == ["one.png": "quarantined", "two.png": "quarantined"])
        try await book.execute("DELETE FROM dirty")
        try await book.accept("one")
        let state = try await book.ledger.skuState("A1")
        #expect(
            state.unusable[Book.hash("one")] == nil && state.inspections[Book.hash("one")] != nil)
        #expect(try await sources() == ["one.png": "accepted", "two.png": "accepted"])
        #expect(try await book.ledger.dirtySKUs(limit: 9) == ["A1"])
    }

    @Test func aPictureThatIsBadItselfStaysRefused() async throws {
        try await book.accept("one")
        _ = try await book.ledger.recordUnusable(Book.hash("one"), because: "cut off")
        try await book.accept("one")
        #expect(
            try await book.ledger.skuState("A1").unusable[Book.hash("one")] == "cut off")
        #expect(try await sources() == ["one.png": "quarantined"])
        // The first verdict is the picture's: the store's does not make it good again.
        _ = try await book.ledger.recordUnusable(
            Book.hash("one"), because: reason, untilItArrives: true)
        try await book.accept("one")
        #expect(
            try await book.ledger.skuState("A1").unusable[Book.hash("one")] == "cut off")
    }

    @Test func aDescriptionIsReadAgain() async throws {
        let description = Book.hash("xmp")
        func arrive() async throws {
            try await book.ledger.accept(
                Arrival(
                    path: "one.png", fingerprint: "one", batch: nil,
                    declaration: Declaration(
                        assets: [Asset(sku: "A1", view: "front")], approval: book.approval()),
                    master: Book.hash("one"), bytes: 1000, format: .png,
                    description: description))
        }
        try await arrive()
        _ = try await book.ledger.recordUnreadable(
            xmp: description, because: reason, untilItArrives: true)
        #expect(try await book.ledger.xmpSidecarsToRead(limit: 9).isEmpty)
        #expect(try await sources() == ["one.png": "quarantined"])
        try await arrive()
        #expect(try await book.ledger.xmpSidecarsToRead(limit: 9) == [description])
        #expect(try await sources() == ["one.png": "accepted"])
    }
}
