internal import Foundation
internal import Wire

/// `sluice credential`: what was stored and who takes it; never what it holds.
enum CredentialText {
    static func lines(_ report: CredentialReport, _ page: Page) -> [String] {
        let users = report.usedBy.joined(separator: ", ")
        let use =
            users.isEmpty
            ? "no profile names it yet: 'credential:\(report.name)'"
            : "used by \(users): taken by itself, within the next try; sooner: 'sluice resume CHANNEL'"
        return page.wrap("stored '\(report.name)' as '\(report.file)'", lead: "✓ ")
            + page.wrap(use, lead: "  ")
            + report.problems.flatMap { page.wrap($0, lead: "  ✗ ", .red) }
            + (report.problems.isEmpty && !users.isEmpty
                ? page.wrap("try it: 'sluice probe CHANNEL'", lead: "  ", .dim) : [])
    }

    static func lines(_ entries: [CredentialEntry], _ page: Page) -> [String] {
        guard !entries.isEmpty else { return ["no credentials, and no profile names one"] }
        var table = Table()
        for entry in entries {
            let use = entry.usedBy.isEmpty ? "not used" : entry.usedBy.joined(separator: ", ")
            table.add(
                page.light(entry.isThere ? .green : .red) + " ",
                [
                    Table.Cell(entry.name, .bold), Table.Cell(entry.isThere ? "" : "missing", .red),
                    Table.Cell(use, entry.usedBy.isEmpty ? .dim : .plain),
                ])
        }
        return table.lines(on: page).flatMap(\.self)
    }
}
