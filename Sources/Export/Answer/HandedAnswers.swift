import Bookkeeping
import Foundation
import Model
import Profiles
import Transports
package import Wire

// What waits for a person's last step, and what that person says of it.
extension Daemon {
    package func handed(on channel: String) async throws -> HandedAnswer {
        try await mustServe(channel)
        let destination = active.profile(channel)?.destination
        var manifests: [HandedAnswer.Manifest] = []
        for number in try await ledger.openManifests(channel: channel, limit: HandedAnswer.most) {
            guard let manifest = try await ledger.manifest(number, on: channel) else { continue }
            manifests.append(told(manifest))
        }
        var answer = HandedAnswer(channel: channel, manifests: manifests)
        answer.who = destination?.hand?.who
        answer.say = destination?.hand?.say
        answer.from = destination?.address.description
        return answer
    }

    private func told(_ manifest: Manifest) -> HandedAnswer.Manifest {
        let entries = manifest.entries.prefix(HandedAnswer.most).map { entry in
            HandedAnswer.Entry(
                task: entry.task, name: entry.delivery.name.rawValue,
                asset: entry.delivery.asset.description, slot: entry.delivery.slot,
                sha256: entry.sha256?.rawValue, since: entry.delivery.since,
                mustGo: entry.delivery.urgent ? entry.delivery.because : nil)
        }
        let tasks = Dictionary(grouping: manifest.entries, by: \.task.rawValue)
        return HandedAnswer.Manifest(
            number: manifest.number, madeAt: manifest.madeAt, tasks: tasks.mapValues(\.count),
            entries: entries)
    }

    package func done(
        channel: String, manifest: Int, items: [String]?, by who: String
    ) async throws -> DoneAnswer {
        try await mustKnow(channel)
        let result = try await ledger.done(
            channel: channel, manifest: manifest, items: items, by: who)
        if result.count == 0, let items {
            return DoneAnswer(
                done: "manifest \(manifest) of '\(channel)' tells of nothing like that", count: 0,
                unmatched: items)
        }
        guard result.count > 0 else {
            let open = try await ledger.openManifests(channel: channel, limit: HandedAnswer.most)
            let said = open.map { "\($0)" }.joined(separator: ", ")
            throw Declined.conflict(
                "manifest \(manifest) of '\(channel)' tells of nothing that is still to be done",
                next: open.isEmpty
                    ? "nothing of '\(channel)' is handed over: 'sluice status'"
                    : "open are: \(said)")
        }
        return answer(result, "'\(channel)', manifest \(manifest)", by: who, on: channel)
    }

    package func attest(
        channel: String, items: [String]?, because: String, by who: String
    ) async throws -> DoneAnswer {
        try await mustKnow(channel)
        let result = try await ledger.attest(
            channel: channel, items: items, because: because, by: who)
        let left = items == nil ? try await attestLeft(on: channel, because, by: who) : []
        let seen = "nothing has to be seen to any more at \(left.joined(separator: ", "))"
        if !left.isEmpty, result.count == 0 {
            return DoneAnswer(done: "\(seen), said by \(who)", count: left.count)
        }
        guard result.count > 0 else {
            throw Declined.conflict(
                items == nil
                    ? "nothing on '\(channel)' must go"
                    : "nothing of that on '\(channel)' waits to be proven there, or gone",
                next: "'sluice list must-go --channel \(channel)' and 'sluice list stuck --channel "
                    + "\(channel)' show what does")
        }
        var said = answer(result, "'\(channel)'", by: who, on: channel)
        if !left.isEmpty { said.done += "; \(seen)" }
        return said
    }

    /// An old feed, and the place where files lay before the channel moved.
    /// - Returns: where that was.
    private func attestLeft(
        on channel: String, _ because: String, by who: String
    ) async throws(LedgerError) -> [String] {
        var left: [String] = []
        for fact in [FeedPlace.left(channel), OldPlace.fact(channel)] {
            guard let place = try await ledger.fact(fact), !place.isEmpty else { continue }
            try await ledger.setFact(fact, "")
            try await ledger.note(
                "attested", channel: channel, subject: place,
                "it is seen to, said by \(who): \(because)")
            left += place.split(separator: "\n").map { "'\($0)'" }
        }
        return left
    }

    private func answer(
        _ result: Attested, _ what: String, by who: String, on channel: String
    ) -> DoneAnswer {
        // The folder and the lists follow, and whatever waited for this.
        signals.wakeWork()
        signals.reconcile.wake()
        let parts = [
            result.arrived > 0
                ? Amount.count(result.arrived, "file is there", "files are there") : nil,
            result.gone > 0 ? Amount.count(result.gone, "file is gone", "files are gone") : nil,
            result.alone > 0
                ? Amount.count(result.alone, "file lies there once", "files lie there once") : nil,
        ].compactMap(\.self).joined(separator: ", ")
        return DoneAnswer(
            done: "\(what): \(parts), said by \(who)", count: result.count, names: result.names,
            unmatched: result.unmatched.isEmpty ? nil : result.unmatched)
    }

    // MARK: In status and why

    /// A person does the last step there, or did when files were handed over.
    func isHanded(_ channel: String, _ counts: Counts) -> Bool {
        active.profile(channel)?.destination?.hand != nil
            || counts.deliveries[channel]?["handed", default: 0] ?? 0 > 0
    }

    /// It has waited longer than work should.
    func isOverdue(_ handed: Handed) -> Bool {
        handed.since.map {
            ledger.now().timeIntervalSince($0) > settings.alarm.itemOlderThan
        } ?? false
    }

    func handedWords(_ handed: Handed, _ since: Date, _ channel: String) -> String {
        let hand = active.profile(channel)?.destination?.hand
        let files = Amount.count(handed.count, "file waits", "files wait")
        return "\(files) for \(hand?.who ?? "a person") since \(since.plain(in: zone))"
            + (hand.map { ": \($0.say)" } ?? "")
            + "; 'sluice done \(channel)' shows which, and asks"
    }

    func handedWords(_ row: Delivery) -> String {
        let hand = active.profile(row.channel)?.destination?.hand
        guard hand != nil else {
            return "to be taken down by hand since \(row.since.plain(in: zone)): "
                + "\(row.because ?? "no longer wanted"); done: 'sluice attest \(row.channel) "
                + "\(row.name) --because REASON'"
        }
        let who = hand?.who ?? "a person"
        let list = row.manifest.map { "manifest \($0)" } ?? "the next manifest"
        let since = row.since.plain(in: zone)
        let what =
            row.state == .handed
            ? "handed over since \(since), in \(list): waits for \(who)"
            : "in \(list), to be taken down by \(who) since \(since): \(row.because ?? "no longer wanted")"
        let say = hand.map { " (\($0.say))" } ?? ""
        return "\(what)\(say); done: 'sluice done \(row.channel)'"
    }
}
