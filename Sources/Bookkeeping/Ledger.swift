// The ledger: the daemon's only memory. Every question to SQLite lives in this module, one file a
// subject; the rest of the program sees values. One writer commits what is queued together, so
// that durability (WAL, synchronous=FULL) costs one sync for many operations. An operation's caller
// goes on only after its commit.

package import Foundation
import GRDB
package import Host
package import Model
import Synchronization

package final class Ledger: Sendable {
    package static let fileName = "ledger.sqlite"
    private static let batchLimit = 256

    private struct Operation: Sendable {
        let canWait: Bool
        let run: @Sendable (Database) throws -> Void
        let finish: @Sendable (LedgerError?) -> Void
    }

    private struct Queue: Sendable {
        var operations: [Operation] = []
        /// When the first of them came, or the writer last did some of its work.
        var since: ContinuousClock.Instant?
    }

    private let pool: DatabasePool
    private let lane = Lane("ledger-writer")
    private let queue = Mutex(Queue())
    private let failure = Mutex<LedgerError?>(nil)
    private let ballast: Ballast?
    private let clock: WallClock
    /// Says after each commit that something may have changed.
    package let commits = Commits()
    /// For bare dates inside pictures.
    let zone: TimeZone

    /// What the ledger takes for the present.
    package func now() -> Date { clock.now() }

    /// Opens or makes the ledger in a state directory and brings its schema up to date.
    /// - Parameters:
    ///   - zone: the configured one, which decides what a bare date inside a picture means.
    ///   - ballast: given back when the disk is full.
    package init(
        directory: String, clock: WallClock = .system, zone: TimeZone = .gmt,
        ballast: Ballast? = nil
    ) throws(LedgerError) {
        self.clock = clock
        self.zone = zone
        self.ballast = ballast
        let path = directory + "/" + Self.fileName
        do throws(LedgerError) {
            pool = try Self.open(path)
        } catch {
            // A full disk has no room for what is made beside the ledger while it is open.
            guard !error.isNewer, ballast?.give() == true else { throw error }
            pool = try Self.open(path)
        }
    }

    private static func open(_ path: String) throws(LedgerError) -> DatabasePool {
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            configuration.maximumReaderCount = 4
            configuration.label = "ledger"
            let pool = try DatabasePool(path: path, configuration: configuration)
            try Schema.migrator.refusingNewer(pool)
            try Schema.migrator.migrate(pool)
            // GRDB's pool puts the writer back to NORMAL while it opens: set it after, outside any
            // transaction, and read it back.
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
                    throw DatabaseError(message: "synchronous=FULL did not take")
                }
            }
            return pool
        } catch let error as LedgerError {
            throw error
        } catch {
            throw LedgerError(error, doing: "open the ledger '\(path)'")
        }
    }

    /// Queues one operation and waits until it is on disk. A thrown error undoes this operation
    /// only; a failed commit fails all that were in it.
    /// - Parameter canWait: what is left of a full disk is not for this.
    func write<Value: Sendable>(
        _ what: String, canWait: Bool = false,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(LedgerError) -> Value {
        let result: Result<Value, LedgerError> = await withCheckedContinuation { continuation in
            let value = Mutex<Value?>(nil)
            let operation = Operation(canWait: canWait) { database in
                let made = try body(database)
                value.withLock { $0 = made }
            } finish: { error in
                if let error {
                    continuation.resume(returning: .failure(error.doing(what)))
                } else if let made = value.withLock({ $0 }) {
                    continuation.resume(returning: .success(made))
                }
            }
            queue.withLock { queue in
                queue.operations.append(operation)
                queue.since = queue.since ?? .now
            }
            lane.submit { self.drain() }
        }
        return try result.get()
    }

    /// The same, blocking: for a lane that writes what it reads elsewhere.
    func writeBlocking<Value: Sendable>(
        _ what: String, _ body: @escaping @Sendable (Database) throws -> Value
    ) throws(LedgerError) -> Value {
        let result = Mutex<Result<Value, LedgerError>?>(nil)
        let done = DispatchSemaphore(value: 0)
        let operation = Operation { database in
            let made = try body(database)
            result.withLock { $0 = .success(made) }
        } finish: { error in
            if let error { result.withLock { $0 = .failure(error.doing(what)) } }
            done.signal()
        }
        queue.withLock { $0.append(operation) }
        lane.submit { self.drain() }
        done.wait()
        return try result.withLock(\.self)!.get()
    }

    /// Asks on a reader's snapshot; never waits for the writer.
    func read<Value: Sendable>(
        _ what: String, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(LedgerError) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw LedgerError(error, doing: what)
        }
    }

    /// The same, blocking: for a lane that reads as it writes.
    func readBlocking<Value>(
        _ what: String, _ body: (Database) throws -> Value
    ) throws(LedgerError) -> Value {
        do {
            return try pool.read(body)
        } catch {
            throw LedgerError(error, doing: what)
        }
    }

    /// Comes back when the writer has taken a turn: the watchdog's question.
    package func tick() async throws(LedgerError) {
        try await write("tick") { _ in }
    }

    /// Writes a consistent copy that opens by itself. The writer goes on meanwhile.
    package func snapshot(to path: String) async throws(LedgerError) {
        do {
            try await pool.unsafeRead { database in
                try database.execute(sql: "VACUUM INTO ?", arguments: [path])
            }
        } catch {
            throw LedgerError(error, doing: "write the snapshot '\(path)'")
        }
    }

    // MARK: The writer

    /// Why the last commit failed; nil since one went well that changed something.
    package var trouble: LedgerError? { failure.withLock(\.self) }

    /// For how long the writer has had something to do and has not done any of it.
    package var silence: Duration {
        queue.withLock { $0.since.map { .now - $0 } ?? .zero }
    }

    private func drain() {
        let batch = queue.withLock { queue in
            let taken = Array(queue.operations.prefix(Self.batchLimit))
            queue.operations.removeFirst(taken.count)
            return taken
        }
        guard !batch.isEmpty else { return }
        var failures = commit(batch)
        if failures.contains(where: { $0?.ranFull == true }) {
            makeRoom()
            failures = commit(batch)
        }
        queue.withLock { $0.since = $0.operations.isEmpty ? nil : .now }
        for (operation, failure) in zip(batch, failures) { operation.finish(failure) }
    }

    private func commit(_ batch: [Operation]) -> [LedgerError?] {
        var failures: [LedgerError?] = []
        let isNarrow = ballast?.isGiven == true
        do {
            let changed = try pool.writeWithoutTransaction { database in
                let before = database.totalChangesCount
                try database.inTransaction(.immediate) {
                    failures = try batch.map { operation in
                        if isNarrow, operation.canWait { return .reserved }
                        let failure = Self.run(operation, in: database)
                        // SQLite may have undone all of it by itself.
                        if let failure, failure.ranFull { throw failure }
                        return failure
                    }
                    return .commit
                }
                return database.totalChangesCount != before
            }
            CrashPoint.reach("ledger.committed")
            if changed {
                failure.withLock { $0 = nil }
                commits.tell()
            }
        } catch {
            let told = error as? LedgerError ?? LedgerError(error, doing: "commit")
            failures = batch.map { _ in told }
            failure.withLock { $0 = told }
        }
        return failures
    }

    /// A disk that is full: gives back what was kept for this, and lets the log be written anew
    /// from its start where nobody reads in it.
    private func makeRoom() {
        _ = ballast?.give()
        _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.passive) }
    }

    private static func run(_ operation: Operation, in database: Database) -> LedgerError? {
        do {
            try database.inSavepoint {
                try operation.run(database)
                return .commit
            }
            return nil
        } catch {
            return LedgerError(error, doing: "write")
        }
    }
}

/// What the ledger could not do, and whether going on makes sense.
package struct LedgerError: Error, Sendable, CustomStringConvertible {
    package var message: String
    package var remedy: Remedy
    /// An I/O error or a damaged file: nothing may be published any more; exit and recover.
    package var isFatal: Bool
    /// The schema is newer than this program.
    package var isNewer = false
    /// Something that was written cannot be read back; the rest of the ledger is as good as ever.
    package var isDamage = false
    package var isFullDisk = false
    /// Not even tried: what is left of the disk is for what cannot wait.
    package private(set) var isReserved = false

    /// The disk had no room for it.
    fileprivate var ranFull: Bool { isFullDisk && !isReserved }

    init(_ error: any Error, doing what: String) {
        let database = error as? DatabaseError
        message = "cannot \(what): \(database?.message ?? Self.words(of: error))"
        isDamage = Self.isDamage(error)
        switch (database?.resultCode, database?.extendedResultCode) {
        // The second: the index beside the log could not grow.
        case (.SQLITE_FULL, _), (_, .SQLITE_IOERR_SHMSIZE):
            (remedy, isFatal, isFullDisk) = (.fixHost, false, true)
            message += " (the disk is full; free some space, work goes on by itself)"
        case (.SQLITE_IOERR, _), (.SQLITE_CORRUPT, _), (.SQLITE_NOTADB, _):
            (remedy, isFatal) = (.fixHost, true)
        default:
            (remedy, isFatal) = (.retry(after: nil), false)
        }
    }

    /// For what can wait until there is room again.
    static let reserved: LedgerError = {
        var error = LedgerError(
            message: "the disk is full, and what is left is kept for what cannot wait",
            isNewer: false)
        (error.isFatal, error.isFullDisk, error.isReserved) = (false, true, true)
        return error
    }()

    init(message: String, isNewer: Bool) {
        self.message = message
        self.isNewer = isNewer
        remedy = .fixHost
        isFatal = true
    }

    func doing(_ what: String) -> LedgerError {
        var error = self
        error.message = "while trying to \(what): \(message)"
        return error
    }

    package var description: String { message }
}

extension DatabaseMigrator {
    /// A schema newer than any this program writes: refuse, do not guess.
    func refusingNewer(_ pool: DatabasePool) throws {
        guard try pool.read(hasBeenSuperseded) else { return }
        throw LedgerError(
            message: "the ledger was written by a newer sluice; install that version again, or "
                + "restore the snapshot from before the upgrade", isNewer: true)
    }
}
