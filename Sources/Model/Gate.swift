/// A reason something may not go on. `why` shows the first closed one.
package struct Gate: Error, Hashable, Codable, Sendable {
    /// In the order in which they are asked.
    package enum Kind: String, Codable, Sendable, CaseIterable, Comparable {
        /// The channel does not ask for it: nobody has to do anything.
        case selection
        /// A person took it down: settled, and nobody's turn.
        case withdrawn
        case approval, rights, metadata, name, source, compliance, pace, channel

        /// Nobody has to do anything.
        package var isSettled: Bool { self == .selection || self == .withdrawn }

        package static func < (left: Self, right: Self) -> Bool {
            let order = allCases
            return order.firstIndex(of: left)! < order.firstIndex(of: right)!
        }
    }

    package var kind: Kind
    /// What is closed and why, in the words of the trade; lower case, no final stop.
    package var message: String
    /// The line of the profile that demands it.
    package var place: Place?
    /// `id` of the rule, where a rule closed it.
    package var rule: String?
    /// Whose turn it is: `studio`, `approver`, `ops`, `sluice`, `the channel`.
    package var turn: String
    /// The next command or act, where one is known.
    package var next: String?

    package init(
        _ kind: Kind, _ message: String, place: Place? = nil, rule: String? = nil, turn: String,
        next: String? = nil
    ) {
        self.kind = kind
        self.message = message
        self.place = place
        self.rule = rule
        self.turn = turn
        self.next = next
    }
}

extension Collection<Gate> {
    /// Closed because the channel's profile does not ask for it, whatever else there is.
    package var isUnasked: Bool { contains { $0.kind == .selection } }

    /// Closed by a person's decision: nobody has to do anything unless it was wrong.
    package var isWithdrawn: Bool { contains { $0.kind == .withdrawn } }
}
