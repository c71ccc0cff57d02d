internal import Foundation
internal import Model
internal import Wire

/// What is handed over to a person, manifest by manifest, and what came of their word.
enum HandedText {
    /// Entries of a manifest that are shown; its file has all.
    private static let shown = 40

    /// - Parameter items: only these are meant.
    static func lines(_ answer: HandedAnswer, of items: [String]?, _ page: Page) -> [String] {
        guard !answer.manifests.isEmpty else {
            return page.wrap("nothing of '\(answer.channel)' is handed over", .dim)
        }
        let say = answer.say.map { "\(answer.who ?? "a person"): \($0)" }
        let from = answer.from.map { "the files lie in \($0)" }
        return [say, from].compactMap(\.self).flatMap { page.wrap($0) }
            + answer.manifests.flatMap { lines($0, of: items, page) }
    }

    private static func lines(
        _ manifest: HandedAnswer.Manifest, of items: [String]?, _ page: Page
    ) -> [String] {
        let tasks = HandedTask.allCases.compactMap { task in
            manifest.tasks[task.rawValue].map { "\(Words.number($0)) to \(task.rawValue)" }
        }
        let head =
            "manifest \(manifest.number) of \(page.moment(manifest.madeAt, seconds: false)): "
            + tasks.joined(separator: ", ")
        let own = manifest.entries.filter { entry in
            items?.contains { isMeant($0, entry) } ?? true
        }
        var table = Table()
        for entry in own.prefix(shown) { table.add("  ", row(entry)) }
        let all = items == nil ? manifest.tasks.values.reduce(0, +) : own.count
        let more = all - min(own.count, shown)
        return page.wrap(head, .bold) + table.lines(on: page).flatMap(\.self)
            + (more > 0 ? ["  and \(Words.number(more)) more"] : [])
    }

    private static func isMeant(_ item: String, _ entry: HandedAnswer.Entry) -> Bool {
        item.lowercased() == entry.name.lowercased() || entry.asset.hasPrefix(item.composed + " ")
    }

    private static func row(_ entry: HandedAnswer.Entry) -> [Table.Cell] {
        [
            Table.Cell(entry.task.rawValue, entry.mustGo == nil ? .plain : .red),
            Table.Cell(entry.name, .bold), Table.Cell(entry.asset), Table.Cell(entry.slot),
            Table.Cell(entry.mustGo.map { "at once: \($0)" } ?? ""),
        ]
    }

    /// A person is needed where something that was named is not what they take it for.
    static func show(_ answer: DoneAnswer, _ options: Options) throws {
        if options.json {
            try Console.write(json: answer)
        } else {
            let page = try options.page()
            let others = (answer.unmatched ?? []).map { "'\($0)'" }.joined(separator: ", ")
            Console.show(
                DoneText.lines(answer, page)
                    + (others.isEmpty
                        ? [] : page.wrap("not waiting there: \(others)", lead: "  ! ", .yellow)))
        }
        try needPerson(if: answer.unmatched != nil)
    }
}
