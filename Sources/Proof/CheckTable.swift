import Model

/// Verdicts by rule: broken demands first, because they are what somebody came for.
struct CheckTable {
    var checks: [Check]
    /// Demands that the channel makes beside the pixels.
    var gates: [Gate] = []

    func draw(into page: inout Markup) {
        guard !checks.isEmpty else { return }
        let ordered = checks.filter { !$0.passed } + checks.filter(\.passed)
        page.element("table", ["class": "checks"]) { page in
            page.element("thead") { page in
                page.element("tr") { page in
                    page.element("th", ["class": "sign"]) { page in
                        page.element("span", ["class": "unseen"], "verdict")
                    }
                    for title in ["rule", "demand", "measured", "where it is said"] {
                        page.element("th", title)
                    }
                }
            }
            page.element("tbody") { page in
                for check in ordered { Self.draw(check, &page) }
            }
        }
    }

    private static func draw(_ check: Check, _ page: inout Markup) {
        page.element("tr", ["class": check.passed ? "pass" : "fail"]) { page in
            page.element("td", ["class": "sign"]) { Sign.draw(check.passed, into: &$0) }
            page.element("th", ["scope": "row"], check.rule)
            page.element("td", check.demand)
            page.element("td", ["class": "measured"]) { page in
                page.element("span", check.measured)
                if !check.passed, let fix = check.fix {
                    page.element("p", ["class": "fix"], fix)
                }
            }
            page.element("td", ["class": "source"]) { page in
                if let place = check.place { page.element("code", place.short) }
                if let source = check.source { page.element("span", source) }
            }
        }
    }
}

/// A tick or a cross: never the colour alone.
enum Sign {
    static func draw(_ passed: Bool, into page: inout Markup) {
        page.element(
            "span", ["class": passed ? "tick" : "cross"]
        ) { page in
            page.element("span", ["aria-hidden": "true"], passed ? "✓" : "✗")
            page.element("span", ["class": "unseen"], passed ? "passed" : "failed")
        }
    }
}

extension Place {
    /// `amazon.yaml:20`: the sheet names the whole path once, at the channel.
    var short: String { "\(file.split(separator: "/").last ?? ""):\(line)" }
}
