import Foundation
import GRDB
import Host

/// SQLite by GRDB, and all that is its own: its file, its log, its durability, its schema. One
/// connection writes, others read what was committed when they began.
final class Engine: Sendable {
    private let pool: DatabasePool

    /// Opens or makes the database and brings its tables up to date.
    init(path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 4
        configuration.label = "ledger"
        let isUnclean = Files.size(of: path + "-wal") > 0
        pool = try DatabasePool(path: path, configuration: configuration)
        if isUnclean { try check(path) }
        try Schema.migrate(pool)
        // GRDB's pool puts the writer back to NORMAL while it opens: set it after, outside any
        // transaction, and read it back.
        try pool.writeWithoutTransaction { database in
            let database = Connection(database)
            try database.run("PRAGMA synchronous = FULL", isKept: false)
            guard try database.first(Int.self, "PRAGMA synchronous") == 2 else {
                throw DatabaseError(message: "synchronous=FULL did not take")
            }
        }
    }

    /// Files up to this size are looked through after a crash.
    private static let checked: Int64 = 256 << 20

    /// Where pages wait in a -wal, somebody may have put another database beside them, and SQLite
    /// mixes the two without a word. A large one is not looked through: a start must not take minutes.
    private func check(_ path: String) throws {
        guard Files.size(of: path) <= Self.checked else { return }
        try read { try $0.check() }
    }

    /// One transaction, on disk when this comes back.
    func write<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        var value: Value?
        try pool.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                value = try body(Connection(database))
                return .commit
            }
        }
        return value!
    }

    /// Asks on a reader's snapshot; never waits for the writer.
    func read<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try pool.read { try body(Connection($0)) }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        try await pool.read { try body(Connection($0)) }
    }

    /// Writes a consistent copy that opens by itself. The writer goes on meanwhile.
    func copy(to path: String) async throws {
        try await pool.unsafeRead { try Connection($0).copy(to: path) }
    }

    /// The same, blocking, of what the writer sees: also where the files are gone.
    func save(to path: String) throws {
        try pool.writeWithoutTransaction { try Connection($0).copy(to: path) }
    }

    /// Lets the log be written anew from its start where nobody reads in it.
    func checkpoint() throws {
        _ = try pool.writeWithoutTransaction { try $0.checkpoint(.passive) }
    }

    /// Leaves one whole file.
    func close() {
        // GRDB closes the writer before the readers, and those, the last, cannot do this.
        _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try? pool.close()
    }

    /// Opens a copy by itself, looks through it, brings it up to date, lets `body` change it, and
    /// leaves one whole file.
    static func amend<Value>(_ copy: String, _ body: (Connection) throws -> Value) throws -> Value {
        let queue = try DatabaseQueue(path: copy)
        try queue.read { try Connection($0).check() }
        try Schema.migrate(queue)
        let value = try queue.write { try body(Connection($0)) }
        // A file copied by hand may say otherwise, and leave a -wal beside the copy.
        try queue.writeWithoutTransaction { database in
            try Connection(database).run("PRAGMA journal_mode = DELETE", isKept: false)
        }
        try queue.close()
        return value
    }
}

/// The database is not what was written.
struct Corruption: Error {
    var message: String
}

extension Connection {
    fileprivate func check() throws {
        let found = try all(String.self, "PRAGMA quick_check(1)")
        guard found != ["ok"] else { return }
        throw Corruption(message: found.joined(separator: ", "))
    }

    fileprivate func copy(to path: String) throws {
        try run("VACUUM INTO ?", [path], isKept: false)
    }
}
