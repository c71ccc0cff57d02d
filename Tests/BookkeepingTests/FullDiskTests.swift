import Foundation
import Host
import Synchronization
import Testing

@testable import Bookkeeping

/// SQLite's own limit stands in for the disk's.
@Suite struct FullDiskTests {
    private func limit(_ ledger: Ledger, extra pages: Int) async throws {
        let used = try await ledger.read("test") { try $0.first(Int.self, "PRAGMA page_count") }
        _ = try await ledger.write("test") { database in
            try database.first(Int.self, "PRAGMA max_page_count = \(max(1, (used ?? 0) + pages))")
        }
    }

    private func grow(_ ledger: Ledger, canWait: Bool = false) async throws {
        try await ledger.write("grow", canWait: canWait) { database in
            try database.run(
                "INSERT INTO fact VALUES (?, ?)",
                [UUID().uuidString, String(repeating: "x", count: 100_000)])
        }
    }

    @Test func theWriterSaysThatItFailsUntilItDoesNot() async throws {
        let book = try Book()
        #expect(book.ledger.trouble == nil)
        try await limit(book.ledger, extra: 0)
        let error = await #expect(throws: LedgerError.self) { try await grow(book.ledger) }
        #expect(error?.isFullDisk == true && error?.isFatal == false)
        #expect(book.ledger.trouble?.message.contains("the disk is full") == true)
        // Nothing was written, so nothing was proven.
        try await book.ledger.tick()
        #expect(book.ledger.trouble != nil)
        try await limit(book.ledger, extra: 1000)
        try await book.ledger.setFact("probe", "1")
        #expect(book.ledger.trouble == nil)
    }

    @Test func whatIsLeftIsForWhatCannotWait() async throws {
        let directory = NSTemporaryDirectory() + "full-\(UUID().uuidString)"
        try Files.makeDirectory(directory)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let given = Mutex(0)
        let ballast = Ballast(directory + "/ballast") { given.withLock { $0 += 1 } }
        ballast.take()
        let ledger = try Ledger(directory: directory, ballast: ballast)
        try await limit(ledger, extra: 0)
        await #expect(throws: LedgerError.self) { try await grow(ledger) }
        #expect(given.withLock(\.self) == 1)
        #expect(!Files.exists(directory + "/ballast") && ballast.isGiven)
        try await limit(ledger, extra: 1000)
        let kept = await #expect(throws: LedgerError.self) {
            try await grow(ledger, canWait: true)
        }
        #expect(kept?.isFullDisk == true)
        try await grow(ledger)
        // The room is there again: everything goes on.
        ballast.take()
        #expect(Files.exists(directory + "/ballast"))
        try await grow(ledger, canWait: true)
    }

    @Test func whoListensHearsOfEveryCommit() async throws {
        let book = try Book()
        var commits = book.ledger.commits.listen().makeAsyncIterator()
        try await book.ledger.setFact("one", "1")
        try await book.ledger.setFact("two", "2")
        #expect(await commits.next() != nil)
        try await book.ledger.setFact("three", "3")
        #expect(await commits.next() != nil)
    }
}
