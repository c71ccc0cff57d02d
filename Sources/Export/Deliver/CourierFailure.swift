import Bookkeeping
import Foundation
import Host
import Logging
import Model
import Synchronization
import Transports

// What a courier does when a delivery fails: again, not again, or a pause for the whole channel.
extension Courier {
    private static let firstPause = 60.0
    static let longestPause = 6 * 3600.0
    /// Files in a row; fewer may be one product's.
    private static let usual = 10

    func settle(_ error: DeliveryError, _ claim: Claim) async throws(LedgerError) {
        let delivery = claim.delivery
        let ledger = context.ledger
        if error.mayLie { try await ledger.noteLostAnswer(delivery, error: error.message) }
        if stopping.withLock(\.self) || Task.isCancelled || error.origin == .ended {
            // Our own stop is nobody's failure, nor that another connection takes its place.
            return try await ledger.unclaim(delivery, tried: true)
        }
        switch error.remedy {
        case .fixChannel, .fixProfile:
            try await ledger.unclaim(delivery, tried: true)
            try await pause(because: error.message)
        case .fixInput:
            if await bytesChanged(claim) { return await makeAgain(delivery) }
            try await ledger.recordFailure(delivery, error: error.message, next: nil)
            await noteRefusal(error.message)
        case .fixHost:
            let next = later(delivery, hint: nil)
            tellOfTheHost(error, until: next)
            try await ledger.recordFailure(delivery, error: error.message, next: next)
        case .retry(let hint):
            if error.origin == .there {
                concurrency.withLock { $0.refuse(sessions, at: clock.now()) }
            }
            try await ledger.recordFailure(
                delivery, error: error.message, next: later(delivery, hint: hint))
            // What the server asked for holds for the whole channel.
            if let hint, hint > 0 { try await pause(because: error.message, seconds: hint) }
        }
    }

    /// What is one file's fault is that file's; the same of one file after the other is the channel's,
    /// and no more of them are spoilt until it is mended: one goes first after each pause.
    func noteRefusal(_ why: String) async {
        let count = refusals.withLock { count in
            count += 1
            return count
        }
        guard isRefusing else { return }
        do throws(LedgerError) {
            try await pause(
                because: "the last \(count) files did not pass, and none between: \(why)",
                isShut: false)
        } catch {
            log("the pause was not recorded", "\(error)")
        }
    }

    /// It answers, and takes no files.
    var isRefusing: Bool { refusals.withLock { $0 >= Self.usual } }

    func endPause() async {
        pauses.withLock { $0 = 0 }
        let mayBePaused = mayBePaused.withLock { mayBe in
            defer { mayBe = false }
            return mayBe
        }
        guard mayBePaused else { return }
        do throws(LedgerError) {
            if try await context.ledger.channel(channel)?.paused != nil {
                try await context.ledger.unpause(channel: channel)
            }
        } catch {
            self.mayBePaused.withLock { $0 = true }
            log("the pause was not ended", "\(error)")
        }
    }

    /// One file may have its own trouble; two in a row, and nothing between them, are the channel's.
    private func tellOfTheHost(_ error: DeliveryError, until next: Date) {
        let count = hostFailures.withLock { count in
            count += 1
            return count
        }
        guard count > 1 else { return }
        context.standstills.report(
            .folder, on: channel, error.message,
            remedy: "mend it, then 'sluice retry --channel \(channel)'",
            lasts: next.timeIntervalSince(context.ledger.now()) + Self.firstPause)
    }

    private func later(_ delivery: Delivery, hint: Double?) -> Date {
        let delay = max(Backoff.delay(attempts: delivery.attempts), hint ?? 0)
        return context.ledger.now().addingTimeInterval(delay)
    }

    private func bytesChanged(_ claim: Claim) async -> Bool {
        guard let file = claim.file else { return false }
        let path = context.store.renditions + "/" + file
        let lane = Lane("courier-hash")
        let digest = try? await lane.run { () throws(HostError) in try Files.digest(path: path) }
        return digest?.sha256 != claim.sha256
    }

    /// - Parameter isShut: not even what must go is tried meanwhile.
    func pause(
        because: String, seconds: Double? = nil, most: Double = longestPause, isShut: Bool = true
    ) async throws(LedgerError) {
        let count = pauses.withLock { count in
            count += 1
            return count
        }
        let delay =
            seconds ?? min(Self.firstPause * pow(2, Double(min(count - 1, 10))), most)
        let until = context.ledger.now().addingTimeInterval(delay)
        func stand() {
            standing.withLock { $0 = isShut ? .nothing : .onlyWhatMustGo }
            mayBePaused.withLock { $0 = true }
        }
        stand()
        if isShut { context.active.setShut(until: until, channel) }
        try await context.ledger.pause(channel: channel, because: because, until: until)
        // A turn that had asked before says otherwise.
        stand()
        log("the channel pauses", because)
    }

    func log(_ what: String, _ why: String) {
        context.logger.warning(
            "\(what)", metadata: ["channel": "\(channel)", "reason": "\(why)"])
    }
}
