package import Foundation
package import Model

/// Where a version would stand on the channel if nothing kept it off.
package struct Placement: Sendable, Hashable {
    package var slot: String
    package var rendition: String
    /// Nil where the name cannot be made; the want's gates say why.
    package var name: RemoteName?
}

extension Profile {
    /// For people who look at a picture before it is approved or even good enough: every slot that
    /// takes its view, and the name it would get there among the SKU's assets as they are now.
    package func placements(of version: Version, _ state: SKUState, at now: Date) -> [Placement] {
        let gatekeeper = Gatekeeper(profile: self, state: state, now: now)
        let assets = Set(state.versions.map(\.asset)).union([version.asset])
        return slots.filter { $0.takes(version.asset) }.compactMap { slot in
            guard let rendition = renditions[slot.rendition],
                let index = slot.candidates(among: assets).firstIndex(of: version.asset)
            else { return nil }
            let key = rendition.key(version, state.inspections[version.master])
            let templateValues = gatekeeper.templateValues(
                version, slot, position: index + 1, key: key)
            return Placement(
                slot: slot.name, rendition: rendition.name,
                name: try? templateValues.name(slot.template))
        }
    }
}

extension Profile {
    /// What keeps an asset's newest version off the channel beside its pixels, which checks tell.
    package func obstacles(to asset: Asset, in state: SKUState, at now: Date) -> [Gate] {
        let decision = want(state, at: now).first { $0.asset == asset }
        return (decision?.closed ?? []).filter { $0.kind != .source && $0.kind != .compliance }
    }

    /// The demands on masters held against one, met or not.
    /// - Parameter master: with what lies beside it; see `Inspection.withXMP`.
    package func checks(on master: Inspection, at now: Date) -> [Check] {
        rules(at: now).filter { $0.of == .master }
            .flatMap { $0.checks(on: Measured(master: master)) }
    }
}
