package import Foundation

/// What somebody means to do with a version: show it on a channel, and alter it for that.
package struct IntendedUse: Hashable, Sendable {
    /// Where it is shown, to whom, and where a profile says so.
    package struct Channel: Hashable, Sendable {
        package var name: String
        /// Codes such as `DE` or `EU`; a licence must cover all of them. Empty: everywhere.
        package var markets: [String]
        package var audiences: [String]
        /// The profile's file, and the places in it where markets and audiences stand.
        package var file: String
        package var marketPlace: Place?
        package var audiencePlace: Place?

        package init(name: String, markets: [String], audiences: [String], file: String) {
            self.name = name
            self.markets = markets
            self.audiences = audiences
            self.file = file
        }
    }

    /// Something done to the picture.
    package struct Deed: Hashable, Sendable {
        package var alteration: Alteration
        /// Who does it; nil: a file that is there already was made so.
        package var rendition: String?
        package var place: Place?

        package init(_ alteration: Alteration, by rendition: String? = nil, at place: Place? = nil)
        {
            self.alteration = alteration
            self.rendition = rendition
            self.place = place
        }
    }

    /// Nil: nowhere in particular. Only what holds everywhere is asked then.
    package var channel: Channel?
    package var deeds: [Deed]
    /// For dates in what is said.
    package var zone: TimeZone

    package init(on channel: Channel? = nil, deeds: [Deed] = [], zone: TimeZone) {
        self.channel = channel
        self.deeds = deeds
        self.zone = zone
    }
}
