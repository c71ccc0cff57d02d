import Bookkeeping
package import Model

// Taking down by a person's decision, and undoing it.
extension Daemon {
    package func withdraw(
        sku: String, view: String?, number: Int?, channel: String?, because: String,
        by who: String
    ) async throws -> DoneAnswer {
        try await mustKnow(channel, sku)
        let count = try await ledger.withdraw(
            sku: sku, view: view, number: number, channel: channel, because: because, by: who)
        bells.reconcile.ring()
        return DoneAnswer(
            done:
                "withdrew \(count) versions of '\(sku)'; status is red until they are proven gone",
            count: count)
    }

    package func reinstate(
        sku: String, view: String?, number: Int?, channel: String?, because: String,
        by who: String
    ) async throws -> DoneAnswer {
        try await mustKnow(channel, sku)
        let answer = try await ledger.reinstate(
            sku: sku, view: view, number: number, channel: channel, because: because, by: who)
        bells.reconcile.ring()
        guard let undone = answer.because else {
            throw NothingWithdrawn(
                what: [sku, view].compactMap(\.self).joined(separator: " "), channel: channel)
        }
        let rest =
            answer.remaining > 0
            ? "; \(answer.remaining) stay withdrawn by an earlier decision: the same command again "
                + "undoes that" : ""
        return DoneAnswer(
            done: "reinstated what had been withdrawn: \(undone)\(rest)", count: answer.count)
    }

    private func mustKnow(_ channel: String?, _ sku: String) async throws {
        if let channel { try await mustKnow(channel) }
        guard try await !ledger.knows(sku: sku) else { return }
        let known = try await ledger.skusLike(sku, limit: 20_000)
        throw UnknownSKU(sku: sku, nearest: Spelling.nearest(to: sku, among: known))
    }
}

/// An order undoes what nobody did.
package struct NothingWithdrawn: Error, Sendable {
    package var what: String
    package var channel: String?
}
