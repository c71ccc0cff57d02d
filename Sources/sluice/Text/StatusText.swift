internal import Foundation
internal import Model
internal import Wire

/// `sluice status`: one line that says all, a line per channel, and under each channel that is not
/// green why, and what to type next.
struct StatusText {
    let answer: StatusAnswer
    let page: Page

    static func lines(_ answer: StatusAnswer, _ page: Page) -> [String] {
        let text = StatusText(answer: answer, page: page)
        return text.summary + text.machine + text.troubles + [""] + text.channels
    }

    private var summary: [String] {
        let light = page.light(answer.verdict.light)
        let lead = "\(light) \(page.paint(answer.verdict.rawValue, .bold)): "
        let live = answer.channels.reduce(0) { $0 + Work($1).live }
        let work = answer.channels.reduce(0) { $0 + Work($1).waiting }
        let amounts = [
            Words.count(answer.channels.count, "channel"), "\(Words.number(live)) live",
            work == 0 ? "nothing waiting" : "\(Words.number(work)) waiting",
        ].joined(separator: ", ")
        let wants = wants
        guard answer.verdict != .ok, !wants.isEmpty else { return [lead + amounts] }
        let next = wants.lazy.compactMap(\.next).first.map { "; \($0)" } ?? ""
        return page.wrap(wants.map(\.what).joined(separator: ", ") + next, lead: lead)
            + ["  " + amounts]
    }

    /// What a person is wanted for, each in a few words, and the command that shows or mends it.
    private var wants: [(what: String, next: String?)] {
        var wants: [(what: String, next: String?)] = []
        func want(_ number: Int, _ what: (Int) -> String, next: String? = nil) {
            if number > 0 { wants.append((what(number), next)) }
        }
        let lights = Dictionary(grouping: answer.channels, by: \.light).mapValues(\.count)
        let troubles = answer.problems.count + (answer.render.paused == nil ? 0 : 1)
        let walls = answer.render.sandbox.count { $0.isWall && !$0.on }
        let red = lights[.red] ?? 0
        wants += answer.standing.map { ($0.what, $0.next) }
        want(troubles, { Words.count($0, "trouble") })
        want(walls, { Words.count($0, "wall") + " missing" })
        want(red, { Words.count($0, "channel") + " red" })
        want(
            lights[.yellow] ?? 0,
            {
                (red > 0 ? Words.number($0) : Words.count($0, "channel")) + " yellow"
            })
        want(
            answer.spool.quarantined, { Words.count($0, "file") + " quarantined" },
            next: "sluice quarantine list")
        want(
            answer.spool.misnamed, { Words.count($0, "file") + " named unlike the picture" },
            next: "sluice list misnamed")
        want(
            answer.spool.incomplete ?? 0,
            { Words.count($0, "batch", "batches") + " whose files have not come" },
            next: "sluice list settling")
        want(answer.untold?.count ?? 0, { Words.count($0, "alarm") + " not told" })
        want(
            answer.products?.remarks.count ?? 0,
            { Words.count($0, "remark") + " on the product tables" })
        return wants
    }

    private var machine: [String] {
        let now = answer.now
        var spool = ["\(Words.count(answer.spool.sources, "source")) in the spool"]
        if answer.spool.settling > 0 { spool.append("\(answer.spool.settling) settling") }
        if answer.spool.quarantined > 0 { spool.append("\(answer.spool.quarantined) quarantined") }
        if answer.spool.ignored > 0 { spool.append("\(answer.spool.ignored) ignored") }
        spool.append(
            answer.spool.lastScan.map { "read \(Words.time($0, from: now))" } ?? "not read")
        let tables = answer.products?.tables ?? []
        let rows = tables.reduce(0) { $0 + $1.rows }
        let up = Words.span(now.timeIntervalSince(answer.startedAt))
        var parts = ["sluice \(answer.version), pid \(answer.pid), up \(up)"]
        parts.append(spool.joined(separator: ", "))
        // One product may have a row in each.
        if tables.count > 1 {
            parts.append("\(Words.count(rows, "row")) in \(tables.count) product tables")
        } else if rows > 0 {
            parts.append(Words.count(rows, "product"))
        }
        parts.append(rendering.joined(separator: ", "))
        parts.append(page.zoneText)
        return page.wrap(parts.joined(separator: " · "), lead: "  ", .dim)
    }

    private var rendering: [String] {
        let render = answer.render
        var parts = [Words.count(render.workers, "worker")]
        if render.waiting > 0 { parts.append("\(Words.number(render.waiting)) to render") }
        if render.uninspected > 0 {
            parts.append("\(Words.number(render.uninspected)) to look into")
        }
        return parts
    }

    private var troubles: [String] {
        let paused = answer.render.paused.map { ["rendering is paused: \($0)"] } ?? []
        let off = answer.render.sandbox.filter { !$0.on }
        let remarks = answer.products?.remarks ?? []
        let notes = answer.products?.notes ?? []
        return standing + (paused + answer.problems).flatMap { page.wrap($0, lead: "  ! ", .red) }
            + ((answer.untold ?? []) + remarks).flatMap { page.wrap($0, lead: "  ! ", .yellow) }
            + notes.prefix(3).flatMap { page.wrap($0, lead: "  · ", .dim) }
            + off.flatMap { layer in
                let text = "the workers run without \(layer.name): \(layer.detail)"
                return layer.isWall
                    ? page.wrap(text + "; \(Self.remedy(layer))", lead: "  ! ", .yellow)
                    : page.wrap(text, lead: "  ", .dim)
            }
            + answer.spool.notes.flatMap { page.wrap($0, lead: "  · ", .yellow) }
    }

    private var standing: [String] {
        answer.standing.flatMap { each in
            page.wrap(
                "\(each.what) since \(page.moment(each.since)): \(each.reason)", lead: "  ! ", .red)
                + page.wrap(each.next, lead: "    next: ", .bold)
        }
    }

    /// What puts a wall up again.
    private static func remedy(_ layer: WorkerGreeting.Layer) -> String {
        switch layer.name {
        case "landlock":
            "a picture that breaks its decoder could read what this account can; boot a kernel of 5.13 "
                + "or later with landlock in its 'lsm=' list"
        case "seccomp":
            "a picture that breaks its decoder could ask the kernel for anything; allow the call "
                + "'seccomp' in the unit ('systemctl cat sluice')"
        default: "see what the unit forbids: 'systemctl cat sluice'"
        }
    }

    private var channels: [String] {
        guard !answer.channels.isEmpty else {
            return ["  no channels; a profile in the channels directory makes one"]
        }
        var table = Table()
        for channel in answer.channels { table.add(page.light(channel.light) + " ", row(channel)) }
        return zip(table.lines(on: page), answer.channels).flatMap { $0 + below($1) }
    }

    private func row(_ channel: StatusAnswer.Channel) -> [Table.Cell] {
        let work = Work(channel)
        let isBusy = work.waiting > 0
        let all = work.live + work.waiting
        return [
            Table.Cell(channel.name, .bold),
            Table.Cell(channel.state.rawValue, channel.state == .live ? .plain : .yellow),
            Table.Cell("\(Words.number(work.live)) live", alignsRight: true),
            Table.Cell(isBusy ? Words.bar(work.live, of: all, columns: 16) : "", .green),
            Table.Cell(isBusy ? Words.percent(work.live, of: all) : "", alignsRight: true),
            Table.Cell(work.details.joined(separator: ", ")),
        ]
    }

    private func below(_ channel: StatusAnswer.Channel) -> [String] {
        let lead = "    "
        let tint = Page.tint(ofLight: channel.light)
        var lines = channel.reasons.flatMap { page.wrap($0, lead: lead, tint) }
        if let gates = gates(channel) { lines += page.wrap(gates, lead: lead, .dim) }
        if let feed = channel.feed { lines += self.feed(feed, lead) }
        if let patrol = channel.patrol.flatMap(patrol) {
            lines += page.wrap(patrol, lead: lead, .dim)
        }
        if let strangers = channel.patrol?.strangers, !strangers.isEmpty {
            lines += page.wrap(self.strangers(strangers), lead: lead, .dim)
        }
        if let crawl = channel.crawl, crawl.findings.isEmpty {
            let text =
                "as '\(crawl.agent)': \(Words.count(crawl.asked, "file")) fetched as delivered"
            lines += page.wrap(
                "\(text) \(Words.time(crawl.at, from: answer.now))", lead: lead, .dim)
        }
        if let times = times(channel) { lines += page.wrap(times, lead: lead, .dim) }
        if let next = nextCommand(channel) {
            lines += page.wrap(next, lead: lead + "next: ", .bold)
        }
        return lines
    }

    private func gates(_ channel: StatusAnswer.Channel) -> String? {
        var closed = channel.gates.filter { $0.value > 0 }
        let settled = [(Gate.Kind.withdrawn, "withdrawn"), (.selection, "not asked for")]
            .compactMap { kind, words in
                closed.removeValue(forKey: kind.rawValue).map { "\(Words.number($0)) \(words)" }
            }
        guard !closed.isEmpty else {
            return settled.isEmpty ? nil : settled.joined(separator: ", ")
        }
        let order = Gate.Kind.allCases.map(\.rawValue)
        let known = order.filter { closed[$0] != nil }
        let all = known + closed.keys.filter { !order.contains($0) }.sorted()
        let stopped = all.map { "\(Words.number(closed[$0] ?? 0)) by \($0)" }
        return (["stopped: " + stopped.joined(separator: ", ")] + settled).joined(separator: "; ")
    }

    private func feed(_ feed: StatusAnswer.Feed, _ lead: String) -> [String] {
        let published =
            feed.publishedAt.map { "published \(Words.time($0, from: answer.now))" }
            ?? "not published yet"
        let whose = feed.held == nil ? "" : " of the edition that waits"
        let omitted = feed.omitted > 0 ? "; \(Words.number(feed.omitted)) left out\(whose)" : ""
        let text = "\(feed.file): \(Words.count(feed.items, "item"))\(omitted), \(published)"
        let said = feed.verdicts.map { verdicts in
            "the channel says: \(Words.number(verdicts.accepted)) accepted, "
                + "\(Words.number(verdicts.rejected)) rejected, \(Words.number(verdicts.pending)) "
                + "pending, read \(Words.time(verdicts.readAt, from: answer.now))"
        }
        return ([text] + [said, feed.verdicts.flatMap(strangers)].compactMap(\.self)).flatMap {
            page.wrap($0, lead: lead, .dim)
        }
    }

    private func strangers(_ verdicts: StatusAnswer.Feed.Verdicts) -> String? {
        guard let unknown = verdicts.unknown else { return nil }
        let named = (verdicts.strangers ?? []).map { "'\($0)'" }
        let more = unknown - named.count
        return "its last answer speaks of \(Words.count(unknown, "item")) that nobody knows here: "
            + named.joined(separator: ", ")
            + (more > 0 ? " and \(Words.number(more)) more" : "")
    }

    private func patrol(_ patrol: PatrolAnswer) -> String? {
        let last = patrol.last.flatMap { last in
            last.ended.map { "\(found(last)), ended \(Words.time($0, from: answer.now))" }
        }
        let round = patrol.round.map { "\(found($0)) so far" }
        let parts = [last, round].compactMap(\.self)
        return parts.isEmpty ? nil : "patrol: " + parts.joined(separator: "; ")
    }

    private func found(_ round: PatrolRound) -> String {
        let found = [
            (round.changed, "changed"), (round.lost, "gone"),
            (round.unanswered, "without an answer"),
        ].filter { $0.0 > 0 }.map { "\(Words.number($0.0)) \($0.1)" }
        let asked = Words.count(round.looked, "file") + " asked for"
        return ([asked] + (found.isEmpty ? ["all there"] : found)).joined(separator: ", ")
    }

    /// They may be somebody's: nobody here does anything about them.
    private func strangers(_ folders: [StrangersInFolder]) -> String {
        let count = folders.map(\.count).reduce(0, +)
        let named = folders.prefix(2).map { "\($0.words) in '\($0.folder)'" }
        let more = folders.count > 2 ? ["in \(folders.count - 2) more folders"] : []
        return "strangers: \(Words.count(count, "file")) not sent from here, and left alone: "
            + (named + more).joined(separator: "; ")
    }

    /// When it last went well matters where it does not go well now, or where work waits.
    private func times(_ channel: StatusAnswer.Channel) -> String? {
        guard channel.light != .green || Work(channel).waiting > 0 else { return nil }
        let parts =
            [
                channel.lastSuccess.map { "last success \(Words.time($0, from: answer.now))" },
                channel.oldestWaiting.map { "oldest has waited \(age($0))" },
                channel.nextTry.map { "next try \(Words.time($0, from: answer.now))" },
                channel.perMinute.map {
                    $0 < 1
                        ? "\(Words.number(max(1, Int($0 * 60)))) an hour"
                        : "\(Words.number(Int($0))) a minute"
                },
                channel.expectedEnd.map { "done about \(Words.time($0, from: answer.now))" },
                channel.limitedBy.map { "limit: \($0)" },
            ].compactMap(\.self) + (channel.use.map(UseText.parts) ?? [])
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private func age(_ date: Date) -> String {
        Words.span(answer.now.timeIntervalSince(date))
    }

    /// Where no reason names a command itself.
    private func nextCommand(_ channel: StatusAnswer.Channel) -> String? {
        guard channel.light == .red, !channel.reasons.contains(where: { $0.contains("sluice ") })
        else { return nil }
        let reasons = channel.reasons.joined(separator: "\n")
        if channel.reasons.contains(where: { $0.hasPrefix("held: ") }) {
            return "sluice resume \(channel.name)"
        }
        if channel.state == .off || reasons.contains("newest profile is not good") {
            return "mend the profile, then: sluice reload"
        }
        if channel.deliveries[.held, default: 0] > 0 { return "sluice release \(channel.name)" }
        return "sluice retry --channel \(channel.name)"
    }
}

/// A channel's deliveries, put together.
struct Work {
    /// In the order in which a delivery goes through them.
    private static let ahead: [ItemState] = [.rendering, .sending]

    let live: Int
    /// Those still on their way to being live.
    let waiting: Int
    /// `12 waiting`, `3 sending`, `2 held`.
    let details: [String]

    init(_ channel: StatusAnswer.Channel) {
        let deliveries = channel.deliveries.counts.filter { $0.value > 0 }
        live = deliveries[.live, default: 0]
        waiting = Self.ahead.reduce(0) { $0 + deliveries[$1, default: 0] }
        let others = deliveries.keys.filter { $0 != .live && !Self.ahead.contains($0) }
            .sorted { $0.rawValue < $1.rawValue }
        details = (Self.ahead + others).compactMap { state in
            deliveries[state].map { "\(Words.number($0)) \(state.rawValue)" }
        }
    }
}
