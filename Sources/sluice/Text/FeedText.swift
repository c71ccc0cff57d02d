internal import Foundation
internal import Wire

/// `sluice feed`: the editions, and what one has otherwise than another.
enum FeedText {
    static func editions(_ answer: FeedEditionsAnswer, _ page: Page) -> [String] {
        var table = Table()
        for edition in answer.editions {
            table.add(
                "  ",
                [
                    Table.Cell("\(edition.number)", .bold, alignsRight: true),
                    Table.Cell(page.moment(edition.publishedAt ?? edition.madeAt)),
                    Table.Cell(Words.count(edition.items, "item"), alignsRight: true),
                    Table.Cell(edition.state.rawValue, tint(edition.state)),
                    Table.Cell(edition.because ?? ""),
                ])
        }
        let isHeld = answer.editions.first?.state == .held
        return table.lines(on: page).flatMap(\.self)
            + (isHeld ? page.wrap(decision(answer.channel), .dim) : []) + [page.zoneLine]
    }

    private static func tint(_ state: FeedEdition.State) -> Page.Tint {
        switch state {
        case .held: .red
        case .onItsWay: .yellow
        case .published: .green
        case .earlier, .other: .plain
        }
    }

    private static func decision(_ channel: String) -> String {
        "'sluice feed diff \(channel)' shows what the held edition would change; is that meant? "
            + "'sluice release \(channel)'"
    }

    // MARK: Difference

    static func difference(_ answer: FeedDiffAnswer, _ page: Page) -> [String] {
        let named = answer.items.count
        let more = (answer.counts?.all ?? named) - named
        return head(answer, page)
            + kinds.flatMap { kind in items(answer.items.filter { $0.change == kind }, page) }
            + (more > 0
                ? page.wrap(
                    "and \(Words.number(more)) more: '\(command(answer)) --all'", lead: "  ")
                : [])
            + next(answer, page)
    }

    private static func command(_ answer: FeedDiffAnswer) -> String {
        "sluice feed diff \(answer.channel)"
            + (isEarlier(answer) ? " --edition \(answer.new.number)" : "")
    }

    /// It is as if an earlier edition were put back.
    private static func isEarlier(_ answer: FeedDiffAnswer) -> Bool {
        answer.old.map { answer.new.number < $0.number } ?? false
    }

    /// What loses a sale first.
    private static let kinds = ["removed", "added", "changed"]

    /// Which two, and how much is otherwise.
    static func head(_ answer: FeedDiffAnswer, _ page: Page) -> [String] {
        let old = answer.old.map { "edition \(words($0, page))" } ?? "nothing"
        var lines = page.wrap("feed of '\(answer.channel)': edition \(words(answer.new, page))")
        lines += page.wrap("against \(old)", lead: "  ")
        if answer.new.state != .published, let because = answer.new.because {
            lines += page.wrap(because, lead: "  ", tint(answer.new.state))
        }
        guard let counts = answer.counts else { return lines }
        let amounts = [
            (counts.removed, "removed"), (counts.added, "added"), (counts.changed, "changed"),
            (counts.same, "the same"),
        ].map { "\(Words.number($0)) \($1)" }
        return lines + page.wrap(amounts.joined(separator: ", "), lead: "  ")
    }

    private static func words(_ edition: FeedEdition, _ page: Page) -> String {
        let (state, time) = (edition.state.rawValue, edition.publishedAt ?? edition.madeAt)
        let since = edition.publishedAt == nil ? "made \(page.moment(time))" : page.moment(time)
        return "\(edition.number) (\(state), \(since))"
    }

    static func items(_ items: [FeedDiffAnswer.Item], _ page: Page) -> [String] {
        var table = Table()
        for item in items {
            table.add(
                "  ",
                [
                    Table.Cell(item.change, item.change == "removed" ? .red : .plain),
                    Table.Cell(item.sku + (item.id.map { " (\($0))" } ?? ""), .bold),
                    Table.Cell((item.attributes ?? []).map(words).joined(separator: "; ")),
                ])
        }
        return table.lines(on: page).flatMap(\.self)
    }

    static func words(_ attribute: FeedDiffAnswer.Item.Attribute) -> String {
        let (old, new) = (attribute.old.map { "'\($0)'" }, attribute.new.map { "'\($0)'" })
        return "\(attribute.name): \(old ?? "nothing") → \(new ?? "nothing")"
    }

    /// What to do about it.
    static func next(_ answer: FeedDiffAnswer, _ page: Page) -> [String] {
        let rewind = "sluice feed rewind \(answer.channel) \(answer.new.number)"
        if let gone = answer.gone {
            let more = gone.items - gone.skus.count
            let skus =
                gone.skus.joined(separator: ", ")
                + (more > 0 ? " and \(Words.number(more)) more" : "")
            let text =
                "pictures that are not there any more, or may not be shown, are named in "
                + "\(Words.count(gone.items, "item")): \(skus); '\(rewind) --reduced' puts it back "
                + "without them, and without the \(Words.count(gone.lost, "item")) that need them"
            return page.wrap(text, .red) + [page.zoneLine]
        }
        if isEarlier(answer) {
            let text = "is that meant? '\(rewind)' puts it back and holds the feed"
            return page.wrap(text, .dim) + [page.zoneLine]
        }
        guard answer.new.state == .held else { return [page.zoneLine] }
        let text =
            "is that meant? 'sluice release \(answer.channel)'; if not, bring back what is missing: "
            + "'sluice why SKU' says what of one that is removed"
        return page.wrap(text, .dim) + [page.zoneLine]
    }
}
