package import Foundation
package import Model

extension Profile {
    /// Pure: the same state, profile and moment always give the same answer, whatever the order of
    /// the state's versions. One decision for each asset, in their order; an empty required slot
    /// adds one for the asset that is missing.
    ///
    /// A version's successors are asked first. One that is pending, withdrawn or whose rights have
    /// not begun does not count yet: the walk goes on to the next older. One that is closed for
    /// another reason has taken the place all the same, so that an older one is wanted only while
    /// the channel holds it and `supersede` is `when-passed`.
    package func want(_ state: SKUState, at now: Date) -> [Decision] {
        Selection(profile: self, state: state, now: now).decisions()
    }

    /// The next moment at which `want` may answer differently although nothing was recorded;
    /// nil: none.
    package func boundary(_ state: SKUState, after now: Date) -> Date? {
        guard !state.versions.isEmpty else { return nil }
        let licences = state.versions.compactMap { licence(of: $0, at: now).until }
        return (licences + ruleDates).filter { $0 > now }.min()
    }
}

/// The work behind one `want`.
private struct Selection {
    let profile: Profile
    let state: SKUState
    let now: Date
    private let gatekeeper: Gatekeeper
    /// Newest first.
    private let versions: [Asset: [Version]]
    /// Ids of the versions of which the channel has something now.
    private let held: Set<Int64>
    /// Slot → the assets that are live in it.
    private let holders: [String: Set<Asset>]

    init(profile: Profile, state: SKUState, now: Date) {
        self.profile = profile
        self.state = state
        self.now = now
        gatekeeper = Gatekeeper(profile: profile, state: state, now: now)
        versions = Dictionary(grouping: state.versions, by: \.asset)
            .mapValues { $0.sorted { Version.precedes($1, $0) } }
        let rows = state.deliveries(on: profile.channel)
        held = Set(rows.compactMap(\.heldVersion))
        holders = rows.filter { $0.state != .linger && !$0.state.leaves }
            .reduce(into: [:]) { holders, row in
                guard let held = row.heldVersion else { return }
                holders[row.slot, default: []].insert(state.version(held)?.asset ?? row.asset)
            }
    }

    func decisions() -> [Decision] {
        var found: [Asset: Decision] = [:]
        for asset in versions.keys {
            found[asset] = Decision(asset: asset, wanted: [], closed: [])
        }
        var surplus: [Asset: Gate] = [:]
        var waiting: [Decision.Other] = []
        for slot in profile.slots { fill(slot, &found, &surplus, &waiting) }
        for (asset, gate) in surplus where found[asset]?.wanted.isEmpty ?? false {
            found[asset]?.closed.append(gate)
        }
        for asset in versions.keys where !profile.slots.contains(where: { $0.takes(asset) }) {
            found[asset]?.closed = versions[asset]?.first.map { unplaced($0) } ?? []
        }
        for asset in versions.keys { look(beside: asset, &found) }
        for other in waiting where !(found[other.version.asset]?.wanted.isEmpty ?? true) {
            found[other.version.asset]?.others.append(other)
        }
        let missing = missing().filter { found[$0.asset] == nil }
        return (found.values + missing).map { $0.inOrder() }.sorted { $0.asset < $1.asset }
    }

    // MARK: One slot

    /// An asset's version for a slot, and the newest one's closed gates.
    private struct Choice {
        var asset: Asset
        var version: Version?
        var closed: [Gate]
    }

    private func fill(
        _ slot: Profile.Slot, _ found: inout [Asset: Decision], _ surplus: inout [Asset: Gate],
        _ waiting: inout [Decision.Other]
    ) {
        var position = 0
        let choices = slot.candidates(among: versions.keys).map { choose($0, slot) }
        let holder = holder(of: slot, among: choices)
        for choice in choices {
            let asset = choice.asset
            found[asset]?.closed += choice.closed
            guard let version = choice.version else {
                // It is there until a person has decided, and nobody else takes its place.
                if isContested(asset, slot) { position += 1 }
                continue
            }
            // Those after it are surplus as ever; who would come before it is told.
            if let holder, asset != holder, position == 0 {
                let gate = slot.held(by: holder, against: asset, on: profile.channel)
                surplus[asset] = gate
                waiting.append(Decision.Other(version: version, gates: [gate]))
                continue
            }
            position += 1
            if let gate = slot.surplus(position) {
                surplus[asset] = gate
                continue
            }
            do throws(Gap) {
                found[asset]?.wanted.append(try wanted(version, slot, position))
            } catch {
                found[asset]?.closed.append(gatekeeper.gate(for: error, version, slot))
            }
        }
    }

    /// Who has a slot of one keeps it, whoever would come first in it.
    private func holder(of slot: Profile.Slot, among choices: [Choice]) -> Asset? {
        guard !slot.takesAll, let holders = holders[slot.name] else { return nil }
        return choices.first { $0.version != nil && holders.contains($0.asset) }?.asset
    }

    private func isContested(_ asset: Asset, _ slot: Profile.Slot) -> Bool {
        holders[slot.name]?.contains(asset) == true
            && versions[asset]?.contains {
                held.contains($0.id) && profile.licence(of: $0, at: now).isContested
            } == true
    }

    private func choose(_ asset: Asset, _ slot: Profile.Slot) -> Choice {
        var choice = Choice(asset: asset, version: nil, closed: [])
        var superseded = false
        for (index, version) in (versions[asset] ?? []).enumerated() {
            let closed = gatekeeper.closed(version, slot)
            if index == 0 { choice.closed = closed.map(\.gate) }
            let stays = profile.supersede == .whenPassed && held.contains(version.id)
            if closed.isEmpty, !superseded || stays {
                choice.version = version
                return choice
            }
            if closed.isEmpty || !closed.contains(where: \.yields) { superseded = true }
        }
        return choice
    }

    private func wanted(
        _ version: Version, _ slot: Profile.Slot, _ position: Int
    ) throws(Gap) -> Wanted {
        guard let rendition = profile.renditions[slot.rendition],
            let inspection = state.inspections[version.master]
        else { throw .missing("a rendition") }
        let key = rendition.key(version, inspection)
        let templateValues = gatekeeper.templateValues(version, slot, position: position, key: key)
        return Wanted(
            channel: profile.channel, name: try templateValues.name(slot.template),
            asset: version.asset, slot: slot.name, position: position, version: version.id,
            master: version.master, rendition: rendition.name, key: key,
            recipe: rendition.recipe,
            particulars: rendition.particulars(version, inspection),
            passed: state.receipts[key] != nil)
    }

    // MARK: Beside what is wanted

    /// Versions that came later than the one in the place and are not in it.
    private func look(beside asset: Asset, _ found: inout [Asset: Decision]) {
        guard let all = versions[asset], let newest = all.first, var decision = found[asset] else {
            return
        }
        let chosen = all.first { version in decision.wanted.contains { $0.version == version.id } }
        decision.newest = newest.id
        for version in all where version.id != newest.id && version.id != chosen?.id {
            let isLater = chosen.map { version.cameAfter($0) } ?? true
            guard isLater else { continue }
            let licence = profile.licence(of: version, at: now)
            guard !licence.has(.withdrawn) else { continue }
            let waits = licence.waitsForApproval
            // Nobody can approve what lies nowhere any more.
            if waits, version.file == nil { continue }
            if !waits, !(chosen.map { Version.precedes(version, $0) } ?? false) { continue }
            decision.others.append(
                Decision.Other(version: version, gates: waits ? licence.gates : []))
        }
        found[asset] = decision
    }

    // MARK: Outside the slots

    private func unplaced(_ version: Version) -> [Gate] {
        let gate = Gate(
            .selection,
            "no slot of '\(profile.channel)' takes view '\(version.asset.view)'",
            place: profile.slots.first?.place, turn: "ops",
            next: "add the view to a slot in \(profile.file), or leave it")
        return gatekeeper.closed(version).map(\.gate) + [gate]
    }

    /// Decisions for required slots that no asset could fill.
    private func missing() -> [Decision] {
        // Of a SKU that is in no table any more, and has no picture, nobody asks for one.
        let isKnown =
            state.product != nil || !versions.isEmpty || !state.quarantined.isEmpty
        guard gatekeeper.selectsProduct, isKnown else { return [] }
        return profile.slots.compactMap { slot in
            guard slot.required, slot.candidates(among: versions.keys).isEmpty,
                let view = slot.views.first
            else { return nil }
            let lying = state.quarantined.first
            let gate = Gate(
                .metadata,
                "slot '\(slot.name)' needs view '\(view)', and "
                    + (lying.map { "'\($0.path)' lies in quarantine: \($0.reason)" }
                        ?? "there is no picture of it"),
                place: slot.places["required"], turn: "studio",
                next: lying?.next ?? "deliver view '\(view)' of \(state.sku)")
            return Decision(asset: Asset(sku: state.sku, view: view), wanted: [], closed: [gate])
        }
    }
}

extension Decision {
    /// Each gate once, in the order in which gates are asked.
    fileprivate func inOrder() -> Decision {
        var decision = self
        var seen: Set<Gate> = []
        let once = closed.filter { seen.insert($0).inserted }
        decision.closed = once.enumerated()
            .sorted { ($0.element.kind, $0.offset) < ($1.element.kind, $1.offset) }
            .map(\.element)
        return decision
    }
}

extension Profile.Slot {
    func takes(_ asset: Asset) -> Bool { views.contains(asset.view) }

    /// In the order of positions: (view order, number, variant).
    func candidates(among assets: some Sequence<Asset>) -> [Asset] {
        func rank(_ asset: Asset) -> Int { views.firstIndex(of: asset.view) ?? .max }
        return assets.filter(takes).sorted {
            (rank($0), $0.number, $0.variant) < (rank($1), $1.number, $1.variant)
        }
    }

    fileprivate func held(by holder: Asset, against asset: Asset, on channel: String) -> Gate {
        Gate(
            .name, "slot '\(name)' takes one picture and has \(holder); \(asset) waits",
            place: places["take"] ?? place, turn: "ops",
            next: "to let it in: sluice withdraw \(holder.commandArguments) --channel \(channel) "
                + "--because REASON")
    }

    fileprivate func surplus(_ position: Int) -> Gate? {
        let most = takesAll ? max ?? .max : 1
        guard position > most else { return nil }
        let key = takesAll ? "max" : "take"
        return Gate(
            .selection,
            takesAll
                ? "slot '\(name)' takes at most \(most), and this would be number \(position)"
                : "slot '\(name)' takes the first picture only, and there is one before this",
            place: places[key], turn: "ops")
    }
}
