package import Foundation
package import Model

/// A demand of the channel's own, with the page that states it. Of several rules with one id the
/// latest begun counts; different ids all count.
package struct Rule: Sendable, Hashable {
    package enum Subject: String, Sendable, CaseIterable {
        case rendition, master
    }

    package struct Aspect: Sendable, Hashable {
        /// Width over height.
        package var min: Double
        package var max: Double
        /// As the file says it.
        package var text: String
    }

    package var id: String
    package var of: Subject
    /// The shorter side has at least this many pixels.
    package var minSide: Int?
    package var minLongSide: Int?
    /// The longer side has at most this many.
    package var maxSide: Int?
    package var minSize: PixelSize?
    package var minBytes: Int64?
    package var maxBytes: Int64?
    package var maxPixels: Int?
    /// Within one in a hundred.
    package var aspect: Aspect?
    package var fill: Fill?
    /// Kinds that the background may be of.
    package var background: [PictureMeasurement.Background.Kind] = []
    package var formats: [ImageFormat] = []
    /// Metadata that must not get lost on the way from the master.
    package var keeps: [KeptField] = []
    /// First instant; nil: since ever.
    package var from: Date?
    /// First instant after it.
    package var until: Date?
    package var source: String
    /// The day on which somebody read the source.
    package var seen: Date
    package var place: Place
    /// Of each demand.
    package var places: [String: Place]
}

extension Profile {
    /// The rules that count at a moment, in the order of the file.
    package func rules(at now: Date) -> [Rule] {
        let begun = rules.filter { rule in
            (rule.from.map { $0 <= now } ?? true) && (rule.until.map { now < $0 } ?? true)
        }
        var latest: [String: Date] = [:]
        for rule in begun {
            latest[rule.id] = max(latest[rule.id] ?? .distantPast, rule.from ?? .distantPast)
        }
        return begun.filter { latest[$0.id] == ($0.from ?? .distantPast) }
    }

    /// Rules that begin to count after one moment and not later than another, by date.
    package func rules(beginningAfter now: Date, through end: Date) -> [Rule] {
        rules.filter { rule in rule.from.map { $0 > now && $0 <= end } ?? false }
            .sorted { ($0.from ?? .distantPast) < ($1.from ?? .distantPast) }
    }

    /// Moments at which another set of rules begins to count.
    package var ruleDates: [Date] {
        Set(rules.flatMap { [$0.from, $0.until].compactMap { $0 } }).sorted()
    }
}

/// What rules are asked about: a file that was measured, a master, or a file that is only forecast.
struct Measured {
    var size: PixelSize
    /// Nil where no file has been made yet; rules on bytes are not asked then.
    var bytes: Int64?
    var format: ImageFormat?
    /// Nil: rules on what is in the picture are not asked.
    var measurement: PictureMeasurement?
    /// `KeptField`s that the master has, and those that arrived. Nil: not asked.
    var metadata: (had: [String], has: [String])?

    init(size: PixelSize) { self.size = size }

    init(_ receipt: Receipt, master: Inspection?) {
        size = receipt.size
        bytes = receipt.bytes
        format = receipt.format
        measurement = receipt.measurement
        metadata = master.map { (Array($0.metadata.kept.keys), receipt.metadata) }
    }

    init(_ inspection: Inspection) {
        size = inspection.size
        format = inspection.format
        measurement = inspection.measurement
    }
}

extension Rule {
    func checks(on subject: Measured) -> [Check] {
        sizes(subject.size) + weights(subject) + contents(subject)
    }

    func gates(_ kind: Gate.Kind, on subject: Measured) -> [Gate] {
        checks(on: subject).filter { !$0.passed }.map { Gate(kind, $0) }
    }

    private func check(
        _ key: String, _ demand: String, _ measured: String, _ passed: Bool, fix: String
    ) -> Check {
        Check(
            id, demand: demand, measured: measured, passed: passed, place: places[key] ?? place,
            source: source, fix: fix)
    }

    private func sizes(_ size: PixelSize) -> [Check] {
        let larger = "deliver a larger original"
        let smaller = "lower 'size' in the profile"
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
                    fix: "set 'size' and 'fit' to the ratio")
            },
        ].compactMap(\.self)
    }

    private func weights(_ subject: Measured) -> [Check] {
        guard let bytes = subject.bytes else { return [] }
        return [
            maxBytes.map {
                check(
                    "max_bytes", "at most \($0) bytes", "has \(bytes) bytes", bytes <= $0,
                    fix: "set 'max_bytes' of the rendition")
            },
            minBytes.map {
                check(
                    "min_bytes", "at least \($0) bytes", "has \(bytes) bytes", bytes >= $0,
                    fix: "set 'min_bytes' of the rendition")
            },
        ].compactMap(\.self)
    }

    private func contents(_ subject: Measured) -> [Check] {
        var checks: [Check] = []
        if !formats.isEmpty, let format = subject.format {
            checks.append(
                check(
                    "formats", formats.map(\.rawValue).joined(separator: " or "),
                    "is \(format.rawValue)", formats.contains(format),
                    fix: "set 'format' of the rendition"))
        }
        if let measurement = subject.measurement {
            checks += [fillCheck(measurement), backgroundCheck(measurement)].compactMap(\.self)
        }
        if let (had, has) = subject.metadata {
            for field in keeps where had.contains(field.rawValue) {
                checks.append(
                    check(
                        "keeps", "the master's \(field.rawValue)",
                        has.contains(field.rawValue) ? "is kept" : "is lost",
                        has.contains(field.rawValue),
                        fix: "add \(field.rawValue) to 'keep' of the rendition"))
            }
        }
        return checks
    }

    private func fillCheck(_ measurement: PictureMeasurement) -> Check? {
        guard let fill, let found = measurement.fill(fill.by) else { return nil }
        let slack = 0.005
        return check(
            "fill",
            "a product that takes \(Words.percent(fill.min)) to \(Words.percent(fill.max)) of the"
                + (fill.by == .side ? " longer side" : " area"),
            "takes \(Words.percent(found))",
            found >= fill.min - slack && found <= fill.max + slack,
            fix: "set 'fill' of the rendition, or deliver the product larger in the picture")
    }

    private func backgroundCheck(_ measurement: PictureMeasurement) -> Check? {
        guard !background.isEmpty else { return nil }
        let kind = measurement.background.kind
        return check(
            "background",
            "a background that is " + background.map(\.rawValue).joined(separator: " or "),
            "is \(kind.rawValue)", background.contains(kind),
            fix: "deliver the picture on a plain background")
    }
}
