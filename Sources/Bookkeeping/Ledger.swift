// The ledger: the daemon's only memory. Every question to it lives in this module, one file a
// subject; the rest of the program sees values, and the questions see no more of the database than
// a `Connection`. One writer commits what is queued together, so
// that durability (WAL, synchronous=FULL) costs one sync for many operations. An operation's caller
// goes on only after its commit.

package import Foundation
package import Host
package import Model
import Synchronization

package final class Ledger: Sendable {
    package static let fileName = "ledger.sqlite"
    private static let batchLimit = 256

    private struct Operation: Sendable {
        let canWait: Bool
        let run: @Sendable (Connection) throws -> Void
        let finish: @Sendable (LedgerError?) -> Void
    }

    private struct Queue: Sendable {
        var operations: [Operation] = []
        /// When the first of them came, or the writer last did some of its work.
        var since: ContinuousClock.Instant?
    }

    private let directory: String
    private let engine: Engine
    private let water: HighWater
    /// Why nothing is written any more: the files are not where they were.
    private let lost = Mutex<LedgerError?>(nil)
    private let lane = Lane("ledger-writer")
    private let queue = Mutex(Queue())
    private let failure = Mutex<LedgerError?>(nil)
    private let ballast: Ballast?
    package let clock: WallClock
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
    ///   - storeIsUsed: there are files in the store, so a ledger that knows of none is not the first.
    package init(
        directory: String, clock: WallClock = .system, zone: TimeZone = .gmt,
        ballast: Ballast? = nil, storeIsUsed: Bool = false
    ) throws(LedgerError) {
        self.directory = directory
        self.clock = clock
        self.zone = zone
        self.ballast = ballast
        let now = clock.now()
        do throws(LedgerError) {
            (engine, water) = try Self.open(directory, storeIsUsed, at: now)
        } catch {
            // A full disk has no room for what is made beside the ledger while it is open.
            guard !error.isNewer, ballast?.give() == true else { throw error }
            (engine, water) = try Self.open(directory, storeIsUsed, at: now)
        }
    }

    private static func open(
        _ directory: String, _ storeIsUsed: Bool, at now: Date
    ) throws(LedgerError) -> (Engine, HighWater) {
        let path = directory + "/" + Self.fileName
        do {
            let engine = try Engine(path: path)
            let water = try Self.measure(
                engine, directory: directory, storeIsUsed: storeIsUsed, at: now)
            return (engine, water)
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
        _ body: @escaping @Sendable (Connection) throws -> Value
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
            submit(operation)
        }
        return try result.get()
    }

    /// The same, blocking: for a lane that writes what it reads elsewhere.
    func writeBlocking<Value: Sendable>(
        _ what: String, _ body: @escaping @Sendable (Connection) throws -> Value
    ) throws(LedgerError) -> Value {
        let result = Mutex<Result<Value, LedgerError>?>(nil)
        let done = DispatchSemaphore(value: 0)
        let operation = Operation(canWait: false) { database in
            let made = try body(database)
            result.withLock { $0 = .success(made) }
        } finish: { error in
            if let error { result.withLock { $0 = .failure(error.doing(what)) } }
            done.signal()
        }
        submit(operation)
        done.wait()
        return try result.withLock(\.self)!.get()
    }

    private func submit(_ operation: Operation) {
        queue.withLock { queue in
            queue.operations.append(operation)
            queue.since = queue.since ?? .now
        }
        lane.submit { self.drain() }
    }

    /// Asks on a reader's snapshot; never waits for the writer.
    func read<Value: Sendable>(
        _ what: String, _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws(LedgerError) -> Value {
        do {
            return try await engine.read(body)
        } catch {
            throw LedgerError(error, doing: what)
        }
    }

    /// The same, blocking: for a lane that reads as it writes.
    func readBlocking<Value>(
        _ what: String, _ body: (Connection) throws -> Value
    ) throws(LedgerError) -> Value {
        do {
            return try engine.read(body)
        } catch {
            throw LedgerError(error, doing: what)
        }
    }

    /// Comes back when the writer has taken a turn: the watchdog's question.
    package func tick() async throws(LedgerError) {
        try await write("tick") { _ in }
    }

    /// Looks whether the ledger's files are where they were, and writes down how far it has come.
    package func keepUp() async throws(LedgerError) {
        try await lane.run { () throws(LedgerError) in
            if let error = self.misplaced() { throw error }
            self.water.write()
        }
    }

    /// Why the mark beside the ledger is not up to date.
    package var markTrouble: String? { water.trouble }

    /// After everything that uses it has ended: leaves one whole file.
    package func close() async {
        await lane.run { () throws(Never) in
            guard self.misplaced() == nil else { return }
            self.water.write()
            self.engine.close()
        }
    }

    /// What is written to a file without a name is lost when the daemon ends, and one that was put in
    /// its place is not ours: neither is written to. What the open one holds is saved beside it.
    private func misplaced() -> LedgerError? {
        if let known = lost.withLock(\.self) { return known }
        let misplaced = water.misplaced
        guard let first = misplaced.first else { return nil }
        var message = "'\(first)' was removed or replaced while the daemon was running; "
        let path = "\(directory)/\(Self.snapshots)/ledger-\(Self.stamp(now())).sqlite"
        do {
            try Files.makeDirectory("\(directory)/\(Self.snapshots)")
            try engine.save(to: path)
            try OpenFile.open(path, O_RDONLY).synchronize()
            try Files.synchronizeDirectory(of: path)
            water.write()
            message += "what the ledger held is saved as '\(path)'"
        } catch {
            message += "and what the ledger held could not be saved: \(error)"
        }
        // Left beside another database, SQLite would mix our last pages into it.
        let ours = ["-wal", "-shm"].filter {
            !misplaced.contains("\(directory)/\(Self.fileName)\($0)")
        }
        _ = try? Self.setAside(directory, endings: ours, at: now())
        let error = LedgerError(message: message, isNewer: false)
        lost.withLock { $0 = error }
        return error
    }

    /// Writes a consistent copy that opens by itself. The writer goes on meanwhile.
    package func snapshot(to path: String) async throws(LedgerError) {
        do {
            try await engine.copy(to: path)
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
        if let error = misplaced() { return batch.forEach { $0.finish(error) } }
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
        do {
            var rise: HighWater.Rise?
            try engine.write { database in
                let before = database.allChanges
                failures = try run(batch, in: database)
                if database.allChanges != before { rise = try water.advance(in: database) }
            }
            CrashPoint.reach("ledger.committed")
            if let rise {
                water.rise(to: rise)
                // A decision is as good as its mark: there was room for it as long as there was ballast.
                if rise.decision != nil, water.trouble != nil, ballast?.give() == true {
                    water.write()
                }
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

    private func run(_ batch: [Operation], in database: Connection) throws -> [LedgerError?] {
        let isNarrow = ballast?.isGiven == true
        return try batch.map { operation in
            if isNarrow, operation.canWait { return .reserved }
            let failure = Self.run(operation, in: database)
            // SQLite may have undone all of it by itself.
            if let failure, failure.ranFull { throw failure }
            return failure
        }
    }

    /// A disk that is full: gives back what was kept for this, and lets the log be written anew
    /// from its start where nobody reads in it.
    private func makeRoom() {
        _ = ballast?.give()
        try? engine.checkpoint()
    }

    private static func run(_ operation: Operation, in database: Connection) -> LedgerError? {
        do {
            try database.savepoint { try operation.run(database) }
            return nil
        } catch {
            return LedgerError(error, doing: "write")
        }
    }
}
