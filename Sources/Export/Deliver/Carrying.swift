import Bookkeeping
import Foundation
import Host
import Model
import Profiles
import Synchronization
import Transports

// One delivery, from its claim to what became of it.
extension Courier {
    /// - Parameter claimed: when that was, before anybody logged in for it.
    func carry(_ claim: Claim, at claimed: Date, to place: Place) async throws {
        await inHand.begin(isFirst: claim.delivery.urgent)
        rateLimiter.withLock { $0.start(at: clock.now()) }
        starts.withLock { $0.note(clock.now()) }
        let hasWaited = abs(clock.now().timeIntervalSince(claimed)) > Self.fresh
        context.heartbeat.beat(.transfer, channel, number: claim.delivery.id)
        carrying.withLock { $0 += 1 }
        let breaker = breakers.withLock { $0[claim.delivery.id]?.breaker }
        var isUntold = false
        defer {
            context.heartbeat.rest(.transfer, channel, number: claim.delivery.id)
            let isLow = inHand.end(claim.delivery.id, at: clock.now())
            // Not before: the ledger would be told that it is in hand.
            if isUntold { told.withLock { $0 = nil } }
            // The publisher as well: with the last one in its place, an edition may be due.
            if isLow || stopping.withLock(\.self) {
                context.signals.wake(channel: channel)
                context.signals.reconcile.wake()
            }
            carrying.withLock { $0 -= 1 }
            breakers.withLock { breakers in
                // It may have been claimed again before this ended.
                guard breakers[claim.delivery.id]?.breaker === breaker else { return }
                breakers[claim.delivery.id] = nil
            }
        }
        do throws(LedgerError) {
            let isWanted = hasWaited ? try await context.ledger.isAsClaimed(claim.delivery) : true
            guard isWanted, mayBegin(claim.delivery, at: place) else {
                return try await context.ledger.unclaim(claim.delivery, tried: false)
            }
            var place = place
            place.pause = pausing.withLock(\.number)
            do throws(DeliveryError) {
                if claim.delivery.state == .remove {
                    try await takeAway(claim.delivery, from: place)
                } else {
                    try await putUnlessItMustGo(claim, to: place, breaker)
                }
                concurrency.withLock { $0.succeed(sessions) }
                hostFailures.withLock { $0 = 0 }
                context.standstills.clear(.folder, on: channel)
            } catch {
                try await settle(error, claim)
            }
        } catch {
            guard !error.isFatal else { throw error }
            isUntold = true
            context.standstills.report(.courier, on: channel, error)
        }
    }

    private func putUnlessItMustGo(
        _ claim: Claim, to place: Place, _ breaker: Breaker?
    ) async throws(DeliveryError) {
        guard let breaker else { return try await put(claim, to: place) }
        do throws(DeliveryError) {
            try await breaker.cut { [place] () async throws(DeliveryError) in
                try await self.put(claim, to: place)
            }
        } catch {
            var error = error
            if breaker.isPulled { error.origin = .ended }
            throw error
        }
    }

    /// Before anything is claimed: what is being sent, and must go since then, is not shown first.
    func breakOff() async throws(LedgerError) {
        let claimed = breakers.withLock { $0.values.map(\.claimed) }
        guard !claimed.isEmpty else { return }
        for id in try await context.ledger.mustGo(claimed) {
            breakers.withLock { $0[id] }?.breaker.pull()
        }
    }

    /// It was claimed a while ago.
    private func mayBegin(_ delivery: Delivery, at place: Place) -> Bool {
        guard !stopping.withLock(\.self), !Task.isCancelled, isCurrent(place) else { return false }
        return switch standing.withLock(\.self) {
        case .goes: true
        case .onlyWhatMustGo: delivery.urgent
        case .nothing: false
        }
    }

    /// It has been sent, and others may be while it waits for its look.
    func isSent(_ delivery: Delivery, to place: Place) {
        if place.looksTogether { inHand.leave(delivery.id) }
    }

    /// As many as the profile allows.
    var sessions: Int { context.active.profile(channel)?.destination?.sessions ?? 1 }

    func isCurrent(_ place: Place) -> Bool {
        let destination = context.active.profile(channel)?.destination
        return destination?.address == place.address
            && (destination?.hand != nil) == place.isHanded
    }

    /// Seconds in which what a channel has accepted, and not shown yet, may still appear.
    private static let longestProcessing = 86_400.0

    /// That nothing lies there now proves nothing where somebody picks it up, or has yet to put it there.
    private func mustHaveLain(_ delivery: Delivery, at place: Place) throws(DeliveryError) {
        if place.isCollected, delivery.heldKey != nil {
            throw DeliveryError(
                "'\(delivery.name)' does not lie there any more, but the channel collects files "
                    + "('collects: true'), and what it did with what it has collected cannot be seen from "
                    + "here; have it taken down there, and then say so with 'sluice attest'",
                remedy: .retry(after: nil), origin: .here)
        }
        let end = delivery.since.addingTimeInterval(Self.longestProcessing)
        guard delivery.object?.isAwaited == true, clock.now() < end else { return }
        throw DeliveryError(
            "'\(delivery.name)' was accepted by the channel and has not appeared there yet, so that it "
                + "is absent proves nothing; it is asked for again", remedy: .retry(after: nil),
            origin: .here)
    }

    /// That what is known of is gone does not prove it of another, whose name was lost.
    private func mustLieOnce(_ delivery: Delivery) async throws(DeliveryError) {
        let lost = try await inLedger { () async throws(LedgerError) in
            try await context.ledger.lostAnswer(delivery)
        }
        guard let lost else { return }
        throw DeliveryError(
            "'\(delivery.name)' is gone, but it was sent twice: the first answer was lost on "
                + "\(lost.formatted(.iso8601)), so another may lie there under a name that nobody here "
                + "knows; look for it there, and when it is gone say so with 'sluice attest "
                + "\(channel) \(delivery.name)'", remedy: .retry(after: nil), origin: .here)
    }

    private func takeAway(
        _ delivery: Delivery, from place: Place
    ) async throws(DeliveryError) {
        let transport = place.transport
        let wasMissing = try await isMissing(delivery, at: place)
        try await transport.remove(delivery.name, object: delivery.object)
        CrashPoint.reach("remove.done")
        guard try await transport.isAbsent(delivery.name, object: delivery.object) else {
            throw DeliveryError(
                "'\(delivery.name)' was removed without complaint and is still there",
                remedy: .retry(after: nil))
        }
        try mustHaveLain(delivery, at: place)
        try await mustLieOnce(delivery)
        // Where files are fetched, few lie, and none of them proves anything.
        let isPresent =
            try await place.isFetched
            ? true : isPresent(at: place, besides: delivery, wasMissing: wasMissing)
        let isProven = try await inLedger { () async throws(LedgerError) in
            guard isCurrent(place) else {
                try await context.ledger.unclaim(delivery, tried: true)
                return false
            }
            guard isPresent else {
                // First, or it is claimed again at once.
                try await doubt(place, over: delivery.name)
                try await context.ledger.unclaim(delivery, tried: true)
                return false
            }
            if place.isHanded {
                try await context.ledger.recall(delivery)
            } else {
                let withdrawn = withdrawn(delivery)
                try await context.ledger.recordAbsence(delivery, withdrawn: withdrawn)
                if withdrawn != nil { crawling.withLock { $0.note() } }
            }
            return true
        }
        guard isProven else { return }
        CrashPoint.reach("remove.proven")
        await wentWell(since: place.pause)
        context.signals.reconcile.wake()
    }
}
