import Foundation
import GRDB
import Model
import Testing

@testable import Bookkeeping

/// What a channel calls a thing, and that it has not come to an end with it.
@Suite struct ProcessingTests {
    private let book: Book
    private let object = RemoteObject(id: "7", url: "https://a.example.com/7", entityTag: "\"x\"")

    init() throws { book = try Book() }

    private func claimed() async throws -> Claim {
        try await book.takeProfile()
        try await book.settle([try book.wish("one", as: "a.jpg")])
        try await book.render("one")
        return try #require(try await book.claim().claims.first)
    }

    private func process(_ delivery: Delivery, _ next: Double = 60) async throws {
        try await book.ledger.recordProcessing(
            delivery, object: object, since: book.now, next: book.now.addingTimeInterval(next))
    }

    private func row() async throws -> Delivery { try #require(try await book.row("a.jpg")) }

    @Test func itStaysWhereItIsAndIsDueLater() async throws {
        let claim = try await claimed()
        try await process(claim.delivery)
        #expect(try await row().state == .send)
        #expect(try await row().object == object)
        #expect(try await row().processingSince == book.now)
        #expect(try await book.claim().claims.isEmpty)
        let counts = try await book.ledger.counts(of: ["shop"])
        #expect(counts.processing["shop"] == Processing(count: 1, since: book.now))
        let events = try await book.ledger.events(after: 0, limit: 100).map(\.kind)
        #expect(events.filter { $0 == "processing" }.count == 1)
        book.clock.step(60)
        let again = try #require(try await book.claim().claims.first)
        // Told once, however often it is asked.
        try await process(again.delivery)
        #expect(
            try await book.ledger.events(after: 0, limit: 100).map(\.kind).filter {
                $0 == "processing"
            }.count == 1)
    }

    @Test func itEndsHoweverItEnds() async throws {
        let claim = try await claimed()
        let ends: [(String, (Delivery) async throws -> Void)] = [
            ("confirmed", { _ in try await book.ledger.confirm(claim, by: .hash, object: object) }),
            ("given up", { try await book.ledger.recordFailure($0, error: "no", next: nil) }),
            ("ended", { try await book.ledger.endProcessing($0) }),
            ("barred", { try await book.settle([.drop($0, because: "", urgent: true)]) }),
            (
                "wanted otherwise",
                { try await book.settle([try book.wish("two", as: "a.jpg", old: $0)]) }
            ),
        ]
        for (what, end) in ends {
            try await book.execute(
                """
                UPDATE delivery SET state = 'send', key = '\(claim.delivery.key.rawValue)',
                    processing_since = 1
                """)
            try await end(try await row())
            #expect(try await row().processingSince == nil, "\(what)")
        }
        #expect(try await book.ledger.counts(of: ["shop"]).processing["shop"] == nil)
    }

    /// A failure to ask does not say that it came to an end.
    @Test func aFailedQuestionChangesNothing() async throws {
        let claim = try await claimed()
        try await process(claim.delivery)
        try await book.ledger.recordFailure(
            try await row(), error: "no route", next: book.now.addingTimeInterval(5))
        #expect(try await row().processingSince != nil)
        #expect(try await row().error == "no route")
    }

    @Test func whatIsElsewhereIsCalledNothing() async throws {
        let claim = try await claimed()
        try await book.ledger.confirm(claim, by: .hash, object: object)
        #expect(try await row().object == object)
        #expect(
            try await book.ledger.witnesses(
                on: "shop", besides: try otherRow(than: try await row())
            ) == [Witness(name: claim.delivery.name, object: object)])
        try await book.ledger.resume(channel: "shop", elsewhere: true, by: "anna")
        #expect(try await row().object == nil)
        try await book.ledger.record(object, for: try await row())
        #expect(try await row().object == object)
    }

    private func otherRow(than row: Delivery) throws -> Delivery {
        var other = row
        other.id += 1
        return other
    }

    /// A ledger of the fifth schema, with an address as it was written then.
    @Test func anOlderLedgerIsBroughtUpToDate() async throws {
        let directory = NSTemporaryDirectory() + "book-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        do {
            let old = try DatabasePool(path: directory + "/" + Ledger.fileName)
            try Schema.migrator.migrate(old, upTo: "5")
            try await old.write { database in
                try database.execute(
                    sql: """
                        INSERT INTO channel (name, file, state, text, address) VALUES
                            ('shop', 'shop.yaml', 'live', 'x', '{"allowPrivate":false,
                            "finish":"rename","host":"h","hostKeys":[],"mode":420,"path":"/in/",
                            "port":22,"scheme":"sftp","sessions":2,"user":"u"}');
                        INSERT INTO delivery (channel, name, folded, sku, view, number, variant,
                            slot, position, version, rendition, key, state, since) VALUES
                            ('shop', 'a.jpg', 'a.jpg', 'A1', 'front', 1, '', 'main', 1, 1, 'hero',
                            '\(Book.key("one").rawValue)', 'live', 0);
                        """)
            }
            try old.close()
        }
        let ledger = try Ledger(directory: directory)
        #expect(
            try await ledger.channels().first?.address
                == DestinationAddress(scheme: "sftp", host: "h", port: 22, path: "/in/"))
        let row = try #require(try await ledger.skuState("A1").deliveries.first)
        #expect(row.object == nil && row.processingSince == nil)
    }
}
