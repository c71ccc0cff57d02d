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
    /// Seconds until an edition that could not be made is tried again.
    static let timeouts = 10.0

    let channel: String
    let context: Courier.DeliveryContext
    private let signal: WakeSignal
    var clock: WallClock { context.ledger.clock }
    let lane: Lane
    private let failures = Mutex((count: 0, next: Date.distantPast))

    init(channel: String, context: Courier.DeliveryContext) {
        self.channel = channel
        self.context = context
        signal = context.signals.signal(channel: channel)
        lane = Lane("feed-\(channel)")
    }

    /// A person says: try again now.
    func hurry() {
        failures.withLock { $0 = (0, .distantPast) }
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
        await context.connections.close(connection)
    }

    private var connection: String { channel + " feed" }

    /// - Returns: when to look again if nobody rings.
    private func turn() async throws(LedgerError) -> Date? {
        if let profile = context.active.profile(channel), profile.feed == nil {
            try await context.ledger.forgetOmissions(channel: channel, before: nil)
        }
        guard let profile = context.active.profile(channel), let feed = profile.feed,
            let destination = feed.destination ?? profile.destination,
            let record = try await context.ledger.channel(channel)
        else { return nil }
        let now = context.ledger.now()
        let pause = record.pausedUntil.flatMap { $0 > now ? $0 : nil }
        if let pause, context.active.guarded(channel).shut > now { return pause }
        let opening = destination.hours?.opening(after: clock.now(), in: profile.zone)
        let standsStill =
            record.hold != nil || profile.state == .draft || pause != nil || opening != nil
        if standsStill, try await !hasToPublish(record) { return pause ?? opening }
        // A ring does not make a failing server try harder.
        let next = failures.withLock(\.next)
        if next > clock.now() { return next }
        let editions = try await context.ledger.editions(channel: channel)
        if let waiting = editions.last, waiting.state != .confirmed,
            waiting.state == .staged || waiting.released, waiting.fits(feed),
            try await context.ledger.stands(waiting), Files.exists(path(waiting.file))
        {
            return try await send(waiting, showing: nil, feed, to: destination)
        }
        let order = Order(
            profile: profile, feed: feed, destination: destination, editions: editions,
            changed: record.feedChanged, now: now)
        guard !order.isOverdue else { return try await make(order) }
        guard let changed = record.feedChanged else { return order.overdue }
        if try await mayWait(order) {
            // The same question is before a person already.
            if editions.last?.state == .held, context.active.guarded(channel).feed == changed {
                return order.overdue
            }
            let quiet = changed.addingTimeInterval(feed.quiet)
            guard quiet <= now else { return quiet }
            guard try await context.ledger.isSettled(channel: channel) else {
                return order.overdue
            }
        }
        return try await make(order)
    }

    /// A channel that stands still publishes for one reason only: what is out names a picture that
    /// had to go.
    private func hasToPublish(_ record: ChannelRecord) async throws(LedgerError) -> Bool {
        guard record.hold == nil || record.hold == .ordinary,
            let out = try await context.ledger.editions(channel: channel)
                .last(where: { $0.state == .confirmed })
        else { return false }
        return !(try await context.ledger.stands(out))
    }

    /// What an edition is made from, as it was before anything was read for it.
    struct Order {
        var profile: Profile
        var feed: Profile.Feed
        var destination: Destination
        var editions: [EditionRecord]
        /// The mark of the last change; nil: no change since the last edition.
        var changed: Date?
        var now: Date

        var last: EditionRecord? { editions.last { $0.state == .confirmed } }

        /// When one goes out whether anything changed or not: counted from when the channel last got
        /// one, since to have made the same bytes again is nothing it sees.
        var overdue: Date? { (last?.confirmedAt ?? changed)?.addingTimeInterval(feed.atLeastEvery) }

        var isOverdue: Bool { overdue.map { $0 <= now } ?? false }
    }

    /// Not when what is out names a picture that had to go.
    private func mayWait(_ order: Order) async throws(LedgerError) -> Bool {
        guard let last = order.last else { return true }
        return try await context.ledger.stands(last)
    }

    // MARK: Making

    private func make(_ order: Order) async throws(LedgerError) -> Date? {
        let (profile, feed, now, last) = (order.profile, order.feed, order.now, order.last)
        let name = EditionName.make(at: now.edition, in: feed.format)
        let draft: Draft
        do {
            draft = try await write(profile, feed, at: now, as: name, after: last)
            context.standstills.clear(.edition, on: channel)
        } catch let error as LedgerError {
            throw error
        } catch {
            if Task.isCancelled { return nil }
            return unmade(error)
        }
        try await context.ledger.forgetOmissions(channel: channel, before: now.edition)
        let lies = try await context.ledger.fact(FeedPlace.fact(channel))
        let isOut =
            last?.sha256 == draft.staged.edition.sha256
            && lies == FeedPlace.of(feed, order.destination.address)
            && !order.isOverdue
        // A channel that has just begun has nothing to publish, and nothing is wrong with that.
        if isOut || last == nil && draft.staged.edition.items == 0 {
            discard(name)
            try await context.ledger.feedIsCurrent(
                channel: channel, showing: order.changed, madeAt: now)
            context.signals.wake(channel: channel)
            return nil
        }
        let hold = try await reasonToHold(draft, after: last, profile, feed)
        if hold != nil, let last, Files.exists(path(last.file)),
            try await !context.ledger.stands(last)
        {
            discard(name)
            return try await sendReduced(last, order)
        }
        if let waiting = order.editions.last, waiting.state == .held, !waiting.released,
            waiting.sha256 == draft.staged.edition.sha256
        {
            discard(name)
            context.active.setFeedHeld(order.changed, channel)
            return nil
        }
        for stale in order.editions where stale.state != .confirmed { discard(stale.file) }
        context.active.setFeedHeld(hold == nil ? nil : order.changed, channel)
        let record = try await context.ledger.stageEdition(
            channel: channel, file: name, sha256: draft.staged.edition.sha256,
            items: draft.staged.edition.items, bytes: draft.staged.edition.bytes,
            images: draft.images.map(\.folded), madeAt: now, hold: hold)
        CrashPoint.reach("edition.recorded")
        guard hold == nil else { return nil }
        return try await send(record, showing: order.changed, feed, to: order.destination)
    }

    struct Draft: Sendable {
        var staged: Staged
        var images: [RemoteName]
        /// Products left out because their rights end while the edition stands.
        var excused: Int
    }

    private func write(
        _ profile: Profile, _ feed: Profile.Feed, at now: Date, as name: String,
        after last: EditionRecord?
    ) async throws -> Draft {
        // A document that the channel has and no edition fills any more is sent empty.
        let before = last.flatMap { $0.fits(feed) ? self.path($0.file) : nil }
        let (ledger, directory, path) = (context.ledger, directory, path(name))
        return try await lane.run { () throws(any Error) in
            try Files.makeDirectory(directory)
            let parts = before.map { EditionParts.files($0).count } ?? 0
            var pages = LiveItems(profile: profile, feed: feed, ledger: ledger, now: now)
            // Not what is wrong with the feed, though it ends the making of it.
            var trouble: LedgerError?
            func noting<Value>(_ body: () throws -> Value) throws -> Value {
                do { return try body() } catch {
                    trouble = trouble ?? error as? LedgerError
                    throw error
                }
            }
            let staged: Staged
            do {
                staged = try Staging(
                    path: path, format: feed.format, name: feed.file.rawValue, now: now
                ).stage(feed.outline, parts: parts) {
                    try noting { try pages.next() }
                } omitting: { omission in
                    try noting { try pages.omit(omission) }
                }
            } catch {
                throw trouble ?? error
            }
            try pages.recordOmitted()
            return Draft(staged: staged, images: pages.images, excused: pages.excused)
        }
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
            let transport = try await context.connections.transport(
                connection, destination)
            let batch =
                isShared ? (Courier.owed(channel), destination.address.description) : nil
            for (name, outgoing) in try await outgoing(edition, feed) {
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
