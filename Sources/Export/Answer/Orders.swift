import Bookkeeping
import Feeds
import Foundation
import Host
import Intake
import Model
import Profiles
import Transports
package import Wire

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
        signals.reconcile.wake()
        return try await supervisor.load(by: who)
    }

    package func retry(
        channel: String?, sku: String?, cause: String?, by who: String
    ) async throws -> DoneAnswer {
        if let channel { try await mustKnow(channel) }
        if let sku { try await mustKnow(sku: sku) }
        guard let channel else { return try await retry(sku: sku ?? "", cause: cause, by: who) }
        let count = try await retry(channel, sku: sku, cause: cause, by: who)
        let held = try await ledger.channel(channel).map(stillHeld) ?? ""
        signals.wakeWork()
        signals.reconcile.wake()
        return DoneAnswer(
            done: count == 0
                ? "no delivery of '\(channel)' waits; its feed is tried again if it is due, and pictures "
                    + "are fetched again where its profile says 'fetch'"
                : "trying \(Amount.count(count, "delivery", "deliveries")) of '\(channel)' again\(held)",
            count: count)
    }

    /// To be tried again is no reason to go on.
    private func stillHeld(_ record: ChannelRecord) -> String {
        record.held.map { "; but '\(record.name)' is held: \($0)" } ?? ""
    }

    /// Wherever it waits. What a channel is paused for is about more than this one: that lasts.
    private func retry(
        sku: String, cause: String?, by who: String
    ) async throws -> DoneAnswer {
        let waiting = try await ledger.skuState(sku).deliveries.filter {
            [.send, .remove, .stuck].contains($0.state)
        }
        var count = 0
        var paused = ""
        for channel in Set(waiting.map(\.channel)).sorted() {
            count += try await retry(
                channel, sku: sku, cause: cause, staysPaused: true, by: who)
            let record = try await ledger.channel(channel)
            let isPaused = record?.pausedUntil.map { $0 > ledger.now() } ?? false
            if !isPaused { supervisor.hurry(channel) }
            if isPaused, let pause = record?.paused {
                paused += "; '\(channel)' is paused (\(pause)): mended, 'sluice resume \(channel)'"
            }
            paused += record.map(stillHeld) ?? ""
        }
        signals.wakeWork()
        signals.reconcile.wake()
        return DoneAnswer(
            done: count == 0
                ? "no delivery of '\(sku)' waits: 'sluice why \(sku)'"
                : "trying \(Amount.count(count, "delivery", "deliveries")) of '\(sku)' again\(paused)",
            count: count)
    }

    private func retry(
        _ channel: String, sku: String?, cause: String?, staysPaused: Bool = false, by who: String
    ) async throws -> Int {
        let count = try await ledger.retry(
            channel: channel, sku: sku, cause: cause, staysPaused: staysPaused)
        if !staysPaused { supervisor.hurry(channel) }
        try await ledger.note(
            "retried", channel: channel, subject: sku ?? channel, "\(count) by \(who)")
        return count
    }

    package func hold(
        channel: String, because: String?, everything: Bool, by who: String
    ) async throws -> DoneAnswer {
        try await mustKnow(channel)
        let before = try await ledger.channel(channel)
        let isHeld = before?.hold == .ordinary || before?.hold == .everything
        let reason = because.map { "\($0) (\(who))" } ?? "by \(who)"
        // Held once more, and otherwise, it is so for the same reason.
        let known = because == nil && isHeld ? before?.held : nil
        try await ledger.hold(
            channel: channel, because: known ?? "\(reason); 'sluice resume \(channel)' goes on",
            everything: everything)
        signals.wakeWork()
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
            signals.wakeAll()
            return DoneAnswer(
                done: "every channel goes on with what the ledger knows now", count: count)
        }
        try await mustKnow(channel)
        let fact = "elsewhere \(channel)"
        let old = try await ledger.fact(fact) ?? ""
        // Fetched elsewhere from now on, and brought to the same place as before.
        let destination = active.profile(channel)?.destination
        let isHanded = old.hasSuffix(Destination.broughtOn) && destination?.hand != nil
        let isElsewhere = !old.isEmpty && old != destination?.place
        let left =
            isElsewhere && !isHanded
            ? try await ledger.counts(of: [channel]).urgentRemovals[channel] ?? 0 : 0
        let names =
            left == 0
            ? []
            : try await ledger.list(.mustGo(channel: channel), limit: ListQuestion.most)
                .compactMap(\.entry.name)
        let leavesFiles =
            isElsewhere && !isHanded ? try await ledger.holdings(of: channel).names > 0 : false
        // Before the ledger lets go of what lies there: a crash in between must not lose the place.
        try await noteOldPlaces(of: channel, and: leavesFiles ? old : nil, now: destination?.place)
        CrashPoint.reach("resume.noted")
        try await ledger.resume(
            channel: channel, elsewhere: !old.isEmpty, left: isElsewhere ? old : nil,
            isHanded: isHanded, feedStays: try await feedStays(on: channel),
            holdsLists: destination?.liesAt(old) == true, by: who)
        if !old.isEmpty { try await ledger.setFact(fact, "") }
        supervisor.hurry(channel)
        signals.wakeAll()
        guard left > 0 else { return DoneAnswer(done: "'\(channel)' goes on", count: 1) }
        let warning =
            "\(Amount.count(left, "file that must go is", "files that must go are")) left at "
            + "'\(old)': take down by hand what is there, and say so with 'sluice attest \(channel)'; "
            + "until then they are red"
        try await ledger.note("left behind", channel: channel, subject: channel, warning)
        return DoneAnswer(done: "'\(channel)' goes on; \(warning)", count: 1, names: names)
    }

    /// All where files were left; where they lie now they are looked after again.
    private func noteOldPlaces(
        of channel: String, and old: String?, now place: String?
    ) async throws(LedgerError) {
        let fact = OldPlace.fact(channel)
        let known = try await ledger.fact(fact) ?? ""
        var places = known.split(separator: "\n").map(String.init).filter { $0 != place }
        if let old, !places.contains(old) { places.append(old) }
        let left = places.joined(separator: "\n")
        if left != known { try await ledger.setFact(fact, left) }
    }

    /// It has a place of its own, and lies there.
    func feedStays(on channel: String) async throws(LedgerError) -> Bool {
        guard let profile = active.profile(channel), profile.feed?.destination != nil else {
            return false
        }
        return try await ledger.fact(FeedPlace.fact(channel)) == profile.feedPlace
    }

    package func release(channel: String, by who: String) async throws -> DoneAnswer {
        if channel == "products", let products {
            let files = try await ledger.releaseProducts(by: who)
            let isChannel = try await ledger.channel(channel) != nil
            if !files.isEmpty || !isChannel { return try await release(files, products) }
        }
        try await mustKnow(channel)
        let released = try await ledger.release(channel: channel, by: who)
        for file in released.stale { Staging.remove("\(store.editions)/\(channel)/\(file)") }
        signals.wakeWork()
        guard released.count > 0 else {
            return DoneAnswer(done: "nothing is held on '\(channel)'", count: 0)
        }
        let stays = released.removals > 0 && active.profile(channel)?.lingers ?? 0 > 0
        return DoneAnswer(
            done: "let pass on '\(channel)': \(released.description)"
                + (stays ? "; each removal goes when its 'old_stays' is over" : ""),
            count: released.count, names: released.names)
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

    package func forget(
        channel: String, leave: Bool, by who: String
    ) async throws -> DoneAnswer {
        try await mustKnow(channel)
        let done = try await supervisor.forget(channel, leave: leave, by: who)
        signals.reconcile.wake()
        return DoneAnswer(done: done, count: 1)
    }

    // MARK: What is named must be there

    func mustKnow(_ channel: String) async throws {
        let names = try await ledger.channels().map(\.name)
        guard !names.contains(channel) else { return }
        throw UnknownChannel(
            name: channel, nearest: Spelling.nearest(to: channel, among: names))
    }

    /// Known, and with a profile in force.
    func mustServe(_ channel: String) async throws {
        try await mustKnow(channel)
        guard active.profile(channel) == nil else { return }
        let wasGood = try await ledger.channel(channel)?.text != nil
        throw Declined.conflict(
            "'\(channel)' is off: "
                + (wasGood
                    ? "its profile is gone or not good, and the last good one cannot be read any more"
                    : "its profile has never been good"),
            next: "mend it, then 'sluice reload'")
    }

    func mustKnow(sku: String) async throws {
        guard try await !ledger.knows(sku: sku) else { return }
        let known = try await ledger.skusLike(sku, limit: 20_000)
        throw UnknownSKU(sku: sku, nearest: Spelling.nearest(to: sku, among: known))
    }

    /// - Returns: the view by its own name, `detail-2` as view and number.
    func mustKnow(
        _ view: String?, _ number: Int?, _ variant: String?, of sku: String
    ) async throws -> (view: String?, number: Int?) {
        guard let view else { return (nil, nil) }
        let known = try await ledger.assets(of: sku)
        let resolved = settings.spool.views.resolve(view)
        let name = known.contains { $0.view == view } ? view : resolved?.name ?? view
        let number = number ?? (name == view ? nil : resolved?.number)
        let isThere = known.contains {
            $0.view == name && $0.number == number ?? $0.number
                && $0.variant == variant ?? $0.variant
        }
        if isThere { return (name, number) }
        let views = Set(known.map(\.viewText)).sorted()
        let asked =
            (number.map { "\(name)-\($0)" } ?? view) + (variant.map { " (\($0))" } ?? "")
        let near = Spelling.nearest(to: asked, among: views).map { "did you mean '\($0)'? " } ?? ""
        throw Declined.unknown(
            "there is no '\(asked)' of '\(sku)'",
            next: near + "there is \(views.joined(separator: ", "))")
    }
}
