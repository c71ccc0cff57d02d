internal import Foundation
internal import Model

/// Demands and what was measured. One that is met is a line; below one that is not stand what was
/// wanted, who demands it and what would help.
struct CheckText {
    let page: Page

    /// Columns of what was measured, beyond which what was wanted goes below it.
    private static let longest = 34

    func lines(_ checks: [Check]) -> [String] {
        let width = checks.map(\.rule.count).max() ?? 0
        let short = checks.filter { Self.isShort($0) }
        var table = Table()
        table.leadWidth = 6
        for check in short {
            table.add(
                "    \(page.paint("✓", .green)) ",
                [
                    Table.Cell(Self.padded(check.rule, width)), Table.Cell(check.measured),
                    Table.Cell("wanted: \(check.demand)", .dim),
                ])
        }
        var rows = table.lines(on: page)[...]
        return checks.flatMap { check in
            Self.isShort(check) ? rows.removeFirst() : block(check, width)
        }
    }

    /// What is in the way beside the demands.
    func lines(_ gates: [Gate]) -> [String] {
        gates.flatMap { gate in
            page.wrap(
                "\(gate.kind.rawValue): \(gate.message)",
                lead: "    \(page.paint("✗", .red)) ", .red)
                + below(nil, gate.place, nil, gate.next)
        }
    }

    private static func isShort(_ check: Check) -> Bool {
        check.passed && check.measured.count <= longest
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        let text = Words.plain(text)
        return text + String(repeating: " ", count: max(0, width - text.count))
    }

    private func block(_ check: Check, _ width: Int) -> [String] {
        let sign = page.paint(check.passed ? "✓" : "✗", check.passed ? .green : .red)
        let lead = "    \(sign) \(Self.padded(check.rule, width))  "
        let head = page.wrap(check.measured, lead: lead, check.passed ? .plain : .red)
        guard !check.passed else { return head + below(check.demand, nil, nil, nil) }
        return head + below(check.demand, check.place, check.source, check.fix)
    }

    private func below(
        _ demand: String?, _ place: Place?, _ source: String?, _ fix: String?
    ) -> [String] {
        let origin = [place.map { "\($0)" }, source].compactMap(\.self).joined(separator: ", ")
        return (demand.map { page.wrap($0, lead: "        wanted       ", .dim) } ?? [])
            + (origin.isEmpty ? [] : page.wrap(origin, lead: "        demanded by  ", .dim))
            + (fix.map { page.wrap($0, lead: "        what helps   ", .bold) } ?? [])
    }
}
