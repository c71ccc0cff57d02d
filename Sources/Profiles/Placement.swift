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
    /// takes its view, and the name it would get there among the shelf's assets as they are now.
    package func placements(of version: Version, _ shelf: Shelf, at now: Date) -> [Placement] {
        let gatekeeper = Gatekeeper(profile: self, shelf: shelf, now: now)
        let assets = Set(shelf.versions.map(\.asset)).union([version.asset])
        return slots.filter { $0.takes(version.asset) }.compactMap { slot in
            guard let rendition = renditions[slot.rendition],
                let index = slot.candidates(among: assets).firstIndex(of: version.asset)
            else { return nil }
            let key = rendition.key(version, shelf.inspections[version.master])
            let templateValues = gatekeeper.templateValues(
                version, slot, position: index + 1, key: key)
            return Placement(
                slot: slot.name, rendition: rendition.name,
                name: try? templateValues.name(slot.template))
        }
    }
}

extension Profile {
    /// What the licence of a picture that nobody has declared or approved yet says to this channel:
    /// its dates, its markets, and what of it nobody can understand.
    package func terms(of version: Version, at now: Date) -> [Gate] {
        licence(of: version, at: now).gates.filter { $0.kind == .rights || $0.kind == .metadata }
    }

    /// What the licence forbids and a rendition would do.
    package func alterations(_ version: Version, by rendition: Rendition) -> [Gate] {
        rendition.alterations(of: version)
    }

    /// The demands on masters held against one, met or not.
    /// - Parameter master: with what lies beside it; see `Inspection.withXMP`.
    package func checks(on master: Inspection, at now: Date) -> [Check] {
        rules(at: now).filter { $0.of == .master }
            .flatMap { $0.checks(on: Measured(master: master)) }
    }
}

extension Profile.Rendition {
    func alterations(of version: Version) -> [Gate] {
        version.rights.alterations(by: recipe)
            .map { $0.gate(name, places[$0.key] ?? place) }
    }
}
