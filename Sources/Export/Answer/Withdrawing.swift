import Bookkeeping
import Model
package import Wire

// Taking down by a person's decision, and undoing it.
extension Daemon {
    package func withdraw(
        sku: String, view: String?, number: Int?, variant: String?, channel: String?,
        because: String, by who: String
    ) async throws -> DoneAnswer {
        try await mustKnow(channel, sku)
        let (view, number) = try await mustKnow(view, number, variant, of: sku)
        let count = try await ledger.withdraw(
            sku: sku, view: view, number: number, variant: variant, channel: channel,
            because: because, by: who)
        signals.reconcile.wake()
        return DoneAnswer(
            done: count == 0
                ? "nothing changes: all of it is withdrawn already"
                : "withdrew \(Amount.count(count, "version")) of '\(sku)'; status is red until they "
                    + "are proven gone",
            count: count)
    }

    package func reinstate(
        sku: String, view: String?, number: Int?, variant: String?, channel: String?,
        because: String, by who: String
    ) async throws -> DoneAnswer {
        try await mustKnow(channel, sku)
        let (view, number) = try await mustKnow(view, number, variant, of: sku)
        let answer = try await ledger.reinstate(
            sku: sku, view: view, number: number, variant: variant, channel: channel,
            because: because, by: who)
        signals.reconcile.wake()
        guard let undone = answer.because else {
            throw NothingWithdrawn(
                what: [sku, view].compactMap(\.self).joined(separator: " "), channel: channel)
        }
        let rest =
            answer.remaining > 0
            ? "; \(Amount.count(answer.remaining, "version stays", "versions stay")) withdrawn by an earlier decision: the same command again "
                + "undoes that" : ""
        return DoneAnswer(
            done: "reinstated what had been withdrawn: \(undone)\(rest)", count: answer.count)
    }

    private func mustKnow(_ channel: String?, _ sku: String) async throws {
        if let channel { try await mustKnow(channel) }
        try await mustKnow(sku: sku)
    }
}

/// An order undoes what nobody did.
package struct NothingWithdrawn: Error, Sendable {
    package var what: String
    package var channel: String?
}
