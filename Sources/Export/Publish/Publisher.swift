import Bookkeeping
import Feeds
import Foundation
import Host
import Logging
import Model
import Profiles
import Synchronization
import Transports

/// Keeps one channel's feed true: makes an edition of what is confirmed, holds it when it would
/// drop too much, sends it last, and proves it.
final class Publisher: Sendable {
    /// Confirmed editions kept on disk.
    private static let kept = 5
    /// Items of a held edition that are named.
    static let named = 5
    /// Seconds until an edition that could not be made is tried again, at first and at most.
    static let timeouts = 10.0
    static let longest = 600.0

    let channel: String
    let context: Courier.DeliveryContext
    private let signal: WakeSignal
    var clock: WallClock { context.ledger.clock }
    let lane: Lane
    private let failures = Mutex((count: 0, next: Date.distantPast))
    let basis = Mutex<Basis?>(nil)
    /// Of making one.
    let attempts = Mutex((count: 0, next: Date.distantPast))

    init(channel: String, context: Courier.DeliveryContext) {
        self.channel = channel
        self.context = context
        signal = context.signals.signal(channel: channel)
        lane = Lane("feed-\(channel)")
    }

    /// A person says: try again now.
    func hurry() {
        failures.withLock { $0 = (0, .distantPast) }
        attempts.withLock { $0 = (0, .distantPast) }
        signal.wake()
    }

    /// Until something rings or its time comes.
    var isAsleep: Bool { signal.isWaitedFor }

    func run() async throws {
        var isSwept = false
        while !Task.isCancelled {
            do throws(LedgerError) {
                context.heartbeat.beat(.publisher, channel)
                if !isSwept { try await sweep() }
                isSwept = true
                let next = try await turn()
                context.standstills.clear(.publisher, on: channel)
                context.heartbeat.rest(.publisher, channel, until: next)
                await signal.wait(until: next)
            } catch {
                guard !error.isFatal else { throw error }
                if Task.isCancelled { break }
                context.standstills.report(.publisher, on: channel, error)
                // Not for a ring: others ring all the time.
                await clock.sleep(Standstills.pause)
            }
        }
        context.heartbeat.rest(.publisher, channel)
        await context.connections.close(channel, for: .feed)
    }

    /// - Returns: when to look again if nobody rings.
    private func turn() async throws(LedgerError) -> Date? {
        if let profile = context.active.profile(channel), profile.feed == nil {
            made()
            try await context.ledger.forgetOmissions(channel: channel, before: nil)
        }
        guard let profile = context.active.profile(channel), let feed = profile.feed,
            let destination = feed.destination ?? profile.destination,
            let record = try await context.ledger.channel(channel)
        else { return nil }
        // Before the moment: what changes after it is asked about the next time.
        let change = try await context.ledger.lastItemChange()
        let now = context.ledger.now()
        let pause = record.pausedUntil.flatMap { $0 > now ? $0 : nil }
        if let pause, context.active.guarded(channel).shut > now { return pause }
        let opening = destination.hours?.opening(after: clock.now(), in: profile.zone)
        let standsStill =
            record.hold != nil || profile.state == .draft || pause != nil || opening != nil
        if standsStill, try await !hasToPublish(record) { return pause ?? opening }
        // A ring makes neither a failing server nor a full disk try harder.
        let next = max(failures.withLock(\.next), attempts.withLock(\.next))
        let wait = next.timeIntervalSince(clock.now())
        // Further off it was set by a clock that was ahead.
        if wait > 0, wait <= 2 * Backoff.longest { return next }
        let editions = try await context.ledger.editions(channel: channel)
        // Taking everything down is what `retired` asks for.
        let rewind = profile.state == .retired ? nil : try await context.ledger.rewind(of: channel)
        let order = Order(
            profile: profile, feed: feed, destination: destination, editions: editions,
            rewind: rewind, changed: record.feedChanged, change: change, now: now)
        if let rewind, !rewind.isOut, !standsStill { return try await putBack(rewind, order) }
        if let waiting = editions.last, try await isReady(waiting, feed) {
            return try await send(waiting, showing: nil, feed, to: destination)
        }
        return try await follow(order)
    }

    /// It was made, or let pass, and is as it should be still.
    func isReady(
        _ waiting: EditionRecord, _ feed: Profile.Feed
    ) async throws(LedgerError) -> Bool {
        guard waiting.state == .staged || waiting.state == .held && waiting.released,
            waiting.fits(feed), Files.exists(path(waiting.file))
        else { return false }
        return try await context.ledger.isConfirmed(waiting)
    }

    private func follow(_ order: Order) async throws(LedgerError) -> Date? {
        guard !order.isOverdue else { return try await make(order) }
        guard let changed = order.changed else { return order.overdue }
        if try await mayWait(order) {
            // The same question is before a person already.
            if order.editions.last?.state == .held,
                context.active.guarded(channel).feed == changed
            {
                return order.overdue
            }
            let quiet = changed.addingTimeInterval(order.feed.quiet)
            guard quiet <= order.now else { return quiet }
            let isGuarded = context.active.guarded(channel).sends > 0
            guard
                try await context.ledger.isSettled(channel: channel, isGuarded: isGuarded)
            else {
                return order.overdue
            }
        }
        return try await make(order)
    }

    /// A channel that stands still publishes for one reason only: what is out names a picture that
    /// had to go.
    private func hasToPublish(_ record: ChannelRecord) async throws(LedgerError) -> Bool {
        guard try await mayPublish(record),
            let out = try await context.ledger.editions(channel: channel)
                .last(where: { $0.state == .confirmed })
        else { return false }
        return !(try await context.ledger.stands(out))
    }

    /// Where its pictures lie may be in doubt; a feed that lies elsewhere, where it lay, is not.
    private func mayPublish(_ record: ChannelRecord) async throws(LedgerError) -> Bool {
        switch record.hold {
        case nil, .ordinary: return true
        case .everything: return false
        case .doubt:
            guard let profile = context.active.profile(channel), profile.feed?.destination != nil
            else { return false }
            return try await context.ledger.fact(FeedPlace.fact(channel)) == profile.feedPlace
        }
    }

    /// What an edition is made from, as it was before anything was read for it.
    struct Order {
        var profile: Profile
        var feed: Profile.Feed
        var destination: Destination
        var editions: [EditionRecord]
        /// An earlier edition has been put back: nothing else goes out by itself.
        var rewind: Rewind?
        /// The mark of the last change; nil: no change since the last edition.
        var changed: Date?
        /// Of the items: the last one before `now`.
        var change: Int64
        var now: Date

        var last: EditionRecord? { editions.last { $0.state == .confirmed } }

        /// When one goes out whether anything changed or not: counted from when the channel last got
        /// one, since to have made the same bytes again is nothing it sees.
        var overdue: Date? { (last?.confirmedAt ?? changed)?.addingTimeInterval(feed.atLeastEvery) }

        /// Editions that a new one is compared with: what is out, unless it has to be sent anew whatever
        /// it says, and what waits for a person.
        var alike: [EditionRecord] {
            let out = isOverdue ? nil : last
            let waiting = editions.last.flatMap { $0.state == .held && !$0.released ? $0 : nil }
            return [out, waiting].compactMap(\.self)
        }

        var isOverdue: Bool { overdue.map { $0 <= now } ?? false }
    }

    /// Not when what is out names a picture that had to go.
    private func mayWait(_ order: Order) async throws(LedgerError) -> Bool {
        guard let last = order.last else { return true }
        return try await context.ledger.stands(last)
    }

    // MARK: Sending

    /// - Parameter changed: the mark of the last change it shows; nil: not known any more.
    func send(
        _ edition: EditionRecord, showing changed: Date?, _ feed: Profile.Feed,
        to destination: Destination
    ) async throws(LedgerError) -> Date? {
        let pictures = context.active.profile(channel)?.destination
        let isShared =
            destination.options.marksBatches && pictures?.options.marksBatches == true
            && pictures?.address == destination.address
        do throws(DeliveryError) {
            let documents = try await outgoing(edition, feed)
            guard let documents else { return damaged(edition) }
            let transport = try await context.connections.transport(
                channel, for: .feed, destination)
            let batch =
                isShared ? (Courier.owed(channel), destination.address.description) : nil
            for (name, outgoing) in documents {
                try await put(
                    outgoing, as: name, of: edition.file, by: transport,
                    at: FeedPlace.of(feed, destination.address, named: name),
                    isLast: name == feed.file, batch: batch)
            }
        } catch {
            // The others are there all the same, and the courier may say so.
            if isShared { context.signals.wake(channel: channel) }
            return try await fail(edition, error)
        }
        let old = try await context.ledger.confirmEdition(
            edition, showing: changed, kept: Self.kept)
        CrashPoint.reach("edition.confirmed")
        for file in old { discard(file) }
        try await context.ledger.setFact(
            FeedPlace.fact(channel), FeedPlace.of(feed, destination.address))
        failures.withLock { $0 = (0, .distantPast) }
        // What lingered until an edition without it was out may go now.
        context.active.setFeedHeld(nil, channel)
        context.signals.wake(channel: channel)
        return nil
    }

    /// Somebody wrote to it, or the disk lost some of it: it goes nowhere, and the next turn makes another.
    private func damaged(_ edition: EditionRecord) -> Date {
        context.logger.error(
            "an edition of the feed is not what was written, and is made again",
            metadata: ["channel": "\(channel)", "file": "\(path(edition.file))"])
        discard(edition.file)
        return clock.now()
    }

    private func fail(
        _ edition: EditionRecord, _ error: DeliveryError
    ) async throws(LedgerError) -> Date? {
        guard !Task.isCancelled else { return nil }
        try await context.ledger.failEdition(edition, because: error.message)
        log("the feed was not published", error.message)
        return failures.withLock { failures -> Date? in
            var delay = Backoff.delay(attempts: failures.count)
            if case .retry(let hint?) = error.remedy { delay = max(delay, hint) }
            failures = (failures.count + 1, clock.now(plus: delay))
            return failures.next
        }
    }

    private func log(_ what: String, _ why: String) {
        context.logger.warning("\(what)", metadata: ["channel": "\(channel)", "reason": "\(why)"])
    }
}
