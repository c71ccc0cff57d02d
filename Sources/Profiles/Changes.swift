import Feeds
import Foundation
import Model
import Transports
import YAML

extension Profile {
    /// In sentences for people: what is different from `old`, by part; empty when only comments,
    /// order or tests changed.
    package func changes(from old: Profile) -> [String] {
        var changes: [String] = []
        func note(_ what: String, _ before: some Equatable, _ after: some Equatable) {
            let (before, after) = ("\(before)", "\(after)")
            if before != after { changes.append("\(what): \(before) → \(after)") }
        }
        note("state", old.state.rawValue, state.rawValue)
        note("title", old.title, title)
        note("market", old.market.sorted().listed, market.sorted().listed)
        if old.select.meaning != select.meaning {
            changes.append("select: it takes other material")
        }
        note("supersede", old.supersede.rawValue, supersede.rawValue)
        note(
            "old_stays", Units.text(ofDuration: old.oldStays), Units.text(ofDuration: oldStays))
        note("first", old.first.orNone, first.orNone)
        if old.fetch != fetch { changes.append("fetch: changed") }
        if old.limits != limits { changes.append("limits: changed") }
        if old.codes != codes { changes.append("codes: names change where they use them") }
        changes += Self.compare("slot", old.slots, slots, by: \.name) { $1.changes(from: $0) }
        changes += Self.compare(
            "rendition", Array(old.renditions.values), Array(renditions.values), by: \.name
        ) { $1.changes(from: $0) }
        changes += ruleChanges(from: old)
        if old.destination != destination { changes += addressChanges(from: old) }
        changes += feedChanges(from: old)
        return changes
    }

    /// Added, removed and changed things of one kind, by name.
    private static func compare<Part>(
        _ kind: String, _ old: [Part], _ new: [Part], by name: KeyPath<Part, String>,
        _ details: (Part, Part) -> [String]
    ) -> [String] {
        let before = Dictionary(old.map { ($0[keyPath: name], $0) }) { first, _ in first }
        let after = Dictionary(new.map { ($0[keyPath: name], $0) }) { first, _ in first }
        return Set(before.keys).union(after.keys).sorted().flatMap { key -> [String] in
            switch (before[key], after[key]) {
            case (nil, _): return ["\(kind) '\(key)': added"]
            case (_, nil): return ["\(kind) '\(key)': removed"]
            case (let old?, let new?): return details(old, new).map { "\(kind) '\(key)': \($0)" }
            }
        }
    }

    private func ruleChanges(from old: Profile) -> [String] {
        let before = Set(old.rules.map { $0.meaning(in: zone) })
        let after = Set(rules.map { $0.meaning(in: zone) })
        return after.subtracting(before).sorted().map { "rule now in force or announced: \($0)" }
            + before.subtracting(after).sorted().map { "rule gone: \($0)" }
    }

    private func addressChanges(from old: Profile) -> [String] {
        let before = old.address?.description ?? "nowhere"
        let after = address?.description ?? "nowhere"
        if before == after, old.destination?.hand != destination?.hand {
            return ["deliver: same place, other last step"]
        }
        return before == after
            ? ["deliver: same place, other login or manner"] : ["deliver: \(before) → \(after)"]
    }

    private func feedChanges(from old: Profile) -> [String] {
        switch (old.feed, feed) {
        case (nil, nil): return []
        case (nil, _): return ["feed: added"]
        case (_, nil): return ["feed: removed"]
        case (let before?, let after?):
            return before.meaning == after.meaning ? [] : ["feed: changed"]
        }
    }
}

extension [String] {
    fileprivate var listed: String { isEmpty ? "none" : joined(separator: ", ") }
}

extension Optional {
    fileprivate var orNone: String { map { "\($0)" } ?? "none" }
}

extension Profile.Select {
    fileprivate var meaning: Profile.Select {
        Profile.Select(kinds: kinds, audiences: audiences, product: product, places: [:])
    }
}

extension Profile.Slot {
    fileprivate func changes(from old: Self) -> [String] {
        [
            old.views == views ? nil : "views \(old.views.listed) → \(views.listed)",
            old.rendition == rendition ? nil : "rendition '\(old.rendition)' → '\(rendition)'",
            old.template.text == template.text
                ? nil : "name '\(old.template.text)' → '\(template.text)'",
            old.takesAll == takesAll && old.max == max && old.required == required
                ? nil : "takes another number of pictures",
        ].compactMap { $0 }
    }
}

extension Profile.Rendition {
    fileprivate func changes(from old: Self) -> [String] {
        var changes: [String] = []
        if old.recipe != recipe {
            let parts = recipe.parts(differentFrom: old.recipe).joined(separator: ", ")
            changes.append("other \(parts); its files are rendered again")
        }
        if old.ring != ring { changes.append("other demand on the border; nothing is rendered") }
        if old.maxShift != maxShift {
            changes.append("other demand on the colour shift; nothing is rendered")
        }
        return changes
    }
}

extension Recipe {
    /// As keys of the profile.
    fileprivate func parts(differentFrom old: Recipe) -> [String] {
        let same: [(String, Bool)] = [
            ("size", size == old.size), ("fit", fit == old.fit), ("fill", fill == old.fill),
            ("unsure", unsure == old.unsure), ("anchor", anchor == old.anchor),
            ("safe", safe == old.safe),
            ("background", background == old.background && whiten == old.whiten),
            ("upscale", upscale == old.upscale), ("format", format == old.format),
            ("quality", minQuality == old.minQuality && maxQuality == old.maxQuality),
            ("min_bytes", minBytes == old.minBytes), ("max_bytes", maxBytes == old.maxBytes),
            ("color", color == old.color), ("inks", inks == old.inks),
            ("assume", assume == old.assume), ("progressive", progressive == old.progressive),
            ("dpi", density == old.density), ("keep", keep == old.keep),
        ]
        return same.filter { !$0.1 }.map(\.0)
    }
}

extension Rule {
    /// Without places, which move with every edit.
    fileprivate func meaning(in zone: TimeZone) -> String {
        let begins = from.map { " from \(DayText.of($0, in: zone))" } ?? ""
        let ends = until.map { " until \(DayText.of($0, in: zone))" } ?? ""
        let whose =
            renditions.isEmpty
            ? of.rawValue : "rendition \(renditions.sorted().joined(separator: ", "))"
        return "'\(id)' of \(whose): \(demands.joined(separator: ", "))\(begins)\(ends)"
    }
}

extension Profile.Feed {
    fileprivate var meaning: String {
        "\(format.name) \(format) \(file) \(String(describing: destination)) \(imageBase ?? "") "
            + "\(items.map(\.text)) \(drop) \(quiet) \(atLeastEvery)"
    }
}
