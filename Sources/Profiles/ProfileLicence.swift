package import Foundation
package import Model

// A channel's use of a picture, as its licence is asked about it.
extension Profile {
    /// - Parameter deeds: what is done to the picture.
    package func use(_ deeds: [IntendedUse.Deed] = []) -> IntendedUse {
        var channel = IntendedUse.Channel(
            name: channel, markets: market, audiences: select.audiences, file: file)
        channel.marketPlace = places["market"]
        channel.audiencePlace = select.places["audience"]
        return IntendedUse(on: channel, deeds: deeds, zone: zone)
    }

    /// Whatever is made of it.
    package func licence(of version: Version, at now: Date) -> Licence {
        version.licence(for: use(), at: now)
    }

    /// To be made into a rendition.
    package func licence(of version: Version, as rendition: Rendition, at now: Date) -> Licence {
        version.licence(for: use(rendition.deeds), at: now)
    }

    /// Of what is there, or on its way: by how that file was made.
    /// - Returns: nil: the version is unknown.
    package func licence(
        of version: Int64, as key: ContentHash?, in state: SKUState, at now: Date
    ) -> Licence? {
        let alterations = key.flatMap { state.recipes[$0] }?.alterations ?? []
        return state.version(version)?
            .licence(for: use(alterations.map { IntendedUse.Deed($0) }), at: now)
    }
}

extension Profile.Rendition {
    fileprivate var deeds: [IntendedUse.Deed] {
        recipe.alterations.map {
            IntendedUse.Deed($0, by: name, at: places[$0.key] ?? place)
        }
    }
}

extension Alteration {
    /// The profile's key that asks for it; for what no recipe does, none.
    fileprivate var key: String {
        switch self {
        case .crop: "fit"
        case .retouch: "background"
        case .colorize, .decolorize: "color"
        case .merge, .flip: ""
        }
    }
}
