import Foundation
import Model
import Testing

@testable import Bookkeeping

/// Whatever happens in whatever order, the counts that triggers keep are what counting would give.
@Suite struct CountTests {
    struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    @Test func countsAreTrue() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var dice = Dice(state: seed)
        let book = try Book()
        try await book.takeProfile()
        for step in 1...300 {
            try await act(book, &dice)
            book.clock.step(Double(dice.next() % 40))
            guard step % 20 == 0 else { continue }
            let counts = try await book.counts()
            #expect(counts.kept == counts.true, "seed \(seed), step \(step)")
        }
        let kept = try await book.ledger.counts(of: ["shop"])
        let live = try await book.integer("SELECT COUNT(*) FROM delivery WHERE state = 'live'")
        #expect(kept.deliveries["shop"]?["live"] ?? 0 == live, "seed \(seed)")
    }

    private func act(_ book: Book, _ dice: inout Dice) async throws {
        let sku = "S\(dice.next() % 5)"
        let name = "n\(dice.next() % 8).jpg"
        let bytes = "\(dice.next() % 6)"
        switch dice.next() % 14 {
        case 0, 1:
            try await book.accept(
                bytes, [Asset(sku: sku, view: "front")], from: "p\(dice.next() % 4).png")
        case 2:
            try await book.ledger.quarantine(
                path: "p\(dice.next() % 4).png", fingerprint: "", skus: [sku], reason: "no")
        case 3: _ = try await book.ledger.recordUnusable(Book.hash(bytes), because: "cut off")
        case 4, 5, 6:
            let old = try await book.row(name, sku: sku)
            try await book.settle(
                [try book.wish(bytes, as: name, sku: sku, passed: dice.next() % 2 == 0, old: old)],
                sku: sku, refused: refusals(of: sku, &dice))
        case 7:
            guard let row = try await book.row(name, sku: sku) else { return }
            try await book.settle(
                [.drop(row, because: "so", urgent: dice.next() % 2 == 0)], sku: sku)
        case 8: try await book.render(bytes)
        case 9: try await book.ledger.forgetBytes(of: Book.key(bytes))
        case 10:
            _ = try await book.ledger.letGo(
                channel: "shop", oldStays: 20, hasFeed: false, budget: 1)
        case 11:
            _ = try await book.ledger.retry(channel: "shop", cause: nil)
            if dice.next() % 8 == 0 {
                try await book.ledger.resume(channel: "shop", elsewhere: true, by: "anna")
            }
        default: try await transfer(book, &dice)
        }
    }

    private func refusals(of sku: String, _ dice: inout Dice) -> [Refused] {
        (0..<Int(dice.next() % 4)).map { _ in
            let kind = Gate.Kind.allCases[Int(dice.next() % UInt64(Gate.Kind.allCases.count))]
            let asset = Asset(sku: sku, view: "front", number: Int(dice.next() % 2))
            return Refused(channel: "shop", asset: asset, gates: [.sample(kind)])
        }
    }

    private func transfer(_ book: Book, _ dice: inout Dice) async throws {
        for claim in try await book.claim(3).claims {
            switch dice.next() % 5 {
            case 0: try await book.ledger.recordFailure(claim.delivery, error: "no", next: nil)
            case 1: try await book.ledger.unclaim(claim.delivery, tried: true)
            case _ where claim.delivery.state == .remove:
                try await book.ledger.recordAbsence(claim.delivery)
            default: try await book.ledger.confirm(claim, by: .hash)
            }
        }
    }
}
