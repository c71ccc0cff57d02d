import Foundation
import Model

/// An outcome whose picture hangs in the gallery.
struct Showing {
    var outcome: ProofSheet.Outcome
    /// Id in the gallery.
    var picture: String?
    var label: String

    init(_ outcome: ProofSheet.Outcome, label: String, in gallery: inout Gallery) {
        self.outcome = outcome
        self.label = label
        if let picture = outcome.picture {
            let size = outcome.receipt?.size ?? picture.size
            self.picture = gallery.hang(picture, size: size.sane, faint: outcome.recipe.background)
        }
    }

    var figure: Figure? {
        guard let receipt = outcome.receipt else { return nil }
        let recipe = outcome.recipe
        let size = receipt.size.sane
        return Figure(
            picture: picture, size: size, product: receipt.measurement?.product,
            extent: receipt.measurement?.extent,
            ring: ring.map { ring in
                Figure.Ring(
                    width: ring.width(in: size), worst: ring.worst > 0 ? ring.at : nil,
                    isBroken: isBroken(ring))
            }, safe: recipe.safe?.scaled(from: recipe.size.max, to: size),
            faint: recipe.background, label: label)
    }

    func drawFigure(_ page: inout Markup, room: Figure.Room) {
        guard let figure else {
            page.element("p", ["class": "absent"]) { page in
                page.element("b", "no file")
                page.say(outcome.refusal ?? "the worker gave no reason")
            }
            return drawRefused(&page, room)
        }
        page.element("figure") { page in
            figure.draw(into: &page, room: room)
            page.element("figcaption") { page in
                page.say(summary)
                if let note = outcome.picture?.note {
                    page.element("span", ["class": "preview"], note)
                }
                if outcome.picture == nil {
                    page.element("span", ["class": "preview"], "there is nothing to show of it")
                }
            }
        }
    }

    /// What the reason for a refusal looks like.
    private func drawRefused(_ page: inout Markup, _ room: Figure.Room) {
        guard let picture, let shown = outcome.picture else { return }
        let figure = Figure(picture: picture, size: shown.size.sane, label: label)
        page.element("figure") { page in
            figure.drawPlain(into: &page, room: room)
            page.element("figcaption") { page in
                page.element("span", ["class": "preview"], shown.note ?? "")
            }
        }
    }

    /// Only of the file's own pixels: a preview's would be somebody else's.
    func drawZooms(_ page: inout Markup) {
        guard let picture, let receipt = outcome.receipt, let shown = outcome.picture,
            shown.size == receipt.size
        else { return }
        let tiles = Zoom.tiles(
            of: picture, receipt.measurement, ring: ring.flatMap { $0.worst > 0 ? $0 : nil },
            isBroken: ring.map(isBroken) ?? false, size: receipt.size.sane,
            faint: outcome.recipe.background)
        page.element("div", ["class": "zooms"]) { page in
            for tile in tiles { tile.draw(into: &page) }
        }
    }

    func drawTold(_ page: inout Markup) {
        CheckTable(checks: outcome.checks).draw(into: &page)
        page.element("details") { page in
            page.element("summary", "asked and measured")
            page.element("div", ["class": "columns"]) { page in
                asked.draw(into: &page)
                measured.draw(into: &page)
            }
        }
    }

    private var summary: String {
        guard let receipt = outcome.receipt else { return "" }
        let parts = [
            "\(receipt.format.rawValue) \(Wording.size(receipt.size))",
            Wording.bytes(receipt.bytes), receipt.quality.map { "quality \($0)" },
            receipt.isProgressive ? "progressive" : nil,
            receipt.density.map { "\(Wording.decimal($0, 0)) ppi" },
        ]
        return parts.compactMap { $0 }.joined(separator: " · ")
    }

    private var asked: Facts {
        var facts = Facts()
        for line in outcome.recipe.lines { facts.add(line.key, line.words) }
        return facts
    }

    private var measured: Facts {
        var facts = Facts()
        guard let receipt = outcome.receipt else { return facts }
        facts.add("file size", "\(Wording.grouped(receipt.bytes)) bytes")
        facts.add("sha-256", receipt.sha256.short + "…")
        facts.addMeasurement(receipt.measurement)
        facts.add(
            "colour shift",
            receipt.colorShift.map {
                "\(Wording.decimal($0.mean, 2)) mean, \(Wording.decimal($0.worst, 2)) worst"
            })
        facts.add("metadata", receipt.metadata.joined(separator: ", "))
        let made = receipt.renderer.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        facts.add("made with", made.joined(separator: ", "))
        return facts
    }

    /// The ring the profile makes a demand on; without one the usual one, for information, where
    /// there is a background at all.
    private var ring: Receipt.Ring? {
        let isScene = outcome.receipt?.measurement?.background.kind == .scene
        guard outcome.border != nil || !isScene else { return nil }
        let share = outcome.border?.share ?? 0.01
        return outcome.receipt?.rings.first { abs($0.share - share) < 1e-9 }
    }

    private func isBroken(_ ring: Receipt.Ring) -> Bool {
        outcome.border.map { ring.worst > $0.tolerance } ?? false
    }
}

extension Receipt.Ring {
    /// In pixels, as it was measured.
    fileprivate func width(in size: PixelSize) -> Int {
        max(1, Int(exactly: (Double(size.shortSide) * share).rounded(.up)) ?? 1)
    }
}

extension PixelSize {
    /// Sides that a browser can draw.
    var sane: PixelSize {
        PixelSize(
            width: min(max(width, 1), 1_000_000), height: min(max(height, 1), 1_000_000))
    }
}
