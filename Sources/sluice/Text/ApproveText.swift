internal import Foundation
internal import Intake
internal import Model
internal import Wire

/// What became of the files of one `sluice approve`, for people and for programs.
struct Approvals: Encodable {
    struct Done: Encodable {
        var file: String
        var sidecar: String
        var by: String
        /// The sidecar itself says so.
        var withdrawnBeside: Bool
        /// A person's decision that the daemon remembers.
        var withdrawn: [WithdrawnAnswer.Entry] = []

        var isInVain: Bool { withdrawnBeside || !withdrawn.isEmpty }
    }

    struct Refused: Encodable {
        var file: String
        var error: String
    }

    var approved: [Done] = []
    var refused: [Refused] = []

    func lines(_ page: Page) -> [String] {
        let done = approved.flatMap { done in
            ["\(page.light(.green)) approved '\(done.file)' by \(done.by): '\(done.sidecar)'"]
                + vain(done, page)
        }
        let failed = refused.flatMap { page.wrap($0.error, lead: page.light(.red) + " ") }
        return done + failed + (approved.count + refused.count > 1 ? [summary] : [])
    }

    private func vain(_ done: Done, _ page: Page) -> [String] {
        let beside =
            done.withdrawnBeside
            ? ["  it still says 'withdrawn': the approval does not undo that; take the line out"]
            : []
        return beside
            + done.withdrawn.flatMap { entry in
                page.wrap(
                    "\(entry.asset) was withdrawn on \(page.moment(entry.at, seconds: false)) "
                        + "(\(entry.because)), and stays so: an approval does not undo that; "
                        + "if it was wrong:", lead: "  ")
                    + ["  \(entry.undo)"]
            }
    }

    private var summary: String {
        var parts = ["\(Words.number(approved.count)) approved"]
        if !refused.isEmpty {
            let names = refused.prefix(5).map { "'\($0.file)'" }.joined(separator: ", ")
            let more = refused.count > 5 ? " and \(refused.count - 5) more" : ""
            parts.append("\(Words.number(refused.count)) not: \(names)\(more)")
        }
        return parts.joined(separator: ", ")
    }
}
