import Bookkeeping
import Channels
import Foundation
import Model

/// The guards: how much may still be taken away or replaced in their window without a person.
struct Allowance {
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
        let counts = try await ledger.counts(of: []).deliveries[channel] ?? [:]
        let held = ["live", "linger", "remove"].reduce(0) { $0 + (counts[$1] ?? 0) }
        let withdrawn = try await ledger.spent("withdraw", channel: channel, since: since)
        let replaced = try await ledger.spent("replace", channel: channel, since: since)
        func left(_ share: Double, _ spent: Int) -> Int {
            let most = max(profile.limits.atLeast, Int(share * Double(held + spent)))
            return max(most - spent, 0)
        }
        withdrawals = left(profile.limits.withdraw, withdrawn)
        replacements = left(profile.limits.replace, replaced)
    }
}
