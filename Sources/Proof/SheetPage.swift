import Foundation
import Model

/// The document, from top to bottom: what is asked, the verdicts at a glance, and each master with
/// its channels.
struct SheetPage {
    let sheet: ProofSheet
    private var gallery = Gallery()
    /// The largest sheets hold a few hundred cards; each is drawn once, after its pictures hang.
    private var masters: [MasterSection] = []

    init(sheet: ProofSheet) {
        self.sheet = sheet
        for (number, master) in sheet.masters.enumerated() {
            masters.append(MasterSection(master, id: "m\(number)", in: &gallery))
        }
    }

    func document() -> String {
        var page = Markup()
        page.literal("<!doctype html>\n")
        page.element("html", ["lang": "en"]) { page in
            page.element("head") { drawHead(&$0) }
            page.element("body") { page in
                Toggle.drawInputs(&page)
                drawHeader(&page)
                Toggle.drawBar(&page)
                page.element("main") { drawMain(&$0) }
                drawFooter(&page)
                gallery.draw(into: &page)
            }
        }
        return page.text + "\n"
    }

    private func drawHead(_ page: inout Markup) {
        page.leaf("meta", ["charset": "utf-8"])
        // Foreign text that found a way in would still run and load nothing.
        page.leaf(
            "meta",
            [
                "http-equiv": "Content-Security-Policy",
                "content": "default-src 'none'; img-src data:; style-src '\(Style.digest)'; "
                    + "base-uri 'none'; form-action 'none'",
            ])
        page.leaf(
            "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        page.leaf("meta", ["name": "color-scheme", "content": "light dark"])
        page.leaf("meta", ["name": "referrer", "content": "no-referrer"])
        page.element("title", "\(sheet.subject) – proof sheet")
        page.element("style") { $0.literal(Style.sheet) }
    }

    private func drawHeader(_ page: inout Markup) {
        page.element("header", ["class": "top"]) { page in
            page.element("div") { page in
                page.element("p", ["class": "kind"], "proof sheet")
                page.element("h1") { $0.element("bdi", sheet.subject) }
            }
            page.element("p", ["class": "meta"]) { page in
                page.element("b", standing)
                page.element(
                    "span", "\(Wording.moment(sheet.madeAt, sheet.zone)) · \(sheet.program)")
            }
        }
    }

    /// `5 of 7 pass`
    private var standing: String {
        let outcomes = sheet.masters.flatMap(\.channels).flatMap(\.renditions).compactMap(\.now)
        let passing = outcomes.filter(\.passes).count
        return "\(passing) of \(outcomes.count) pass"
    }

    private func drawMain(_ page: inout Markup) {
        if !sheet.notes.isEmpty {
            page.element("ul", ["class": "notes"]) { page in
                for note in sheet.notes { page.element("li", note) }
            }
        }
        page.element("nav", ["class": "glance", "aria-label": "all renditions"]) { page in
            for master in masters { master.drawGlance(into: &page) }
        }
        for master in masters { master.draw(into: &page) }
    }

    private func drawFooter(_ page: inout Markup) {
        page.element("footer") { page in
            page.say(
                "Boxes, borders and verdicts come from the decoded pixels of the files shown here, "
                    + "by the same workers and rules that decide what leaves.")
        }
    }
}

/// What may be drawn on the pictures, switched by check boxes that the style sheet looks at.
enum Toggle {
    private static let all: [(id: String, title: String, isOn: Bool)] = [
        ("t-product", "product", true), ("t-extent", "extent with shadow", true),
        ("t-ring", "border ring", true), ("t-safe", "safe zone", true),
        ("t-faint", "differences from the background × 16", false),
    ]

    /// Before everything that they switch.
    static func drawInputs(_ page: inout Markup) {
        for (id, title, isOn) in all {
            page.leaf(
                "input",
                [
                    "type": "checkbox", "id": id, "class": "unseen", "aria-label": "show \(title)",
                    isOn ? "checked" : "data-off": "",
                ])
        }
    }

    static func drawBar(_ page: inout Markup) {
        page.element("div", ["class": "bar"]) { page in
            page.element("span", "show")
            for (id, title, _) in all { page.element("label", ["for": id], title) }
        }
    }
}
