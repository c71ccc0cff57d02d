import Bookkeeping
import Foundation
import Host
import Logging
import Model
import Profiles
import ServiceLifecycle

/// Computes, for every SKU about which something changed, the difference between what each channel
/// should have and what it has, and writes it down as work. A crash at any point is repaired by
/// computing the difference again.
struct Reconciler: Service {
    /// SKUs a turn; also the batch of a full pass over a channel.
    private static let batch = 64
    /// Seconds between two looks at the boundaries, for clocks that are set.
    private static let clockGuard = 60.0

    let ledger: Ledger
    let active: ActiveProfiles
    let signals: WakeSignals
    let heartbeat: Heartbeat
    let standstills: Standstills
    let logger: Logger
    /// Where pictures lie, for the commands that gates name.
    var spool: String?

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                heartbeat.beat(.reconciler)
                do {
                    let next = try await turn()
                    standstills.clear(.reconciler)
                    guard let next else { continue }
                    heartbeat.rest(.reconciler, until: next)
                    await signals.reconcile.wait(until: next)
                } catch let error as LedgerError {
                    try await trouble(error)
                }
            }
        }
    }

    /// - Returns: when to look again if nobody rings; nil: at once.
    func turn() async throws(LedgerError) -> Date? {
        let boundary = try await ledger.passBoundaries()
        var passes = false
        for record in try await ledger.channels() where record.cursor != nil {
            guard active.profile(record.name) != nil else { continue }
            if try await ledger.advance(channel: record.name, batch: Self.batch) { passes = true }
        }
        let skus = try await ledger.dirtySKUs(limit: Self.batch)
        for sku in skus {
            guard !Task.isCancelled else { return .distantFuture }
            try await look(at: sku)
        }
        if !skus.isEmpty { signals.wakeWork() }
        if passes || !skus.isEmpty { return nil }
        return min(boundary ?? .distantFuture, ledger.clock.now(plus: Self.clockGuard))
    }

    /// One whose record is damaged is nobody else's trouble.
    private func look(at sku: String) async throws(LedgerError) {
        do throws(LedgerError) {
            try await reconcile(sku)
        } catch {
            guard error.isDamage, let reason = try await ledger.setAside(ifDamaged: sku) else {
                throw error
            }
            logger.error("a SKU is set aside", metadata: ["sku": "\(sku)", "reason": "\(reason)"])
        }
    }

    private func reconcile(_ sku: String) async throws(LedgerError) {
        var record = try await ledger.skuRecord(sku)
        if let spool { record.state.locate(below: spool) }
        let now = ledger.now()
        var changes: [DeliveryChange] = []
        var refused: [Refused] = []
        var judged: [Judgement] = []
        var boundary: Date?
        for profile in active.profiles where profile.state == .draft {
            // What it had when it was live is still there, and may have to go, now or later.
            changes += Difference(record: record, profile: profile, now: now).changes
                .filter(\.isUrgent)
            boundary = [boundary, profile.boundary(record.state, after: now)]
                .compactMap(\.self).min()
        }
        let profiles = active.profiles.filter { $0.state != .draft }
        for profile in profiles {
            let difference = Difference(record: record, profile: profile, now: now)
            changes += difference.changes
            refused += difference.refused
            judged += judgements(difference.changes, record.state, profile, at: now)
            boundary = [
                boundary, profile.boundary(record.state, after: now),
                profile.feedBoundary(record.state, after: now),
            ].compactMap(\.self).min()
        }
        // Too early to decide anything but that something must go; inspecting asks again.
        let early = record.awaitsInspection
        try await ledger.settle(
            record, changes: early ? changes.filter(\.isUrgent) : changes,
            refused: early ? [] : refused, judged: early ? [] : judged,
            channels: early ? [] : profiles.map(\.channel),
            boundary: boundary)
    }

    /// Of what was measured before and goes out under this revision without being made again.
    private func judgements(
        _ changes: [DeliveryChange], _ state: SKUState, _ profile: Profile, at now: Date
    ) -> [Judgement] {
        changes.compactMap { change in
            guard case .want(let wish, _, let old) = change, wish.passed,
                old?.heldKey != wish.key, let receipt = state.receipts[wish.key]
            else { return nil }
            return profile.judgement(
                on: receipt, rendition: wish.rendition, name: wish.name, key: wish.key,
                master: state.inspections[wish.master], at: now)
        }
    }

    private func trouble(_ error: LedgerError) async throws {
        guard !error.isFatal else { throw error }
        if Task.isCancelled { return }
        standstills.report(.reconciler, error)
        // Not for a ring: others ring all the time.
        await ledger.clock.sleep(Standstills.pause)
    }
}
