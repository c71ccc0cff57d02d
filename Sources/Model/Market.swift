/// Market codes: ISO 3166 countries, and the unions that licences speak of.
package enum Market {
    /// Members since 2020-02-01.
    private static let eu: Set<String> = [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
        "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    ]

    package static func isCode(_ text: String) -> Bool {
        // `UK` is no country code; whoever writes it means GB.
        text.utf8.count == 2 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) } && text != "UK"
            || text == "EEA"
    }

    package static func members(_ code: String) -> Set<String> {
        switch code {
        case "EU": eu
        case "EEA": eu.union(["IS", "LI", "NO"])
        default: [code]
        }
    }

    /// What of `wanted` a licence for `licensed` leaves open, sorted.
    package static func uncovered(_ wanted: [String], by licensed: [String]) -> [String] {
        let covered = licensed.reduce(into: Set<String>()) { $0.formUnion(members($1)) }
        return wanted.reduce(into: Set<String>()) { $0.formUnion(members($1)) }
            .subtracting(covered).sorted()
    }

    /// What both licences cover; nil: everywhere.
    package static func common(_ one: [String]?, _ other: [String]?) -> [String]? {
        guard let one, let other else { return one ?? other }
        func covered(_ codes: [String], by others: [String]) -> [String] {
            codes.filter { uncovered([$0], by: others).isEmpty }
        }
        return Set(covered(one, by: other) + covered(other, by: one)).sorted()
    }
}
