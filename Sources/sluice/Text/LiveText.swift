internal import Foundation
internal import Model
internal import Wire

/// `sluice live`: what each channel shows, since when, and which version it is.
enum LiveText {
    static func lines(_ answer: LiveAnswer, _ page: Page, now: Date) -> [String] {
        guard answer.known else {
            let near = answer.nearest.map { "; did you mean '\($0)'?" } ?? ""
            return page.wrap(
                "no SKU '\(answer.sku)' is known\(near)", lead: page.light(.red) + " ")
        }
        guard !answer.entries.isEmpty else {
            return ["nothing of '\(Words.plain(answer.sku))' is live"]
        }
        var table = Table()
        for entry in answer.entries {
            table.add(
                page.light(entry.superseded ? .yellow : .green) + " ", row(entry, page, now))
        }
        return zip(table.lines(on: page), answer.entries).flatMap { $0 + below($1, page) }
            + [page.zoneLine]
    }

    private static func row(
        _ entry: LiveAnswer.Entry, _ page: Page, _ now: Date
    ) -> [Table.Cell] {
        let since = page.moment(entry.since, seconds: false)
        return [
            Table.Cell(entry.asset, .bold),
            Table.Cell(entry.channel),
            Table.Cell(entry.slot),
            Table.Cell(
                entry.confirmedBy.isEmpty
                    ? "may be there" : "since \(since), \(Words.time(entry.since, from: now))"),
        ]
    }

    /// Nobody asked the channel where a person says so.
    private static func confirmed(_ entry: LiveAnswer.Entry) -> String {
        if entry.confirmedBy.isEmpty { return "handed over, and nobody said that it is there" }
        return entry.confirmedBy.hasPrefix("said by ")
            ? "there as \(entry.confirmedBy)" : "confirmed by \(entry.confirmedBy)"
    }

    private static func below(_ entry: LiveAnswer.Entry, _ page: Page) -> [String] {
        let version =
            "version \(entry.master.prefix(16)) approved by \(entry.approvedBy), "
            + "sent as \(entry.sha256.prefix(16)), \(confirmed(entry))"
        let superseded =
            entry.superseded
            ? page.wrap(
                entry.task ?? "on its way out: 'sluice why' says why", lead: "    ", .yellow)
            : []
        return page.wrap(entry.url, lead: "    ") + page.wrap(version, lead: "    ", .dim)
            + superseded
    }
}
