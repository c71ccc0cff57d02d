import Bookkeeping
import Foundation
import Host
import Model
import Synchronization
import Transports

// A partner who reads when a marker says that all is there. That one is owed is known to the ledger from
// before the first file until after the marker: a crash between them costs a marker too many, never one
// too few.
extension Courier {
    /// The fact that one is owed, and where.
    static func owed(_ channel: String) -> String { "batch \(channel)" }

    /// Seconds that a batch waits for what is tried again: the first four tries of a file.
    private static let batchPatience = 600.0

    private var owed: String { Self.owed(channel) }

    /// Before the first file: what the old marker spoke of is no more.
    func openBatch(
        _ destination: Destination, _ transport: any Transport
    ) async throws(DeliveryError) {
        let place = destination.address.description
        guard destination.options.marksBatches, batchAt.withLock({ $0 != place }) else { return }
        try await inLedger { () async throws(LedgerError) in
            try await context.ledger.setFact(owed, place)
        }
        try await transport.markBatch(isWhole: false)
        CrashPoint.reach("batch.opened")
        batchAt.withLock { $0 = place }
    }

    /// Nil where the channel is not to be reached: it pauses then.
    func connect(
        _ destination: Destination, _ claims: [Claim]
    ) async throws(LedgerError) -> (any Transport)? {
        var isReached = false
        do throws(DeliveryError) {
            let transport = try await context.connections.transport(channel, destination)
            isReached = true
            if claims.contains(where: { $0.delivery.state == .send }) {
                try await openBatch(destination, transport)
            }
            return transport
        } catch {
            for claim in claims { try await context.ledger.unclaim(claim.delivery, tried: false) }
            var most = Self.longestPause
            if case .retry = error.remedy { most = Self.longestSilence }
            // A marker's trouble keeps nothing there that must go.
            try await pause(because: error.message, most: most, isShut: !isReached)
            return nil
        }
    }

    /// When nothing is in hand or due. What failed a moment ago belongs to it and is waited for; what
    /// keeps failing is not, or the partner would read nothing for as long.
    /// - Parameter isOutsideHours: then a batch that is not whole waits for the rest of it.
    /// - Returns: false where the channel pauses over it.
    func closeBatch(
        _ destination: Destination, isOutsideHours: Bool
    ) async throws(LedgerError) -> Bool {
        guard destination.options.marksBatches, inHand.isEmpty,
            try await context.ledger.fact(owed)?.isEmpty == false
        else { return true }
        // A partner who reads at each marker would read one file after the other while they are made.
        let since = idleSince.withLock { since in
            since = since ?? clock.now()
            return since ?? clock.now()
        }
        let renders = try await context.ledger.counts(of: [channel]).deliveries[channel]?["render"]
        guard (renders ?? 0) == 0 || clock.now(plus: -Self.batchPatience) > since
        else { return true }
        let unsent = try await context.ledger.unsent(on: channel)
        let soon = context.ledger.now().addingTimeInterval(Self.batchPatience)
        guard unsent.again.map({ $0 > soon }) ?? true, !(isOutsideHours && unsent.isAny) else {
            return true
        }
        do throws(DeliveryError) {
            let transport = try await context.connections.transport(channel, destination)
            try await transport.markBatch(isWhole: true)
        } catch {
            try await pause(because: error.message, isShut: false)
            return false
        }
        CrashPoint.reach("batch.marked")
        batchAt.withLock { $0 = nil }
        marker.withLock { $0.forget() }
        try await context.ledger.setFact(owed, "")
        return true
    }

    /// With the patrol, once a day: one that was there a day ago and is gone was lost, and is owed again. One
    /// that nobody has seen may have been read and taken away by whom it is for.
    func lookForMarker(at place: Place, _ perMinute: Int?) async throws(LedgerError) {
        guard let transport = place.transport as? any MarkingTransport,
            try await context.ledger.fact(owed) == "",
            marker.withLock({ $0.isDue(at: clock.now()) }), mayAsk(place, perMinute)
        else { return }
        do throws(DeliveryError) {
            let isThere = try await transport.hasBatchMarker()
            guard marker.withLock({ $0.isLost(isThere, at: clock.now()) }) else { return }
        } catch {
            return log("the patrol cannot ask for the marker", error.message)
        }
        log("the marker is put again", "it was at '\(place.address.description)' and is gone")
        try await context.ledger.setFact(owed, place.address.description)
    }
}

/// What is known of the marker for all that was sent. Not in the ledger: after a start it is seen anew.
struct MarkerLooks {
    private var asked: Date?
    private var wasThere = false

    func isDue(at now: Date) -> Bool {
        // Of a clock that was set back as well.
        asked.map { abs(now.timeIntervalSince($0)) >= Courier.round } ?? true
    }

    /// - Returns: whether it was there the last time.
    mutating func isLost(_ isThere: Bool, at now: Date) -> Bool {
        defer { (asked, wasThere) = (now, isThere) }
        return wasThere && !isThere
    }

    /// It is another one.
    mutating func forget() { self = MarkerLooks() }
}
