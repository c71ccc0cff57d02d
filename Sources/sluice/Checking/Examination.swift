internal import DryRun
internal import Export
internal import Foundation
internal import Model

/// What `sluice check FILE` has to say of a picture: what was measured, what it says of itself, and
/// what every channel would say to it. With `--json` this is the document.
struct Examination: Encodable {
    var file: String
    var sha256: ContentHash
    /// What it shows, where something declares it.
    var assets: [String]
    var measurement: Measurement
    var metadata: Metadata
    var licence: Licence
    /// Its product's record, by column; nil where no SKU is known, or none has one.
    var product: [String: String]?
    var channels: [Channel] = []
    /// Why intake would not even take it; nil: it would.
    var refused: Refused?
    var notes: [String] = []

    var passes: Bool { refused == nil && channels.allSatisfy { $0.verdict != .hold } }

    struct Refused: Encodable {
        var message: String
        var problems: [Problem]
        var advice: String
    }

    /// One profile's verdict.
    struct Channel: Encodable {
        enum Verdict: String, Encodable {
            case pass, hold
            /// It is retired, or has no place for what the picture shows.
            case notAsked = "not_asked"
        }

        var channel: String
        var title: String
        var state: String
        /// The profile's file.
        var profile: String
        /// Demands on the master itself.
        var checks: [Check] = []
        /// What closes the channel whatever the pixels.
        var gates: [Gate] = []
        var renditions: [Rendition] = []
        var verdict = Verdict.pass
    }

    struct Rendition: Encodable {
        var rendition: String
        /// Path of what was made, where it stays.
        var file: String?
        var receipt: Receipt?
        /// Every demand, met or not.
        var checks: [Check]
        /// What no check tells: that none could be made, or what the licence forbids.
        var gates: [Gate]
        var passes: Bool
        /// Settings of the profile with which this very picture would pass; nil: none was found, or none is
        /// needed.
        var passesWith: String?

        init(_ outcome: DryRun.Outcome) {
            rendition = outcome.rendition
            file = outcome.file
            receipt = outcome.receipt
            checks = outcome.checks
            gates = outcome.forbidden + [outcome.refusal].compactMap(\.self)
            passes = outcome.gates.isEmpty
        }
    }
}

extension Examination.Channel {
    mutating func judge() {
        let passes =
            gates.isEmpty && checks.allSatisfy(\.passed) && renditions.allSatisfy(\.passes)
        verdict = passes ? .pass : .hold
    }
}

extension Examination {
    /// The master's header and pixels.
    struct Measurement: Encodable {
        var format: ImageFormat
        var bytes: Int64
        var size: PixelSize
        var orientation: Int
        var pages: Int
        var bands: Int
        var bitsPerBand: Int
        var hasAlpha: Bool
        var ignoredChannels: Int?
        var space: String
        var hasProfile: Bool
        var profile: Inspection.Profile?
        /// What the file says its colours are where no profile does.
        var colors: String?
        /// Pixels per inch.
        var density: Double?
        /// Nil where the colours cannot be brought to sRGB without guessing.
        var pixels: PictureMeasurement?
        /// Shares of the picture that the product takes.
        var fill: Filled?

        struct Filled: Encodable {
            var side: Double
            var area: Double
        }

        init(_ master: DryRun.Master) {
            let inspection = master.inspection
            format = inspection.format
            bytes = master.bytes
            size = inspection.size
            orientation = inspection.orientation
            pages = inspection.pages
            bands = inspection.bands
            bitsPerBand = inspection.bitsPerBand
            hasAlpha = inspection.hasAlpha
            ignoredChannels = inspection.ignoredChannels
            space = inspection.space
            hasProfile = inspection.hasProfile
            profile = inspection.profile
            colors = inspection.colors
            density = inspection.metadata.density
            pixels = inspection.measurement
            if let side = pixels?.fill(.side), let area = pixels?.fill(.area) {
                fill = Filled(side: side, area: area)
            }
        }
    }
}
