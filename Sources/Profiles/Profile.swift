// The profile language and the want function: what a channel accepts, and which renditions of
// which versions belong on it at a given moment. Everything here is a pure function of values:
// nothing asks the clock, opens an image or knows the ledger. Reading a profile gives either a
// complete one or every mistake in it; doing something about a want is Export's business.

package import Feeds
package import Foundation
package import Model
package import Transports

/// One channel, as its file says it, with nothing left to inherit or resolve.
package struct Profile: Sendable {
    package enum State: String, Sendable, CaseIterable {
        /// Check, plan and proof only.
        case draft
        case live
        /// Take everything down again.
        case retired
    }

    package enum Supersede: String, Sendable, CaseIterable {
        /// The older version stays until the newer one passes this channel.
        case whenPassed = "when-passed"
        case atOnce = "at-once"
    }

    package var channel: String
    package var title: String
    package var state: State
    package var file: String
    /// The file as it was loaded.
    package var text: String
    /// Of the meaning: the same for a file with other comments, quotes or order of keys.
    package var revision: ContentHash
    /// Codes such as `DE` or `EU`; a licence must cover all of them. Empty: everywhere.
    package var market: [String]
    package var select: Select
    package var slots: [Slot]
    package var renditions: [String: Rendition]
    package var rules: [Rule]
    /// Nil only for a draft.
    package var destination: Destination?
    /// How long a superseded file stays after its successor and the edition are confirmed.
    package var oldStays: TimeInterval
    package var supersede: Supersede
    /// Send this many, then wait for `sluice resume`.
    package var first: Int?
    package var feed: Feed?
    /// Whose crawler fetches the pictures, to be tried as he would; nil: nobody is tried.
    package var fetch: Fetch?
    package var limits: Limits
    package var tests: [ProfileTest]
    /// Table → view → code, for `{view|gs1}`.
    package var codes: [String: [String: String]]
    /// Where bare dates begin and end; also for dates in messages.
    package var zone: TimeZone
    /// Of `channel` and `market`, where gates and notes point at them.
    package var places: [String: Place]

    /// How long something stays that is not wanted any more: not at all where everything goes.
    package var lingers: TimeInterval { state == .retired ? 0 : oldStays }

    /// What of the company's material belongs on the channel at all.
    package struct Select: Sendable, Hashable {
        package var kinds: [String]
        package var audiences: [String]
        /// Product column → the values it may have.
        package var product: [String: [String]]
        /// Of `kind`, `audience` and `product.COLUMN`, where they are written.
        package var places: [String: Place]
    }

    /// A sample of what is live is fetched as the channel's crawler would.
    package struct Fetch: Sendable, Hashable {
        /// The name he goes by.
        package var agent: String
        /// Files a day.
        package var daily: Int
    }

    /// A named place a product has on the channel.
    package struct Slot: Sendable {
        package var name: String
        /// In the order of positions.
        package var views: [String]
        /// False: only the first of the present assets.
        package var takesAll: Bool
        package var max: Int?
        package var required: Bool
        package var rendition: String
        package var template: Template
        package var place: Place
        /// Of `view`, `take`, `max`, `name`.
        package var places: [String: Place]
    }

    /// One kind of file made from a master for this channel.
    package struct Rendition: Sendable {
        package var name: String
        package let recipe: Recipe
        private let encoded: EncodedRecipe
        /// Demand on the border of the encoded file; nil: none.
        package var ring: Ring?
        /// Largest mean CIEDE2000 between master and rendition; nil: no demand.
        package var maxShift: Double?
        package var place: Place
        /// Of each key (`size`, `background.ring`); in another file where `like` brought it in.
        package var places: [String: Place]

        package init(
            name: String, recipe: Recipe, ring: Ring?, maxShift: Double? = nil, place: Place,
            places: [String: Place]
        ) {
            self.name = name
            self.recipe = recipe
            encoded = EncodedRecipe(recipe)
            self.ring = ring
            self.maxShift = maxShift
            self.place = place
            self.places = places
        }

        /// Names the file made from this version's master, before it exists.
        /// - Parameter inspection: nil where nobody has looked yet.
        package func key(_ version: Version, _ inspection: Inspection?) -> ContentHash {
            encoded.key(
                master: version.master, particulars: particulars(version, inspection))
        }

        /// What of the picture itself goes into the rendition. What lies beside it counts before
        /// what is in it.
        package func particulars(_ version: Version, _ inspection: Inspection?) -> RenditionInputs {
            var particulars = RenditionInputs()
            if recipe.fit == .cover, recipe.anchor == .focus { particulars.focus = version.focus }
            for field in recipe.keep {
                particulars.kept[field.rawValue] =
                    version.xmpMetadata?.kept[field.rawValue]
                    ?? inspection?.metadata.kept[field.rawValue]
            }
            return particulars
        }

        package struct Ring: Sendable, Hashable {
            /// One of `Receipt.Ring.shares`.
            package var share: Double
            /// Largest distance from the background colour, 0 to 255.
            package var tolerance: Int
        }
    }

    /// Guards on taking away and replacing, beyond which a person must agree.
    package struct Limits: Sendable, Hashable {
        /// Shares of what the channel holds, 0 to 1.
        package var withdraw = 0.1
        package var replace = 0.1
        /// Below this number the shares do not bind.
        package var atLeast = 20
        /// Seconds over which withdrawals and replacements are counted.
        package var per: TimeInterval = 86_400

        package init() {}
    }
}

extension Profile {
    /// Where the files lie; nil only for a draft.
    package var address: DestinationAddress? { destination?.address }

    /// What it allows that should not go unseen.
    package var cautions: [String] {
        let places = [destination, feed?.destination].compactMap(\.self)
        return places.flatMap(\.options.cautions).reduce(into: []) { all, caution in
            if !all.contains(caution) { all.append(caution) }
        }
    }
}

/// What a profile may refer to outside itself.
package struct Vocabulary: Sendable {
    package var views: [(name: String, aliases: [String])]
    package var zone: TimeZone
    /// Declared columns of the product table; empty: unknown, so any is allowed.
    package var productColumns: [String]
    package var transports: TransportRegistry
    /// Of feeds.
    package var formats: FeedFormats
    /// A revision that was in force is read again: what was not asked of it then is not asked now.
    package var isRecalling = false

    package init(
        views: [(name: String, aliases: [String])], zone: TimeZone, productColumns: [String] = [],
        transports: TransportRegistry = .standard, formats: FeedFormats = .shipped
    ) {
        self.views = views
        self.zone = zone
        self.productColumns = productColumns
        self.transports = transports
        self.formats = formats
    }
}
