import Model

/// What is different between two profiles' outcomes; what is the same is left out.
struct ComparisonTable {
    struct Row: Equatable {
        var what: String
        var before: String
        var now: String
    }

    var before: ProofSheet.Outcome?
    var now: ProofSheet.Outcome?

    var rows: [Row] {
        (asked + made + judged).filter { $0.before != $0.now }
    }

    func draw(into page: inout Markup) {
        let rows = rows
        page.element("div", ["class": "changed"]) { page in
            page.element("h5", "what changes")
            guard !rows.isEmpty else {
                return page.element(
                    "p", ["class": "quiet"], "nothing: the same file, the same verdict")
            }
            page.element("table") { page in
                page.element("thead") { page in
                    page.element("tr") { page in
                        for title in ["", "before", "now"] { page.element("th", title) }
                    }
                }
                page.element("tbody") { page in
                    for row in rows {
                        page.element("tr") { page in
                            page.element("th", ["scope": "row"], row.what)
                            page.element("td", row.before)
                            page.element("td", row.now)
                        }
                    }
                }
            }
        }
    }

    private var asked: [Row] {
        let (old, new) = (before?.recipe.lines ?? [], now?.recipe.lines ?? [])
        let keys =
            new.map(\.key)
            + old.map(\.key).filter { key in
                !new.contains { $0.key == key }
            }
        return keys.map { key in
            row(
                key, old.first { $0.key == key }?.words, new.first { $0.key == key }?.words)
        }
    }

    private var made: [Row] {
        let (old, new) = (before?.receipt, now?.receipt)
        return [
            row("made size", old.map { "\($0.size)" }, new.map { "\($0.size)" }),
            row(
                "bytes", old.map { Wording.grouped($0.bytes) },
                new.map { Wording.grouped($0.bytes) }),
            row(
                "made at quality", old?.quality.map { "\($0)" }, new?.quality.map { "\($0)" }),
            row(
                "fill", old?.measurement?.fill(.side).map { Wording.percent($0) },
                new?.measurement?.fill(.side).map { Wording.percent($0) }),
            row("verdict", before.map(Verdict.words), now.map(Verdict.words)),
        ]
    }

    private var judged: [Row] {
        let (old, new) = (before?.checks ?? [], now?.checks ?? [])
        let rules = Self.once(new.map(\.rule) + old.map(\.rule))
        return rules.map { rule in
            row("rule \(rule)", Self.words(old, rule), Self.words(new, rule))
        }
    }

    private func row(_ what: String, _ before: String?, _ now: String?) -> Row {
        Row(what: what, before: before ?? "–", now: now ?? "–")
    }

    /// A rule may make several demands; it is broken when one of them is.
    private static func words(_ checks: [Check], _ rule: String) -> String? {
        let ours = checks.filter { $0.rule == rule }
        guard let worst = ours.first(where: { !$0.passed }) ?? ours.first else { return nil }
        return "\(worst.passed ? "✓" : "✗") \(worst.measured)"
    }

    private static func once(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
