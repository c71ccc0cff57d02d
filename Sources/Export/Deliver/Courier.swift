import Bookkeeping
import Foundation
import Host
import Logging
import Model
import Profiles
import Synchronization
import Transports

/// Carries one channel's deliveries: puts, confirms, takes away, proves absent. Everything it knows
/// is in the ledger; a new courier goes on where a killed one stopped.
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
    private static let longestWait = 600.0
    /// Seconds after which a claim is not believed any more without asking: it may have to go by now.
    static let fresh = 0.2
    /// Seconds after which the ledger is told again what is in hand.
    private static let tellsAgain = 300.0

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
    /// Of what is in hand and has not begun.
    enum Standing: Sendable { case goes, onlyWhatMustGo, nothing }
    let standing = Mutex(Standing.goes)
    /// False: the ledger has no pause of the channel's.
    let mayBePaused = Mutex(true)
    let pauses = Mutex(0)
    /// Files in a row that the channel would not have, or not as they were sent.
    let refusals = Mutex(0)
    /// Failures in a row that were this machine's.
    let hostFailures = Mutex(0)
    /// Claims made: whose turn it is, of what failed, what is old and what is new.
    private let claimed = Mutex(0)
    /// Where files have been sent to since the last marker was put there.
    let batchAt = Mutex<String?>(nil)
    let rateLimiter = Mutex(RateLimiter())
    let concurrency = Mutex(Concurrency())
    let starts = Mutex(Meter())
    let patrols = Mutex(PatrolPace())
    let crawling = Mutex((next: Date.distantPast, isUnderWay: false))

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
                    let next = try await turn { group.addTask(operation: $0) }
                    context.standstills.clear(.courier, on: channel)
                    context.heartbeat.rest(.courier, channel, until: next)
                    await signal.wait(until: next)
                } catch {
                    guard !error.isFatal else { throw error }
                    context.standstills.report(.courier, on: channel, error)
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

    /// A person has mended what it paused or rested for.
    func hurry() {
        pauses.withLock { $0 = 0 }
        concurrency.withLock { $0.goOn() }
    }

    var isAtWork: Bool { carrying.withLock { $0 > 0 } || !inHand.isEmpty }

    /// Until something rings or its time comes.
    var isAsleep: Bool { signal.isWaitedFor && !isAtWork }

    func stop() {
        stopping.withLock { $0 = true }
        signal.wake()
    }

    // MARK: One turn

    typealias Work = @Sendable () async throws -> Void

    /// - Returns: when there is something to do next if nobody rings.
    private func turn(
        _ start: (@escaping Work) -> Void
    ) async throws(LedgerError) -> Date? {
        guard let profile = context.active.profile(channel),
            let destination = profile.destination,
            let record = try await context.ledger.channel(channel),
            record.hold == nil || record.hold == .ordinary
        else {
            standing.withLock { $0 = .nothing }
            return nil
        }
        try await tell()
        let pause = record.pausedUntil.flatMap { $0 > context.ledger.now() ? $0 : nil }
        if let pause, context.active.guarded(channel).shut > context.ledger.now() {
            standing.withLock { $0 = .nothing }
            return pause
        }
        // What must go goes from a channel that stands still as well.
        let opening = destination.hours?.opening(after: clock.now(), in: profile.zone)
        let now = clock.now()
        let fails = concurrency.withLock(\.fails)
        let rest = concurrency.withLock { $0.rest(now) }
        let standsStill =
            record.hold != nil || profile.state == .draft || pause != nil || opening != nil
            || rest != nil
        if opening != nil || rest != nil {
            context.active.setPace(opening != nil ? .hours : .failures, channel)
        }
        standing.withLock { $0 = standsStill ? .onlyWhatMustGo : .goes }
        mayBePaused.withLock { $0 = record.paused != nil }
        if pause == nil, try await !tellWhatMustGo(destination) { return clock.now(plus: 1) }
        let (sessions, starts) = room(destination, now)
        let free = min(sessions, starts)
        guard free > 0 else {
            context.active.setPace(
                sessions > 0
                    ? .rate
                    : .sessions(concurrency.withLock { $0.current(destination.sessions) }), channel)
            // A transfer that ends rings.
            return sessions > 0 ? rateLimiter.withLock { $0.next(destination.perMinute, now) } : nil
        }
        let budget = try await ChangeBudget(profile: profile, ledger: context.ledger)
        let leaving = standsStill ? 0 : try await letGo(profile, budget)
        let asked = context.ledger.now()
        // While it is unknown whether it takes files again, one item goes first.
        let limit =
            record.paused == nil && !fails ? free : min(free, inHand.isEmpty ? 1 : 0)
        let (claims, guarded) = try await context.ledger.claim(
            channel: channel, limit: limit,
            replacements: budget.replacements,
            sends: standsStill ? 0 : try await firstOnes(profile, record), urgent: standsStill,
            turn: nextTurn, delay: Backoff.delay(attempts:))
        if pause == nil, opening == nil, rest == nil {
            context.active.setGuarded(sends: guarded, leaving: leaving, channel)
        }
        CrashPoint.reach("send.claimed")
        // What is due and was not claimed waits for a ring: a person, or a transfer in hand.
        func later() async throws(LedgerError) -> Date {
            let next = try await context.ledger.nextDue(
                channel: channel, after: asked, oldStays: profile.lingers)
            return min(
                next ?? .distantFuture, pause ?? .distantFuture, opening ?? .distantFuture,
                rest ?? .distantFuture,
                clock.now(plus: Self.longestWait))
        }
        if claims.count < limit, opening == nil, rest == nil {
            context.active.setPace(nil, channel)
        }
        guard !claims.isEmpty else {
            let tells = inHand.isEmpty && pause == nil
            if tells, try await !tellThePerson(destination) { return clock.now(plus: 1) }
            let closes = !standsStill && limit > 0 && rest == nil
            if closes, try await !closeBatch(destination) { return clock.now(plus: 1) }
            let next = try await later()
            return standsStill ? next : min(next, try await lookAround(profile, start))
        }
        guard try await begin(claims, destination, start) else { return clock.now(plus: 1) }
        return claims.count < limit ? try await later() : now
    }

    private var nextTurn: Int {
        claimed.withLock { claimed in
            claimed = (claimed + 1) % 3
            return claimed
        }
    }

    /// Keeps the ledger's view of what is in hand true.
    private func tell() async throws(LedgerError) {
        let now = context.ledger.now()
        let isDue = told.withLock { told in
            // Of a clock that was set back as well.
            let isDue = told.map { abs(now.timeIntervalSince($0)) > Self.tellsAgain } ?? true
            if isDue { told = now }
            return isDue
        }
        guard isDue else { return }
        do throws(LedgerError) {
            try await context.ledger.keepClaims(inHand.ids, on: channel)
        } catch {
            told.withLock { $0 = nil }
            throw error
        }
    }

    /// - Returns: how much waits for a person.
    private func letGo(
        _ profile: Profile, _ budget: ChangeBudget
    ) async throws(LedgerError) -> Int {
        let (moved, guarded) = try await context.ledger.letGo(
            channel: channel, oldStays: profile.lingers, hasFeed: profile.feed != nil,
            budget: budget.withdrawals)
        if moved > 0 { context.signals.wake(channel: channel) }
        return guarded
    }

    /// - Returns: false where the channel is not to be reached.
    private func begin(
        _ claims: [Claim], _ destination: Destination, _ start: (@escaping Work) -> Void
    ) async throws(LedgerError) -> Bool {
        let ids = claims.map(\.delivery.id)
        let claimed = clock.now()
        inHand.take(ids)
        let transport: (any Transport)?
        do throws(LedgerError) {
            transport = try await connect(destination, claims)
        } catch {
            // Or they would be in hand, and their claims renewed, for ever.
            inHand.putDown(ids)
            told.withLock { $0 = nil }
            throw error
        }
        guard let transport else {
            inHand.putDown(ids)
            return false
        }
        rateLimiter.withLock { $0.claim(claims.count) }
        let place = Self.place(destination, transport)
        for claim in claims { start { try await self.carry(claim, at: claimed, to: place) } }
        return true
    }

    /// How many transfers may begin now, by sessions and by the rate.
    private func room(_ destination: Destination, _ now: Date) -> (sessions: Int, rate: Int) {
        (
            inHand.room(
                concurrency.withLock { $0.current(destination.sessions) },
                files: destination.options.filesPerSession, now),
            rateLimiter.withLock { $0.free(destination.perMinute, now) }
        )
    }

    /// A cautious channel sends a few and waits for a person.
    private func firstOnes(
        _ profile: Profile, _ record: ChannelRecord
    ) async throws(LedgerError) -> Int? {
        guard let first = profile.first, !record.firstPassed else { return nil }
        let states = try await context.ledger.counts(of: []).deliveries[channel] ?? [:]
        let there = states["live", default: 0] + states["handed", default: 0]
        let left = max(first - there - inHand.count, 0)
        if left == 0, inHand.isEmpty {
            try await context.ledger.hold(
                channel: channel,
                because: "the first \(first) are there; look at them, then "
                    + "'sluice resume \(channel)'")
        }
        return left
    }
}
