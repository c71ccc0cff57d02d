import Bookkeeping
import Foundation
import Model
import Profiles

/// The guards: how much may still be taken away or replaced in their window without a person.
struct ChangeBudget {
    let withdrawals: Int
    let replacements: Int

    init(profile: Profile, ledger: Ledger) async throws(LedgerError) {
        guard profile.state != .retired else {
            // Taking everything down is what `retired` asks for.
            (withdrawals, replacements) = (.max, .max)
            return
        }
        let since = ledger.now().addingTimeInterval(-profile.limits.per)
        let channel = profile.channel
        let held = try await ledger.counts(of: []).held[channel] ?? 0
        let withdrawn = try await ledger.spent("withdraw", channel: channel, since: since)
        let replaced = try await ledger.spent("replace", channel: channel, since: since)
        func left(_ share: Double, of all: Int, _ spent: Int) -> Int {
            max(max(profile.limits.atLeast, Int(share * Double(all))) - spent, 0)
        }
        // What was taken away was there when the window began; what was replaced still is.
        withdrawals = left(profile.limits.withdraw, of: held + withdrawn, withdrawn)
        replacements = left(profile.limits.replace, of: held, replaced)
    }
}
