import Bookkeeping
import Foundation
import Host
import Intake
import Model

// What the spool says of pictures that are in the store already, where there is no room for others: a
// right that is lost does not wait for a disk.
extension SpoolWatch {
    /// Read so, it is read again when there is room: an `.xmp` beside it could not be copied.
    private static let mark = " (read while the disk was full)"

    func hearWhatIsKnown() async throws {
        let spool = spool
        let walk = try await lane.run { () throws(IntakeError) in try spool.walk() }
        while let batch = try await lane.run({ () throws(IntakeError) in try walk.next() }) {
            pulse.beat(.intake)
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
                bells.reconcile.ring()
                guard !Task.isCancelled else { return }
            }
        }
    }
}
