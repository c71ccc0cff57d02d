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
            let filling = gatekeeper.filling(version, slot, position: index + 1, key: key)
            return Placement(
                slot: slot.name, rendition: rendition.name, name: try? filling.name(slot.template))
        }
    }
}
