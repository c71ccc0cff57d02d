import Foundation
import Model

/// A closed gate of one version.
struct Closed {
    var gate: Gate
    /// The version does not count yet (or no more), so that an older one may stand in its place.
    var yields = false
}

/// Asks the gates of one version, in their order. All of them are asked, so that whoever has to
/// mend something hears everything at once.
struct Gatekeeper {
    let profile: Profile
    let state: SKUState
    let now: Date
    private let rules: [Rule]

    init(profile: Profile, state: SKUState, now: Date) {
        self.profile = profile
        self.state = state
        self.now = now
        rules = profile.rules(at: now)
    }

    func closed(_ version: Version, _ slot: Profile.Slot) -> [Closed] {
        guard let rendition = profile.renditions[slot.rendition] else { return [] }
        let key = rendition.key(version, state.inspections[version.master])
        let here =
            select(version) + nameable(version, slot, key) + source(version, rendition)
            + compliance(version, rendition, key)
        return closed(by: profile.licence(of: version, as: rendition, at: now))
            + here.map { Closed(gate: $0) }
    }

    /// Where no slot takes it.
    func closed(_ version: Version) -> [Closed] {
        closed(by: profile.licence(of: version, at: now))
            + select(version).map { Closed(gate: $0) }
    }

    private func closed(by licence: Licence) -> [Closed] {
        licence.objections.map { Closed(gate: $0.gate, yields: $0.ground.yields) }
    }

    // MARK: Metadata and name

    private func select(_ version: Version) -> [Gate] {
        let select = profile.select
        var gates: [Gate] = []
        if !select.kinds.contains(version.kind) {
            gates.append(
                Gate(
                    .selection,
                    "is of kind '\(version.kind)'; the channel takes "
                        + select.kinds.joined(separator: ", "),
                    place: select.places["kind"], turn: "ops"))
        }
        return gates + productGates
    }

    var selectsProduct: Bool { productGates.isEmpty }

    /// What `select: {product.…}` has against the product itself.
    var productGates: [Gate] {
        profile.select.product.sorted { $0.key < $1.key }.compactMap { column, allowed in
            let place = profile.select.places["product.\(column)"]
            guard let product = state.product else {
                return noProduct(place)
            }
            let value = product.fields[column] ?? ""
            if allowed.contains(value) { return nil }
            return Gate(
                .selection,
                "the product's \(column) is '\(value)'; the channel takes "
                    + allowed.joined(separator: ", "),
                place: place, turn: "ops")
        }
    }

    private func noProduct(_ place: Place?) -> Gate {
        Gate(
            .metadata, "there is no product record for '\(state.sku)'", place: place, turn: "ops",
            next: "add \(state.sku) to the product table")
    }

    private func nameable(
        _ version: Version, _ slot: Profile.Slot, _ key: ContentHash
    ) -> [Gate] {
        do throws(Gap) {
            _ = try templateValues(version, slot, position: 1, key: key).name(slot.template)
            return []
        } catch {
            return [gate(for: error, version, slot)]
        }
    }

    func gate(for gap: Gap, _ version: Version, _ slot: Profile.Slot) -> Gate {
        let place = slot.places["name"]
        switch gap {
        case .missing
        where state.product == nil && slot.template.fields.contains { $0.column != nil }:
            return noProduct(place)
        case .missing(let what):
            return Gate(
                .metadata, "the name '\(slot.template.text)' needs \(what), and there is none",
                place: place, turn: "ops")
        case .unfit(let why, let field):
            let next = field.map {
                "write '\($0)' in that name in \(profile.file), then 'sluice reload'"
            }
            return Gate(.name, why, place: place, turn: "ops", next: next)
        }
    }

    func templateValues(
        _ version: Version, _ slot: Profile.Slot, position: Int, key: ContentHash
    ) -> TemplateValues {
        let asset = version.asset
        let format = profile.renditions[slot.rendition]?.recipe.format
        return TemplateValues(
            values: [
                "sku": asset.sku, "view": asset.view, "number": "\(asset.number)",
                "variant": asset.variant, "season": version.season ?? "", "slot": slot.name,
                "position": "\(position)", "hash": key.short,
                "ext": format?.fileExtension ?? "", "channel": profile.channel,
            ], product: state.product, codes: profile.codes)
    }

    // MARK: Source

    private func source(_ version: Version, _ rendition: Profile.Rendition) -> [Gate] {
        if let reason = state.unusable[version.master] {
            return [Gate(.source, reason, turn: "studio", next: "deliver the file again")]
        }
        guard let inspection = state.inspections[version.master] else {
            return [Gate(.source, "waits to be inspected", turn: "sluice")]
        }
        var gates: [Gate] = []
        do throws(Refusal) {
            _ = try frame(version, inspection, rendition)
        } catch {
            gates.append(
                profile.gate(for: error, rendition: rendition.name, kind: .source))
        }
        let subject = Measured(master: inspection.withXMP(of: version))
        return gates
            + rules.filter { $0.of == .master }.flatMap { $0.gates(.source, on: subject) }
    }

    private func frame(
        _ version: Version, _ inspection: Inspection, _ rendition: Profile.Rendition
    ) throws(Refusal) -> Frame {
        try Frame.choose(
            source: inspection.size, measured: inspection.measurement, recipe: rendition.recipe,
            focus: version.focus)
    }

    // MARK: Compliance

    private func compliance(
        _ version: Version, _ rendition: Profile.Rendition, _ key: ContentHash
    ) -> [Gate] {
        if let refusal = state.refusals[key], refusal.code != .resources {
            return [profile.gate(for: refusal, rendition: rendition.name)]
        }
        if let receipt = state.receipts[key] {
            return profile.verdict(
                on: receipt, rendition: rendition.name, at: now,
                master: state.inspections[version.master]?.withXMP(of: version))
        }
        return forecast(version, rendition)
    }

    /// Much is known before rendering; a file that some demand will refuse for it need not be
    /// made. A picture without a frame is judged by its own pixels.
    private func forecast(_ version: Version, _ rendition: Profile.Rendition) -> [Gate] {
        guard let inspection = state.inspections[version.master] else { return [] }
        let frame = try? frame(version, inspection, rendition)
        var subject = Measured(
            frame ?? Frame(size: inspection.size, picture: inspection.size),
            of: inspection.withXMP(of: version), recipe: rendition.recipe,
            keeping: rendition.particulars(version, inspection).kept.keys)
        // Only pixels tell where the eye is drawn to.
        if frame == nil || rendition.recipe.anchor == .attention { subject.product = nil }
        let safety = rendition.safety(subject).flatMap { $0.passed ? nil : Gate(.compliance, $0) }
        return [safety].compactMap(\.self)
            + rules.filter { $0.counts(for: rendition.name) }
            .flatMap { $0.gates(.compliance, on: subject) }
    }
}
