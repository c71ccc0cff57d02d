internal import Foundation
internal import Model
internal import Wire

/// `sluice upcoming`: the rules, then who will fail them.
struct UpcomingText {
    private let page: Page
    private let answer: UpcomingAnswer

    /// - Parameter page: its zone gives way to the daemon's, whose days are meant.
    init(_ answer: UpcomingAnswer, page: Page) {
        var page = page
        page.zone = TimeZone(identifier: answer.zone) ?? page.zone
        self.page = page
        self.answer = answer
    }

    func lines() -> [String] {
        let until = day(answer.until)
        guard !answer.rules.isEmpty else { return ["no rule of any channel begins until \(until)"] }
        return answer.rules.flatMap(rule) + [""] + summary() + failing()
    }

    private func rule(_ rule: UpcomingAnswer.Rule) -> [String] {
        let head = "\(page.paint(day(rule.from), .bold))  \(rule.channel): rule '\(rule.id)' begins"
        return [head] + page.wrap("\(rule.place), \(rule.source)", lead: "    ", .dim)
    }

    private func summary() -> [String] {
        let live = Words.count(answer.live, "live file")
        guard answer.failingCount > 0 else {
            return ["\(page.light(.green)) \(live) will all pass"]
        }
        return ["\(page.light(.red)) \(Words.number(answer.failingCount)) of \(live) will fail:"]
    }

    private func failing() -> [String] {
        var table = Table()
        for entry in answer.failing {
            table.add(
                "  ",
                [
                    Table.Cell(entry.asset, .bold), Table.Cell(entry.channel),
                    Table.Cell(day(entry.from)), Table.Cell(entry.check.rule),
                    Table.Cell("\(entry.check.measured), wanted: \(entry.check.demand)"),
                ])
        }
        let more = answer.failingCount - answer.failing.count
        return table.lines(on: page).flatMap(\.self)
            + (more > 0 ? ["  and \(Words.number(more)) more"] : [])
    }

    private func day(_ date: Date) -> String { String(page.moment(date).prefix(10)) }
}
