/// One demand of a profile held against one measurement: a line of a receipt.
package struct Check: Hashable, Codable, Sendable {
    /// Key of the profile (`size`, `background.ring`, `fill`) or id of the rule.
    package var rule: String
    /// The limit in words: `at least 1000 px on the shorter side`.
    package var demand: String
    /// The measured value in words: `864 px`.
    package var measured: String
    package var passed: Bool
    /// The line that demands it.
    package var place: Place?
    /// Where the channel itself says so.
    package var source: String?
    /// What would make it pass.
    package var fix: String?
    /// Whose turn that is, as of a gate; nil in what was judged before anybody asked.
    package var turn: String?

    package init(
        _ rule: String, demand: String, measured: String, passed: Bool, place: Place? = nil,
        source: String? = nil, fix: String? = nil, turn: String? = nil
    ) {
        self.rule = rule
        self.demand = demand
        self.measured = measured
        self.passed = passed
        self.place = place
        self.source = source
        self.fix = fix
        self.turn = turn
    }
}
