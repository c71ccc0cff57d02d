package import Foundation
package import Model

extension Profile {
    /// Every demand on an encoded file held against its stored measurements, met or not: those of
    /// the rendition first, then the rules that count at that moment. What is demanded and was not
    /// measured is not met.
    /// - Parameters:
    ///   - rendition: its name; an unknown one is refused.
    ///   - master: what inspecting it has found, for demands that ask what it had.
    package func checks(
        on receipt: Receipt, rendition name: String, at now: Date, master: Inspection? = nil
    ) -> [Check] {
        guard let rendition = renditions[name] else {
            return [
                Check(
                    "rendition", demand: "a rendition of the profile", measured: "'\(name)'",
                    passed: false, fix: "reload, or name the rendition in \(file)", turn: "ops")
            ]
        }
        let subject = Measured(receipt, master: master, unsure: rendition.recipe.unsure)
        return rendition.checks(on: receipt, of: master)
            + rules(at: now).filter { $0.counts(for: name) }.flatMap { $0.checks(on: subject) }
    }

    /// What is wrong with an encoded file: the demands that are not met, as gates.
    package func verdict(
        on receipt: Receipt, rendition name: String, at now: Date, master: Inspection? = nil
    ) -> [Gate] {
        checks(on: receipt, rendition: name, at: now, master: master).filter { !$0.passed }
            .map { Gate(.compliance, $0) }
    }
}

extension Profile {
    /// All checks of a file, to be kept.
    /// - Parameter name: of the file on the channel.
    package func judgement(
        on receipt: Receipt, rendition: String, name: RemoteName, key: ContentHash,
        master: Inspection?, at now: Date
    ) -> Judgement {
        Judgement(
            channel: channel, rendition: rendition, name: name.rawValue, key: key,
            sha256: receipt.sha256, revision: revision, at: now,
            checks: checks(on: receipt, rendition: rendition, at: now, master: master))
    }

    /// Why no file could be made, as a gate with the line that asks for it.
    /// - Parameter kind: nil: the master's fault where every recipe would fail, or for want of
    ///   pixels.
    package func gate(
        for refusal: Refusal, rendition name: String, kind: Gate.Kind? = nil
    ) -> Gate {
        let rendition = renditions[name]
        let key: String? =
            switch refusal.code {
            case .tooHeavy: "max_bytes"
            case .tooLight: "min_bytes"
            case .tooSmall: "size"
            case .unsure: rendition?.places["unsure"] == nil ? "fill" : "unsure"
            case .cropped: "cropped"
            case .framed: "frame"
            case .touched: "background.whiten"
            case .color: "assume"
            default: nil
            }
        let usual: Gate.Kind =
            refusal.blamesMaster
                || [.tooSmall, .unsure, .cropped, .framed, .touched].contains(refusal.code)
            ? .source : .compliance
        return Gate(
            kind ?? usual, refusal.message,
            place: key.flatMap { rendition?.places[$0] } ?? rendition?.place, turn: refusal.turn,
            next: "sluice check FILE --channel \(channel)")
    }
}

extension Refusal {
    /// Whose remedy its message names, as in `Gate.turn`.
    fileprivate var turn: String {
        switch code {
        case .unreadable, .oversize, .color, .tooSmall, .unsure, .cropped, .framed, .touched:
            "studio"
        case .tooLight, .tooHeavy, .unsupported, .crashed, .resources, .memory: "ops"
        }
    }
}

extension Gate {
    /// A demand that is not met.
    init(_ kind: Kind, _ check: Check) {
        let source = check.source.map { " (\($0))" } ?? ""
        self.init(
            kind, "\(check.measured), but \(check.demand) is demanded\(source)",
            place: check.place, rule: check.source == nil ? nil : check.rule,
            turn: check.turn ?? "studio", next: check.fix)
    }
}

extension Profile.Rendition {
    fileprivate func checks(on receipt: Receipt, of master: Inspection?) -> [Check] {
        checks(on: receipt, open: flushEdges(receipt, master), master?.measurement)
    }

    /// The edges that the product crosses in the file as it does in its master, where that is allowed.
    private func flushEdges(
        _ receipt: Receipt, _ master: Inspection?
    ) -> [PictureMeasurement.Crossing] {
        guard recipe.cropped == .flush, let allowed = master?.measurement?.cut else { return [] }
        let found = receipt.measurement?.crossings ?? []
        return found.allSatisfy { allowed.contains($0.edge) } ? found : []
    }

    private func checks(
        on receipt: Receipt, open: [PictureMeasurement.Crossing], _ master: PictureMeasurement?
    ) -> [Check] {
        [
            format(receipt), dimensions(receipt), color(receipt), alpha(receipt), ceiling(receipt),
            floor(receipt), border(receipt, open, master), reach(master), seenThrough(receipt),
            seam(receipt),
            templateValues(receipt, open),
            safety(receipt, open), shift(receipt),
            metadata(receipt), density(receipt),
        ].compactMap(\.self)
    }

    /// - Parameter key: of the demanding line.
    func check(
        _ key: String, _ demand: String, _ measured: String, _ passed: Bool, fix: Fix? = nil
    ) -> Check {
        Check(
            key, demand: demand, measured: measured, passed: passed,
            place: places[key] ?? places[String(key.prefix { $0 != "." })] ?? place,
            fix: passed ? nil : fix?.text, turn: passed ? nil : fix?.turn)
    }

    private func format(_ receipt: Receipt) -> Check {
        check(
            "format", recipe.format.rawValue, "is \(receipt.format.rawValue)",
            receipt.format == recipe.format, fix: .ours)
    }

    private func dimensions(_ receipt: Receipt) -> Check {
        let (size, low, high) = (receipt.size, recipe.size.min, recipe.size.max)
        let isWithin = size.width <= high.width && size.height <= high.height
        // Without a frame the picture keeps its proportions: a wide one that touches the largest
        // frame is as large as it can be.
        let reaches =
            recipe.fit == .inside
            ? size.longSide >= low.longSide || size.width == high.width
                || size.height == high.height
            : size.width >= low.width && size.height >= low.height
        return check(
            "size", low == high ? "\(low)" : "\(low) to \(high)", "is \(size)",
            isWithin && reaches,
            fix: isWithin ? .studio("deliver a larger original") : .ours)
    }

    private func color(_ receipt: Receipt) -> Check {
        let allowed: [String] =
            switch recipe.color {
            case .srgb: ["srgb", "b-w"]
            case .gray: ["b-w"]
            case .cmyk: ["cmyk"]
            }
        return check(
            "color", recipe.color.rawValue, "is \(receipt.space)",
            allowed.contains(receipt.space), fix: .ours)
    }

    private func alpha(_ receipt: Receipt) -> Check? {
        guard recipe.format == .jpeg || recipe.background != nil else { return nil }
        let colors = recipe.color == .cmyk ? [4] : [1, 3]
        // A gif always has a channel for transparency, whether anything is transparent or not.
        let isOpaque =
            !receipt.hasAlpha && (recipe.format != .jpeg || colors.contains(receipt.bands))
        return check(
            "background.color", "no transparency",
            isOpaque ? "is opaque" : "has \(receipt.bands) channels", isOpaque, fix: .ours)
    }

    private func ceiling(_ receipt: Receipt) -> Check? {
        recipe.maxBytes.map { most in
            check(
                "max_bytes", "at most \(most) bytes", "has \(receipt.bytes) bytes",
                receipt.bytes <= most,
                fix: .ops("allow a lower 'quality', a smaller 'size' or more 'max_bytes'"))
        }
    }

    private func floor(_ receipt: Receipt) -> Check? {
        recipe.minBytes.map { least in
            check(
                "min_bytes", "at least \(least) bytes", "has \(receipt.bytes) bytes",
                receipt.bytes >= least,
                fix: .ops(
                    "allow a higher 'quality' or a larger 'size', or deliver a larger original"))
        }
    }

    private func templateValues(
        _ receipt: Receipt, _ open: [PictureMeasurement.Crossing]
    ) -> Check? {
        guard let fill = recipe.fill else { return nil }
        let what = fill.by == .side ? "the longer side" : "the area"
        let demand = "a product that takes \(NumberText.range(fill)) of \(what)"
        guard let found = receipt.measurement?.fill(fill.by) else {
            let why = receipt.measurement?.unsure ?? "it was not measured"
            return check(
                "fill", demand, "the product's box is not known: \(why)", recipe.unsure == .pass,
                fix: .studio(
                    "deliver it with more contrast to the background, or say 'unsure: pass'"))
        }
        // Half a pixel at each side of the box, and what an encoder's ringing adds.
        let slack = 0.005
        let isBound = open.bindsAnAxis
        let across = isBound ? receipt.measurement?.freeShare(besides: open) ?? found : found
        return check(
            "fill", demand,
            isBound
                ? "takes \(NumberText.percent(across)) of the axis that it does not cross"
                : "takes \(NumberText.percent(found))",
            // Between all four edges there is nothing to be larger or smaller than.
            (isBound || found >= fill.min - slack)
                && (open.count == 4 || across <= fill.max + slack),
            fix: .studio("deliver a larger product or a larger original"))
    }

    /// - Parameter open: what the product crosses in its master too.
    private func safety(
        _ receipt: Receipt, _ open: [PictureMeasurement.Crossing]
    ) -> Check? {
        var subject = Measured(receipt, master: nil, unsure: recipe.unsure)
        subject.crossed = open.map(\.edge)
        return safety(subject)
    }

    func safety(_ subject: Measured) -> Check? {
        guard recipe.safe != nil else { return nil }
        let area = Frame.safeArea(
            of: subject.size, recipe: recipe, crossed: subject.crossed)
        let demand = "the product within \(area)"
        guard let product = subject.product else {
            if subject.isForecast { return nil }
            return check(
                "safe", demand, "the product's box is not known: \(subject.doubt)",
                recipe.unsure == .pass,
                fix: .studio("deliver it on a plain background, or say 'unsure: pass'"))
        }
        // Two pixels for the softness of an edge.
        let room = 2 + (subject.isForecast ? subject.size.longSide / 50 : 0)
        let passed =
            product.left >= area.left - room && product.top >= area.top - room
            && product.right <= area.right + room && product.bottom <= area.bottom + room
        return check(
            "safe", demand, "the product is \(product)", passed,
            fix: .ops("use 'fit: pad', or deliver a picture with more around the product"))
    }

    private func shift(_ receipt: Receipt) -> Check? {
        guard let maxShift else { return nil }
        let demand = "a colour shift of at most \(NumberText.decimal(maxShift)) (CIEDE2000, mean)"
        guard let shift = receipt.colorShift else {
            return check("max_shift", demand, "there was nothing to compare", true)
        }
        return check(
            "max_shift", demand,
            "colours shifted by \(NumberText.decimal(shift.mean)), by \(NumberText.decimal(shift.worst)) at"
                + " worst", shift.mean <= maxShift,
            fix: .studio(
                recipe.color == .cmyk
                    ? "the inks do not reach these colours: look at both, then raise 'max_shift' or"
                        + " name other 'inks'"
                    : "export the master as sRGB, or look at both and raise 'max_shift'"))
    }

    private func metadata(_ receipt: Receipt) -> Check {
        let allowed = Set(recipe.keep.map(\.rawValue) + (recipe.color == .cmyk ? ["icc"] : []))
        let found = receipt.metadata.filter { !allowed.contains($0) }
        let demand =
            recipe.keep.isEmpty
            ? "no metadata" : "no metadata but " + recipe.keep.map(\.rawValue).inWords
        return check(
            "keep", demand,
            found.isEmpty
                ? (recipe.keep.isEmpty ? "has none" : "has no other") : "has \(found.inWords)",
            found.isEmpty, fix: .ours)
    }

    private func density(_ receipt: Receipt) -> Check? {
        guard let density = recipe.density else { return nil }
        let found = receipt.density.map { "says \(NumberText.decimal($0))" } ?? "says nothing"
        return check(
            "dpi", "\(density) pixels per inch", found,
            receipt.density.map { abs($0 - Double(density)) < 1 } ?? false, fix: .ours)
    }
}

extension [PictureMeasurement.Crossing] {
    /// `the top (31 %) and the bottom (40 %)`
    var inWords: String {
        map { crossing in
            "the \(crossing.edge.rawValue)"
                + (crossing.share.map { " (\(NumberText.percent($0)))" } ?? "")
        }.inWords
    }

    private func has(_ one: PictureMeasurement.Edge, _ other: PictureMeasurement.Edge) -> Bool {
        contains { $0.edge == one } && contains { $0.edge == other }
    }

    var bindsLevel: Bool { has(.left, .right) }

    /// Both ends of an axis are crossed: no frame could be wider there.
    var bindsAnAxis: Bool { bindsLevel || has(.top, .bottom) }
}

extension PictureMeasurement {
    /// Share of the frame that the product takes along the axis that is not bound.
    fileprivate func freeShare(besides open: [Crossing]) -> Double? {
        product.map {
            open.bindsLevel
                ? Double($0.height) / Double(size.height) : Double($0.width) / Double(size.width)
        }
    }
}
