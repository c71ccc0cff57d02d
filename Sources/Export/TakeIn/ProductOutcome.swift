import Bookkeeping
import Foundation
import Intake
import Model

extension ProductTaking {
    /// What came of it, for people.
    struct Outcome: Sendable {
        /// What stands in the way until somebody does something.
        var refusals: [String] = []
        /// What somebody should mend.
        var remarks: [String] = []
        var notes: [String] = []
        /// Those in force.
        var tables: [ProductTableRecord] = []
        /// When the next file that was touched just now counts as whole.
        var due: Date?
        /// Rows of what was read now, taken or not.
        var rows = 0
        var changes = 0

        mutating func tell(of candidate: ProductCandidate, kept: Int) {
            let file = candidate.table.file
            if candidate.index.count == 0 { remarks.append("'\(file)' has no rows") }
            if candidate.broken.count > 0 {
                remarks.append(
                    Self.text(
                        candidate.broken,
                        "\(Amount.count(candidate.broken.count, "row")) of '\(file)' cannot be used; what is "
                            + "known of the products stays"))
            }
            if candidate.cells.count > 0 {
                let waits = candidate.cells.count - kept
                remarks.append(
                    Self.text(
                        candidate.cells,
                        "\(Amount.count(candidate.cells.count, "bad cell")) in '\(file)': the last good value stays "
                            + "in \(kept), \(waits) had none"))
            }
            if candidate.repeated.count > 0 {
                remarks.append(
                    Self.text(
                        candidate.repeated,
                        "\(Amount.count(candidate.repeated.count, "thing")) twice in '\(file)'"))
            }
            notes += candidate.notes.map { "\($0.place): \($0.message)" }
        }

        /// A column may stand in one table and not in the others.
        mutating func tellOfMissingColumns(_ candidates: [ProductCandidate]) {
            guard let first = candidates.first(where: { !$0.isOfChanges }) else { return }
            let there = candidates.reduce(into: Set<String>()) { $0.formUnion($1.columns) }
            for (column, problem) in first.missing.sorted(by: { $0.key < $1.key })
            where !there.contains(column) {
                remarks.append("'\(first.table.file)': \(problem.message)")
            }
        }

        /// The first few, each with its line and column.
        private static func text(_ mistakes: Mistakes, _ what: String) -> String {
            let first = mistakes.first.prefix(3).map {
                "\($0.place.line):\($0.place.column): \($0.message)"
            }
            let more = mistakes.count - first.count
            return "\(what); \(first.joined(separator: "; "))"
                + (more > 0 ? " and \(more) more" : "")
        }
    }
}
