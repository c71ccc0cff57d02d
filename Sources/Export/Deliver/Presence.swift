import Bookkeeping
import Foundation
import Model
import Profiles
import Synchronization
import Transports

// Whether the channel is where it was. That one file is absent proves nothing where everything is: a
// disk that is not mounted, a server that answers for another. What was taken down there would be
// public again when the real one is back.
extension Courier {
    /// A file that was known to be there, or may be there since the ledger was lost, is gone before this try
    /// has begun.
    func isMissing(_ delivery: Delivery, at place: Place) async throws(DeliveryError) -> Bool {
        if delivery.heldKey == nil {
            let isSought = try await inLedger { () async throws(LedgerError) in
                try await context.ledger.isSought(delivery)
            }
            guard isSought else { return false }
        }
        return try await place.transport.isAbsent(delivery.name, object: delivery.object)
    }

    /// Asks for the oldest of what is there. What was sent a moment ago is no witness: it would be
    /// there in the empty directory too.
    /// - Parameter wasMissing: then there must be some.
    func isPresent(
        at place: Place, besides delivery: Delivery, wasMissing: Bool
    ) async throws(DeliveryError) -> Bool {
        // It was there, and we took it away: this is the place.
        guard wasMissing || delivery.heldKey == nil || delivery.touched || delivery.attempts > 0
        else { return true }
        let mayBeOurs = wasMissing && delivery.touched
        let witnesses = try await inLedger { () async throws(LedgerError) in
            // The channel went on since then, wherever it is.
            try await context.ledger.witnesses(
                on: channel, besides: delivery, before: mayBeOurs ? delivery.since : nil)
        }
        guard !witnesses.isEmpty || !mayBeOurs else { throw unwitnessed(delivery, at: place) }
        guard !witnesses.isEmpty else { return !wasMissing }
        var present = 0
        for witness in witnesses
        where try await !place.transport.isAbsent(witness.name, object: witness.object) {
            present += 1
        }
        // One of them may have been taken away by somebody; of two, one that is there is enough.
        return witnesses.count < 3 ? present > 0 : 2 * present > witnesses.count
    }

    /// An earlier try, whose answer nobody heard, may have taken it away, or it never lay here.
    private func unwitnessed(_ delivery: Delivery, at place: Place) -> DeliveryError {
        DeliveryError(
            "'\(delivery.name)' is not at '\(place.address.description)'; an earlier try may have "
                + "taken it away, but nothing that lay beside it is left to show that this is the same "
                + "place and not an empty one (a disk that is not mounted, another server); look there, "
                + "and when it is gone say so with 'sluice attest \(channel) \(delivery.name)'",
            remedy: .retry(after: nil), origin: .here)
    }

    /// Holds the channel until a person says what is meant.
    func doubt(_ place: Place, over name: RemoteName) async throws(LedgerError) {
        let ledger = context.ledger
        standing.withLock { $0 = .nothing }
        try await ledger.setFact("elsewhere \(channel)", place.address.description)
        try await ledger.doubt(
            channel: channel,
            because:
                "'\(place.address.description)' lacks what was sent there, so that '\(name)' is "
                + "absent proves nothing; mount or mend it, then 'sluice reload'; if it was emptied, "
                + "'sluice resume \(channel)' sends everything there again")
        log("the channel is not where it was", place.address.description)
    }
}
