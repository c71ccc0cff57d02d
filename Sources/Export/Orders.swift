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
        let answer = try await desk.load(by: who)
        standstills.clear(.profiles)
        return answer
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
        channel: String, because: String?, everything: Bool, by who: String
    ) async throws -> DoneAnswer {
        try await mustKnow(channel)
        let reason = because.map { "\($0) (\(who))" } ?? "held by \(who)"
        try await ledger.hold(channel: channel, because: reason, everything: everything)
        bells.ringWork()
        let rest =
            everything
            ? "not even what must go is taken down" : "what must go is still taken down"
        return DoneAnswer(
            done: "'\(channel)' is held, \(rest); 'sluice resume \(channel)' goes on", count: 1)
    }

    package func resume(channel: String, by who: String) async throws -> DoneAnswer {
        if channel == "rendering" {
            pool.resume()
            return DoneAnswer(done: "rendering goes on", count: 1)
        }
        if channel == "ledger", try await ledger.loss() != nil {
            let count = try await ledger.resumeUnsure(by: who)
            bells.ringWork()
            return DoneAnswer(
                done: "every channel goes on with what the ledger knows now", count: count)
        }
        try await mustKnow(channel)
        let fact = "elsewhere \(channel)"
        let old = try await ledger.fact(fact) ?? ""
        let left =
            old.isEmpty ? 0 : try await ledger.counts(of: [channel]).urgentRemovals[channel] ?? 0
        try await ledger.resume(channel: channel, elsewhere: !old.isEmpty, by: who)
        if !old.isEmpty { try await ledger.setFact(fact, "") }
        bells.ringWork()
        guard left > 0 else { return DoneAnswer(done: "'\(channel)' goes on", count: 1) }
        let warning =
            "\(left) files that must go are left at '\(old)': take them down there by hand"
        try await ledger.note("left behind", channel: channel, subject: channel, warning)
        return DoneAnswer(done: "'\(channel)' goes on; \(warning)", count: 1)
    }

    package func release(channel: String, by who: String) async throws -> DoneAnswer {
        if channel == "products", let products {
            let files = try await ledger.releaseProducts(by: who)
            let isChannel = try await ledger.channel(channel) != nil
            if !files.isEmpty || !isChannel { return try await release(files, products) }
        }
        try await mustKnow(channel)
        let count = try await ledger.release(channel: channel, by: who)
        bells.ringWork()
        return DoneAnswer(
            done: "let \(count) held changes of '\(channel)' go through", count: count)
    }

    private func release(
        _ files: [String], _ products: ProductWatch
    ) async throws -> DoneAnswer {
        guard !files.isEmpty else {
            return DoneAnswer(done: "no product table waits for a person", count: 0)
        }
        try await products.take(again: true)
        return DoneAnswer(
            done: "let pass, as it is now: " + files.map { "'\($0)'" }.joined(separator: ", "),
            count: files.count)
    }

    func mustKnow(_ channel: String) async throws {
        let names = try await ledger.channels().map(\.name)
        guard !names.contains(channel) else { return }
        throw UnknownChannel(
            name: channel, nearest: Spelling.nearest(to: channel, among: names))
    }
}
