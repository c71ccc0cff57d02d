internal import Foundation
internal import Model

/// The one line `sluice status --wait` redraws.
enum ProgressText {
    static func line(_ progress: Progress, _ page: Page, waited: TimeInterval) -> String {
        let bar = Words.bar(Int(progress.share * 1000), of: 1000, columns: 20)
        let text = " " + words(progress, waited).joined(separator: ", ")
        // A line that is too long would be broken, and could not be redrawn.
        let room = max(1, page.width - bar.count - 1)
        let shown = text.count > room ? text.prefix(room - 1) + "…" : text[...]
        return page.paint(bar, .green) + shown
    }

    private static func words(_ progress: Progress, _ waited: TimeInterval) -> [String] {
        var words = ["\(Words.number(progress.done)) of \(Words.number(progress.known)) done"]
        if progress.arrived > 0 { words.append("\(Words.number(progress.arrived)) more came") }
        if let rate = progress.perMinute {
            words.append("\(Words.number(max(1, Int(rate)))) a minute")
        }
        if let expected = progress.expected { words.append("\(Words.span(expected)) left") }
        if progress.left > 0, let limit = progress.limitedBy { words.append("limit: \(limit)") }
        if progress.toRender > 0 { words.append("\(Words.number(progress.toRender)) to render") }
        return words + ["waited \(Words.span(waited))"]
    }
}
