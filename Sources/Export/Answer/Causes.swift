import Bookkeeping
import Foundation
import Model
import Profiles
import Transports
import Wire

// Why not all is well, told once for the light, the reasons and the alarm.
extension Daemon {
    /// Problems of one kind that are told one by one.
    static let told = 5

    // MARK: Of the whole daemon

    func cause(_ standing: StatusAnswer.Standing) -> StatusAnswer.Cause {
        StatusAnswer.Cause(
            .standsStill, .red, on: standing.channel, of: standing.what,
            "\(standing.what) since \(standing.since.plain(in: zone)): \(standing.reason); "
                + standing.next)
    }

    func ledgerProblems() async throws(LedgerError) -> [StatusAnswer.Cause] {
        let loss = try await ledger.loss().map { loss in
            StatusAnswer.Cause(
                .ledger, .red, of: "lost", Recovery.words(loss, state: settings.state))
        }
        let trouble = ledger.markTrouble.map {
            StatusAnswer.Cause(
                .ledger, .red, of: "mark",
                "how far the ledger has come cannot be written down, so a loss would not be noticed: "
                    + $0)
        }
        return [loss, trouble].compactMap(\.self)
    }

    func problems(
        aside: (first: [(sku: String, reason: String)], all: Int)
    ) -> [StatusAnswer.Cause] {
        let tables = (products?.problems.prefix(Self.told) ?? []).map {
            // Its numbers change while a person mends it.
            StatusAnswer.Cause(.products, .red, of: $0.filter { !$0.isNumber }.prefixed(80), $0)
        }
        let damaged = aside.first.map { sku, reason in
            StatusAnswer.Cause(
                .setAside, .red, of: sku,
                "SKU '\(sku)' is set aside, what is live of it stays: \(reason); mend the ledger or "
                    + "bring back a snapshot, then 'sluice reload'")
        }
        let more = aside.all - aside.first.count
        guard more > 0 else { return tables + damaged }
        let others = StatusAnswer.Cause(
            .setAside, .red, amount: more,
            "\(more) more SKUs are set aside: 'sluice list set-aside'")
        return tables + damaged + [others]
    }

    /// What stands in other places of the answer.
    func ofAll(quarantined: Int) -> [StatusAnswer.Cause] {
        var causes: [StatusAnswer.Cause] = []
        if let paused = pool.condition.paused {
            causes.append(.init(.rendering, .red, "rendering is paused: \(paused)"))
        }
        if quarantined > 0 {
            causes.append(
                .init(
                    .quarantine, .yellow, amount: quarantined,
                    "\(Amount.count(quarantined, "file")) quarantined: 'sluice quarantine list'"))
        }
        return causes
    }

    // MARK: Of a channel

    /// What must go later is not known to lie there.
    func oldPlace(of record: ChannelRecord) async throws(LedgerError) -> [StatusAnswer.Cause] {
        guard let left = try await ledger.fact(OldPlace.fact(record.name)), !left.isEmpty else {
            return []
        }
        return [
            StatusAnswer.Cause(
                .oldFeed, .yellow, on: record.name, of: "files",
                "files lie at '\(left.replacing("\n", with: "' and '"))' from before the channel moved, and nobody takes down there what may "
                    + "not be public any more: see to that, then 'sluice attest \(record.name) --because "
                    + "REASON'")
        ]
    }

    func oldFeed(of record: ChannelRecord) async throws(LedgerError) -> [StatusAnswer.Cause] {
        guard let left = try await ledger.fact(FeedPlace.left(record.name)), !left.isEmpty else {
            return []
        }
        return [
            StatusAnswer.Cause(
                .oldFeed, .red, on: record.name,
                "the old feed '\(left)' may still be public, and nobody keeps it true any more: take "
                    + "it down there, then 'sluice attest \(record.name) --because REASON'")
        ]
    }

    /// What stands in the way until somebody does something.
    func troubles(
        _ record: ChannelRecord, _ counts: Counts, guarded: Int, _ feed: StatusAnswer.Feed?,
        _ now: Date
    ) -> [StatusAnswer.Cause] {
        let name = record.name
        var red: [StatusAnswer.Cause] = []
        func say(_ kind: StatusAnswer.Cause.Kind, amount: Int? = nil, _ says: String) {
            red.append(.init(kind, .red, on: name, amount: amount, says))
        }
        if let problems = record.problems {
            say(
                .profile,
                off(record) + "the newest profile is not good and was not taken: \(problems)")
        }
        for reason in heldReasons(record) { say(.held, reason) }
        if let paused = record.paused {
            say(.paused, "paused: \(paused); mended, 'sluice resume \(name)' goes on at once")
        }
        if let urgent = counts.urgentRemovals[name], urgent > 0 {
            say(.mustGo, amount: urgent, mustGo(urgent, record))
        }
        if feed?.namesGone == true, let failed = feed?.failed {
            red.append(
                .init(
                    .mustGo, .red, on: name, of: "feed",
                    "the feed that is out names pictures that had to go, and the next one could not be "
                        + "published: \(failed); mended, 'sluice retry --channel \(name)' tries it now"
                ))
        }
        if let stuck = counts.deliveries[name]?["stuck"] {
            say(.stuck, amount: stuck, Self.stuck(stuck, on: name, counts.lastErrors[name]))
        }
        if guarded > 0 {
            say(
                .limits, amount: guarded,
                "\(Amount.count(guarded, "change")) more than 'limits' lets through: "
                    + "'sluice release \(name) --dry-run' shows all of it, without --dry-run "
                    + "it passes")
        }
        if let drifted = counts.drifted[name], drifted > 0, guarded > 0 {
            say(.drift, amount: drifted, Self.drift(drifted, on: name, isHeld: true))
        }
        if let trouble = feed?.trouble(on: name) { say(.feedHeld, trouble) }
        return red + late(record, counts, feed, now)
    }

    private func off(_ record: ChannelRecord) -> String {
        if record.text == nil { return "off: its profile has never been good: " }
        guard active.profile(record.name) == nil else { return "" }
        return "off: its last good revision cannot be read any more: "
    }

    /// - Parameter isHeld: more than is sent again without a person.
    private static func drift(_ count: Int, on channel: String, isHeld: Bool) -> String {
        let what =
            Amount.count(count, "file is", "files are")
            + " not as delivered any more, changed or taken away by somebody else: "
        return what
            + (isHeld
                ? "more than 'limits' sends again by itself, so this is the server's doing or "
                    + "somebody's decision; ask there, and 'sluice release \(channel)' sends all of "
                    + "it again"
                : "sent again; 'sluice list sending --channel \(channel)'")
    }

    private static func stuck(_ count: Int, on channel: String, _ error: String?) -> String {
        "\(Amount.count(count, "delivery is", "deliveries are")) stuck: \(error ?? "see the log"); "
            + "'sluice list stuck --channel \(channel)', and once mended 'sluice retry --channel "
            + "\(channel)'"
    }

    /// What a person should look at soon. Rights that ended, what a person took down and what nobody
    /// asks for are no news.
    func attention(_ record: ChannelRecord, _ counts: Counts) -> [StatusAnswer.Cause] {
        let name = record.name
        var causes: [StatusAnswer.Cause] = []
        func say(_ kind: StatusAnswer.Cause.Kind, amount: Int? = nil, _ says: String) {
            causes.append(.init(kind, .yellow, on: name, amount: amount, says))
        }
        let gates = counts.gates[name] ?? [:]
        let quiet: [Gate.Kind] = [.selection, .withdrawn, .approval, .rights]
        let open = gates.filter { gate in !quiet.contains { $0.rawValue == gate.key } }
        if let waiting = gates[Gate.Kind.approval.rawValue], waiting > 0 {
            say(
                .approval, amount: waiting,
                "\(Amount.count(waiting, "waits", "wait")) for approval: 'sluice list refused --gate "
                    + "approval --channel \(name)'")
        }
        if let gone = gates[Gate.Kind.rights.rawValue], gone > 0,
            counts.deliveries[name]?["live"] == nil
        {
            say(
                .rights, amount: gone,
                "nothing is live, and \(Amount.count(gone, "picture has", "pictures have")) no right to "
                    + "be: 'sluice list refused --gate rights --channel \(name)'")
        }
        if !open.isEmpty {
            let gate = open.count == 1 ? open.first.map { " --gate \($0.key)" } ?? "" : ""
            let list = open.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            say(
                .refused, amount: open.values.reduce(0, +),
                "refused: \(list.joined(separator: ", ")); 'sluice list refused\(gate) --channel "
                    + "\(name)'")
        }
        let states = counts.deliveries[name] ?? [:]
        if isHanded(name, counts), let handed = counts.handed[name],
            let since = handed.since, !isOverdue(handed)
        {
            say(.handedOver, amount: handed.count, handedWords(handed, since, name))
        }
        if let lost = counts.lostAnswers[name], lost > 0 {
            say(
                .twice, amount: lost,
                "\(Amount.count(lost, "file", "files")) may lie there twice, since the server's answer was "
                    + "lost: 'sluice watch --after 0' tells which ('answer lost'); look for them there, and "
                    + "say so with 'sluice attest \(name) NAME --because REASON'")
        }
        if let drifted = counts.drifted[name], drifted > 0 {
            if active.guarded(name).changes == 0 {
                say(.drift, amount: drifted, Self.drift(drifted, on: name, isHeld: false))
            }
        } else if let error = counts.lastErrors[name], states["stuck"] == nil {
            say(.failure, "last failure: \(error)")
        }
        return causes
    }

    /// What the channel makes is not what its profile says: for a person to correct.
    func misfits(_ made: MadeFiles?, on profile: Profile?) -> [StatusAnswer.Cause] {
        guard let profile, let made, let last = made.last, !made.isProven,
            made.said == profile.destination?.transforms
        else { return [] }
        return [
            StatusAnswer.Cause(
                .drift, .yellow, on: profile.channel, of: "transforms",
                "'\(last.name)' is not what '\(profile.channel)' makes by its profile: \(last.fault); "
                    + (made.misfits > 1
                        ? "nor was any of the \(made.misfits) looked at last" : "none was yet")
                    + ", so it is not sent again: correct 'transforms' in '\(profile.file)', or say only "
                    + "'transforms: true'"
            )
        ]
    }
}

extension String {
    fileprivate func prefixed(_ count: Int) -> String { String(prefix(count)) }
}
