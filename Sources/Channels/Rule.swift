package import Foundation
package import Model

/// A demand of the channel's own, with the page that states it. Of several rules with one id the
/// latest begun counts; different ids all count.
package struct Rule: Sendable, Hashable {
    package enum Subject: String, Sendable, CaseIterable {
        case rendition, master
    }

    package var id: String
    package var of: Subject
    /// The shorter side has at least this many pixels.
    package var minSide: Int?
    /// The longer side has at most this many.
    package var maxSide: Int?
    package var maxBytes: Int64?
    package var maxPixels: Int?
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

    /// Moments at which another set of rules begins to count.
    package var ruleDates: [Date] {
        Set(rules.flatMap { [$0.from, $0.until].compactMap { $0 } }).sorted()
    }
}
