internal import Model
internal import Wire

/// What an order brought about.
enum DoneText {
    static func lines(_ answer: DoneAnswer, _ page: Page) -> [String] {
        let names = answer.names ?? []
        let more = answer.count - names.count
        return page.wrap(answer.done)
            + names.flatMap { page.wrap($0, lead: "  ") }
            + (names.isEmpty || more < 1 ? [] : ["  and \(Words.number(more)) more"])
    }

    /// Errors first in the file's order, then what became of each channel.
    static func lines(_ answer: ReloadAnswer, _ page: Page) -> [String] {
        let problems = answer.problems.flatMap { problem in
            // Not wrapped: editors jump to `file:line:col`.
            problem.description.split(separator: "\n").map {
                page.paint(Words.plain("\($0)"), .red)
            }
        }
        var table = Table()
        let failed = Set(answer.problems.map(\.place.file))
        for (name, what) in answer.channels.sorted(by: { $0.key < $1.key }) {
            table.add(
                page.light(answer.waiting.contains(name) ? .red : .green) + " ",
                [Table.Cell(name, .bold), Table.Cell(what)])
        }
        let summary =
            answer.problems.isEmpty
            ? []
            : [
                "\(Words.count(answer.problems.count, "problem")) in \(Words.count(failed.count, "file"))"
            ]
        return problems + table.lines(on: page).flatMap(\.self) + summary
    }
}
