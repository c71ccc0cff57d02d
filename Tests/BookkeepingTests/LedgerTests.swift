import Foundation
import GRDB
import Host
import Model
import Testing
import Wire

@testable import Bookkeeping

@Suite struct LedgerTests {
    @Test func commitsAreDurable() async throws {
        let book = try Book()
        let level = try await book.ledger.write("test") {
            try $0.first(Int.self, "PRAGMA synchronous")
        }
        #expect(level == 2)
        #expect(try await book.integer("SELECT journal_mode = 'wal' FROM pragma_journal_mode") == 1)
    }

    @Test func oneFailingOperationUndoesNoOther() async throws {
        let book = try Book()
        let failed = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<1000 {
                group.addTask {
                    do {
                        try await book.ledger.write("test") { database in
                            try database.run("INSERT INTO fact VALUES (?, '')", ["\(number)"])
                            if number % 10 == 3 {
                                try database.run("INSERT INTO nowhere VALUES (1)")
                            }
                        }
                        return false
                    } catch {
                        return true
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(failed == 100)
        #expect(try await book.integer("SELECT COUNT(*) FROM fact") == 900)
        #expect(
            try await book.integer("SELECT COUNT(*) FROM fact WHERE CAST(name AS INTEGER) % 10 = 3")
                == 0)
    }

    @Test func anOlderLedgerIsBroughtUpToDate() async throws {
        let directory = NSTemporaryDirectory() + "book-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let hash = Book.hash("one").rawValue
        do {
            let old = try DatabasePool(path: directory + "/" + Ledger.fileName)
            try Schema.migrator.migrate(old, upTo: "1")
            try await old.write { database in
                try database.execute(
                    sql: """
                        INSERT INTO master (sha256, bytes, format, inspection, since)
                            VALUES ('\(hash)', 1, 'png', '{}', 0);
                        INSERT INTO version (sku, view, number, variant, master, source, kind,
                            audience, tags, rights, since)
                            VALUES ('A1', 'front', 1, '', '\(hash)', 'a.png', 'image', 'public',
                                '[]', '{"notOn":[],"noCrop":false,"overridesEmbedded":false}', 0);
                        INSERT INTO source (path, fingerprint, state, reason, seen)
                            VALUES ('a.xmp', 'x', 'quarantined', 'no picture', 0),
                                ('b.png', 'x', 'quarantined', 'no picture', 0);
                        """)
            }
            try old.close()
        }
        let ledger = try Ledger(directory: directory)
        let record = try await ledger.skuRecord("A1")
        #expect(record.state.versions.map(\.rights) == [Rights()])
        #expect(record.awaitsInspection, "masters are looked at again")
        #expect(try await ledger.counts(of: []).sources == ["quarantined": 1])
    }

    @Test func whatPersonsDecidedBeforeStands() async throws {
        let directory = NSTemporaryDirectory() + "book-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let hash = Book.hash("one").rawValue
        do {
            let old = try DatabasePool(path: directory + "/" + Ledger.fileName)
            try Schema.migrator.migrate(old, upTo: "2")
            try await old.write { database in
                try database.execute(
                    sql: """
                        INSERT INTO master (sha256, bytes, format, since)
                            VALUES ('\(hash)', 1, 'png', 0);
                        INSERT INTO version (sku, view, number, variant, master, source, kind,
                            audience, tags, approval, rights, barred, since)
                            VALUES ('A1', 'front', 1, '', '\(hash)', 'a.png', 'image', 'public',
                                '["jeans"]', '{"by":"maria","at":1000,"seq":1}',
                                '{"notOn":["x"],"noCrop":false,"overridesEmbedded":false}',
                                '["shop"]', 1700000000000);
                        INSERT INTO channel (name, file, state, held) VALUES
                            ('a', 'a.yaml', 'live', 'its destination changed from ''x'' to ''y'''),
                            ('b', 'b.yaml', 'live', 'its profile ''b.yaml'' is gone; put it back'),
                            ('c', 'c.yaml', 'live', 'held by anna'), ('d', 'd.yaml', 'live', NULL);
                        """)
            }
            try old.close()
        }
        let ledger = try Ledger(directory: directory)
        let version = try #require(try await ledger.skuState("A1").versions.first)
        #expect(version.barred["shop"]?.at == Date(timeIntervalSince1970: 1_700_000_000))
        // What its one source said is known still, beside what another says now.
        try await ledger.accept(
            Arrival(
                path: "b.png", fingerprint: "1", batch: nil,
                declaration: Declaration(
                    assets: [version.asset], tags: ["blue"], approval: version.approval,
                    rights: Rights(notOn: ["y"])),
                master: version.master, bytes: 1, format: .png))
        let again = try #require(try await ledger.skuState("A1").versions.first)
        #expect(again.rights.notOn.sorted() == ["x", "y"] && again.tags == ["blue"])
        let channels = try await ledger.channels()
        #expect(channels.map(\.hold) == [.doubt, .doubt, .ordinary, nil])
        #expect(channels[0].held?.contains("destination changed") == true)
        #expect(channels.map(\.cursor) == ["", "", "", ""], "every licence is judged anew")
    }

    @Test func aNewerSchemaIsRefused() async throws {
        let book = try Book()
        try await book.execute("INSERT INTO grdb_migrations VALUES ('2999')")
        let error = #expect(throws: LedgerError.self) { try Ledger(directory: book.directory) }
        #expect(error?.isNewer == true)
        #expect(error?.isFatal == true)
        #expect(error?.message.contains("newer sluice") == true)
    }

    @Test func whatIsNoDatabaseIsFatal() throws {
        let directory = NSTemporaryDirectory() + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try Data(repeating: 7, count: 8192)
            .write(to: URL(filePath: directory + "/" + Ledger.fileName))
        let error = #expect(throws: LedgerError.self) { try Ledger(directory: directory) }
        #expect(error?.isFatal == true)
        #expect(error?.message.hasPrefix("cannot open the ledger '\(directory)/") == true)
    }

    @Test func aSnapshotOpensByItself() async throws {
        let book = try Book()
        try await book.accept("one")
        let copy = book.directory + "/copy"
        try FileManager.default.createDirectory(
            atPath: copy, withIntermediateDirectories: true)
        try await book.ledger.snapshot(to: copy + "/" + Ledger.fileName)
        try await book.accept("two")
        let restored = try Ledger(directory: copy)
        #expect(try await restored.skuState("A1").versions.map(\.master) == [Book.hash("one")])
        await #expect(throws: LedgerError.self) {
            try await book.ledger.snapshot(to: copy + "/" + Ledger.fileName)
        }
    }

    @Test func errorsSayWhatAndNoValues() async throws {
        let book = try Book()
        let error = await #expect(throws: LedgerError.self) {
            try await book.ledger.write("keep a thing") { database in
                try database.run("INSERT INTO fact (name, value) VALUES (?, NULL)", ["secret text"])
            }
        }
        let message = try #require(error?.message)
        #expect(message.hasPrefix("while trying to keep a thing: "))
        #expect(message.contains("NOT NULL constraint failed: fact.value"))
        #expect(!message.contains("secret text"))
        #expect(error?.isFatal == false)
    }

    @Test func fullDisksAreNotFatalAndBrokenOnesAre() {
        for broken in [CancellationError(), DatabaseError(resultCode: .SQLITE_INTERRUPT)]
            as [any Error]
        {
            let error = LedgerError(broken, doing: "read")
            #expect(error.isCancelled && !error.isFatal)
        }
        let full = LedgerError(DatabaseError(resultCode: .SQLITE_FULL), doing: "commit")
        #expect(!full.isFatal && full.remedy == .fixHost)
        for code in [ResultCode.SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB] {
            #expect(LedgerError(DatabaseError(resultCode: code), doing: "commit").isFatal)
        }
    }

    @Test func damagedRowsAreErrors() async throws {
        let book = try Book()
        try await book.accept("one")
        try await book.live("one", as: "a.jpg")
        try await book.execute("UPDATE delivery SET state = 'nonsense'")
        await #expect(throws: LedgerError.self) { try await book.ledger.skuRecord("A1") }
        try await book.execute("UPDATE delivery SET state = 'live', name = '../etc'")
        await #expect(throws: LedgerError.self) { try await book.ledger.skuRecord("A1") }
        try await book.execute("UPDATE delivery SET name = 'a.jpg'")
        try await book.execute("UPDATE version SET rights = '{'")
        await #expect(throws: LedgerError.self) { try await book.ledger.skuRecord("A1") }
    }

    @Test func aColumnOfAnotherTypeIsRefused() async throws {
        let book = try Book()
        try await book.live("one", as: "a.jpg")
        await #expect(throws: LedgerError.self) {
            try await book.execute("UPDATE delivery SET since = 'yesterday'")
        }
        let loose = try await book.integer(
            """
            SELECT COUNT(*) FROM pragma_table_list
            WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite%'
                AND name <> 'grdb_migrations'
            """)
        #expect(loose == 0)
    }

    @Test func theHistoryIsBounded() async throws {
        let book = try Book()
        for number in 1...5 { try await book.ledger.note("test", subject: "\(number)", "") }
        try await book.execute("UPDATE event SET id = id + 300000 WHERE id > 2")
        try await book.execute("INSERT INTO spent VALUES ('shop', 'replace', 0)")
        try await book.ledger.pruneEvents()
        let events = try await book.ledger.events(after: 0, limit: 10)
        #expect(events.map(\.subject) == ["3", "4", "5"])
        #expect(try await book.integer("SELECT COUNT(*) FROM spent") == 0)
        #expect(try await book.ledger.events(after: events[0].id, limit: 1).map(\.subject) == ["4"])
    }

    @Test func timesSurviveToTheMillisecond() {
        for time in [0, 1, 999, 1_780_000_000_123, 4_102_444_799_999, -1] as [Int64] {
            #expect(Date(milliseconds: time).milliseconds == time)
        }
    }
}
