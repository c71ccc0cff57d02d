/// What XMP, IPTC and EXIF say, in the picture or in the `.xmp` beside it. All texts are foreign:
/// cut to `longest` characters, control characters removed.
package struct PictureMetadata: Hashable, Codable, Sendable {
    package static let longest = 2000

    /// `KeptField` → text.
    package var kept: [String: String] = [:]
    /// As written: an instant or a bare date, `2026-03-31`, whose meaning needs the configured
    /// zone. Several where several fields speak: the narrowest wins.
    package var usableFrom: [String] = []
    package var usableUntil: [String] = []
    /// Codes of plus:ImageAlterationConstraints: `AL-CRP`, `AL-RET`, `AL-CLR`, `AL-MRG`.
    package var constraints: [String] = []
    package var gtins: [String] = []
    package var title: String?
    package var hasPosition = false
    package var hasSerialNumber = false
    package var hasThumbnail = false
    /// Pixels per inch, as the file claims.
    package var density: Double?
    /// What could not be read, for people; the rest counts all the same.
    package var problems: [String] = []

    package init() {}

    /// Within what is promised above. False for what a worker says that somebody else has taken
    /// over.
    package var isBounded: Bool {
        let lists = [usableFrom, usableUntil, constraints, gtins, problems]
        guard lists.allSatisfy({ $0.count <= 64 }),
            kept.keys.allSatisfy({ KeptField(rawValue: $0) != nil })
        else { return false }
        let texts = lists.joined() + Array(kept.values) + [title].compactMap(\.self)
        return texts.allSatisfy { text in
            text.unicodeScalars.count <= Self.longest
                && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        }
    }
}
