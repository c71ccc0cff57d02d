import Foundation
import Model
import YAML

struct RuleReader {
    let keys: Keys
    let zone: TimeZone

    static func read(_ node: Node, zone: TimeZone, _ reader: Reader) -> Rule? {
        reader.mapping(node, "a rule") { keys in
            RuleReader(keys: keys, zone: zone).rule(at: node)
        } ?? nil
    }

    private func rule(at node: Node) -> Rule? {
        let id = keys.required("id", .word)
        let subject = keys.required("of", Shape<Rule.Subject>.choice())
        let source = keys.required("source", .text)
        let seen = keys.required("seen", .date(in: zone, .start))
        let minSide = keys.optional("min_side", .integer(1...30_000))
        let maxSide = keys.optional("max_side", .integer(1...30_000))
        let longSide = keys.optional("min_long_side", .integer(1...30_000))
        let minSize = keys.optional("min_size", .size)
        let minBytes = keys.optional("min_bytes", .bytes)
        let background = keys.list(
            "background", Shape<PictureMeasurement.Background.Kind>.choice())
        let formats = keys.list("formats", Shape<ImageFormat>.choice())
        let keeps = keys.list("keeps", Shape<KeptField>.choice())
        let maxBytes = keys.optional("max_bytes", .bytes)
        let maxPixels = keys.optional("max_pixels", .integer(1...900_000_000))
        let aspect = keys.optional("aspect", .aspect)
        let fill = keys.node("fill").flatMap { Fill.read($0, keys.reader) }
        let from = keys.optional("from", .date(in: zone, .start))
        let until = keys.optional("until", .date(in: zone, .end))
        checkDates(from, until)
        checkDemands(node)
        guard let id, let subject, let source, let seen else { return nil }
        var places: [String: Place] = [:]
        for entry in node.entries ?? [] { places[entry.key] = entry.value.place }
        var rule = Rule(
            id: id, of: subject, minSide: minSide, maxSide: maxSide, maxBytes: maxBytes,
            maxPixels: maxPixels, from: from, until: until, source: source, seen: seen,
            place: node.place, places: places)
        rule.minLongSide = longSide
        rule.minSize = minSize
        rule.minBytes = minBytes
        rule.aspect = aspect
        rule.fill = fill
        rule.background = background
        rule.formats = formats
        rule.keeps = keeps
        return rule
    }

    private func checkDates(_ from: Date?, _ until: Date?) {
        guard let from, let until, until <= from else { return }
        keys.reader.report(keys.place("until"), "'until' is before 'from'", code: "bad-value")
    }

    private func checkDemands(_ node: Node) {
        let demands = [
            "min_side", "min_long_side", "max_side", "min_size", "max_pixels", "aspect",
            "min_bytes", "max_bytes", "fill", "background", "formats", "keeps",
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
