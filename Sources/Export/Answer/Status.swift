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
        var causes: [StatusAnswer.Cause] = []
        for record in records {
            let own = standing.filter { $0.channel == record.name }
            let (channel, why) = try await describe(record, counts, now, own)
            channels.append(channel)
            causes += why
        }
        let problems =
            try await ledgerProblems() + problems(aside: try await ledger.aside(limit: Self.told))
        let untold = alarmTroubles.words(zone)
        let waiting = counts.deliveries.values.reduce(0) { $0 + ($1["render"] ?? 0) }
        let isRed = channels.contains { $0.light == .red } || !problems.isEmpty || !standing.isEmpty
        let isYellow = channels.contains { $0.light == .yellow } || !untold.isEmpty
        let verdict: Verdict =
            isRed || pool.condition.paused != nil
            ? .stuck : isYellow || wantsALook(counts, intake, tables) ? .attention : .ok
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
            channels: channels, problems: problems.map(\.says), products: tables)
        answer.standing = standing.filter { $0.channel == nil }
        answer.causes =
            answer.standing.map(cause) + problems
            + ofAll(quarantined: counts.sources["quarantined", default: 0]) + causes
        answer.untold = untold.isEmpty ? nil : untold
        answer.spool.incomplete = intake.incomplete
        answer.left = left(counts, records) + intake.settling - intake.incomplete
        return answer
    }

    /// Some time, by a person, whatever the channels say.
    private func wantsALook(
        _ counts: Counts, _ intake: SpoolWatch.Condition, _ tables: StatusAnswer.Products?
    ) -> Bool {
        pool.condition.greeting?.missingWalls.isEmpty == false
            || counts.sources["quarantined", default: 0] > 0 || intake.misnamed > 0
            || intake.incomplete > 0 || tables?.remarks.isEmpty == false
    }

    private func renderAnswer(waiting: Int, uninspected: Int) -> StatusAnswer.Render {
        let condition = pool.condition
        return StatusAnswer.Render(
            workers: condition.workers, waiting: waiting, uninspected: uninspected,
            paused: condition.paused, sandbox: condition.greeting?.layers ?? [],
            versions: condition.greeting?.versions ?? [:])
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
            // A list that says so belongs to what is handed over.
            let handed = isHanded(record.name, counts) ? counts.handed[record.name] : nil
            let untold = handed?.isStale == true || handed?.untoldSince != nil ? 1 : 0
            return left + untold + states["render", default: 0] + states["remove", default: 0]
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
    ) async throws(LedgerError) -> (StatusAnswer.Channel, [StatusAnswer.Cause]) {
        let states = counts.deliveries[record.name] ?? [:]
        let guarded = try await held(record.name)
        let feed = try await feed(of: record, counts)
        let crawl = try await crawl(on: active.profile(record.name))
        let patrol = try await ledger.patrol(of: record.name)
        let causes =
            standing.map(cause)
            + troubles(record, counts, guarded: guarded, feed, now)
            + (try await oldFeed(of: record)) + (try await oldPlace(of: record))
            + fetching(crawl, on: record.name)
            + (try await stillPublic(active.profile(record.name)))
            + attention(record, counts) + misfits(patrol.made, on: active.profile(record.name))
            + (feed?.attention(on: record.name, live: states["live"] ?? 0) ?? [])
        let isRed = causes.contains { $0.light == .red }
        let light: Light = isRed ? .red : !causes.isEmpty ? .yellow : .green
        let processing = counts.processing[record.name]
        var channel = StatusAnswer.Channel(
            name: record.name,
            state: record.text == nil ? .off : ChannelState(rawValue: record.state), light: light,
            reasons: causes.map(\.says) + (processing.map { [words($0)] } ?? []),
            deliveries: Self.told(states, guarded),
            gates: counts.gates[record.name] ?? [:], feed: feed,
            revision: record.revision.map { String($0.prefix(12)) },
            lastSuccess: record.lastSuccess, oldestWaiting: counts.oldestWaiting[record.name],
            nextTry: counts.nextTry[record.name].map { max($0, record.pausedUntil ?? now, now) })
        channel.use = supervisor.use(of: record.name)
        channel.limitedBy = limit(
            record, states, next: counts.nextTry[record.name], processing)
        channel.crawl = crawl
        if patrol != PatrolRecord() {
            channel.patrol = PatrolAnswer(patrol, open: counts.drifted[record.name] ?? 0)
        }
        let left = states["send", default: 0] - guarded
        if left > 0, isAtWork(record),
            let perMinute = active.guarded(record.name).perMinute(now), perMinute > 0.01
        {
            channel.perMinute = perMinute
            channel.expectedEnd = now.addingTimeInterval(Double(left) / perMinute * 60)
        }
        return (channel, causes)
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
