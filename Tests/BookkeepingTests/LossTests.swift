import Foundation
import GRDB
import Host
import Model
import Testing

@testable import Bookkeeping

/// A ledger that lost what it knew is found out by the mark beside it, and never by mistake.
@Suite struct LossTests {
    private func files(_ book: Book) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: book.directory)
            .filter { $0.hasPrefix("ledger") }
    }

    private func remove(_ names: [String], _ book: Book) throws {
        for name in names { try Files.remove("\(book.directory)/\(name)") }
    }

    private func reopened(_ book: Book, storeIsUsed: Bool = true) async throws -> Loss? {
        try await Ledger(directory: book.directory, storeIsUsed: storeIsUsed).loss()
    }

    /// One picture is live, and then withdrawn.
    private func withdrawn(before: (Book) async throws -> Void = { _ in }) async throws -> Book {
        let book = try Book()
        try await book.takeProfile()
        try await book.accept("one")
        try await book.live("one", as: "a.jpg")
        try await before(book)
        _ = try await book.ledger.withdraw(
            sku: "A1", view: nil, number: nil, channel: nil, because: "the licence ended",
            by: "maria")
        return book
    }

    @Test func aNewStateStartsSilently() async throws {
        let book = try Book()
        #expect(try await book.ledger.loss() == nil)
        try await book.takeProfile()
        #expect(try await book.ledger.channel("shop")?.unsure == false)
        #expect(try HighWater.read(book.directory) != nil)
        await book.ledger.close()
        #expect(try await reopened(book, storeIsUsed: true) == nil)
    }

    @Test func aDecisionIsWrittenDownBeforeItIsAnsweredAndTheRestSoon() async throws {
        let book = try await withdrawn()
        let decided = try #require(try HighWater.read(book.directory))
        #expect(decided.decision?.what == "withdrawn 'A1' by maria: the licence ended")
        let generation = "SELECT generation FROM identity"
        #expect(try await book.integer(generation) == Int(decided.generation))
        #expect(decided.decision?.generation == decided.generation)
        try await book.accept("two")
        #expect(try HighWater.read(book.directory) == decided)
        try await book.ledger.keepUp()
        let later = try #require(try HighWater.read(book.directory))
        #expect(try await book.integer(generation) == Int(later.generation))
        #expect(later.generation > decided.generation && later.decision == decided.decision)
        // A guard that holds an edition has decided nothing.
        try await book.ledger.note("held", channel: "shop", subject: "1.xml", "it has no items")
        try await book.ledger.keepUp()
        let last = try #require(try HighWater.read(book.directory))
        #expect(last.decision == decided.decision)
        // What changes nothing is no step, and a mark that is gone is written anew.
        try await book.ledger.tick()
        try Files.remove(book.directory + "/" + HighWater.fileName)
        try await book.ledger.keepUp()
        #expect(try HighWater.read(book.directory) == last)
    }

    @Test func aCrashBeforeTheMarkIsNoLoss() async throws {
        let book = try await withdrawn()
        let behind = try HighWater.read(book.directory)
        try await book.ledger.hold(channel: "shop", because: "sale")
        try Data(Column.json(behind).utf8)
            .write(to: URL(filePath: book.directory + "/" + HighWater.fileName))
        #expect(try await reopened(book) == nil)
    }

    @Test func aDeletedLedgerIsNoNewInstallation() async throws {
        let book = try await withdrawn()
        try remove(try files(book), book)
        let ledger = try Ledger(directory: book.directory)
        let loss = try #require(try await ledger.loss())
        #expect(loss.what.contains("the ledger is gone"))
        #expect(loss.decision?.what == "withdrawn 'A1' by maria: the licence ended")
        // A channel that is new to this ledger may be an old one.
        try await ledger.take(
            channel: "shop", file: "shop.yaml", text: "channel: shop", revision: "1", address: nil,
            state: "live", doubt: nil)
        let record = try #require(try await ledger.channel("shop"))
        #expect(record.unsure && record.held?.contains("sluice resume shop") == true)
        // It stays lost until a person resumes the last channel.
        await ledger.close()
        let again = try Ledger(directory: book.directory)
        #expect(try await again.loss() == loss)
        try await again.resume(channel: "shop", elsewhere: false, by: "maria")
        #expect(try await again.channel("shop")?.held == nil)
        #expect(try await again.loss() == nil)
    }

    @Test func aChannelThatWasNotGoodJustThenIsUnsureToo() async throws {
        let book = try await withdrawn()
        try remove(try files(book), book)
        let ledger = try Ledger(directory: book.directory)
        func take(_ channel: String) async throws {
            try await ledger.take(
                channel: channel, file: "\(channel).yaml", text: "channel: \(channel)",
                revision: "1", address: nil, state: "live", doubt: nil)
        }
        try await take("shop")
        try await ledger.refuse(channel: "other", file: "other.yaml", problems: "a slip of the pen")
        try await ledger.resume(channel: "shop", elsewhere: false, by: "maria")
        #expect(try await ledger.loss() == nil)
        try await take("other")
        #expect(try await ledger.channel("other")?.unsure == true)
        try await ledger.resume(channel: "other", elsewhere: false, by: "maria")
        #expect(try await ledger.channel("other")?.held == nil)
    }

    @Test func aMarkThatCannotBeReadIsNoneToTrust() async throws {
        let book = try await withdrawn()
        await book.ledger.close()
        try Files.write(
            Data("{".utf8), to: book.directory + "/" + HighWater.fileName)
        let loss = try #require(try await reopened(book))
        #expect(loss.what.contains("high-water' cannot be read"))
    }

    @Test func theStoreTellsWhereTheMarkIsGoneToo() async throws {
        let book = try await withdrawn()
        try remove(try files(book) + [HighWater.fileName], book)
        let loss = try await reopened(book, storeIsUsed: true)
        #expect(loss?.what.contains("the store still holds pictures") == true)
        #expect(loss?.decision == nil)
        // Nothing there at all: a new one.
        try remove(try files(book) + [HighWater.fileName], book)
        #expect(try await reopened(book, storeIsUsed: false) == nil)
    }

    @Test func anOlderCopyIsBehindItsMark() async throws {
        let copy = NSTemporaryDirectory() + UUID().uuidString
        defer { unlink(copy) }
        let book = try await withdrawn { try await $0.ledger.snapshot(to: copy) }
        try remove(try files(book), book)
        try Files.copy(copy, to: book.directory + "/" + Ledger.fileName)
        let ledger = try Ledger(directory: book.directory)
        let loss = try #require(try await ledger.loss())
        #expect(loss.what.contains("the ledger is older than it was"))
        #expect(loss.decision?.what.contains("withdrawn 'A1'") == true)
        #expect(try await ledger.channel("shop")?.unsure == true)
        // All channels at once, and what holds them besides stays.
        try await ledger.hold(channel: "shop", because: "sale")
        #expect(try await ledger.resumeUnsure(by: "maria") == 1)
        #expect(try await ledger.loss() == nil)
        #expect(try await ledger.channel("shop")?.held == "sale")
    }

    @Test func anotherInstallationsLedgerIsNotTaken() async throws {
        let (book, other) = (try await withdrawn(), try await withdrawn())
        await other.ledger.close()
        try remove(try files(book), book)
        let path = "/" + Ledger.fileName
        try Files.copy(other.directory + path, to: book.directory + path)
        let loss = try await reopened(book)
        #expect(loss?.what.contains("another installation") == true)
    }

    @Test(arguments: [Ledger.fileName, Ledger.fileName + "-wal"])
    func whatIsRemovedUnderTheDaemonIsSavedAndEndsIt(name: String) async throws {
        let book = try await withdrawn()
        try Files.remove("\(book.directory)/\(name)")
        let error = await #expect(throws: LedgerError.self) { try await book.ledger.keepUp() }
        #expect(error?.isFatal == true && error?.isLost == true)
        #expect(error?.message.contains("'\(book.directory)/\(name)' was removed") == true)
        // Nothing more is written to what would be gone.
        await #expect(throws: LedgerError.self) { try await book.accept("two") }
        let saved = try #require(Ledger.newestSnapshot(in: book.directory))
        #expect(error?.message.contains(saved) == true)
        let restored = try Ledger.restore(saved, in: book.directory, at: book.now)
        #expect(restored.loss.decision == nil, "nothing is missing")
        let ledger = try Ledger(directory: book.directory)
        let versions = try await ledger.skuState("A1").versions
        #expect(versions.map { $0.withdrawn != nil } == [true])
    }

    @Test func aReplacedLedgerDoesNotGetThePagesOfTheOldOne() async throws {
        let copy = NSTemporaryDirectory() + UUID().uuidString
        defer { unlink(copy) }
        let book = try await withdrawn { try await $0.ledger.snapshot(to: copy) }
        try Files.copy(copy, to: book.directory + "/" + Ledger.fileName)
        await #expect(throws: LedgerError.self) { try await book.accept("two") }
        #expect(try files(book) == [Ledger.fileName])
        let loss = try await reopened(book)
        #expect(loss?.what.contains("the ledger is older than it was") == true)
    }

    @Test func aRestoredLedgerWaitsForAPersonAndNamesWhatIsMissing() async throws {
        let copy = NSTemporaryDirectory() + UUID().uuidString
        defer { unlink(copy) }
        let book = try await withdrawn { try await $0.ledger.snapshot(to: copy) }
        try Data(repeating: 7, count: 8192)
            .write(to: URL(filePath: book.directory + "/" + Ledger.fileName))
        let restored = try Ledger.restore(copy, in: book.directory, at: book.now)
        let aside = try FileManager.default.contentsOfDirectory(
            atPath: try #require(restored.aside))
        #expect(aside.contains(Ledger.fileName))
        let ledger = try Ledger(directory: book.directory)
        let loss = try #require(try await ledger.loss())
        #expect(loss == restored.loss && loss.isRestored)
        #expect(loss.decision?.what.contains("withdrawn 'A1'") == true)
        #expect(try await ledger.channel("shop")?.unsure == true)
    }

    @Test func whatIsNoSnapshotChangesNothing() async throws {
        let book = try await withdrawn()
        await book.ledger.close()
        let before = try FileManager.default.contentsOfDirectory(atPath: book.directory).sorted()
        let junk = NSTemporaryDirectory() + UUID().uuidString
        defer { unlink(junk) }
        try Data(repeating: 7, count: 8192).write(to: URL(filePath: junk))
        for path in [junk, junk + "-absent"] {
            let error = #expect(throws: LedgerError.self) {
                try Ledger.restore(path, in: book.directory, at: book.now)
            }
            #expect(error?.message.contains("bring back the snapshot '\(path)'") == true)
        }
        let after = try FileManager.default.contentsOfDirectory(atPath: book.directory).sorted()
        #expect(after == before)
        #expect(try await reopened(book) == nil)
    }

    @Test func aDamagedLedgerSaysSo() {
        let error = LedgerError(DatabaseError(resultCode: .SQLITE_NOTADB), doing: "open")
        #expect(error.isLost && error.message.contains("the ledger is damaged"))
    }
}
