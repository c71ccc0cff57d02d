import Bookkeeping
import Destinations
import Foundation
import Host
import Logging
import Model
import Synchronization

// What a courier does when a delivery fails: again, not again, or a pause for the whole channel.
extension Courier {
    private static let firstPause = 60.0
    static let longestPause = 6 * 3600.0

    func settle(_ error: DeliveryError, _ claim: Claim) async throws(LedgerError) {
        let delivery = claim.delivery
        let ledger = office.ledger
        if stopping.withLock(\.self) || Task.isCancelled {
            // Our own stop is nobody's failure.
            return try await ledger.unclaim(delivery, tried: true)
        }
        switch error.remedy {
        case .fixChannel, .fixProfile:
            try await ledger.unclaim(delivery, tried: true)
            try await pause(because: error.message)
        case .fixInput:
            if await bytesChanged(claim) { return await makeAgain(delivery) }
            try await ledger.recordFailure(delivery, error: error.message, next: nil)
        case .fixHost:
            try await ledger.recordFailure(
                delivery, error: error.message, next: later(delivery, hint: nil))
        case .retry(let hint):
            try await ledger.recordFailure(
                delivery, error: error.message, next: later(delivery, hint: hint))
            // What the server asked for holds for the whole channel.
            if let hint, hint > 0 { try await pause(because: error.message, seconds: hint) }
        }
    }

    private func later(_ delivery: Delivery, hint: Double?) -> Date {
        let delay = max(Backoff.delay(attempts: delivery.attempts), hint ?? 0)
        return office.ledger.now().addingTimeInterval(delay)
    }

    private func bytesChanged(_ claim: Claim) async -> Bool {
        guard let file = claim.file else { return false }
        let path = office.store.renditions + "/" + file
        let lane = Lane("courier-hash")
        let digest = try? await lane.run { () throws(HostError) in try Files.digest(path: path) }
        return digest?.sha256 != claim.sha256
    }

    func pause(
        because: String, seconds: Double? = nil, most: Double = longestPause
    ) async throws(LedgerError) {
        let count = pauses.withLock { count in
            count += 1
            return count
        }
        let delay =
            seconds ?? min(Self.firstPause * pow(2, Double(min(count - 1, 10))), most)
        try await office.ledger.pause(
            channel: channel, because: because,
            until: office.ledger.now().addingTimeInterval(delay))
        log("the channel pauses", because)
    }

    func log(_ what: String, _ why: String) {
        office.logger.warning(
            "\(what)", metadata: ["channel": "\(channel)", "reason": "\(why)"])
    }
}
