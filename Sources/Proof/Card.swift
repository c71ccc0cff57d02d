import Foundation
import Model

/// One rendition: the picture, the pixels to look at closely, and the verdict rule by rule.
struct Card {
    var id: String
    var rendition: ProofSheet.Rendition
    /// Placed in the gallery already.
    var now: Showing?
    var before: Showing?

    func draw(into page: inout Markup) {
        page.element("article", ["class": "card", "id": id]) { page in
            page.element("header") { page in
                page.element("h4", rendition.name)
                drawVerdict(&page)
                drawPlacements(&page)
            }
            if rendition.before == nil {
                drawOne(&page)
            } else {
                drawPair(&page)
            }
        }
    }

    private func drawVerdict(_ page: inout Markup) {
        guard let outcome = rendition.now else {
            return page.element("span", ["class": "verdict none"], "no longer made")
        }
        Verdict.draw(outcome, into: &page)
    }

    private func drawPlacements(_ page: inout Markup) {
        page.element("span", ["class": "names"]) { page in
            for placement in rendition.placements {
                page.element("span") { page in
                    page.element("i", placement.slot)
                    page.say(" ")
                    page.element("code", placement.name ?? "name not known yet")
                }
            }
        }
    }

    private func drawOne(_ page: inout Markup) {
        guard let now else { return }
        page.element("div", ["class": "body"]) { page in
            page.element("div", ["class": "seen"]) { page in
                now.drawFigure(&page, room: .card)
            }
            page.element("div", ["class": "told"]) { page in
                now.drawTold(&page)
                now.drawZooms(&page)
            }
        }
    }

    private func drawPair(_ page: inout Markup) {
        page.element("div", ["class": "pair"]) { page in
            for (title, showing) in [("before", before), ("now", now)] {
                page.element("div", ["class": "seen"]) { page in
                    page.element("h5", title)
                    if let showing {
                        Verdict.draw(showing.outcome, into: &page)
                        showing.drawFigure(&page, room: .pair)
                        showing.drawZooms(&page)
                    } else {
                        page.element("p", ["class": "absent"], "this profile has no such rendition")
                    }
                }
            }
            ComparisonTable(before: rendition.before, now: rendition.now).draw(into: &page)
        }
        now?.drawTold(&page)
    }
}

/// `would leave`, `2 of 9 demands broken`, `cannot be made`.
enum Verdict {
    static func words(_ outcome: ProofSheet.Outcome) -> String {
        if outcome.refusal != nil || outcome.receipt == nil { return "cannot be made" }
        let broken = outcome.checks.filter { !$0.passed }.count
        let all = Wording.count(outcome.checks.count, "demand")
        return broken == 0 ? "\(all) met" : "\(broken) of \(all) broken"
    }

    static func draw(_ outcome: ProofSheet.Outcome, into page: inout Markup) {
        page.element("span", ["class": outcome.passes ? "verdict good" : "verdict bad"]) { page in
            Sign.draw(outcome.passes, into: &page)
            page.say(" " + words(outcome))
        }
    }
}
