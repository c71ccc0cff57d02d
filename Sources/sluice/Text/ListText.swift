internal import Foundation
internal import Model
internal import Wire

/// `sluice list`: an entry a row, and how many there were.
enum ListText {
    /// - Parameter wraps: for a terminal; a program that reads gets every entry on one line.
    static func lines(_ answer: ListAnswer, _ page: Page, wraps: Bool) -> [String] {
        var page = page
        if !wraps { page.width = 100_000 }
        var table = Table()
        for entry in answer.entries { table.add("  ", row(entry, page)) }
        return table.lines(on: page).flatMap(\.self)
    }

    private static func row(_ entry: ListAnswer.Entry, _ page: Page) -> [Table.Cell] {
        let next = entry.next.map { "; \($0)" } ?? ""
        let because = (entry.because ?? "") + next
        let times = [
            entry.since.map { "since \(page.moment($0, seconds: false))" },
            entry.due.map { "due \(page.moment($0, seconds: false))" },
        ].compactMap(\.self).joined(separator: ", ")
        return [
            Table.Cell(entry.subject, .bold), Table.Cell(entry.channel ?? ""),
            Table.Cell(entry.asset == nil ? "" : entry.name ?? ""),
            Table.Cell(entry.state.rawValue),
            Table.Cell(entry.turn ?? ""),
            Table.Cell([because, times].filter { !$0.isEmpty }.joined(separator: ", ")),
        ]
    }

    static func summary(_ question: ListQuestion, _ count: Int, _ page: Page) -> [String] {
        let scope = [
            question.channel.map { "on '\($0)'" }, question.gate.map { "by \($0.rawValue)" },
            question.sku.map { "of '\($0)'" },
        ].compactMap(\.self).joined(separator: " ")
        let words = question.kind.rawValue.replacing("-", with: " ")
        let text = "\(Words.number(count)) \(words)" + (scope.isEmpty ? "" : " \(scope)")
        guard count > 0 else { return page.wrap("none: \(text)", .dim) }
        return page.wrap("\(text); \(next(question)) · \(page.zoneText)", .dim)
    }

    /// What to type to know more, or to act.
    private static func next(_ question: ListQuestion) -> String {
        let channel = question.channel ?? "CHANNEL"
        return switch question.kind {
        case .held, .due: "'sluice release \(channel)' lets them pass"
        case .stuck: "'sluice retry --channel \(channel)' tries them again"
        case .handedOver: "'sluice done \(channel)' when it is done"
        case .mustGo:
            "where only a person can see that it is gone: 'sluice attest \(channel) --because REASON'"
        case .quarantined: "the reason is also beside each, in the state's 'quarantine'"
        case .setAside: "mend the ledger or bring back a snapshot, then 'sluice reload'"
        case .sources, .uninspected: "'sluice check FILE' says what is in one"
        default: "'sluice why SKU' says more of one"
        }
    }
}
