import Foundation
import GRDB
import Model
import Testing
import Wire

@testable import Bookkeeping

/// Files that cannot be used: told until they are gone, change, or a person lets them lie.
@Suite struct QuarantinedTests {
    private let book: Book

    init() throws { book = try Book() }

    private func refuse(
        _ path: String, _ fingerprint: String = "1.2.3", revision: String = "r1",
        skus: [String] = []
    ) async throws {
        try await book.ledger.quarantine(
            path: path, fingerprint: fingerprint, revision: revision, skus: skus,
            reason: "'\(path)' is empty", code: "empty")
    }

    private func counted() async throws -> [String: Int] {
        try await book.ledger.counts(of: []).sources
    }

    @Test func whatIsDismissedCountsNoMoreUntilItChanges() async throws {
        try await refuse("a.jpg")
        try await refuse("b.jpg")
        let dismissed = try await book.ledger.dismiss(["a.jpg"], by: "maria")
        #expect(dismissed.dismissed == ["a.jpg"] && dismissed.unknown.isEmpty)
        #expect(try await counted() == ["quarantined": 1, "dismissed": 1])
        let events = try await book.ledger.events(after: 0, limit: 100)
        #expect(events.last?.kind == "dismissed" && events.last?.text == "by maria")
        // Other settings judge the same file again: it stays dismissed. Another file does not.
        try await refuse("a.jpg", revision: "r2")
        #expect(try await counted() == ["quarantined": 1, "dismissed": 1])
        try await refuse("a.jpg", "4.5.6", revision: "r2")
        #expect(try await counted() == ["quarantined": 2])
        // A sidecar that is gone: what is left is the beginning of what there was.
        try await refuse("c.jpg", "1.2.3|.yaml=7.8.9")
        _ = try await book.ledger.dismiss(["c.jpg"], by: "maria")
        try await refuse("c.jpg", "1.2.3")
        #expect(try await counted() == ["quarantined": 3])
        let (files, all, _) = try await book.ledger.quarantined(limit: 1)
        #expect(files.map(\.path) == ["a.jpg"] && files.first?.code == "empty" && all == 3)
    }

    @Test func allOrNone() async throws {
        try await refuse("a.jpg")
        let (dismissed, unknown) = try await book.ledger.dismiss(["a.jpg", "x.jpg"], by: "maria")
        #expect(dismissed.isEmpty && unknown == ["x.jpg"])
        #expect(try await counted() == ["quarantined": 1])
        #expect(try await book.ledger.dismiss(nil, by: "maria").dismissed == ["a.jpg"])
    }

    @Test func onlyWhatIsTheSameIsForgotten() async throws {
        try await refuse("a.jpg")
        try await refuse("b.jpg")
        _ = try await book.ledger.dismiss(["b.jpg"], by: "maria")
        let page = try await book.ledger.refused(after: "", limit: 10)
        #expect(page.map(\.path) == ["a.jpg", "b.jpg"])
        try await refuse("a.jpg", "4.5.6")
        #expect(try await book.ledger.forget(page) == ["b.jpg"])
        #expect(try await counted() == ["quarantined": 1])
    }

    @Test func anOlderLedgersSKUsAreComposed() throws {
        let queue = try DatabaseQueue()
        try Schema.migrator.migrate(queue, upTo: "2")
        try queue.write { database in
            for sku in ["Gro\u{308}n", "A1"] {
                try database.execute(
                    sql: "INSERT INTO product (sku, fields) VALUES (?, '{}')", arguments: [sku])
            }
        }
        try Schema.migrator.migrate(queue)
        let skus = try queue.read {
            try String.fetchAll($0, sql: "SELECT sku FROM product ORDER BY sku")
        }
        #expect(skus.map { Array($0.utf8) } == [Array("A1".utf8), Array("Gr\u{F6}n".utf8)])
    }

    @Test func aSKUIsAWholeWordOfThePath() async throws {
        try await refuse("A11_front.jpg")
        try await refuse("sub/A1_front.jpg")
        try await refuse("unrelated.jpg", skus: ["A1", "A2"])
        let found = try await book.ledger.quarantined(naming: "A1", limit: 10)
        #expect(found.map(\.path) == ["sub/A1_front.jpg", "unrelated.jpg"])
        #expect(try await book.ledger.quarantined(naming: "A2", limit: 10).count == 1)
    }
}
