import Foundation
import Model

/// What was measured of a master or a rendition, as rows of name and words.
struct Facts {
    struct Row {
        var name: String
        var words: String
        /// Shown as a swatch before the words.
        var color: Color?
        /// A person should look at it.
        var isOdd = false
    }

    private(set) var rows: [Row] = []

    mutating func add(_ name: String, _ words: String?, color: Color? = nil, odd: Bool = false) {
        guard let words, !words.isEmpty else { return }
        rows.append(Row(name: name, words: words, color: color, isOdd: odd))
    }

    func draw(into page: inout Markup) {
        page.element("dl", ["class": "facts"]) { page in
            for row in rows {
                page.element("div", row.isOdd ? ["class": "odd"] : [:]) { page in
                    page.element("dt", row.name)
                    page.element("dd") { page in
                        if let color = row.color { Swatch.draw(color, into: &page) }
                        page.say(row.words)
                    }
                }
            }
        }
    }
}

/// A dot of a colour, by an attribute: the page's policy allows no inline style.
enum Swatch {
    static func draw(_ color: Color, into page: inout Markup) {
        page.element("svg", ["class": "swatch", "viewBox": "0 0 10 10", "aria-hidden": "true"]) {
            $0.leaf("rect", ["width": "10", "height": "10", "fill": color.description])
        }
    }
}

extension Facts {
    init(of master: ProofSheet.Master) {
        if let inspection = master.inspection { addHeader(inspection) }
        add("file size", master.bytes.map { "\(Wording.grouped($0)) bytes" })
        add("sha-256", master.hash.map { $0.short + "…" })
        guard let inspection = master.inspection else { return }
        addMeasurement(inspection.measurement)
        if inspection.measurement == nil {
            add("measured", "nothing: its colours cannot be brought to sRGB", odd: true)
        }
        addMetadata(inspection.metadata)
    }

    private mutating func addHeader(_ inspection: Inspection) {
        add("size", "\(Wording.size(inspection.size)) px")
        let bands = "\(inspection.bands) × \(inspection.bitsPerBand) bit"
        let alpha = inspection.hasAlpha ? ", with alpha" : ""
        add("format", "\(inspection.format.rawValue), \(inspection.space), \(bands)\(alpha)")
        if let ignored = inspection.ignoredChannels {
            add("ignored", Inspection.told(ignored: ignored), odd: true)
        }
        if let colors = inspection.colors {
            add("colours", colors)
        } else if let profile = inspection.profile {
            let fit = profile.fits ? "" : ", which does not fit the picture"
            add("colour profile", "\(profile.name) (\(profile.space))\(fit)", odd: !profile.fits)
        } else {
            add("colour profile", inspection.hasProfile ? "embedded" : "none embedded")
        }
        if inspection.orientation != 1 {
            add("orientation", "\(inspection.orientation), shown upright")
        }
        if inspection.pages != 1 { add("pages", "\(inspection.pages)", odd: true) }
    }

    mutating func addMeasurement(_ measured: PictureMeasurement?) {
        guard let measured else { return }
        let background = measured.background
        add(
            "background", "\(background.kind.rawValue), \(background.color)",
            color: background.kind == .transparent ? nil : background.color)
        if background.worst > 0 {
            add(
                "worst border pixel",
                "\(background.worstColor), \(background.worst) away, at "
                    + "\(background.at.x), \(background.at.y)", color: background.worstColor)
        }
        addProduct(measured)
        add("mean", measured.mean.map { Wording.decimal($0, 0) }.joined(separator: " · "))
        let clipped = measured.clipped.map { clip in
            "\(Wording.percent(clip.low, 0)) / \(Wording.percent(clip.high, 0))"
        }
        add("black / white", clipped.joined(separator: " · "))
    }

    private mutating func addProduct(_ measured: PictureMeasurement) {
        guard let product = measured.product else {
            add("product", "unsure: \(measured.unsure ?? "no box was found")", odd: true)
            return
        }
        add(
            "product",
            "\(Wording.size(product.size)) px at \(product.left), \(product.top)")
        if let side = measured.fill(.side), let area = measured.fill(.area) {
            add(
                "fill", "\(Wording.percent(side)) of the side, \(Wording.percent(area)) of the area"
            )
        }
        if let edges = measured.cutWords { add("cut off at", "the \(edges)", odd: true) }
        if let inner = measured.framed {
            add("frame", "a line along all edges of \(inner)", odd: true)
        }
    }

    private mutating func addMetadata(_ metadata: PictureMetadata) {
        add("title", metadata.title)
        for (field, words) in metadata.kept.sorted(by: { $0.key < $1.key }) { add(field, words) }
        add("usable from", metadata.usableFrom.joined(separator: ", "))
        add("usable until", metadata.usableUntil.joined(separator: ", "))
        add("constraints", metadata.constraints.joined(separator: ", "), odd: true)
        add("gtin", metadata.gtins.joined(separator: ", "))
        add("density", metadata.density.map { "\(Wording.decimal($0, 0)) ppi" })
        let stripped = [
            metadata.hasPosition ? "position" : nil,
            metadata.hasSerialNumber ? "serial number" : nil,
            metadata.hasThumbnail ? "thumbnail" : nil,
        ].compactMap { $0 }
        add("never sent on", stripped.joined(separator: ", "))
        for problem in metadata.problems { add("metadata", problem, odd: true) }
    }
}
