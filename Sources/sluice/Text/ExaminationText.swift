internal import Foundation
internal import Model
internal import Profiles

/// `sluice check FILE`: what was measured of the picture, what it says of itself, and below it what
/// every channel says to it.
struct ExaminationText {
    let page: Page
    /// Met demands as well.
    var showsEverything = false

    func lines(_ examination: Examination) -> [String] {
        let what =
            examination.assets.isEmpty ? "" : "  \(examination.assets.joined(separator: ", "))"
        let head = page.paint(Words.plain(examination.file), .bold) + Words.plain(what)
        return [head] + measurement(examination) + [""] + metadata(examination)
            + (examination.channels.isEmpty ? [] : [""])
            + VerdictText(page: page, showsEverything: showsEverything).lines(examination)
    }

    private func measurement(_ examination: Examination) -> [String] {
        let measured = examination.measurement
        var facts = FactTable(page: page)
        addFile(measured, to: &facts)
        facts.add("sha-256", examination.sha256.rawValue, .dim)
        guard let pixels = measured.pixels else {
            facts.add(
                "measured", "nothing: its colours cannot be brought to sRGB without guessing",
                .yellow)
            return facts.lines
        }
        addBackground(pixels.background, to: &facts)
        addProduct(pixels, measured.fill, to: &facts)
        addTones(pixels, to: &facts)
        return facts.lines
    }

    // MARK: The file

    private func addFile(_ measured: Examination.Measurement, to facts: inout FactTable) {
        facts.add(
            "format",
            "\(measured.format.rawValue), \(Words.number(Int(measured.bytes))) bytes, "
                + Words.count(measured.pages, "page"), measured.pages > 1 ? .yellow : .plain)
        let turned = measured.orientation == 1 ? "upright" : "all here is told of it upright"
        facts.add("size", "\(measured.size) pixels")
        facts.add("orientation", "\(measured.orientation), \(turned)")
        facts.add(
            "colours",
            "\(measured.space), \(Words.count(measured.bands, "band")) of \(measured.bitsPerBand)"
                + " bits, \(measured.hasAlpha ? "with" : "no") transparency")
        if let ignored = measured.ignoredChannels {
            facts.add("ignored", Inspection.told(ignored: ignored), .yellow)
        }
        addProfile(measured, to: &facts)
        facts.add(
            "density",
            measured.density.map { "\(ReceiptText.decimal($0)) pixels per inch" } ?? "not stated")
    }

    private func addProfile(_ measured: Examination.Measurement, to facts: inout FactTable) {
        if let colors = measured.colors {
            // Whatever profile lies beside it does not count.
            return facts.add("read as", colors)
        }
        let bands = "\(measured.space) with \(Words.count(measured.bands, "band"))"
        guard let profile = measured.profile else {
            return facts.add("ICC profile", measured.hasProfile ? "embedded, not legible" : "none")
        }
        facts.add(
            "ICC profile",
            "'\(profile.name)' for \(profile.space), "
                + (profile.fits ? "which fits" : "which does not fit \(bands)"),
            profile.fits ? .plain : .yellow)
    }

    // MARK: The pixels

    private func addBackground(
        _ background: PictureMeasurement.Background, to facts: inout FactTable
    ) {
        let meaning =
            switch background.kind {
            case .pure: "one colour to the last pixel"
            case .near: "one colour, nearly"
            case .shaded: "a wall that falls off"
            case .uneven: "smooth, but not one colour"
            case .transparent: "see-through"
            case .scene: "something is to be seen there"
            }
        let color = background.kind == .transparent ? "" : " \(background.color)"
        facts.add("background", "\(background.kind.rawValue)\(color), \(meaning)")
        if let darkest = background.darkest, darkest != background.color {
            facts.add("darkest wall", "\(darkest)")
        }
        facts.add(
            "worst border",
            background.worst == 0
                ? "no pixel differs"
                : "\(background.worstColor) at \(background.at), \(background.worst) of 255 away")
    }

    private func addProduct(
        _ pixels: PictureMeasurement, _ fill: Examination.Measurement.Filled?,
        to facts: inout FactTable
    ) {
        guard let product = pixels.product else {
            let why = pixels.unsure ?? "no box was found"
            return facts.add("product", "unsure: \(why)", .yellow)
        }
        facts.add(
            "product", "\(product.size) pixels at \(Point(x: product.left, y: product.top))")
        if let fill {
            facts.add(
                "fill",
                "\(ReceiptText.share(fill.side)) by the longest side, "
                    + "\(ReceiptText.share(fill.area)) by area")
        }
        let edges = pixels.cutWords
        facts.add(
            "edges", edges.map { "cut off at the \($0)" } ?? "touches none",
            edges == nil ? .plain : .yellow)
        if let pieces = pixels.enclosed?.count, pieces > 0 {
            facts.add(
                "seen through",
                pieces == 1 ? "the background in 1 place" : "the background in \(pieces) places")
        }
        if let inner = pixels.framed {
            facts.add("frame", "a line along all edges; inside it are \(inner)", .yellow)
        }
    }

    private func addTones(_ pixels: PictureMeasurement, to facts: inout FactTable) {
        let names = pixels.mean.count == 1 ? ["grey"] : ["red", "green", "blue"]
        func list(_ values: [String]) -> String {
            zip(names, values).map { "\($0) \($1)" }.joined(separator: ", ")
        }
        func share(_ value: Double) -> String {
            // What is there is not nothing.
            value > 0 && value < 0.0005 ? "< 0.1 %" : ReceiptText.share(value)
        }
        facts.add("mean", list(pixels.mean.map(ReceiptText.decimal)))
        facts.add("clipped to 0", list(pixels.clipped.map { share($0.low) }))
        facts.add("and to 255", list(pixels.clipped.map { share($0.high) }))
    }

    // MARK: What it says of itself

    private func metadata(_ examination: Examination) -> [String] {
        let said = examination.metadata
        var facts = FactTable(page: page)
        let one = [
            ("title", said.title), ("source type", said.digitalSourceType),
            ("usage terms", said.usageTerms), ("copyright", said.copyright),
            ("credit", said.credit), ("creator", said.creator),
        ]
        for (name, texts) in one { add(name, texts, to: &facts) }
        let several = [
            ("usable from", said.usableFrom), ("usable until", said.usableUntil),
            ("constraints", said.constraints), ("product GTIN", said.gtins),
        ]
        for (name, texts) in several where !texts.isEmpty {
            facts.add(name, texts.map(\.inWords).joined(separator: ", "))
        }
        let missing = (one + several).filter(\.1.isEmpty).map(\.0)
        if !missing.isEmpty { facts.add("not stated", missing.joined(separator: ", "), .dim) }
        let holds = said.holds.map { $0 == "gps" ? "GPS position" : $0.replacing("_", with: " ") }
        facts.add(
            "also holds",
            holds.isEmpty
                ? "no GPS position, serial number or thumbnail"
                : "\(holds.joined(separator: ", ")): never sent on")
        for problem in said.problems { facts.add("unread", problem, .yellow) }
        let (words, tint) = LicenceWords.of(examination.licence)
        facts.add("rights", words, tint)
        if let product = examination.product {
            let fields = product.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            facts.add("PIM record", fields.joined(separator: ", "))
        }
        return facts.lines
    }

    private func add(
        _ name: String, _ texts: [Examination.Metadata.Said], to facts: inout FactTable
    ) {
        guard let first = texts.first else { return }
        facts.add(name, first.inWords)
        for other in texts.dropFirst() { facts.add("", "the picture itself: \(other.text)", .dim) }
    }
}

extension Examination.Metadata.Said {
    fileprivate var inWords: String {
        source == "picture" ? text : "\(text) (in '\(source)')"
    }
}

/// Names and what is to be said of them, one below the other.
struct FactTable {
    let page: Page
    private var table = Table()
    /// Of a name, so that several tables stand as one.
    private static let columns = 12

    init(page: Page) { self.page = page }

    mutating func add(_ name: String, _ words: String, _ tint: Page.Tint = .plain) {
        let padded = name.padding(toLength: Self.columns, withPad: " ", startingAt: 0)
        table.add("  ", [Table.Cell(padded, .dim), Table.Cell(words, tint)])
    }

    var lines: [String] { table.lines(on: page).flatMap(\.self) }
}

/// What may be done with a picture, in one sentence.
enum LicenceWords {
    static func of(_ licence: Examination.Licence) -> (String, Page.Tint) {
        var parts = dates(licence)
        if let markets = licence.markets { parts.append("for \(markets.joined(separator: ", "))") }
        parts += licence.notOn.map { "not on \($0)" }
        if !licence.mustNotBe.isEmpty {
            parts.append("must not be \(licence.mustNotBe.joined(separator: ", "))")
        }
        parts += licence.unreadable.map { "restricted by '\($0)', which nobody can understand" }
        parts += licence.fault.map { ["nobody knows what its .xmp says: \($0)"] } ?? []
        if let because = licence.overriddenBecause {
            parts.append("what the picture says is set aside: \(because)")
        }
        let words = parts.isEmpty ? "nothing restricts its use" : parts.joined(separator: ", ")
        return (words, licence.state == .open ? .plain : .red)
    }

    private static func dates(_ licence: Examination.Licence) -> [String] {
        let zone = TimeZone(identifier: licence.zone) ?? .gmt
        func said(_ isInside: Bool) -> String { isInside ? " (it says so itself)" : "" }
        return [
            licence.from.map { from in
                (licence.state == .notYet ? "do not begin before " : "since ")
                    + DayText.of(from, in: zone) + said(licence.fromInside)
            },
            licence.until.map { until in
                (licence.state == .ended ? "ended " : "end ")
                    + DayText.ofEnd(until, in: zone) + said(licence.untilInside)
            },
        ].compactMap(\.self)
    }
}
