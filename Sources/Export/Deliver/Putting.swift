import Bookkeeping
import Foundation
import Host
import Model
import Synchronization
import Transports

// How a courier brings one file to its name, and finds out that it is there.
extension Courier {
    /// Seconds a channel may process what it was sent before a person is told.
    private static let longestProcessing = 24 * 3600.0
    /// Seconds between two questions to a channel that processes something, at most.
    private static let longestPatience = 900.0

    func put(_ claim: Claim, to place: Place) async throws(DeliveryError) {
        let delivery = claim.delivery
        guard let outgoing = outgoing(claim) else { return await makeAgain(delivery) }
        let before = try await lay(outgoing, claim, at: place)
        guard before != .settled else { return }
        let object = try await send(outgoing, delivery, to: place)
        isSent(delivery, to: place)
        let there = try await place.look(
            for: outgoing, as: delivery.name, object: object)
        switch there {
        case .confirmed(let how, let found):
            try await confirm(
                claim, at: place, by: how, found ?? object, wasThere: before == .lay)
        case .processing(let after):
            try await wait(for: delivery, at: place, object, after: after)
        case .absent:
            throw DeliveryError(
                "'\(delivery.name)' was taken without complaint and is not there",
                remedy: .retry(after: nil))
        case .different(let what):
            let why =
                "'\(delivery.name)' was taken without complaint and is not what was sent: \(what)"
            await noteRefusal(why)
            throw DeliveryError(why, remedy: .retry(after: nil))
        }
    }

    private func send(
        _ outgoing: Outgoing, _ delivery: Delivery, to place: Place
    ) async throws(DeliveryError) -> RemoteObject? {
        let ledger = context.ledger
        if place.namesFiles {
            try await inLedger { () async throws(LedgerError) in
                try await ledger.beginSending(delivery)
            }
            CrashPoint.reach("send.noted")
        }
        do throws(DeliveryError) {
            let object = try await place.transport.put(
                outgoing, as: delivery.name, replacing: delivery.object)
            CrashPoint.reach("send.put")
            if place.namesFiles { try await mustBeItsOwn(object, delivery) }
            // Without its number nobody could find it again, so that must not hang on the next answer.
            let isNumbered = object?.id != nil || object?.isAwaited == true
            try await inLedger { () async throws(LedgerError) in
                if let object, isNumbered, isCurrent(place) {
                    try await ledger.record(object, for: delivery)
                }
                if place.namesFiles { try await ledger.endSending(delivery, loss: nil) }
            }
            return object
        } catch {
            guard place.namesFiles, error.origin != .here else { throw error }
            try await inLedger { () async throws(LedgerError) in
                try await ledger.endSending(delivery, loss: error.mayLie ? error.message : nil)
            }
            throw error
        }
    }

    /// A server that keeps one of two equal files would lose both when one of them goes.
    private func mustBeItsOwn(
        _ object: RemoteObject?, _ delivery: Delivery
    ) async throws(DeliveryError) {
        guard let id = object?.id else { return }
        let other = try await inLedger { () async throws(LedgerError) in
            try await context.ledger.name(ofObject: id, besides: delivery)
        }
        guard let other else { return }
        throw DeliveryError(
            "the channel calls '\(delivery.name)' '\(id)', which is what it calls '\(other)': it keeps one "
                + "file for both, and would lose both when one of them goes; 'object' in the profile must "
                + "point to what tells them apart", remedy: .fixInput)
    }

    /// Nil where the store has lost it.
    private func outgoing(_ claim: Claim) -> Outgoing? {
        guard let file = claim.file, let sha256 = claim.sha256 else { return nil }
        let path = context.store.renditions + "/" + file
        guard Files.exists(path) else { return nil }
        return Outgoing(
            path: path, sha256: sha256, bytes: claim.bytes, mediaType: claim.format.mediaType,
            fields: claim.delivery.fields)
    }

    /// What lay under the name before anything is sent.
    private enum Before {
        /// It need not be sent, and all that is known has been noted.
        case settled
        /// It may well have been this, and no try of ours since has put it there.
        case lay
        case unknown
    }

    /// An earlier try may have arrived although we never heard so, or the channel was not done with it.
    private func lay(
        _ outgoing: Outgoing, _ claim: Claim, at place: Place
    ) async throws(DeliveryError) -> Before {
        let delivery = claim.delivery
        guard delivery.attempts > 0 || delivery.touched else { return .unknown }
        let there = try await place.look(
            for: outgoing, as: delivery.name, object: delivery.object)
        let isProcessed = delivery.processingSince != nil
        switch there {
        // What was there before may have the same length, and where anything counts it proves nothing.
        case .confirmed(let how, let found)
        where how == .hash || delivery.heldKey == nil && how != .presence || isProcessed:
            try await confirm(
                claim, at: place, by: how, found ?? delivery.object,
                wasThere: delivery.attempts == 0)
            return .settled
        // Not what was wanted before and is replaced.
        case .processing(let after) where isProcessed || delivery.attempts > 0:
            try await wait(for: delivery, at: place, delivery.object, after: after)
            return .settled
        case .absent where isProcessed, .different where isProcessed:
            let why = "the channel processed '\(delivery.name)', and then: \(there)"
            try await inLedger { () async throws(LedgerError) in
                try await context.ledger.endProcessing(delivery)
            }
            if there != .absent { await noteRefusal(why) }
            throw DeliveryError("\(why); it is sent again", remedy: .retry(after: nil))
        case .confirmed where delivery.attempts == 0: return .lay
        case .confirmed, .processing, .absent, .different: return .unknown
        }
    }

    /// The channel has it and is not done with it. That is no failure, until it has lasted too long.
    /// - Parameter after: seconds, as the channel says; it is not asked before.
    private func wait(
        for delivery: Delivery, at place: Place, _ object: RemoteObject?, after: Double?
    ) async throws(DeliveryError) {
        let now = context.ledger.now()
        let since = delivery.processingSince ?? now
        guard now.timeIntervalSince(since) < Self.longestProcessing else {
            throw DeliveryError(
                "the channel has processed '\(delivery.name)' for "
                    + "\(Int(Self.longestProcessing / 3600)) hours and has not come to an end; ask "
                    + "there what is wrong with it", remedy: .fixInput)
        }
        let patience = min(Backoff.delay(attempts: delivery.attempts), Self.longestPatience)
        let delay = max(patience, after ?? 0)
        try await inLedger { () async throws(LedgerError) in
            guard isCurrent(place) else {
                return try await context.ledger.unclaim(delivery, tried: true)
            }
            try await context.ledger.recordProcessing(
                delivery, object: object, since: since, next: now.addingTimeInterval(delay))
        }
        CrashPoint.reach("send.processing")
        // It answers, and has taken the file.
        await wentWell(since: place.pause, isTaken: true)
    }

    private func confirm(
        _ claim: Claim, at place: Place, by how: Confirmation, _ object: RemoteObject?,
        wasThere: Bool = false
    ) async throws(DeliveryError) {
        // It is there: while that is written down, another one may be sent.
        inHand.leave(claim.delivery.id)
        var isDirty = false
        try await inLedger { () async throws(LedgerError) in
            // The channel lies elsewhere by now, so this proves nothing about it.
            guard isCurrent(place) else {
                return try await context.ledger.unclaim(claim.delivery, tried: true)
            }
            guard !place.isHanded else { return try await context.ledger.handOver(claim) }
            isDirty = try await context.ledger.confirm(
                claim, by: how, object: object, wasThere: wasThere)
        }
        CrashPoint.reach("send.confirmed")
        context.active.noteConfirmed(claim.bytes, at: clock.now(), channel)
        await wentWell(since: place.pause, isTaken: true)
        if isDirty { context.signals.reconcile.wake() }
    }

    func makeAgain(_ delivery: Delivery) async {
        log("a rendition is missing from the store and is made again", "\(delivery.name)")
        do throws(LedgerError) {
            try await context.ledger.forgetBytes(of: delivery.key, inHand: delivery)
        } catch {
            log("not recorded", "\(error)")
        }
        context.signals.render.wake()
    }
}

extension Delivery {
    /// By the names that a profile has for them.
    fileprivate var fields: [String: String] {
        [
            "sku": asset.sku, "view": asset.view, "number": "\(asset.number)",
            "variant": asset.variant, "slot": slot, "position": "\(position)", "hash": key.short,
            "channel": channel,
        ]
    }
}
