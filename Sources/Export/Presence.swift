import Bookkeeping
import Channels
import Destinations
import Foundation
import Model
import Synchronization

// Whether the channel is where it was. That one file is absent proves nothing where everything is: a
// disk that is not mounted, a server that answers for another. What was taken down there would be
// public again when the real one is back.
extension Courier {
    /// Seconds for which it is believed of a channel that is asked over a network.
    private static let believed = 10.0

    /// - Returns: false where none of what is live is there either.
    func isPresent(at place: Place) async throws(DeliveryError) -> Bool {
        let isNear = place.address.scheme == .file
        if !isNear, presence.withLock({ Date().timeIntervalSince($0) < Self.believed }) {
            return true
        }
        let names: [RemoteName]
        do throws(LedgerError) {
            names = try await office.ledger.samples(of: channel)
        } catch {
            throw DeliveryError("\(error)", remedy: .retry(after: nil))
        }
        for name in names where try await !place.destination.isAbsent(name) {
            presence.withLock { $0 = Date() }
            return true
        }
        return names.isEmpty
    }

    /// Holds the channel until a person says what is meant.
    func doubt(_ place: Place, over name: RemoteName) async throws(LedgerError) {
        let ledger = office.ledger
        try await ledger.setFact("elsewhere \(channel)", place.address.description)
        try await ledger.doubt(
            channel: channel,
            because: "'\(place.address.description)' has nothing of what was sent there, so that "
                + "'\(name)' is absent proves nothing; mount or mend it, then 'sluice reload'; if it "
                + "was emptied, 'sluice resume \(channel)' sends everything there again")
        log("the channel is not where it was", place.address.description)
    }
}
