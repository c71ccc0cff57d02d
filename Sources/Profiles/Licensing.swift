package import Foundation
package import Model

extension Profile {
    /// May this version be used on this channel at this moment, until when, and why not. The only
    /// place where that is decided. What a channel does not care to show (kind, product, view), and
    /// what a picture lacks, is none of it: nobody loses a right by that.
    /// - Parameter recipe: of the file that is made, or there; nil: whatever is made of it.
    package func licence(of version: Version, as recipe: Recipe? = nil, at now: Date) -> Licence {
        let licensing = Licensing(profile: self, version: version, now: now)
        let altered = recipe.map { version.rights.alterations(by: $0) } ?? []
        return Licence(
            objections: licensing.objections + altered.map { Licence.Objection($0.gate(nil, nil)) },
            until: licensing.until)
    }
}

/// The work behind one `Profile.licence`.
private struct Licensing {
    let profile: Profile
    let version: Version
    let now: Date

    private var rights: Rights { version.rights }

    var objections: [Licence.Objection] {
        let gates = markets + [audience].compactMap(\.self) + unknown
        return [approval, window].compactMap(\.self) + gates.map { Licence.Objection($0) }
    }

    var until: Date? {
        [version.approval?.countsFrom, rights.from, rights.until].compactMap(\.self)
            .filter { $0 > now }.min()
    }

    // MARK: Approval

    private var approval: Licence.Objection? {
        if let withdrawn = version.withdrawal(from: profile.channel) {
            return Licence.Objection(gate(for: withdrawn), yields: true)
        }
        let fault = version.approvalFault
        let message: String
        var next = approve
        if let fault {
            message = fault.message
        } else if let approval = version.approval {
            guard !approval.counts(at: now) else { return nil }
            message =
                "approved by \(approval.by) for \(day(approval.at)), which is in the future: "
                + "it counts from then on"
            next = "correct the date if it is wrong: \(approve)"
        } else {
            message = "not approved yet"
        }
        // Taken back, and no file speaks of it any more: decided, and nobody is waited for.
        let isOver = version.approval == nil && fault != nil && version.file == nil
        return Licence.Objection(
            Gate(
                isOver ? .withdrawn : .approval, message, turn: isOver ? "nobody" : "approver",
                next: isOver ? nil : next), yields: true,
            isQuestion: fault?.isContested ?? false)
    }

    private var approve: String {
        guard let file = version.file else { return "deliver the file again, and approve it" }
        return "sluice approve \(file.shellWord)"
    }

    private func gate(for withdrawn: Withdrawal) -> Gate {
        let asset = version.asset
        let everywhere = version.withdrawn != nil
        let place = everywhere ? "" : " from '\(profile.channel)'"
        return Gate(
            .withdrawn, "withdrawn\(place) on \(day(withdrawn.at)): \(withdrawn.because)",
            turn: "nobody",
            next: "if that was wrong: sluice reinstate \(asset.commandArguments)"
                + (everywhere ? "" : " --channel \(profile.channel)") + " --because REASON")
    }

    // MARK: Rights

    private var window: Licence.Objection? {
        if let from = rights.from, now < from {
            let said = rights.beginsInside ? Self.inside : ""
            let gate = Gate(.rights, "rights begin on \(day(from))\(said)", turn: "sluice")
            return Licence.Objection(gate, yields: true)
        }
        guard let until = rights.until, until <= now else { return nil }
        let said = rights.endsInside ? Self.inside : ""
        let message = "rights ended \(DayText.ofEnd(until, in: profile.zone))\(said)"
        let next =
            rights.endsInside
            ? Forbidden.override
            : "deliver a picture with rights, or approve it anew with a longer licence"
        return Licence.Objection(Gate(.rights, message, turn: "approver", next: next))
    }

    private var markets: [Gate] {
        var gates: [Gate] = []
        let place = profile.places["market"]
        if let licensed = rights.markets {
            let open = Market.uncovered(profile.market, by: licensed)
            let words = licensed.joined(separator: ", ")
            if profile.market.isEmpty {
                gates.append(
                    Gate(
                        .rights,
                        "licensed for \(words) only, and '\(profile.channel)' names no market",
                        place: place, turn: "ops", next: "add 'market: […]' to \(profile.file)"))
            } else if !open.isEmpty {
                gates.append(
                    Gate(
                        .rights,
                        "licensed for \(words), which leaves out " + open.joined(separator: ", "),
                        place: place, turn: "approver"))
            }
        }
        if rights.notOn.contains(profile.channel) {
            gates.append(
                Gate(.rights, "not to be used on '\(profile.channel)'", turn: "approver"))
        }
        return gates
    }

    /// Whom it was made for is a condition of use, though a channel that does not take it has no
    /// more to ask for.
    private var audience: Gate? {
        let taken = profile.select.audiences
        guard !taken.contains(version.audience) else { return nil }
        return Gate(
            .selection,
            "is for audience '\(version.audience)'; the channel takes "
                + taken.joined(separator: ", "),
            place: profile.select.places["audience"], turn: "ops")
    }

    /// What is to restrict the use and cannot be known: going on would be using without a licence.
    private var unknown: [Gate] {
        var gates = rights.unreadable.prefix(3).map { text in
            Gate(
                .rights,
                "the picture restricts its use by '\(text)', which is no date and no term of PLUS",
                turn: "approver", next: Forbidden.override)
        }
        if let fault = version.xmpFault {
            gates.append(
                Gate(.metadata, fault, turn: "studio", next: "mend the .xmp beside the picture"))
        }
        return gates
    }

    private static let inside = ", as the picture itself says"

    private func day(_ date: Date) -> String { DayText.of(date, in: profile.zone) }
}

/// What a licence forbids doing to a picture, and a recipe does.
struct Forbidden {
    static let override =
        "write 'rights: {overrides: embedded, because: …}' beside it, if a licence says otherwise"

    /// `cropped`
    var words: String
    /// What the rendition does: `cuts to its frame`.
    var deed: String
    /// The profile's key that asks for it.
    var key: String
    var next: String

    /// - Parameter rendition: nil for a file that is there already.
    func gate(_ rendition: String?, _ place: Place?) -> Gate {
        let subject = rendition.map { "'\($0)'" } ?? "this file's recipe"
        return Gate(
            .rights, "must not be \(words), and \(subject) \(deed)", place: place, turn: "ops",
            next: next)
    }
}

extension Rights {
    /// Padding and flattening alter nothing of what is shown.
    func alterations(by recipe: Recipe) -> [Forbidden] {
        var found: [Forbidden] = []
        if noCrop, recipe.fit == .cover {
            found.append(
                Forbidden(
                    words: "cropped", deed: "cuts to its frame", key: "fit",
                    next: "use 'fit: pad' or 'inside'"))
        }
        if forbidden.contains(.retouch), recipe.whiten != nil {
            found.append(
                Forbidden(
                    words: "retouched", deed: "whitens its background", key: "background",
                    next: Forbidden.override))
        }
        if !forbidden.isDisjoint(with: [.colorize, .decolorize]), recipe.color == .gray {
            found.append(
                Forbidden(
                    words: "recoloured", deed: "takes its colour away", key: "color",
                    next: Forbidden.override))
        }
        return found
    }
}
