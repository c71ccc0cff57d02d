internal import Foundation
internal import Model
internal import Wire

/// `sluice quarantine list`: each file, why it cannot be used, what to do.
struct QuarantineText {
    static func lines(_ answer: QuarantineAnswer, _ page: Page) -> [String] {
        let files = answer.files.flatMap { file($0, page) }
        let more = answer.more > 0 ? ["and \(Words.number(answer.more)) more"] : []
        let dismissed =
            answer.dismissed > 0
            ? ["\(Words.number(answer.dismissed)) dismissed, and not told until they change"] : []
        guard files.isEmpty else {
            let next = "what may stay as it is: sluice quarantine dismiss PATH, or --all"
            return files + more + [""] + dismissed + [next]
        }
        return ["\(page.light(.green)) nothing is in quarantine"] + dismissed
    }

    static func file(_ file: QuarantinedFile, _ page: Page) -> [String] {
        let path = Words.plain(file.path)
        return ["\(page.light(.yellow)) \(page.paint(path, .bold))"]
            + page.wrap(file.reason, lead: "    why   ")
            + page.wrap(file.next, lead: "    next  ", .bold)
            + ["    since \(page.moment(file.since))"]
    }
}
