package import Foundation

/// May one version be used in one way at one moment, until when, and why not. Stated once, by
/// `Version.licence`: what is wanted, what must go, what a feed names, what is said to whoever
/// looks at a picture, and when to look again all ask that.
package struct Licence: Hashable, Sendable {
    package struct Objection: Hashable, Sendable {
        package enum Ground: Hashable, Sendable, CaseIterable {
            /// A person's decision, everywhere or on this channel.
            case withdrawn
            /// Not approved, or not yet, or the approval does not hold.
            case approval
            /// Approval was taken back, and no file speaks of it any more: decided, and nobody is
            /// waited for.
            case revoked
            /// Another claims the same place in the order of versions: a question for a person, and
            /// no loss. What is there already stays until it is answered.
            case contested
            case notYet, ended
            case market, channel, audience
            /// What is to restrict the use and cannot be known: going on would be using without a
            /// licence.
            case unclear
            /// Something is done to the picture that must not be.
            case alteration

            /// The version does not count yet, or no more: an older one may stand in its place.
            package var yields: Bool {
                switch self {
                case .withdrawn, .approval, .revoked, .contested, .notYet: true
                case .ended, .market, .channel, .audience, .unclear, .alteration: false
                }
            }

            /// Of the rights themselves, whoever approves the picture and whomever it is for.
            fileprivate var isTerm: Bool {
                switch self {
                case .notYet, .ended, .market, .channel, .unclear, .alteration: true
                case .withdrawn, .approval, .revoked, .contested, .audience: false
                }
            }
        }

        package var ground: Ground
        package var gate: Gate

        package init(_ ground: Ground, _ gate: Gate) {
            self.ground = ground
            self.gate = gate
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

    package func gates(for grounds: Objection.Ground...) -> [Gate] {
        objections.filter { grounds.contains($0.ground) }.map(\.gate)
    }

    package func has(_ ground: Objection.Ground) -> Bool {
        objections.contains { $0.ground == ground }
    }

    /// What the rights say, of a picture that nobody has declared or approved yet.
    package var terms: [Gate] { objections.filter(\.ground.isTerm).map(\.gate) }

    /// Why what is there has to go at once, whatever guards and feeds say; nil: it may stay.
    package var loss: Gate? { objections.first { $0.ground != .contested }?.gate }

    /// What is there stays, and nothing newer comes, until a person has decided.
    package var isContested: Bool { loss == nil && has(.contested) }

    package var waitsForApproval: Bool { has(.approval) || has(.contested) }

    /// What is there may stay until then at least.
    package func lasts(until moment: Date) -> Bool {
        loss == nil && (until.map { $0 > moment } ?? true)
    }
}

extension Version {
    /// The one place where it is decided. What a channel does not care to show (kind, product,
    /// view), and what a picture lacks, is none of it: nobody loses a right by that.
    package func licence(for use: IntendedUse, at now: Date) -> Licence {
        let question = Question(version: self, use: use, now: now)
        return Licence(objections: question.objections, until: question.until)
    }

    /// As if it might be used in every way that is asked for; to learn what its files would be
    /// called.
    package func unbound(for use: IntendedUse) -> Version {
        var free = self
        (free.withdrawn, free.barred, free.approvalFault) = (nil, [:], nil)
        free.approval = Approval(by: "", at: .distantPast, seq: 0)
        free.rights = Rights()
        free.audience = use.channel?.audiences.first ?? audience
        free.xmpFault = nil
        return free
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

/// The work behind one `Version.licence`.
private struct Question {
    typealias Objection = Licence.Objection

    let version: Version
    let use: IntendedUse
    let now: Date

    private var rights: Rights { version.rights }

    var objections: [Objection] {
        [approval, window].compactMap(\.self) + channel + unclear
            + use.deeds.filter { rights.forbids($0.alteration) }
            .map { Objection(.alteration, $0.gate) }
    }

    var until: Date? {
        [version.approval?.countsFrom, rights.from, rights.until].compactMap(\.self)
            .filter { $0 > now }.min()
    }

    // MARK: Approval

    private var approval: Objection? {
        if let withdrawal { return withdrawal }
        guard let fault = version.approvalFault else { return unapproved }
        if version.approval == nil, version.file == nil {
            return Objection(.revoked, Gate(.withdrawn, fault.message, turn: "nobody"))
        }
        return Objection(
            fault.isContested ? .contested : .approval,
            Gate(.approval, fault.message, turn: "approver", next: approve))
    }

    private var unapproved: Objection? {
        guard let approval = version.approval else {
            return Objection(
                .approval, Gate(.approval, "not approved yet", turn: "approver", next: approve))
        }
        guard !approval.counts(at: now) else { return nil }
        return Objection(
            .approval,
            Gate(
                .approval,
                "approved by \(approval.by) for \(day(approval.at)), which is in the future: "
                    + "it counts from then on", turn: "approver",
                next: "correct the date if it is wrong: \(approve)"))
    }

    private var approve: String {
        guard let file = version.file else { return "deliver the file again, and approve it" }
        return "sluice approve \(file.shellWord)"
    }

    /// A person's decision, everywhere or on one channel.
    private var withdrawal: Objection? {
        let everywhere = version.withdrawn
        let name = use.channel?.name
        guard let withdrawal = everywhere ?? name.flatMap({ version.barred[$0] }) else {
            return nil
        }
        let channel = everywhere == nil ? name : nil
        let asset = version.asset
        return Objection(
            .withdrawn,
            Gate(
                .withdrawn,
                "withdrawn\(channel.map { " from '\($0)'" } ?? "") on \(day(withdrawal.at)): "
                    + withdrawal.because, turn: "nobody",
                next: "if that was wrong: sluice reinstate \(asset.commandArguments)"
                    + (channel.map { " --channel \($0)" } ?? "") + " --because REASON"))
    }

    // MARK: Rights

    private var window: Objection? {
        if let from = rights.from, now < from {
            let said = rights.beginsInside ? Self.inside : ""
            return Objection(
                .notYet, Gate(.rights, "rights begin on \(day(from))\(said)", turn: "sluice"))
        }
        guard let until = rights.until, until <= now else { return nil }
        let said = rights.endsInside ? Self.inside : ""
        let message = "rights ended \(DayText.ofEnd(until, in: use.zone))\(said)"
        let next =
            rights.endsInside
            ? Alteration.override
            : "deliver a picture with rights, or approve it anew with a longer licence"
        return Objection(.ended, Gate(.rights, message, turn: "approver", next: next))
    }

    private var channel: [Objection] {
        guard let channel = use.channel else { return [] }
        var found = [market(of: channel)].compactMap(\.self)
        if rights.notOn.contains(channel.name) {
            found.append(
                Objection(
                    .channel,
                    Gate(.rights, "not to be used on '\(channel.name)'", turn: "approver")))
        }
        // Whom it was made for is a condition of use, though a channel that does not take it has no
        // more to ask for.
        if !channel.audiences.contains(version.audience) {
            found.append(
                Objection(
                    .audience,
                    Gate(
                        .selection,
                        "is for audience '\(version.audience)'; the channel takes "
                            + channel.audiences.joined(separator: ", "),
                        place: channel.audiencePlace, turn: "ops")))
        }
        return found
    }

    private func market(of channel: IntendedUse.Channel) -> Objection? {
        guard let licensed = rights.markets else { return nil }
        let words = licensed.joined(separator: ", ")
        guard !channel.markets.isEmpty else {
            return Objection(
                .market,
                Gate(
                    .rights, "licensed for \(words) only, and '\(channel.name)' names no market",
                    place: channel.marketPlace, turn: "ops",
                    next: "add 'market: […]' to \(channel.file)"))
        }
        let open = Market.uncovered(channel.markets, by: licensed)
        guard !open.isEmpty else { return nil }
        return Objection(
            .market,
            Gate(
                .rights, "licensed for \(words), which leaves out " + open.joined(separator: ", "),
                place: channel.marketPlace, turn: "approver"))
    }

    private var unclear: [Objection] {
        var gates = rights.unreadable.prefix(3).map { text in
            Gate(
                .rights,
                "the picture restricts its use by '\(text)', which is no date and no term of PLUS",
                turn: "approver", next: Alteration.override)
        }
        if let fault = version.xmpFault {
            gates.append(
                Gate(.metadata, fault, turn: "studio", next: "mend the .xmp beside the picture"))
        }
        return gates.map { Objection(.unclear, $0) }
    }

    private static let inside = ", as the picture itself says"

    private func day(_ date: Date) -> String { DayText.of(date, in: use.zone) }
}
