import Bookkeeping
import Foundation
import Host
import Model
import Profiles
import Synchronization
import Transports

// What a courier does each time somebody rings, or a time has come.
extension Courier {
    typealias Work = @Sendable () async throws -> Void

    /// Seconds to the next turn where the channel has just begun to pause.
    private static let moment = 1.0

    /// - Returns: when there is something to do next if nobody rings.
    func turn(
        _ start: @Sendable (@escaping Work) -> Void
    ) async throws(LedgerError) -> Date? {
        try await breakOff()
        let next = try await deliver(start)
        guard let profile = context.active.profile(channel) else { return next }
        // At public addresses, whatever the channel itself is held, paused or busy for.
        return min(next ?? .distantFuture, try await crawl(profile, start))
    }

    private func deliver(
        _ start: @Sendable (@escaping Work) -> Void
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
        let gates = gates(profile, destination, record)
        if let pause = gates.pause, context.active.guarded(channel).shut > context.ledger.now() {
            standing.withLock { $0 = .nothing }
            return pause
        }
        if let pace = gates.pace { context.active.setPace(pace, channel) }
        // What must go goes from a channel that stands still as well.
        standing.withLock { $0 = gates.standsStill ? .onlyWhatMustGo : .goes }
        pausing.withLock {
            $0.learn(isPaused: record.paused != nil, until: record.pausedUntil)
        }
        if try await !tellWhatMustGo(destination) {
            return clock.now(plus: Self.moment)
        }
        let room = room(destination, clock.now())
        guard room.sessions > 0 else { return whenFull(destination) }
        let asked = context.ledger.now()
        let limit = gates.limit(room.free, isIdle: inHand.isEmpty)
        let claims = try await claim(limit, profile, record, gates, room)
        CrashPoint.reach("send.claimed")
        if room.rate < 1, claims.isEmpty { return whenOverRate(destination) }
        if claims.count < limit, gates.pace == nil, room.rate > 0 {
            context.active.setPace(nil, channel)
        }
        if claims.isEmpty {
            return try await idle(profile, destination, gates, mayClose: limit > 0, asked, start)
        }
        guard try await begin(claims, destination, start) else {
            return clock.now(plus: Self.moment)
        }
        return claims.count < limit ? try await later(profile, gates, asked) : clock.now()
    }

    private func gates(
        _ profile: Profile, _ destination: Destination, _ record: ChannelRecord
    ) -> CourierGates {
        let now = clock.now()
        return CourierGates(
            isHeld: record.hold != nil || profile.state == .draft,
            pause: record.pausedUntil.flatMap { $0 > context.ledger.now() ? $0 : nil },
            opening: destination.hours?.opening(after: now, in: profile.zone),
            rest: concurrency.withLock { $0.rest(now) },
            isUnsure: record.paused != nil || concurrency.withLock(\.fails))
    }

    private func claim(
        _ limit: Int, _ profile: Profile, _ record: ChannelRecord, _ gates: CourierGates,
        _ room: CourierRoom
    ) async throws(LedgerError) -> [Claim] {
        let budget = try await ChangeBudget(profile: profile, ledger: context.ledger)
        let leaving = gates.standsStill ? 0 : try await letGo(profile, budget)
        let (claims, guarded) = try await context.ledger.claim(
            channel: channel, limit: limit,
            replacements: budget.replacements,
            sends: gates.standsStill ? 0 : try await firstOnes(profile, record),
            urgent: gates.standsStill || room.rate < 1,
            turn: nextTurn, isProbe: gates.isUnsure, delay: Backoff.delay(attempts:))
        if gates.pause == nil, gates.pace == nil, room.rate > 0 {
            context.active.setGuarded(sends: guarded, leaving: leaving, channel)
        }
        return claims
    }

    /// Nothing is to be carried now.
    private func idle(
        _ profile: Profile, _ destination: Destination, _ gates: CourierGates, mayClose: Bool,
        _ asked: Date, _ start: (@escaping Work) -> Void
    ) async throws(LedgerError) -> Date {
        if inHand.isEmpty, gates.pause == nil, try await !tellThePerson(destination) {
            return clock.now(plus: Self.moment)
        }
        if mayClose, gates.maySpeak,
            try await !closeBatch(destination, isOutsideHours: gates.opening != nil)
        {
            return clock.now(plus: Self.moment)
        }
        let next = try await later(profile, gates, asked)
        return gates.standsStill ? next : min(next, try await patrol(profile, start))
    }

    /// What is due and was not claimed waits for a ring: a person, or a transfer in hand.
    private func later(
        _ profile: Profile, _ gates: CourierGates, _ asked: Date
    ) async throws(LedgerError) -> Date {
        let next = try await context.ledger.nextDue(
            channel: channel, after: asked, oldStays: profile.lingers)
        return min(next ?? .distantFuture, gates.next, clock.now(plus: Self.longestWait))
    }

    /// How many transfers may begin now, by sessions and by the rate.
    private func room(_ destination: Destination, _ now: Date) -> CourierRoom {
        CourierRoom(
            sessions: inHand.room(
                concurrency.withLock { $0.current(destination.sessions) },
                files: destination.options.filesPerSession, now),
            rate: rateLimiter.withLock { $0.free(destination.perMinute, now) })
    }

    private func whenFull(_ destination: Destination) -> Date? {
        // A transfer that ends rings.
        let sessions = concurrency.withLock { $0.current(destination.sessions) }
        context.active.setPace(.sessions(sessions), channel)
        return nil
    }

    private func whenOverRate(_ destination: Destination) -> Date {
        context.active.setPace(.rate, channel)
        return rateLimiter.withLock { $0.next(destination.perMinute, clock.now()) }
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
        idleSince.withLock { $0 = nil }
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
        transport.bear(concurrency.withLock { $0.logins(destination.sessions) })
        rateLimiter.withLock { $0.claim(claims.count) }
        let place = Self.place(destination, transport)
        // Of whoever shows what it has got by itself the answer is waited for.
        let sent =
            !destination.options.showsByRename ? [] : claims.filter { $0.delivery.state == .send }
        breakers.withLock {
            for claim in sent { $0[claim.delivery.id] = (Breaker(), claim.delivery) }
        }
        for claim in claims { start { try await self.carry(claim, at: claimed, to: place) } }
        return true
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

/// What keeps a channel from sending now.
struct CourierGates {
    /// By a person, or because nothing is live there by its profile.
    var isHeld: Bool
    var pause: Date?
    /// Outside of its hours: when they begin.
    var opening: Date?
    /// So many failures that it is tried seldom.
    var rest: Date?
    /// It is unknown whether it takes files again.
    var isUnsure: Bool

    var standsStill: Bool { isHeld || pause != nil || opening != nil || rest != nil }

    /// Nobody minds that it is told something.
    var maySpeak: Bool { !isHeld && pause == nil && rest == nil }

    /// What a person reads as the reason; nil: none of these.
    var pace: RateLimiter.Limit? {
        opening != nil ? .hours : rest != nil ? .failures : nil
    }

    var next: Date {
        min(pause ?? .distantFuture, opening ?? .distantFuture, rest ?? .distantFuture)
    }

    /// - Parameter isIdle: nothing is in hand. Where it is unknown whether files pass, one goes first.
    func limit(_ free: Int, isIdle: Bool) -> Int {
        isUnsure ? min(free, isIdle ? 1 : 0) : free
    }
}

/// Transfers that may begin.
struct CourierRoom {
    var sessions: Int
    var rate: Int

    /// What must go waits for no rate, and where there is none nothing else goes.
    var free: Int { rate < 1 ? sessions : min(sessions, rate) }
}
