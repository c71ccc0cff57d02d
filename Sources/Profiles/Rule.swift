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
    /// Renditions it counts for; empty: all.
    package var renditions: [String] = []
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
    /// Metadata that a master must have.
    package var has: [KeptField] = []
    package var noAlpha = false
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

extension Rule {
    /// What it demands, key by key, for people.
    package var demands: [String] {
        func list(_ key: String, _ values: [some RawRepresentable<String>]) -> String? {
            values.isEmpty ? nil : "\(key) [\(values.map(\.rawValue).joined(separator: ", "))]"
        }
        return [
            minSide.map { "min_side \($0)" }, minLongSide.map { "min_long_side \($0)" },
            maxSide.map { "max_side \($0)" }, minSize.map { "min_size \($0)" },
            maxPixels.map { "max_pixels \($0)" }, aspect.map { "aspect \($0.text)" },
            minBytes.map { "min_bytes \($0)" }, maxBytes.map { "max_bytes \($0)" },
            fill.map { "fill \(NumberText.range($0))" }, list("background", background),
            list("formats", formats), list("keeps", keeps), list("has", has),
            noAlpha ? "no_alpha" : nil,
        ].compactMap(\.self)
    }

    func counts(for rendition: String) -> Bool {
        of == .rendition && (renditions.isEmpty || renditions.contains(rendition))
    }
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
