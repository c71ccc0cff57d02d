internal import DryRun
internal import Export
internal import Foundation
internal import Model

extension Examination {
    /// What the picture and the `.xmp` beside it say.
    struct Metadata: Encodable {
        struct Said: Encodable, Hashable {
            var text: String
            /// `picture`, or the name of the `.xmp`.
            var source: String
        }

        // Of each the first counts, the others are told beside it; of dates, constraints and
        // product codes all count.
        var title: [Said]
        var digitalSourceType: [Said]
        var usageTerms: [Said]
        var copyright: [Said]
        var credit: [Said]
        var creator: [Said]
        var usableFrom: [Said]
        var usableUntil: [Said]
        /// Codes of plus:ImageAlterationConstraints.
        var constraints: [Said]
        var gtins: [Said]
        /// What is never sent on: `gps`, `serial_number`, `thumbnail`.
        var holds: [String]
        /// What could not be read.
        var problems: [String]

        init(_ master: DryRun.Master) {
            let inside = master.inspection.metadata
            let name = master.xmp.map { URL(fileURLWithPath: $0).lastPathComponent }
            let sources = [(master.xmpMetadata, name ?? "xmp"), (inside, "picture")]
            func all(_ texts: (PictureMetadata) -> [String]) -> [Said] {
                var all: [Said] = []
                for case (let found?, let source) in sources {
                    for text in texts(found) where !all.contains(where: { $0.text == text }) {
                        all.append(Said(text: text, source: source))
                    }
                }
                return all
            }
            func kept(_ field: KeptField) -> [Said] {
                all { [$0.kept[field.rawValue]].compactMap(\.self) }
            }
            title = all { [$0.title].compactMap(\.self) }
            digitalSourceType = kept(.digitalSourceType)
            usageTerms = kept(.usageTerms)
            copyright = kept(.copyright)
            credit = kept(.credit)
            creator = kept(.creator)
            usableFrom = all(\.usableFrom)
            usableUntil = all(\.usableUntil)
            constraints = all(\.constraints)
            gtins = all(\.gtins)
            holds = [
                inside.hasPosition ? "gps" : nil, inside.hasSerialNumber ? "serial_number" : nil,
                inside.hasThumbnail ? "thumbnail" : nil,
            ].compactMap(\.self)
            problems =
                inside.problems + (master.xmpMetadata?.problems ?? [])
                + [master.xmpFault].compactMap(\.self)
        }
    }

    /// What may be done with the picture: what is declared, narrowed by what it says itself.
    struct Licence: Encodable {
        enum State: String, Encodable {
            case open
            case notYet = "not_yet"
            case ended
            /// Something is to restrict the use, and nobody can understand what.
            case unclear
        }

        var state: State
        var from: Date?
        var until: Date?
        /// It is the picture's own word, or its `.xmp`'s.
        var fromInside: Bool
        var untilInside: Bool
        var markets: [String]?
        var notOn: [String]
        /// `cropped`, `retouched` ...
        var mustNotBe: [String]
        var unreadable: [String]
        /// Why nobody can know what the `.xmp` beside it says; nil: there is none, or it was read.
        var fault: String?
        /// Why what is in the picture is set aside; nil: it is not.
        var overriddenBecause: String?
        /// In which bare dates were meant.
        var zone: String

        /// - Parameter version: with the rights that count.
        init(_ version: Version, zone: TimeZone, at now: Date) {
            let rights = version.rights
            self.zone = zone.identifier
            from = rights.from
            until = rights.until
            fromInside = rights.beginsInside
            untilInside = rights.endsInside
            markets = rights.markets
            notOn = rights.notOn
            mustNotBe = Alteration.allCases.filter {
                rights.forbidden.contains($0) || $0 == .crop && rights.noCrop
            }.map(\.done)
            unreadable = rights.unreadable
            overriddenBecause = rights.overridesEmbedded ? rights.because ?? "" : nil
            fault = version.xmpFault
            state = State(version.licence(for: IntendedUse(zone: zone), at: now))
        }
    }
}

extension Examination.Licence.State {
    /// Wherever it were used.
    fileprivate init(_ licence: Licence) {
        if licence.has(.ended) {
            self = .ended
        } else if licence.has(.notYet) {
            self = .notYet
        } else {
            self = licence.has(.unclear) ? .unclear : .open
        }
    }
}

extension Alteration {
    fileprivate var done: String {
        switch self {
        case .crop: "cropped"
        case .retouch: "retouched"
        case .colorize: "given colour"
        case .decolorize: "made grey"
        case .merge: "merged with others"
        case .flip: "flipped"
        }
    }
}
