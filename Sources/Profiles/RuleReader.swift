import Foundation
import Model
import YAML

struct RuleReader {
    let keys: Keys
    let zone: TimeZone
    /// Names of the profile's own.
    let renditions: [String]

    static func read(
        _ node: Node, zone: TimeZone, renditions: [String], _ reader: Reader
    ) -> Rule? {
        reader.mapping(node, "a rule") { keys in
            RuleReader(keys: keys, zone: zone, renditions: renditions).rule(at: node)
        } ?? nil
    }

    private func rule(at node: Node) -> Rule? {
        let id = keys.required("id", .word)
        let subject = keys.required("of", Shape<Rule.Subject>.choice())
        let source = keys.required("source", .text)
        let seen = keys.required("seen", .date(in: zone, .start))
        let from = keys.optional("from", .date(in: zone, .start))
        let until = keys.optional("until", .date(in: zone, .end))
        var places: [String: Place] = [:]
        for entry in node.entries ?? [] { places[entry.key] = entry.value.place }
        var rule = Rule(
            id: id ?? "", of: subject ?? .rendition, from: from, until: until,
            source: source ?? "", seen: seen ?? .distantPast, place: node.place, places: places)
        readDemands(&rule)
        rule.renditions = counted(subject)
        checkDates(from, until)
        checkDemands(node)
        return id == nil || subject == nil || source == nil || seen == nil ? nil : rule
    }

    private func readDemands(_ rule: inout Rule) {
        rule.minSide = keys.optional("min_side", .integer(1...30_000))
        rule.minLongSide = keys.optional("min_long_side", .integer(1...30_000))
        rule.maxSide = keys.optional("max_side", .integer(1...30_000))
        rule.minSize = keys.optional("min_size", .size)
        rule.minBytes = keys.optional("min_bytes", .bytes)
        rule.maxBytes = keys.optional("max_bytes", .bytes)
        rule.maxPixels = keys.optional("max_pixels", .integer(1...900_000_000))
        rule.aspect = keys.optional("aspect", .aspect)
        rule.fill = keys.node("fill").flatMap { Fill.read($0, keys.reader) }
        rule.background = keys.list(
            "background", Shape<PictureMeasurement.Background.Kind>.choice())
        rule.formats = keys.list(
            "formats", rule.of == .master ? Shape<ImageFormat>.choice() : .written)
        rule.keeps = keys.list("keeps", Shape<KeptField>.choice())
        rule.has = keys.list("has", Shape<KeptField>.choice())
        rule.noAlpha = keys.optional("no_alpha", .bool) ?? false
    }

    /// `for: [hero]`
    private func counted(_ subject: Rule.Subject?) -> [String] {
        let nodes = keys.node("for").map { $0.items ?? [$0] } ?? []
        if subject == .master, !nodes.isEmpty {
            keys.reader.report(
                keys.place("for"), "'for' names renditions; this rule is of the master",
                code: "bad-value")
            return []
        }
        return nodes.compactMap { node in
            guard let name = keys.reader.read(node, "for", .text) else { return nil }
            guard !renditions.contains(name) else { return name }
            keys.reader.report(
                node.place,
                "there is no rendition '\(name)'\(Spelling.hint(to: name, among: renditions))",
                code: "unknown-rendition")
            return nil
        }
    }

    private func checkDates(_ from: Date?, _ until: Date?) {
        guard let from, let until, until <= from else { return }
        keys.reader.report(keys.place("until"), "'until' is before 'from'", code: "bad-value")
    }

    private func checkDemands(_ node: Node) {
        let demands = [
            "min_side", "min_long_side", "max_side", "min_size", "max_pixels", "aspect",
            "min_bytes", "max_bytes", "fill", "background", "formats", "keeps", "has", "no_alpha",
        ]
        if demands.allSatisfy({ keys.node($0) == nil }) {
            keys.reader.report(
                node.place, "a rule demands something: \(demands.joined(separator: ", "))",
                code: "missing-key")
        }
        for key in ["min_bytes", "max_bytes", "keeps"]
        where node["of"]?.text == "master" && keys.node(key) != nil {
            keys.reader.report(
                keys.place(key), "'\(key)' is known of a rendition, not of a master",
                code: "bad-value")
        }
        if node["of"]?.text == "rendition", keys.node("has") != nil {
            keys.reader.report(
                keys.place("has"), "'has' is for a master; 'keeps' holds what a rendition carries",
                code: "bad-value")
        }
        if node["no_alpha"]?.text == "false" {
            keys.reader.report(
                keys.place("no_alpha"), "'no_alpha: false' demands nothing; leave it out",
                code: "bad-value")
        }
    }
}

extension Shape where Value == Rule.Aspect {
    /// `1:1`, or `4:5..1.91:1` from tall to wide.
    static var aspect: Shape<Rule.Aspect> {
        Shape(expects: "a ratio such as 1:1 or 4:5..1.91:1, the taller end first") { text in
            let range = Units.range(text) { part -> Double? in
                let sides = part.split(separator: ":", omittingEmptySubsequences: false)
                    .map { Units.decimal(String($0)) }
                guard sides.count == 2, let width = sides[0], let height = sides[1],
                    width > 0, height > 0
                else { return nil }
                return width / height
            }
            guard let range, range.low <= range.high else { return nil }
            return Rule.Aspect(min: range.low, max: range.high, text: text)
        }
    }
}
