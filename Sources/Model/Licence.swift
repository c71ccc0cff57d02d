package import Foundation

/// May one version be used on one channel at one moment, until when, and why not. Stated once, by
/// `Profile.licence`: what is wanted, what must go, what a feed names and when to look again all
/// ask that.
package struct Licence: Hashable, Sendable {
    package struct Objection: Hashable, Sendable {
        package var gate: Gate
        /// The version does not count yet, or no more: an older one may stand in its place.
        package var yields: Bool
        /// A question for a person, and no loss: what is there already stays until it is answered.
        package var isQuestion: Bool

        package init(_ gate: Gate, yields: Bool = false, isQuestion: Bool = false) {
            self.gate = gate
            self.yields = yields
            self.isQuestion = isQuestion
        }
    }

    /// Empty: it may be used.
    package var objections: [Objection]
    /// When the answer may become another although nobody says anything new; nil: never.
    package var until: Date?

    package init(objections: [Objection], until: Date?) {
        self.objections = objections
        self.until = until
    }

    package var gates: [Gate] { objections.map(\.gate) }

    /// Why what is there has to go at once, whatever guards and feeds say; nil: it may stay.
    package var loss: Gate? { objections.first { !$0.isQuestion }?.gate }

    /// What is there may stay until then at least.
    package func lasts(until moment: Date) -> Bool {
        loss == nil && (until.map { $0 > moment } ?? true)
    }
}

extension Approval {
    /// How far the clocks of two machines may lie apart, in seconds. Those kept by NTP differ by less
    /// than one; five minutes is what Kerberos (RFC 4120, 5.5.1) grants, and a slip of the pen that
    /// small changes no order that matters.
    package static let clockSkew: TimeInterval = 300

    /// An approval dated in the future is one of a machine whose clock is wrong, or a slip of the
    /// pen: until then it decides nothing.
    package var countsFrom: Date { at.addingTimeInterval(-Self.clockSkew) }

    package func counts(at now: Date) -> Bool { countsFrom <= now }
}

extension Version {
    /// A person's decision, everywhere or on one channel.
    package func withdrawal(from channel: String) -> Withdrawal? {
        withdrawn ?? barred[channel]
    }
}
