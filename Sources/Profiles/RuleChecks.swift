package import Model

/// What rules are asked about: a file that was measured, a master, or a file that is only forecast.
struct Measured {
    var size: PixelSize
    /// Nil where no file has been made yet; rules on bytes are not asked then.
    var bytes: Int64?
    var format: ImageFormat?
    var hasAlpha: Bool?
    /// The product's box, in a picture of `size`.
    var product: Box?
    /// Edges that it crosses.
    var crossed: [PictureMeasurement.Edge] = []
    /// Why that is not known.
    var doubt = "it was not measured"
    var background: PictureMeasurement.Background.Kind?
    /// What the rendition does where the product is not known.
    var unsure = Unsure.hold
    /// `KeptField`s that the master has, and those that arrived. Nil: not asked.
    var metadata: (had: [String], has: [String])?
    /// Before any file: what is not known is not asked, and near misses are left to the measuring.
    var isForecast = false

    /// - Parameter master: with what lies beside it; see `Inspection.withXMP`.
    init(_ receipt: Receipt, master: Inspection?, unsure: Unsure) {
        size = receipt.size
        bytes = receipt.bytes
        format = receipt.format
        hasAlpha = receipt.hasAlpha
        self.unsure = unsure
        metadata = master.map { (Array($0.metadata.kept.keys), receipt.metadata) }
        read(receipt.measurement)
    }

    init(master: Inspection) {
        size = master.size
        format = master.format
        hasAlpha = master.hasAlpha
        let kept = Array(master.metadata.kept.keys)
        metadata = (kept, kept)
        read(master.measurement)
    }

    /// The file that a recipe will make of a master, as far as it is known beforehand.
    /// - Parameter keeping: what the file will carry on.
    init(
        _ frame: Frame, of master: Inspection, recipe: Recipe, keeping: some Sequence<String>
    ) {
        size = frame.size
        format = recipe.format
        unsure = recipe.unsure
        metadata = (Array(master.metadata.kept.keys), Array(keeping))
        product = master.measurement?.product.flatMap {
            frame.place($0, of: master.size).cut(to: Box(frame.size))
        }
        crossed = master.measurement?.cut ?? []
        isForecast = true
    }

    private mutating func read(_ measurement: PictureMeasurement?) {
        product = measurement?.product
        crossed = measurement?.cut ?? []
        doubt = measurement?.unsure ?? doubt
        background = measurement?.background.kind
    }

    /// Share of the frame that is left to the encoder's ringing and to half pixels; a forecast
    /// goes by a box that may have been measured in a smaller decoding.
    var slack: Double { isForecast ? 0.02 : 0.005 }
}

extension Inspection {
    /// With the texts from the `.xmp` beside the picture, which count before those in it.
    package func withXMP(of version: Version) -> Inspection {
        var all = self
        all.metadata.kept.merge(version.xmpMetadata?.kept ?? [:]) { _, beside in beside }
        return all
    }
}

extension Rule {
    func checks(on subject: Measured) -> [Check] {
        sizes(subject.size) + weights(subject) + contents(subject) + texts(subject)
    }

    func gates(_ kind: Gate.Kind, on subject: Measured) -> [Gate] {
        checks(on: subject).filter { !$0.passed }.map { Gate(kind, $0) }
    }

    private func check(
        _ key: String, _ demand: String, _ measured: String, _ passed: Bool, fix: Fix
    ) -> Check {
        Check(
            id, demand: demand, measured: measured, passed: passed, place: places[key] ?? place,
            source: source, fix: passed ? nil : fix.text, turn: passed ? nil : fix.turn)
    }

    private func sizes(_ size: PixelSize) -> [Check] {
        let larger = Fix.studio("deliver a larger original")
        let smaller = Fix.ops("lower 'size' in the profile")
        let (width, height) = (Double(size.width), Double(size.height))
        return [
            minSide.map {
                check(
                    "min_side", "at least \($0) pixels on the shorter side", "is \(size)",
                    size.shortSide >= $0, fix: larger)
            },
            minLongSide.map {
                check(
                    "min_long_side", "at least \($0) pixels on the longer side", "is \(size)",
                    size.longSide >= $0, fix: larger)
            },
            maxSide.map {
                check(
                    "max_side", "at most \($0) pixels on the longer side", "is \(size)",
                    size.longSide <= $0, fix: smaller)
            },
            minSize.map {
                check(
                    "min_size", "at least \($0)", "is \(size)",
                    size.width >= $0.width && size.height >= $0.height, fix: larger)
            },
            maxPixels.map {
                check(
                    "max_pixels", "at most \($0) pixels", "has \(size.width * size.height) pixels",
                    size.width * size.height <= $0, fix: smaller)
            },
            aspect.map {
                check(
                    "aspect", "a ratio of \($0.text)", "is \(size)",
                    width / height >= $0.min * 0.99 && width / height <= $0.max * 1.01,
                    fix: .ops("set 'size' and 'fit' to the ratio"))
            },
        ].compactMap(\.self)
    }

    private func weights(_ subject: Measured) -> [Check] {
        guard let bytes = subject.bytes else { return [] }
        return [
            maxBytes.map {
                check(
                    "max_bytes", "at most \($0) bytes", "has \(bytes) bytes", bytes <= $0,
                    fix: .ops("set 'max_bytes' of the rendition"))
            },
            minBytes.map {
                check(
                    "min_bytes", "at least \($0) bytes", "has \(bytes) bytes", bytes >= $0,
                    fix: .ops("set 'min_bytes' of the rendition"))
            },
        ].compactMap(\.self)
    }

    private func contents(_ subject: Measured) -> [Check] {
        [
            formatCheck(subject), fillCheck(subject), backgroundCheck(subject),
            alphaCheck(subject),
        ].compactMap(\.self)
    }

    private func formatCheck(_ subject: Measured) -> Check? {
        guard !formats.isEmpty, let format = subject.format else { return nil }
        return check(
            "formats", formats.map(\.rawValue).joined(separator: " or "),
            "is \(format.rawValue)", formats.contains(format),
            fix: of == .master
                ? .studio("deliver it in another format") : .ops("set 'format' of the rendition"))
    }

    private func fillCheck(_ subject: Measured) -> Check? {
        guard let fill else { return nil }
        let demand =
            "a product that takes \(NumberText.range(fill)) of "
            + (fill.by == .side ? "the longer side" : "the area")
        guard let product = subject.product else {
            if subject.isForecast { return nil }
            return check(
                "fill", demand, "the product's box is not known: \(subject.doubt)",
                subject.unsure == .pass,
                fix: .studio("deliver it with more contrast to the background"))
        }
        let found = fill.share(of: product.size, in: subject.size)
        return check(
            "fill", demand, "takes \(NumberText.percent(found))",
            found >= fill.min - subject.slack && found <= fill.max + subject.slack,
            fix: .ops("set 'fill' of the rendition, or deliver the product larger in the picture"))
    }

    private func backgroundCheck(_ subject: Measured) -> Check? {
        guard !background.isEmpty else { return nil }
        if subject.background == nil, subject.isForecast { return nil }
        return check(
            "background",
            "a background that is " + background.map(\.rawValue).joined(separator: " or "),
            subject.background.map { "is \($0.rawValue)" } ?? "was not measured",
            subject.background.map(background.contains) ?? false,
            fix: .studio("deliver the picture on a plain background"))
    }

    private func alphaCheck(_ subject: Measured) -> Check? {
        guard noAlpha, let hasAlpha = subject.hasAlpha else { return nil }
        return check(
            "no_alpha", "no transparency", hasAlpha ? "has an alpha channel" : "is opaque",
            !hasAlpha,
            fix: of == .master
                ? .studio("deliver it without transparency")
                : .ops("name a 'background' of the rendition"))
    }

    private func texts(_ subject: Measured) -> [Check] {
        guard let (had, arrived) = subject.metadata else { return [] }
        let kept = keeps.map(\.rawValue).filter(had.contains).map { field in
            check(
                "keeps", "the master's \(field)",
                arrived.contains(field) ? "is kept" : "is lost", arrived.contains(field),
                fix: .ops("add \(field) to 'keep' of the rendition"))
        }
        let needed = has.map(\.rawValue).map { field in
            check(
                "has", "\(field) in the metadata", had.contains(field) ? "is there" : "has none",
                had.contains(field),
                fix: .studio("write it into the picture or the .xmp beside it"))
        }
        return kept + needed
    }
}
