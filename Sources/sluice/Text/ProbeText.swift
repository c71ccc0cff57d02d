internal import Foundation

/// `sluice probe`: a line a step, then what to paste or to take away.
enum ProbeText {
    static func lines(
        _ probes: [Probe], channel: String, isRoot: Bool, _ page: Page
    ) -> [String] {
        var lines: [String] = []
        for probe in probes {
            lines += page.wrap("\(probe.to) (\(probe.for))", .bold)
            for step in probe.steps { lines += self.lines(step, page) }
            if let line = probe.hostKeys {
                lines += page.wrap("the line for the profile, if the key is theirs:", lead: "  ")
                // Not wrapped: it is pasted.
                lines.append("    " + page.paint(line, .bold))
            }
            if let who = probe.hand {
                lines += page.wrap(
                    "only the place where \(who) fetches files was tried; the last step is theirs",
                    lead: "  ")
            }
            if let name = probe.leftBehind {
                lines += page.wrap(
                    "left behind: '\(name)'; take it away there by hand", lead: "  ", .red)
            }
        }
        if isRoot {
            lines += page.wrap(
                "asked as root; as the daemon's account: sudo -u sluice sluice probe \(channel)",
                lead: "  ", .dim)
        }
        return lines
    }

    private static func lines(_ step: Probe.Step, _ page: Page) -> [String] {
        let sign = step.passes ? page.paint("✓", .green) : page.paint("✗", .red)
        let name = step.step.padding(toLength: 12, withPad: " ", startingAt: 0)
        let took = "\(Int((step.seconds * 1000).rounded())) ms"
        let padded = String(repeating: " ", count: max(0, 9 - took.count)) + took
        let lead = "  \(sign) \(name)\(padded)  "
        return page.wrap(Words.plain(step.says), lead: lead)
    }
}
