import Bookkeeping
import Foundation
import Host
import Intake
import Logging
import Model
import ServiceLifecycle
import Synchronization
import Wire

/// Keeps the ledger's product records equal to the product tables from the PIM: says when to look at
/// them, and keeps what came of it. Which of them count is `ProductTaking`'s business.
final class ProductWatch: Service {
    private static let every = 60.0
    /// Where the directory could not be read.
    private static let soon = 3.0

    private struct State {
        /// Files and their fingerprints, as they were looked at last.
        var seen: [ProductTable]?
        var outcome = ProductTaking.Outcome()
    }

    private let settings: ProductTaking.Settings
    private let ledger: Ledger
    private let signals: WakeSignals
    private let signal: WakeSignal
    private let heartbeat: Heartbeat
    private let standstills: Standstills
    private let logger: Logger
    private let lane = Lane("products")
    private let state = Mutex(State())

    init(
        settings: ProductTaking.Settings, ledger: Ledger, signals: WakeSignals,
        heartbeat: Heartbeat,
        standstills: Standstills, logger: Logger
    ) {
        self.settings = settings
        self.ledger = ledger
        self.signals = signals
        signal = WakeSignal(clock: ledger.clock)
        self.heartbeat = heartbeat
        self.standstills = standstills
        self.logger = logger
    }

    let looks = Looks()

    /// Somebody wants to know that what lies there now was read.
    func hurry() { signal.wake() }

    /// What stands in the way until somebody does something.
    var problems: [String] { state.withLock(\.outcome.refusals) }
    var answer: StatusAnswer.Products {
        let outcome = state.withLock(\.outcome)
        return StatusAnswer.Products(
            tables: outcome.tables.map {
                StatusAnswer.Products.Table(file: $0.file, rows: $0.rows, takenAt: $0.takenAt)
            }, settling: outcome.due != nil, remarks: outcome.remarks, notes: outcome.notes)
    }

    func run() async throws {
        let watcher = Watcher([settings.directory], depth: 1)
        defer { watcher.close() }
        try await cancelWhenGracefulShutdown {
            // Where nothing is watched there are no hints, and the timer goes on.
            async let _: Void = { for await _ in watcher.hints { self.signal.wake() } }()
            try await self.follow(refreshing: watcher)
        }
    }

    private func follow(refreshing watcher: Watcher) async throws {
        while !Task.isCancelled {
            watcher.refresh()
            heartbeat.beat(.products)
            let look = looks.begin()
            try await turn()
            looks.end(look)
            let isThere = state.withLock { $0.seen != nil }
            let timer = ledger.clock.now(plus: isThere ? Self.every : Self.soon)
            let next = min(state.withLock(\.outcome.due) ?? timer, timer)
            heartbeat.rest(.products, until: next)
            await signal.wait(until: next)
        }
    }

    /// Looks at the tables if any of them changed; what keeps it from that is told, and only what is
    /// fatal is thrown.
    func turn() async throws(LedgerError) {
        do {
            try await take()
            standstills.clear(.products)
        } catch let error as LedgerError {
            guard !error.isFatal else { throw error }
            standstills.report(.products, error)
        } catch is CancellationError {
            // What was taken is in the ledger, the rest comes with the next start.
        } catch {
            standstills.report(
                .products, "\(error)",
                remedy: "see that '\(settings.directory)' can be read and the state be written")
        }
    }

    /// Looks at the tables if any of them changed.
    /// - Parameter again: even if none did.
    func take(again: Bool = false) async throws {
        let isEnding = Mutex(false)
        let changes = try await withTaskCancellationHandler {
            try await lane.run { [heartbeat] () throws(any Error) in
                try self.look(again: again) {
                    heartbeat.beat(.products)
                    if isEnding.withLock(\.self) { throw CancellationError() }
                }
            }
        } onCancel: {
            isEnding.withLock { $0 = true }
        }
        if changes > 0 { signals.reconcile.wake() }
    }

    /// - Parameter page: called with every page; throws where it is to end.
    private func look(again: Bool, page: @escaping () throws -> Void) throws -> Int {
        let now = ledger.now()
        let found: [ProductTable]
        do throws(HostError) {
            found = try ProductTables.find(
                in: settings.directory, as: settings.forms, at: now)
        } catch {
            var outcome = ProductTaking.Outcome()
            outcome.refusals = [
                "the product tables cannot be read, what is known of the products stays: \(error)"
            ]
            keep(outcome, of: nil)
            return 0
        }
        let isKnown = state.withLock {
            $0.seen == found && ($0.outcome.due ?? .distantFuture) > now
        }
        guard again || !isKnown else { return 0 }
        let start = ContinuousClock.now
        let outcome = try ProductTaking.take(found, settings, ledger: ledger, page: page)
        let took = ContinuousClock.now - start
        // Nothing was, where all of them wait until they are settled.
        if outcome.rows > 0 {
            let rows = Amount.count(outcome.rows, "product")
            let seconds = (100 * (took / .seconds(1))).rounded() / 100
            logger.notice(
                "\(rows) looked through in \(seconds) s, \(Amount.number(outcome.changes)) changed")
        }
        keep(outcome, of: found)
        return outcome.changes
    }

    private func keep(_ outcome: ProductTaking.Outcome, of found: [ProductTable]?) {
        let old = state.withLock { state in
            defer { state = State(seen: found, outcome: outcome) }
            return state.outcome
        }
        for text in outcome.refusals where !old.refusals.contains(text) { logger.error("\(text)") }
        for text in outcome.remarks where !old.remarks.contains(text) { logger.warning("\(text)") }
        for text in outcome.notes where !old.notes.contains(text) { logger.notice("\(text)") }
    }
}
