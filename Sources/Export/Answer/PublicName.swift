import Foundation
import Model
import Profiles

/// A name on a channel as people come by it: copied from `sluice live`, from a browser (encoded), or
/// only its last part.
struct PublicName {
    /// What it may mean: a channel (nil: any) and a name there.
    let readings: [(channel: String?, name: String)]
    /// Its last part, where an address is below no channel's: a shop may have another host in front.
    let leaf: String?

    init(_ text: String, on profiles: [Profile]) {
        let plain = text.removingPercentEncoding ?? text
        guard let scheme = plain.range(of: "://") else {
            (readings, leaf) = ([(nil, plain)], nil)
            return
        }
        let address = plain.prefix { $0 != "?" && $0 != "#" }
        readings = profiles.flatMap { profile in
            Set(profile.publicPlaces).compactMap { place -> (String?, String)? in
                let place = place.removingPercentEncoding ?? place
                guard address.lowercased().hasPrefix(place.lowercased()) else { return nil }
                return (profile.channel, String(address.dropFirst(place.count)))
            }
        }
        leaf = address[scheme.upperBound...].split(separator: "/").last.map(String.init)
    }
}

extension Profile {
    /// What stands before a name in an address: the public one first.
    var publicPlaces: [String] { [publicBase, address?.description].compactMap(\.self) }
}
