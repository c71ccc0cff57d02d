import Foundation

/// What the program said to the judged set, beside what a person says.
enum Verdicts {
    private struct Report: Decodable {
        struct File: Decodable {
            var path: String
            var refused: String?
            var verdicts: [Verdict]
        }

        struct Verdict: Decodable {
            struct Gate: Decodable { var message: String }
            var names: [String]
            var gates: [Gate]
        }

        var files: [File]
    }

    private struct Tally {
        var pictures = 0
        var aim = ""
        /// File and what was said to it.
        var wrong: [(file: String, said: String)] = []
    }

    /// Prints a line for each kind, the wrong ones with what was said to them, and the totals.
    /// - Parameter report: of `sluice preflight --json`.
    static func compare(_ report: String, with labels: String) throws {
        let files = try JSONDecoder().decode(
            Report.self, from: Data(try Disk.read(report))
        ).files
        let said = Dictionary(files.map { ($0.path, hold($0)) }, uniquingKeysWith: { a, _ in a })
        var kinds: [String] = []
        var tallies: [String: Tally] = [:]
        for line in String(decoding: try Disk.read(labels), as: UTF8.self).split(separator: "\n") {
            let cells = line.split(separator: "\t").map(String.init)
            guard cells.count == 4 else { throw Misuse() }
            let hold = said[cells[0]] ?? "no answer"
            if tallies[cells[1]] == nil { kinds.append(cells[1]) }
            tallies[cells[1], default: Tally()].pictures += 1
            tallies[cells[1]]?.aim = cells[2]
            guard (hold == nil) != (cells[2] == "passes") else { continue }
            tallies[cells[1]]?.wrong.append((cells[0], hold ?? "passes, but: \(cells[3])"))
        }
        show(kinds, tallies)
    }

    /// Nil: it would go live.
    private static func hold(_ file: Report.File) -> String? {
        if let refused = file.refused { return refused }
        guard let verdict = file.verdicts.first else { return "no verdict" }
        return verdict.gates.first?.message ?? (verdict.names.isEmpty ? "no slot takes it" : nil)
    }

    private static func show(_ kinds: [String], _ tallies: [String: Tally]) {
        for kind in kinds {
            guard let tally = tallies[kind] else { continue }
            let aims = [
                "passes": "to pass", "held": "to hold", "beyond": "to hold, but not told apart",
            ]
            let aim = aims[tally.aim] ?? tally.aim
            let hits = "\(tally.pictures - tally.wrong.count) of \(tally.pictures)"
            print("  \(padded("\(kind), \(aim)", 58)) \(hits)")
            for (file, said) in tally.wrong where tally.aim != "beyond" {
                print("      \(file): \(said.prefix(150))")
            }
        }
        let all = tallies.values
        func count(_ aim: String, _ of: (Tally) -> Int) -> Int {
            all.filter { $0.aim == aim }.reduce(0) { $0 + of($1) }
        }
        let (held, passed) = (count("passes", \.wrong.count), count("held", \.wrong.count))
        let pictures = count("passes", \.pictures) + count("held", \.pictures)
        let share = Double(held) / Double(max(count("passes", \.pictures), 1)) * 100
        print("  \(padded("hits", 58)) \(pictures - held - passed) of \(pictures)")
        print("  \(padded("wrong passes", 58)) \(passed) (bound: none)")
        let percent = String(format: "%.1f %%", share)
        print("  \(padded("wrong holds, of those to pass", 58)) \(percent) (bound: 10 %)")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
