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
        await inHand.begin()
        rateLimiter.withLock { $0.start(at: clock.now()) }
        starts.withLock { $0.note(clock.now()) }
        let hasWaited = abs(clock.now().timeIntervalSince(claimed)) > Self.fresh
        context.heartbeat.beat(.transfer, channel, number: claim.delivery.id)
        carrying.withLock { $0 += 1 }
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
        }
        do throws(LedgerError) {
            let isWanted = hasWaited ? try await context.ledger.isAsClaimed(claim.delivery) : true
            guard isWanted, mayBegin(claim.delivery, at: place) else {
                return try await context.ledger.unclaim(claim.delivery, tried: false)
            }
            do throws(DeliveryError) {
                if claim.delivery.state == .remove {
                    try await takeAway(claim.delivery, from: place)
                } else {
                    try await put(claim, to: place)
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
        context.active.profile(channel)?.address == place.address
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
        // Where files are fetched, few lie, and none of them proves anything.
        let isPresent =
            try await place.isFetched
            ? true : isPresent(at: place, besides: delivery, wasMissing: wasMissing)
        do throws(LedgerError) {
            guard isCurrent(place) else {
                return try await context.ledger.unclaim(delivery, tried: true)
            }
            guard isPresent else {
                // First, or it is claimed again at once.
                try await doubt(place, over: delivery.name)
                return try await context.ledger.unclaim(delivery, tried: true)
            }
            if place.isHanded {
                try await context.ledger.recall(delivery)
            } else {
                try await context.ledger.recordAbsence(delivery)
            }
        } catch {
            throw DeliveryError("\(error)", remedy: .retry(after: nil))
        }
        CrashPoint.reach("remove.proven")
        // That it takes files away does not say that it takes those it refused.
        if !isRefusing { await endPause() }
        context.signals.reconcile.wake()
    }
}
