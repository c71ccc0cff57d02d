import Bookkeeping
import Host
package import Model

/// An order names something that is not there.
package struct UnknownChannel: Error, Sendable {
    package var name: String
    package var nearest: String?
}

package struct UnknownSKU: Error, Sendable {
    package var sku: String
    package var nearest: String?
}

// What operators may ask for.
extension Daemon {
    package func reload(by who: String) async throws -> ReloadAnswer {
        try? notify.reloading()
        defer { try? notify.ready() }
        try await products?.take()
        try await ledger.lookAgainAtWhatIsAside()
        bells.reconcile.ring()
        return try await desk.load(by: who)
    }

    package func withdraw(
        sku: String, view: String?, number: Int?, channel: String?, because: String,
        by who: String
    ) async throws -> DoneAnswer {
        if let channel { try await mustKnow(channel) }
        guard try await ledger.knows(sku: sku) else {
            let known = try await ledger.skusLike(sku, limit: 20_000)
            throw UnknownSKU(sku: sku, nearest: Spelling.nearest(to: sku, among: known))
        }
        let count = try await ledger.withdraw(
            sku: sku, view: view, number: number, channel: channel, because: because, by: who)
        bells.reconcile.ring()
        return DoneAnswer(
            done:
                "withdrew \(count) versions of '\(sku)'; status is red until they are proven gone",
            count: count)
    }

    package func retry(
        channel: String, cause: String?, by who: String
    ) async throws -> DoneAnswer {
        try await mustKnow(channel)
        let count = try await ledger.retry(channel: channel, cause: cause)
        desk.hurry(channel)
        try await ledger.note("retried", channel: channel, subject: channel, "\(count) by \(who)")
        bells.ringWork()
        bells.reconcile.ring()
        return DoneAnswer(done: "trying \(count) deliveries of '\(channel)' again", count: count)
    }

    package func hold(
        channel: String, because: String?, by who: String
    ) async throws -> DoneAnswer {
        try await mustKnow(channel)
        let reason = because.map { "\($0) (\(who))" } ?? "held by \(who)"
        try await ledger.hold(channel: channel, because: reason)
        return DoneAnswer(
            done: "'\(channel)' is held; 'sluice resume \(channel)' goes on", count: 1)
    }

    package func resume(channel: String, by who: String) async throws -> DoneAnswer {
        if channel == "rendering" {
            pool.resume()
            return DoneAnswer(done: "rendering goes on", count: 1)
        }
        try await mustKnow(channel)
        let fact = "elsewhere \(channel)"
        let elsewhere = !(try await ledger.fact(fact) ?? "").isEmpty
        try await ledger.resume(channel: channel, elsewhere: elsewhere, by: who)
        if elsewhere { try await ledger.setFact(fact, "") }
        bells.ringWork()
        return DoneAnswer(done: "'\(channel)' goes on", count: 1)
    }

    package func release(channel: String, by who: String) async throws -> DoneAnswer {
        try await mustKnow(channel)
        let count = try await ledger.release(channel: channel, by: who)
        bells.ringWork()
        return DoneAnswer(
            done: "let \(count) held changes of '\(channel)' go through", count: count)
    }

    private func mustKnow(_ channel: String) async throws {
        let names = try await ledger.channels().map(\.name)
        guard !names.contains(channel) else { return }
        throw UnknownChannel(
            name: channel, nearest: Spelling.nearest(to: channel, among: names))
    }
}
