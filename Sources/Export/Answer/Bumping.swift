import Bookkeeping
import Model
package import Wire

// A person wants something before all that waits.
extension Daemon {
    package func bump(
        sku: String, view: String?, number: Int?, variant: String?, channel: String?,
        by who: String
    ) async throws -> DoneAnswer {
        if let channel { try await mustKnow(channel) }
        try await mustKnow(sku: sku)
        let (view, number) = try await mustKnow(view, number, variant, of: sku)
        let bumped = try await ledger.bump(
            sku: sku, view: view, number: number, variant: variant, channel: channel, by: who)
        signals.wakeWork()
        let parts = [
            bumped.deliveries > 0
                ? Amount.count(bumped.deliveries, "delivery", "deliveries") : nil,
            bumped.masters > 0
                ? Amount.count(bumped.masters, "picture")
                    + " nobody has looked into yet (and then on every channel)" : nil,
        ].compactMap(\.self)
        let place = channel.map { " on '\($0)'" } ?? ""
        guard !parts.isEmpty else {
            return DoneAnswer(
                done: "nothing of '\(sku)' waits to be made or sent\(place); 'sluice why "
                    + "\(sku.shellWord)' says how it stands", count: 0)
        }
        return DoneAnswer(
            done: "first of all\(place): \(parts.joined(separator: ", ")) of '\(sku)'",
            count: bumped.deliveries + bumped.masters)
    }
}
