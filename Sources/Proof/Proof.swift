// The proof sheet: one self-contained HTML page that shows a master and each of its renditions with
// what was measured drawn on them. A pure function of values: reads no file, asks no daemon, knows
// no image library. The page runs no script, loads nothing from anywhere, and holds foreign text
// only as text; which files to show and how they were judged is for the command to find out.

package import Foundation
package import Model

package struct ProofSheet: Sendable {
    /// The file or the SKU somebody asked about.
    package var subject: String
    package var madeAt: Date
    package var zone: TimeZone
    /// Name and version of who made it.
    package var program: String
    package var masters: [Master]
    /// What the sheet leaves out and why, for people.
    package var notes: [String]

    package init(
        subject: String, madeAt: Date, zone: TimeZone = .gmt, program: String,
        masters: [Master], notes: [String] = []
    ) {
        self.subject = subject
        self.madeAt = madeAt
        self.zone = zone
        self.program = program
        self.masters = masters
        self.notes = notes
    }
}

extension ProofSheet {
    /// Bytes that any browser shows.
    package struct Picture: Sendable, Hashable {
        package var mediaType: String
        package var bytes: Data
        /// Of these bytes; a preview may be smaller than what it stands for.
        package var size: PixelSize
        /// Why this is a preview and not the file itself; nil: it is the file, byte for byte.
        package var note: String?

        package init(mediaType: String, bytes: Data, size: PixelSize, note: String? = nil) {
            self.mediaType = mediaType
            self.bytes = bytes
            self.size = size
            self.note = note
        }
    }

    package struct Master: Sendable {
        /// Path as it was found.
        package var name: String
        /// `SKU12345 front`, where a sidecar, a manifest or the name says so.
        package var asset: String?
        package var hash: ContentHash?
        package var bytes: Int64?
        package var inspection: Inspection?
        package var picture: Picture?
        /// Why nothing can be made of it.
        package var refusal: String?
        package var channels: [Channel]

        package init(
            name: String, asset: String? = nil, hash: ContentHash? = nil, bytes: Int64? = nil,
            inspection: Inspection? = nil, picture: Picture? = nil, refusal: String? = nil,
            channels: [Channel] = []
        ) {
            self.name = name
            self.asset = asset
            self.hash = hash
            self.bytes = bytes
            self.inspection = inspection
            self.picture = picture
            self.refusal = refusal
            self.channels = channels
        }
    }

    /// One master on one channel.
    package struct Channel: Sendable {
        package var name: String
        package var title: String
        package var state: String
        package var market: [String]
        /// The profile's file and revision.
        package var file: String
        package var revision: ContentHash
        /// File of the older profile it is held against.
        package var against: String?
        /// What is different from the older profile, in sentences; empty where nothing is.
        package var changes: [String]
        /// What keeps the picture off the channel whatever its pixels: approval, rights, a name.
        package var gates: [Gate]
        package var renditions: [Rendition]

        package init(
            name: String, title: String, state: String, market: [String] = [], file: String,
            revision: ContentHash, against: String? = nil, changes: [String] = [],
            gates: [Gate] = [], renditions: [Rendition] = []
        ) {
            self.name = name
            self.title = title
            self.state = state
            self.market = market
            self.file = file
            self.revision = revision
            self.against = against
            self.changes = changes
            self.gates = gates
            self.renditions = renditions
        }
    }

    /// One rendition of a profile, and of the older profile where there is one.
    package struct Rendition: Sendable {
        package var name: String
        /// Where it would go.
        package var placements: [Placement]
        /// Nil: the profile has no such rendition any more.
        package var now: Outcome?
        /// Nil where there is nothing to compare.
        package var before: Outcome?

        package init(
            name: String, placements: [Placement] = [], now: Outcome?, before: Outcome? = nil
        ) {
            self.name = name
            self.placements = placements
            self.now = now
            self.before = before
        }
    }

    package struct Placement: Sendable, Hashable {
        package var slot: String
        /// The remote name; nil while it cannot be known.
        package var name: String?

        package init(slot: String, name: String?) {
            self.slot = slot
            self.name = name
        }
    }

    /// What came of a recipe.
    package struct Outcome: Sendable {
        /// The part of the border that the profile makes a demand on.
        package struct Border: Sendable, Hashable {
            /// Of the shorter side.
            package var share: Double
            /// Largest distance from the background colour, 0 to 255.
            package var tolerance: Int

            package init(share: Double, tolerance: Int) {
                self.share = share
                self.tolerance = tolerance
            }
        }

        package var recipe: Recipe
        package var border: Border?
        package var picture: Picture?
        /// Nil where no file could be made.
        package var receipt: Receipt?
        package var checks: [Check]
        /// Why there is no file.
        package var refusal: String?

        package init(
            recipe: Recipe, border: Border? = nil, picture: Picture? = nil,
            receipt: Receipt? = nil, checks: [Check] = [], refusal: String? = nil
        ) {
            self.recipe = recipe
            self.border = border
            self.picture = picture
            self.receipt = receipt
            self.checks = checks
            self.refusal = refusal
        }

        /// A file was made and no demand is broken.
        package var passes: Bool {
            receipt != nil && refusal == nil && checks.allSatisfy(\.passed)
        }
    }
}

extension ProofSheet {
    /// The whole page.
    package func html() -> String { SheetPage(sheet: self).document() }
}
