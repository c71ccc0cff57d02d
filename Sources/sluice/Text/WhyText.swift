internal import Foundation
internal import Model
internal import Wire

/// `sluice why`: for each place a picture should be, where it is, or the first closed gate with
/// the line that closes it, whose turn it is and what to type.
struct WhyText {
    let answer: WhyAnswer
    let page: Page

    static func lines(_ answer: WhyAnswer, _ page: Page) -> [String] {
        let text = WhyText(answer: answer, page: page)
        return text.head + text.quarantined + answer.entries.flatMap { text.entry($0) }
            + answer.omissions.flatMap { text.omission($0) }
            + (answer.heldFeeds ?? []).flatMap { text.heldFeed($0) }
            + (answer.verdicts ?? []).flatMap { text.verdict($0) }
    }

    private var head: [String] {
        guard answer.known else {
            guard answer.quarantined.isEmpty else {
                return page.wrap(
                    "nothing is known of '\(answer.sku)' yet: what names it lies in quarantine",
                    lead: page.light(.red) + " ")
            }
            let near =
                answer.nearest.isEmpty
                ? "" : "; nearest: \(answer.nearest.joined(separator: ", "))"
            return page.wrap(
                "no SKU '\(answer.sku)' is known\(near)", lead: page.light(.red) + " ")
        }
        guard answer.entries.isEmpty else { return [] }
        return page.wrap(
            "'\(answer.sku)' is known, but no channel asks for any of its pictures",
            lead: page.light(.yellow) + " ")
    }

    private var quarantined: [String] {
        answer.quarantined.flatMap { file in
            page.wrap(
                "'\(file.path)' lies in quarantine\(file.dismissed ? ", dismissed" : ""): "
                    + file.reason, lead: "  ! ", .red)
                + page.wrap(file.next, lead: "    next         ", .bold)
        }
    }

    private func entry(_ entry: WhyAnswer.Entry) -> [String] {
        let light = Self.light(entry)
        let place = [entry.slot, entry.name].compactMap(\.self).joined(separator: " ")
        let title = page.paint(Words.plain("\(entry.asset) on \(entry.channel)"), .bold)
        let state = page.paint(Words.plain(entry.state.rawValue), Page.tint(ofLight: light))
        let head =
            "\(page.light(light)) \(title): \(state)" + (place.isEmpty ? "" : "  \(place)")
        let file = entry.file.map { page.wrap($0, lead: "    file         ", .dim) } ?? []
        let next = file + (entry.next.map { page.wrap($0, lead: "    ", .dim) } ?? [])
        guard let first = entry.gates.first else { return [head] + next }
        // What else is closed does not matter then.
        if Self.isSettled(entry) { return [head] + gate(first, tint: .dim) + next }
        return [head] + gate(first) + others(entry.gates.dropFirst()) + next
    }

    private func omission(_ omission: WhyAnswer.Omission) -> [String] {
        let title = page.paint(Words.plain("\(answer.sku) on \(omission.channel)"), .bold)
        // One that waits for a person leaves it out; what is out may have it.
        let feed =
            answer.heldFeeds?.contains { $0.channel == omission.channel } == true
            ? "the edition of the feed that waits" : "the feed"
        let state = page.paint("live, but not in \(feed)", .yellow)
        return ["\(page.light(.yellow)) \(title): \(state)"] + gate(omission.gate, tint: .yellow)
    }

    private func verdict(_ verdict: WhyAnswer.Verdict) -> [String] {
        let light: Light =
            switch verdict.verdict {
            case .accepted: .green
            case .pending: .yellow
            case .rejected: .red
            }
        let title = page.paint(Words.plain("\(answer.sku) on \(verdict.channel)"), .bold)
        let state = page.paint(
            "\(verdict.verdict.rawValue) by the channel", Page.tint(ofLight: light))
        let since =
            "since \(page.moment(verdict.since))"
            + (verdict.isOld ? ", before the edition of the feed that it has now" : "")
        return ["\(page.light(light)) \(title): \(state)"]
            + page.wrap(verdict.says, lead: "    says         ")
            + page.wrap(since, lead: "    ", .dim)
    }

    private func heldFeed(_ feed: WhyAnswer.HeldFeed) -> [String] {
        let title = page.paint(Words.plain("\(answer.sku) on \(feed.channel)"), .bold)
        let change =
            ["removed": "takes it out", "added": "brings it", "changed": "changes it"][
                feed.item.change] ?? feed.item.change
        let state = page.paint("the edition of the feed that waits \(change)", .red)
        let attributes = (feed.item.attributes ?? []).map(FeedText.words).joined(separator: "; ")
        return ["\(page.light(.red)) \(title): \(state)"]
            + (attributes.isEmpty ? [] : page.wrap(attributes, lead: "    "))
            + gate(
                Gate(
                    .pace, feed.because, turn: "ops",
                    next: "sluice feed diff \(feed.channel), and if it is meant "
                        + "sluice release \(feed.channel)"))
    }

    private func gate(_ gate: Gate, tint: Page.Tint = .red) -> [String] {
        var lines = page.wrap(gate.message, lead: "    \(gate.kind.rawValue): ", tint)
        if let place = gate.place {
            let rule = gate.rule.map { " (rule \($0))" } ?? ""
            lines += page.wrap("\(place)\(rule)", lead: "    demanded by  ")
        }
        lines += page.wrap(gate.turn, lead: "    whose turn   ")
        if let next = gate.next { lines += page.wrap(next, lead: "    next         ", .bold) }
        return lines
    }

    private func others(_ gates: ArraySlice<Gate>) -> [String] {
        gates.flatMap { gate in
            page.wrap("\(gate.kind.rawValue): \(gate.message)", lead: "    then         ", .dim)
        }
    }

    /// Nobody has to do anything.
    private static func isSettled(_ entry: WhyAnswer.Entry) -> Bool {
        entry.gates.isUnasked || entry.gates.isWithdrawn || entry.state == .setAside
    }

    static func needsPerson(_ entry: WhyAnswer.Entry) -> Bool {
        light(entry) == .red || entry.state == .waitsForApproval
    }

    static func light(_ entry: WhyAnswer.Entry) -> Light? {
        if isSettled(entry) { return nil }
        if entry.state == .waitsForApproval { return .yellow }
        if !entry.gates.isEmpty || entry.state == .refused { return .red }
        return entry.state == .live ? .green : .yellow
    }
}
