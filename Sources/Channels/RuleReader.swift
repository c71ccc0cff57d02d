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
        keys.notBuilt("min_bytes")
        let id = keys.required("id", .word)
        let subject = keys.required("of", Shape<Rule.Subject>.choice())
        let source = keys.required("source", .text)
        let seen = keys.required("seen", .date(in: zone, .start))
        let minSide = keys.optional("min_side", .integer(1...30_000))
        let maxSide = keys.optional("max_side", .integer(1...30_000))
        let maxBytes = keys.optional("max_bytes", .bytes)
        let maxPixels = keys.optional("max_pixels", .integer(1...900_000_000))
        let from = keys.optional("from", .date(in: zone, .start))
        let until = keys.optional("until", .date(in: zone, .end))
        checkDates(from, until)
        checkDemands(node)
        guard let id, let subject, let source, let seen else { return nil }
        var places: [String: Place] = [:]
        for entry in node.entries ?? [] { places[entry.key] = entry.value.place }
        return Rule(
            id: id, of: subject, minSide: minSide, maxSide: maxSide, maxBytes: maxBytes,
            maxPixels: maxPixels, from: from, until: until, source: source, seen: seen,
            place: node.place, places: places)
    }

    private func checkDates(_ from: Date?, _ until: Date?) {
        guard let from, let until, until <= from else { return }
        keys.reader.report(keys.place("until"), "'until' is before 'from'", code: "bad-value")
    }

    private func checkDemands(_ node: Node) {
        let demands = ["min_side", "max_side", "max_bytes", "max_pixels"]
        if demands.allSatisfy({ keys.node($0) == nil }) {
            keys.reader.report(
                node.place, "a rule demands something: \(demands.joined(separator: ", "))",
                code: "missing-key")
        }
        guard node["of"]?.text == "master", keys.node("max_bytes") != nil else { return }
        keys.reader.report(
            keys.place("max_bytes"), "'max_bytes' is known of a rendition, not of a master",
            code: "bad-value")
    }
}
