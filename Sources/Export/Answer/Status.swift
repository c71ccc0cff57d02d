import Bookkeeping
import Foundation
import Intake
import Model
import Profiles
import Wire

// What `sluice status` says. Reads counters the writer keeps and a few rows; never aggregates.
extension Daemon {
    /// Of times in texts for people.
    var zone: TimeZone { settings.spool.zone }

    /// Work that waits longer than this turns a channel red.
    private static let tooOld = 86_400.0
    /// Problems of one kind that are told one by one.
    private static let told = 5

    func status() async throws(LedgerError) -> StatusAnswer {
        // Before the ledger: what settled is written down before it is not counted here any more.
        let (intake, hasLooked) = (
            spool.condition, spool.looks.ended > 0 && products?.looks.ended != 0
        )
        let tables = products?.answer
        let names = try await ledger.channels().map(\.name)
        let counts = try await ledger.counts(of: names)
        // After the counts: the last delivery marks the feed as changed when it is done.
        let records = try await ledger.channels().filter { names.contains($0.name) }
        let standing = standing
        let now = ledger.now()
        var channels: [StatusAnswer.Channel] = []
        for record in records {
            let own = standing.filter { $0.channel == record.name }
            channels.append(try await describe(record, counts, now, own))
        }
        let problems =
            try await ledgerProblems() + problems(aside: try await ledger.aside(limit: Self.told))
        let waiting = counts.deliveries.values.reduce(0) { $0 + ($1["render"] ?? 0) }
        let verdict: Verdict =
            channels.contains { $0.light == .red } || !problems.isEmpty || !standing.isEmpty
                || pool.condition.paused != nil
            ? .stuck
            : channels.contains { $0.light == .yellow }
                || pool.condition.greeting?.missingWalls.isEmpty == false
                || counts.sources["quarantined", default: 0] > 0 || intake.misnamed > 0
                || intake.incomplete > 0
                || tables?.remarks.isEmpty == false ? .attention : .ok
        var answer = StatusAnswer(
            verdict: verdict, version: version, pid: Self.pid, startedAt: startedAt, now: now,
            idle: isIdle(counts, records) && hasLooked && intake.settling == intake.incomplete
                && tables?.settling != true,
            spool: StatusAnswer.Spool(
                lastScan: intake.lastScan,
                sources: counts.sources.values.reduce(0, +),
                quarantined: counts.sources["quarantined"] ?? 0,
                settling: intake.settling, ignored: intake.ignored, misnamed: intake.misnamed,
                notes: Array(intake.notes.prefix(Self.told))),
            render: renderAnswer(waiting: waiting, uninspected: counts.uninspected),
            channels: channels, problems: problems, products: tables)
        answer.standing = standing.filter { $0.channel == nil }
        answer.spool.incomplete = intake.incomplete
        answer.left = left(counts, records) + intake.settling - intake.incomplete
        return answer
    }

    private func renderAnswer(waiting: Int, uninspected: Int) -> StatusAnswer.Render {
        let condition = pool.condition
        return StatusAnswer.Render(
            workers: condition.workers, waiting: waiting, uninspected: uninspected,
            paused: condition.paused, sandbox: condition.greeting?.layers ?? [],
            versions: condition.greeting?.versions ?? [:])
    }

    private func problems(
        aside: (first: [(sku: String, reason: String)], all: Int)
    ) -> [String] {
        let damaged = aside.first.map { sku, reason in
            "SKU '\(sku)' is set aside, what is live of it stays: \(reason); mend the ledger or "
                + "bring back a snapshot, then 'sluice reload'"
        }
        let more = aside.all - aside.first.count
        return (products?.problems.prefix(Self.told).map(\.self) ?? []) + damaged
            + (more > 0 ? ["\(more) more SKUs are set aside: 'sluice list set-aside'"] : [])
    }

    private func ledgerProblems() async throws(LedgerError) -> [String] {
        let loss = try await ledger.loss().map { Recovery.words($0, state: settings.state) }
        let trouble = ledger.markTrouble.map {
            "how far the ledger has come cannot be written down, so a loss would not be noticed: \($0)"
        }
        return [loss, trouble].compactMap(\.self)
    }

    /// What is to be done at this moment: what is held, paused or stuck waits for somebody else.
    private func left(_ counts: Counts, _ records: [ChannelRecord]) -> Int {
        records.reduce(counts.uninspected) { left, record in
            guard record.paused == nil else { return left }
            guard isAtWork(record) else {
                return left
                    + (takesDown(record) ? counts.urgentRemovals[record.name, default: 0] : 0)
            }
            let states = counts.deliveries[record.name] ?? [:]
            let sends = states["send", default: 0] - active.guarded(record.name).sends
            return left + states["render", default: 0] + states["remove", default: 0]
                + max(sends, 0)
        }
    }

    private func isAtWork(_ record: ChannelRecord) -> Bool {
        (record.state == "live" || record.state == "retired") && record.held == nil
            && record.paused == nil
    }

    private func isIdle(_ counts: Counts, _ records: [ChannelRecord]) -> Bool {
        guard !counts.isDirty, left(counts, records) == 0 else { return false }
        return records.filter(isAtWork).allSatisfy { record in
            let guarded = active.guarded(record.name)
            if let changed = record.feedChanged, active.profile(record.name)?.feed != nil {
                return guarded.feed == changed
            }
            return guarded.leaving > 0 || !mayLeave(record.name, counts)
        }
    }

    /// Something has lingered for as long as it had to: its removal is about to begin.
    private func mayLeave(_ channel: String, _ counts: Counts) -> Bool {
        guard let since = counts.oldestLingering[channel], let profile = active.profile(channel)
        else { return false }
        return since.addingTimeInterval(profile.lingers) <= ledger.now()
    }

    private func describe(
        _ record: ChannelRecord, _ counts: Counts, _ now: Date, _ standing: [StatusAnswer.Standing]
    ) async throws(LedgerError) -> StatusAnswer.Channel {
        let states = counts.deliveries[record.name] ?? [:]
        let guarded = try await held(record.name)
        let feed = try await feed(of: record, counts)
        let red =
            standing.map {
                "\($0.what) since \($0.since.plain(in: zone)): \($0.reason); \($0.next)"
            }
            + troubles(record, counts, guarded: guarded, feed, now)
            + (try await oldFeed(of: record))
        let yellow =
            attention(record, counts)
            + (feed?.attention(on: record.name, live: states["live"] ?? 0) ?? [])
        let light: Light = !red.isEmpty ? .red : !yellow.isEmpty ? .yellow : .green
        let processing = counts.processing[record.name]
        var channel = StatusAnswer.Channel(
            name: record.name,
            state: record.text == nil ? .off : ChannelState(rawValue: record.state), light: light,
            reasons: red + yellow + (processing.map { [words($0)] } ?? []),
            deliveries: Self.told(states, guarded),
            gates: counts.gates[record.name] ?? [:], feed: feed,
            revision: record.revision.map { String($0.prefix(12)) },
            lastSuccess: record.lastSuccess, oldestWaiting: counts.oldestWaiting[record.name],
            nextTry: counts.nextTry[record.name].map { max($0, record.pausedUntil ?? now, now) })
        channel.limitedBy = limit(
            record, states, next: counts.nextTry[record.name], processing)
        let left = states["send", default: 0] - guarded
        if left > 0, isAtWork(record),
            let perMinute = active.guarded(record.name).meter.perMinute(now), perMinute > 0.1
        {
            channel.perMinute = perMinute
            channel.expectedEnd = now.addingTimeInterval(Double(left) / perMinute * 60)
        }
        return channel
    }

    private func oldFeed(of record: ChannelRecord) async throws(LedgerError) -> [String] {
        guard let left = try await ledger.fact(FeedPlace.left(record.name)), !left.isEmpty else {
            return []
        }
        return [
            "the old feed '\(left)' may still be public, and nobody keeps it true any more: take it "
                + "down there, then 'sluice resume \(record.name)'"
        ]
    }

    /// What stands in the way until somebody does something.
    private func troubles(
        _ record: ChannelRecord, _ counts: Counts, guarded: Int, _ feed: StatusAnswer.Feed?,
        _ now: Date
    ) -> [String] {
        var red: [String] = []
        if let problems = record.problems {
            red.append(
                (record.text == nil ? "off: its profile has never been good: " : "")
                    + "the newest profile is not good and was not taken: \(problems)")
        }
        red += heldReasons(record)
        if let paused = record.paused {
            red.append("paused: \(paused); mended, 'sluice resume \(record.name)' goes on at once")
        }
        if let urgent = counts.urgentRemovals[record.name], urgent > 0 {
            red.append(mustGo(urgent, record))
        }
        if let stuck = counts.deliveries[record.name]?["stuck"] {
            red.append(
                "\(Amount.count(stuck, "delivery is", "deliveries are")) stuck: "
                    + "\(counts.lastErrors[record.name] ?? "see the log"); 'sluice list stuck "
                    + "--channel \(record.name)', and once mended 'sluice retry --channel "
                    + "\(record.name)'")
        }
        if guarded > 0 {
            red.append(
                "\(Amount.count(guarded, "change")) more than 'limits' lets through: "
                    + "'sluice release \(record.name) --dry-run' shows all of it, without --dry-run "
                    + "it passes")
        }
        if let trouble = feed?.trouble(on: record.name) { red.append(trouble) }
        if let oldest = counts.oldestWaiting[record.name],
            now.timeIntervalSince(oldest) > Self.tooOld
        {
            red.append(
                "something has waited since \(oldest.plain(in: zone)): 'sluice list waiting "
                    + "--channel \(record.name)'")
        }
        return red
    }

    /// What a person should look at soon. Rights that ended, what a person took down and what nobody
    /// asks for are no news.
    private func attention(_ record: ChannelRecord, _ counts: Counts) -> [String] {
        var reasons: [String] = []
        let gates = counts.gates[record.name] ?? [:]
        let quiet: [Gate.Kind] = [.selection, .withdrawn, .approval, .rights]
        let open = gates.filter { gate in !quiet.contains { $0.rawValue == gate.key } }
        if let waiting = gates[Gate.Kind.approval.rawValue], waiting > 0 {
            reasons.append(
                "\(Amount.count(waiting, "waits", "wait")) for approval: 'sluice list refused --gate "
                    + "approval --channel \(record.name)'")
        }
        if let gone = gates[Gate.Kind.rights.rawValue], gone > 0,
            counts.deliveries[record.name]?["live"] == nil
        {
            reasons.append(
                "nothing is live, and \(Amount.count(gone, "picture has", "pictures have")) no right to "
                    + "be: 'sluice list refused --gate rights --channel \(record.name)'")
        }
        if !open.isEmpty {
            let gate = open.count == 1 ? open.first.map { " --gate \($0.key)" } ?? "" : ""
            let list = open.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            reasons.append(
                "refused: \(list.joined(separator: ", ")); 'sluice list refused\(gate) --channel "
                    + "\(record.name)'")
        }
        let states = counts.deliveries[record.name] ?? [:]
        if let error = counts.lastErrors[record.name], states["stuck"] == nil {
            reasons.append("last failure: \(error)")
        }
        return reasons
    }

    /// No trouble yet, and the channel's business, not ours.
    private func words(_ processing: Processing) -> String {
        "\(Amount.count(processing.count, "file is", "files are")) being processed by the channel since "
            + "\(processing.since.plain(in: zone))"
    }

    private static func told(_ states: [String: Int], _ guarded: Int) -> Tally<ItemState> {
        var told = Tally<ItemState>()
        for (state, number) in states {
            told[Delivery.State(rawValue: state)?.told ?? .other(state)] = number
        }
        if guarded > 0 { told[.held] = guarded }
        return told
    }
}
