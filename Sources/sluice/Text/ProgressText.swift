internal import Foundation
internal import Model

/// The one line `sluice status --wait` redraws.
enum ProgressText {
    static func line(_ answer: StatusAnswer, _ page: Page, waited: TimeInterval) -> String {
        let works = answer.channels.map(Work.init)
        let live = works.reduce(0) { $0 + $1.live }
        let all = works.reduce(live) { $0 + $1.waiting }
        let bar = page.paint(Words.bar(live, of: all, columns: 30), .green)
        let counts = "\(Words.number(live)) of \(Words.number(all)) live"
        let render = answer.render.waiting > 0 ? ", \(answer.render.waiting) to render" : ""
        return "\(bar) \(Words.percent(live, of: all)) \(counts)\(render), \(Words.span(waited))"
    }
}
