internal import Foundation
internal import Model
internal import Wire

/// Channels, the renditions of each, and what is wrong with them.
struct VerdictText {
    let page: Page
    /// Met demands as well.
    var showsEverything = false

    func lines(_ examination: Examination) -> [String] {
        examination.channels.flatMap(channel) + notes(examination.notes)
            + refused(examination.refused) + summary(examination)
    }

    private func refused(_ refused: Examination.Refused?) -> [String] {
        guard let refused else { return [] }
        let lead = "\(page.light(.red)) not taken in: "
        return [""] + page.wrap(refused.message, lead: lead, .red)
            + refused.problems.flatMap { problem in
                "\(problem)".split(separator: "\n").flatMap { page.wrap(String($0), lead: "    ") }
            }
            + page.wrap(refused.advice, lead: "    what helps   ", .bold)
    }

    private func notes(_ notes: [String]) -> [String] {
        (notes.isEmpty ? [] : [""]) + notes.flatMap { page.wrap($0, lead: "  ! ", .yellow) }
    }

    private func channel(_ channel: Examination.Channel) -> [String] {
        let (light, name) = (page.light(channel.light), page.paint(channel.channel, .bold))
        guard channel.verdict != .notAsked else {
            let why =
                channel.state == "retired"
                ? "it takes everything down" : "no slot takes what this picture shows"
            return ["\(light) \(name)  \(channel.state)  " + page.paint("not asked: \(why)", .dim)]
        }
        let title = page.paint(Words.plain(channel.title), .dim)
        return ["\(light) \(name)  \(channel.state)  \(title)"]
            + CheckText(page: page).lines(channel.gates)
            + master(channel.checks) + renditions(channel.renditions)
    }

    private func master(_ checks: [Check]) -> [String] {
        let passes = checks.allSatisfy(\.passed)
        guard !checks.isEmpty, showsEverything || !passes else { return [] }
        return ["  \(page.light(passes ? .green : .red)) the master itself"] + demands(checks)
    }

    private func renditions(_ renditions: [Examination.Rendition]) -> [String] {
        var table = Table()
        table.leadWidth = 4
        for rendition in renditions {
            table.add(
                "  \(page.light(rendition.passes ? .green : .red)) ",
                [
                    Table.Cell(rendition.rendition),
                    Table.Cell(rendition.receipt.map(ReceiptText.measured) ?? "none can be made"),
                ])
        }
        return zip(table.lines(on: page), renditions).flatMap { lines, rendition in
            lines + demands(rendition.checks) + CheckText(page: page).lines(rendition.gates)
                + remedy(rendition)
        }
    }

    private func remedy(_ rendition: Examination.Rendition) -> [String] {
        rendition.passesWith.map { page.wrap("passes with \($0)", lead: "    → ", .bold) } ?? []
    }

    private func demands(_ checks: [Check]) -> [String] {
        CheckText(page: page).lines(checks.filter { showsEverything || !$0.passed })
    }

    private func summary(_ examination: Examination) -> [String] {
        let channels = examination.channels
        let asked = channels.filter { $0.verdict != .notAsked }
        let holding = asked.filter { $0.verdict == .hold }.map(\.channel)
        guard !channels.isEmpty, examination.refused == nil else { return [] }
        guard !asked.isEmpty else {
            return [""]
                + page.wrap("no channel asks for this picture", lead: page.light(nil) + " ")
        }
        let names = holding.joined(separator: ", ")
        let sentence =
            switch (holding.count, asked.count) {
            case (0, 1): "\(asked[0].channel) would take it"
            case (0, let all): "all \(all) channels would take it"
            case (1, 1): "\(names) would hold it"
            case (let count, let all) where count == all: "all \(all) channels would hold it"
            case (let count, let all):
                "\(count) of \(all) channels would hold it: \(names)"
            }
        let light = page.light(holding.isEmpty ? .green : .red)
        let more = "every demand of one: sluice check FILE --channel NAME"
        return [""] + page.wrap(sentence, lead: light + " ", .bold)
            + (showsEverything || channels.count == 1 ? [] : page.wrap(more, lead: "  ", .dim))
    }
}

extension Examination.Channel {
    fileprivate var light: Light? {
        switch verdict {
        case .pass: .green
        case .hold: .red
        case .notAsked: nil
        }
    }
}
