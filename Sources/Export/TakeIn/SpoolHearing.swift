import Bookkeeping
import Foundation
import Host
import Intake
import Model

// What files say of pictures, and when that counts.
extension SpoolWatch {
    /// Read so, it is read again when there is room: an `.xmp` beside it could not be copied.
    private static let mark = " (read while the disk was full)"

    /// What is said of pictures that are in the store already, where there is no room for others: a
    /// right that is lost does not wait for a disk.
    func hearWhatIsKnown() async throws {
        let spool = spool
        let walk = try await lane.run { () throws(IntakeError) in try spool.walk() }
        while let batch = try await lane.run({ () throws(IntakeError) in try walk.next() }) {
            heartbeat.beat(.intake)
            let taken = try await ledger.taken(from: batch.map(\.path))
            let now = ledger.now()
            for candidate in batch where candidate.isSettled(at: now, settle: spool.settings.settle)
            {
                guard let (known, master) = taken[candidate.path],
                    known != candidate.fingerprint, known != candidate.fingerprint + Self.mark,
                    known.hasPrefix(candidate.ownFingerprint)
                else { continue }
                guard case .success(let declaration) = await lane.run({ spool.read(candidate) })
                else { continue }
                var arrival = Arrival(
                    path: candidate.path, fingerprint: candidate.fingerprint + Self.mark,
                    batch: candidate.batch, declaration: declaration, master: master.sha256,
                    bytes: master.bytes, format: master.format)
                arrival.isHearing = true
                _ = try await accept(arrival, candidate, canWait: false)
                signals.reconcile.wake()
                guard !Task.isCancelled else { return }
            }
        }
    }

    /// - Returns: false where it takes an approval back and was written only just now: the rest counts
    ///   already, and it is read again.
    func accept(
        _ arrival: Arrival, _ candidate: Candidate, canWait: Bool = true
    ) async throws(LedgerError) -> Bool {
        let standing = try await ledger.standing(of: arrival)
        var arrival = arrival
        arrival.replacing = try await gone(standing.others)
        let stands = candidate.isSettled(at: ledger.now(), settle: revoking)
        guard standing.revokes, !stands else {
            try await ledger.accept(arrival, canWait: canWait)
            return true
        }
        arrival.fingerprint += " (it takes an approval back)"
        arrival.keepsApproval = true
        if try await !ledger.accept(arrival, canWait: canWait).isEmpty { signals.reconcile.wake() }
        return false
    }

    /// Seconds a sidecar that takes an approval back must have stood: a tool that writes it in two
    /// steps means nothing by the first.
    var revoking: TimeInterval { 6 * spool.settings.settle }

    /// A file that was moved speaks in the place of what it was. In the spool they were in: where
    /// another stands in its place all of them would seem gone.
    private func gone(_ others: Set<String>) async throws(LedgerError) -> [String] {
        guard !others.isEmpty else { return [] }
        let spool = spool
        let gone = await lane.run {
            try? (root: spool.identity(), paths: spool.gone(others.sorted()))
        }
        guard let gone, gone.root == (try await ledger.fact(Self.rootFact)) else { return [] }
        return gone.paths.sorted()
    }
}
