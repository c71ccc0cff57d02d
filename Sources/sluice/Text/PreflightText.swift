internal import DryRun
internal import Export
internal import Foundation
internal import Model
internal import Wire

/// `sluice preflight`: first what is to be done, then each channel in one line.
struct PreflightText {
    let page: Page

    func lines(_ report: Preflight.Report, notes: [String]) -> [String] {
        let toDo = report.files.filter { !$0.isFine }
        return toDo.flatMap(file) + (toDo.isEmpty ? [] : [""]) + channels(report)
            + [summary(report, toDo.count)]
            + (notes + report.notes).flatMap { page.wrap($0, lead: "  ! ", .yellow) }
    }

    private func file(_ file: Preflight.File) -> [String] {
        let what = file.assets.map(\.description).joined(separator: ", ")
        let head = page.paint(Words.plain(file.path), .bold)
        var lines = ["\(page.light(.red)) \(head)"]
        if !what.isEmpty { lines[0] += "  \(Words.plain(what))" }
        if let refused = file.refused {
            lines += page.wrap(refused, lead: "    not taken: ", .red)
        }
        for (sku, nearest) in file.strangers.sorted(by: { $0.key < $1.key }) {
            lines += stranger(sku, nearest)
        }
        for twin in file.twins { lines += page.wrap(twin, lead: "    twin: ") }
        return lines + reasons(file)
    }

    private func stranger(_ sku: String, _ nearest: String) -> [String] {
        let near = nearest.isEmpty ? "" : "; did you mean '\(nearest)'?"
        return page.wrap("no product has the SKU '\(sku)'\(near)", lead: "    name: ", .red)
    }

    /// A reason once, with all the channels that give it.
    private func reasons(_ file: Preflight.File) -> [String] {
        var reasons: [(gate: Gate, channels: [String])] = []
        for verdict in file.verdicts {
            for gate in verdict.gates {
                if let index = reasons.firstIndex(where: { $0.gate.message == gate.message }) {
                    if !reasons[index].channels.contains(verdict.channel) {
                        reasons[index].channels.append(verdict.channel)
                    }
                } else {
                    reasons.append((gate, [verdict.channel]))
                }
            }
        }
        return reasons.flatMap { reason in
            let channels = reason.channels.joined(separator: ", ")
            return page.wrap(reason.gate.message, lead: "    \(channels): ", .red)
                + (reason.gate.next.map { page.wrap($0, lead: "      what helps: ", .dim) } ?? [])
        }
    }

    private func channels(_ report: Preflight.Report) -> [String] {
        var table = Table()
        let verdicts = Dictionary(grouping: report.files.flatMap(\.verdicts), by: \.channel)
        for (channel, verdicts) in verdicts.sorted(by: { $0.key < $1.key }) {
            let good = verdicts.count { $0.gates.isEmpty && !$0.names.isEmpty }
            let idle = verdicts.count { $0.gates.isEmpty && $0.names.isEmpty }
            let bad = verdicts.count - good - idle
            table.add(
                page.light(bad > 0 ? .red : .green) + " ",
                [
                    Table.Cell(channel, .bold),
                    Table.Cell("\(Words.number(good)) would go live", alignsRight: true),
                    Table.Cell(bad > 0 ? "\(Words.number(bad)) would not" : "", .red),
                    Table.Cell(idle > 0 ? "\(Words.number(idle)) not asked for" : "", .dim),
                ])
        }
        return table.lines(on: page).flatMap(\.self)
    }

    private func summary(_ report: Preflight.Report, _ toDo: Int) -> String {
        let all = Words.count(report.files.count, "picture")
        return toDo == 0
            ? "\(all): ready to deliver" : "\(all), something is to be done about \(toDo)"
    }
}
