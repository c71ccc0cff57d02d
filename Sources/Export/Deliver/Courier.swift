import Bookkeeping
import Foundation
import Host
import Logging
import Model
import Profiles
import Synchronization
import Transports

/// Carries one channel's deliveries: puts, confirms, takes away, proves absent. What it knows of them is
/// in the ledger; a new courier goes on where a killed one stopped, and finds out anew what the channel bears.
final class Courier: Sendable {
    /// What all channels share.
    struct DeliveryContext: Sendable {
        var ledger: Ledger
        var store: Store
        var active: ActiveProfiles
        var signals: WakeSignals
        var connections: Connections
        var heartbeat: Heartbeat
        var standstills: Standstills
        var logger: Logger
    }

    /// Seconds transfers in hand may go on after the daemon was asked to stop.
    private static let grace = 12.0
    /// Where nobody answered; to ask again costs little.
    static let longestSilence = 900.0
    /// Seconds between two looks when nobody rings, for clocks that are set.
    static let longestWait = 600.0
    /// Seconds after which a claim is not believed any more without asking: it may have to go by now.
    static let fresh = 0.2
    /// Seconds after which the ledger is told again what is in hand.
    static let tellsAgain = 300.0

    let channel: String
    let context: DeliveryContext
    private let signal: WakeSignal
    var clock: WallClock { context.ledger.clock }
    let inHand = InHand()
    /// Transfers that have not ended yet, to the last ring.
    let carrying = Mutex(0)
    /// When the ledger was last told what is in hand; nil: it may think that more is.
    let told = Mutex<Date?>(nil)
    let stopping = Mutex(false)
    private let stopped = Breaker()
    /// Of what is being sent: nothing that must go meanwhile is shown first.
    let breakers = Mutex<[Int64: (breaker: Breaker, claimed: Delivery)]>([:])
    /// Of what is in hand and has not begun.
    enum Standing: Sendable { case goes, onlyWhatMustGo, nothing }
    let standing = Mutex(Standing.goes)
    let pausing = Mutex(Pausing())
    /// Failures in a row that were this machine's.
    let hostFailures = Mutex(0)
    /// Claims made: whose turn it is, of what failed, what is old and what is new.
    let claimed = Mutex(0)
    /// Where files have been sent to since the last marker was put there.
    let batchAt = Mutex<String?>(nil)
    let marker = Mutex(MarkerLooks())
    /// Since when nothing was due while a marker was owed.
    let idleSince = Mutex<Date?>(nil)
    let rateLimiter = Mutex(RateLimiter())
    let concurrency = Mutex(Concurrency())
    let starts = Mutex(Meter())
    let patrols = Mutex(PatrolPace())
    let listings = Mutex(FolderListings())
    let crawling = Mutex(CrawlPace())

    init(channel: String, context: DeliveryContext) {
        self.channel = channel
        self.context = context
        signal = context.signals.signal(channel: channel)
    }

    /// Runs until the daemon stops; then transfers in hand get a little time to end well.
    func run() async throws {
        // Discarding: a daemon that runs for months must not keep what every transfer returned.
        try await withThrowingDiscardingTaskGroup { group in
            // A carrier that fails for good cancels the group and rings.
            while !stopping.withLock(\.self), !Task.isCancelled, !group.isCancelled {
                do throws(LedgerError) {
                    context.heartbeat.beat(.courier, channel)
                    let next = try await turn(&group)
                    context.standstills.clear(.courier, on: channel)
                    context.heartbeat.rest(.courier, channel, until: next)
                    await signal.wait(until: next)
                } catch {
                    guard !error.isFatal else { throw error }
                    context.standstills.report(.courier, on: channel, error)
                    guard !stopping.withLock(\.self) else { break }
                    // Not for a ring: others ring all the time.
                    await clock.sleep(Standstills.pause)
                }
            }
            let end = clock.now(plus: Self.grace)
            while !inHand.isEmpty, clock.now() < end, !Task.isCancelled {
                await signal.wait(until: end)
            }
            group.cancelAll()
        }
        context.heartbeat.rest(.courier, channel)
        await context.connections.close(channel)
    }

    private func turn(
        _ group: inout ThrowingDiscardingTaskGroup<any Error>
    ) async throws(LedgerError) -> Date? {
        let begun = Mutex<[Work]>([])
        defer { for work in begun.withLock(\.self) { group.addTask(operation: work) } }
        // The other side may take its time with an answer, and nothing is lost with a question.
        return try await stopped.cut { () async throws(LedgerError) in
            try await self.turn { work in begun.withLock { $0.append(work) } }
        }
    }

    /// A person has mended what it paused or rested for.
    func hurry() {
        pausing.withLock { $0.forgive() }
        context.active.setShut(until: .distantPast, channel)
        concurrency.withLock { $0.goOn() }
        crawling.withLock { $0.hurry() }
    }

    var isAtWork: Bool { carrying.withLock { $0 > 0 } || !inHand.isEmpty }

    /// Until something rings or its time comes.
    var isAsleep: Bool { signal.isWaitedFor && !isAtWork }

    func stop() {
        stopping.withLock { $0 = true }
        stopped.pull()
        signal.wake()
    }
}
