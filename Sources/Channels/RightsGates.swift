private import Foundation
import Model

// The gates of rights, and of what a licence forbids doing to a picture.
extension Gatekeeper {
    func window(_ rights: Rights) -> [Closed] {
        if let from = rights.from, now < from {
            let said = rights.beginsInside ? Self.inside : ""
            let gate = Gate(.rights, "rights begin on \(day(from))\(said)", turn: "sluice")
            return [Closed(gate: gate, yields: true)]
        }
        if let until = rights.until, until <= now {
            let said = rights.endsInside ? Self.inside : ""
            let message = "rights ended \(DayText.ofEnd(until, in: profile.zone))\(said)"
            let next =
                rights.endsInside
                ? Self.override
                : "deliver a picture with rights, or approve it anew with a longer licence"
            return [Closed(gate: Gate(.rights, message, turn: "approver", next: next))]
        }
        return []
    }

    func markets(_ rights: Rights) -> [Gate] {
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
                        place: place, turn: "ops",
                        next: "add 'market: […]' to \(profile.file)"))
            } else if !open.isEmpty {
                gates.append(
                    Gate(
                        .rights,
                        "licensed for \(words), which leaves out "
                            + open.joined(separator: ", "),
                        place: place, turn: "approver"))
            }
        }
        if rights.notOn.contains(profile.channel) {
            gates.append(
                Gate(.rights, "not to be used on '\(profile.channel)'", turn: "approver"))
        }
        return gates
    }

    private static let inside = ", as the picture itself says"
    private static let override =
        "write 'rights: {overrides: embedded, because: …}' beside it, if a licence says otherwise"

    /// What is to restrict the use and cannot be known: going on would be using without a licence.
    func unknown(_ version: Version) -> [Gate] {
        var gates = version.rights.unreadable.prefix(3).map { text in
            Gate(
                .rights,
                "the picture restricts its use by '\(text)', which is no date and no term of PLUS",
                turn: "approver", next: Self.override)
        }
        if let fault = version.descriptionFault {
            gates.append(
                Gate(.metadata, fault, turn: "studio", next: "mend the .xmp beside the picture"))
        }
        return gates
    }

    /// What the licence forbids and the recipe would do. Padding and flattening alter nothing of
    /// what is shown.
    func altered(_ rights: Rights, _ rendition: Profile.Rendition) -> [Gate] {
        let recipe = rendition.recipe
        func gate(_ words: String, _ key: String, _ next: String) -> Gate {
            Gate(
                .rights, "must not be \(words)", place: rendition.places[key] ?? rendition.place,
                turn: "ops", next: next)
        }
        var gates: [Gate] = []
        if rights.noCrop, recipe.fit == .cover {
            gates.append(
                gate(
                    "cropped, and '\(rendition.name)' cuts to its frame", "fit",
                    "use 'fit: pad' or 'inside'"))
        }
        if rights.forbidden.contains(.retouch), recipe.whiten != nil {
            gates.append(
                gate(
                    "retouched, and '\(rendition.name)' whitens its background", "background",
                    Self.override))
        }
        if !rights.forbidden.isDisjoint(with: [.colorize, .decolorize]), recipe.color == .gray {
            gates.append(
                gate(
                    "recoloured, and '\(rendition.name)' takes its colour away", "color",
                    Self.override))
        }
        return gates
    }
}
