package import Bookkeeping
import Foundation

/// What to say when the ledger is lost or damaged, and what to type.
package enum Recovery {
    /// For the light, and for the log at start.
    package static func words(_ loss: Loss, state: String) -> String {
        let decision = loss.decision.map { "; the newest decision that is missing: \($0.what)" }
        let what = loss.what + (decision ?? "") + "; no channel sends or takes away anything. "
        guard !loss.isRestored else {
            let again = loss.decision == nil ? "" : "Give the missing decisions again. "
            return what + again
                + "Then 'sluice resume ledger', or one by one 'sluice resume CHANNEL'"
        }
        return what + bringBack(state)
            + ". If this is meant to be a new start: 'sluice resume ledger'"
    }

    /// Nil where a snapshot would not help.
    static func advice(on error: LedgerError, state: String) -> String? {
        error.isLost ? bringBack(state) : nil
    }

    private static func bringBack(_ state: String) -> String {
        guard let snapshot = Ledger.newestSnapshot(in: state) else {
            return "There is no snapshot of it in '\(state)/\(Ledger.snapshots)'"
        }
        return "Bring back its newest snapshot: 'systemctl stop sluice', "
            + "'sluice ledger restore \(snapshot)', 'systemctl start sluice'"
    }
}
