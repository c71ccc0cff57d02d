import Bookkeeping
import Foundation
import Host
import Logging
import Model
import Synchronization
import Transports

// What a courier does when a delivery fails: again, not again, or a pause for the whole channel.
extension Courier {
    static let longestPause = 6 * 3600.0
    /// Seconds by which the one that made a channel pause lets others try before it.
    private static let behind = 5.0
    /// Seconds for which this machine's trouble is told after the next try should have mended it.
    private static let hostPatience = 60.0

    func settle(_ error: DeliveryError, _ claim: Claim) async throws(LedgerError) {
        let delivery = claim.delivery
        let ledger = context.ledger
        if stopping.withLock(\.self) || Task.isCancelled || error.origin == .ended {
            // Our own stop is nobody's failure, nor that another connection takes its place.
            return try await ledger.unclaim(delivery, tried: true)
        }
        switch error.remedy {
        case .fixChannel, .fixProfile:
            guard pausing.withLock({ $0.isOfOneFile(clock.now()) }) else {
                let until = try await pause(because: error.message, of: delivery)
                // The channel is asked with another one: this one's trouble may be its own.
                return try await ledger.unclaim(
                    delivery, tried: !isAsItWas(delivery, error),
                    next: until.addingTimeInterval(Self.behind))
            }
            try await ledger.recordFailure(
                delivery, error: error.message, next: later(delivery, hint: nil),
                isAsItWas: isAsItWas(delivery, error))
            await noteRefusal(error.message)
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
                delivery, error: error.message, next: later(delivery, hint: hint),
                isAsItWas: isAsItWas(delivery, error))
            // What the server asked for holds for the whole channel.
            if let hint, hint > 0 {
                try await pause(because: error.message, asked: hint, of: delivery)
            }
        }
    }

    /// It has not been taken away: when it is missing at the next try, that was not us.
    private func isAsItWas(_ delivery: Delivery, _ error: DeliveryError) -> Bool {
        delivery.state == .remove && error.isRefusal && !delivery.touched
    }

    /// What is one file's fault is that file's; the same of one file after the other is the channel's,
    /// and no more of them are spoilt until it is mended: one goes first after each pause.
    func noteRefusal(_ why: String) async {
        let (count, isRefusing) = pausing.withLock { ($0.refuse(), $0.isRefusing) }
        guard isRefusing else { return }
        do throws(LedgerError) {
            try await pause(
                because: "the last \(count) files did not pass, and none between: \(why)",
                isShut: false)
        } catch {
            log("the pause was not recorded", "\(error)")
        }
    }

    /// - Parameters:
    ///   - number: of the pause that was the last when it began.
    ///   - isTaken: a file was.
    func wentWell(since number: Int, isTaken: Bool = false) async {
        let now = clock.now()
        let isOver = pausing.withLock { $0.succeed(since: number, isTaken: isTaken, at: now) }
        guard isOver else { return }
        do throws(LedgerError) {
            if try await context.ledger.channel(channel)?.paused != nil {
                try await context.ledger.unpause(channel: channel)
            }
        } catch {
            pausing.withLock { $0.insist() }
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
            lasts: next.timeIntervalSince(context.ledger.now()) + Self.hostPatience)
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

    /// What must go is tried all the same, where it was not that which failed.
    @discardableResult
    private func pause(
        because: String, asked: Double? = nil, of delivery: Delivery
    ) async throws(LedgerError) -> Date {
        try await pause(because: because, asked: asked, isShut: delivery.state == .remove)
    }

    /// - Parameters:
    ///   - asked: seconds that the server has asked for.
    ///   - isShut: not even what must go is tried meanwhile.
    /// - Returns: until when.
    @discardableResult
    func pause(
        because: String, asked: Double? = nil, most: Double = longestPause, isShut: Bool
    ) async throws(LedgerError) -> Date {
        let now = context.ledger.now()
        // Our own stop is nobody's failure.
        guard !stopping.withLock(\.self), !Task.isCancelled else { return now }
        let until = pausing.withLock { $0.begin(asked: asked, most: most, at: now) }
        func stand() {
            standing.withLock { $0 = isShut ? .nothing : .onlyWhatMustGo }
            pausing.withLock { $0.insist() }
        }
        stand()
        context.active.setShut(until: isShut ? until : .distantPast, channel)
        try await context.ledger.pause(channel: channel, because: because, until: until)
        // A turn that had asked before says otherwise.
        stand()
        log("the channel pauses", because)
        return until
    }

    func log(_ what: String, _ why: String) {
        context.logger.warning(
            "\(what)", metadata: ["channel": "\(channel)", "reason": "\(why)"])
    }
}
