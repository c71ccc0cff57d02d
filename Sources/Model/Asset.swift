// The words of the field as values: what a picture is, who approved it, where it may be used.
// Nothing here reads a file, asks the clock or knows a library.

package import Foundation

/// SHA-256 of some bytes, as 64 lower-case hexadecimal digits. Names masters and renditions.
package struct ContentHash: RawRepresentable, Hashable, Codable, Sendable, Comparable,
    CustomStringConvertible
{
    package let rawValue: String

    /// Nil unless `rawValue` is exactly 64 hexadecimal digits; upper case is folded.
    package init?(rawValue: String) {
        guard rawValue.utf8.count == 64, rawValue.utf8.allSatisfy(Self.isHexDigit) else {
            return nil
        }
        self.rawValue = rawValue.lowercased()
    }

    package var description: String { rawValue }

    /// The first 16 digits: `{hash}` in a name, and enough for a person to compare.
    package var short: String { String(rawValue.prefix(Self.shortLength)) }

    package static let shortLength = 16

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}

/// The picture as an idea: (sku, view, number, variant); `detail-2` is view detail, number 2.
package struct Asset: Hashable, Codable, Sendable, Comparable, CustomStringConvertible {
    package var sku: String
    package var view: String
    package var number: Int
    package var variant: String

    package init(sku: String, view: String, number: Int = 1, variant: String = "") {
        self.sku = sku
        self.view = view
        self.number = number
        self.variant = variant
    }

    /// `front`, `detail-2`, `front (red)`.
    package var viewText: String {
        let numbered = number == 1 ? view : "\(view)-\(number)"
        return variant.isEmpty ? numbered : "\(numbered) (\(variant))"
    }

    package var description: String { "\(sku) \(viewText)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.sku, left.view, left.number, left.variant)
            < (right.sku, right.view, right.number, right.variant)
    }
}

/// Who approved which bytes, when. Orders the versions of an asset; arrival never does.
package struct Approval: Hashable, Codable, Sendable {
    package var by: String
    package var at: Date
    package var seq: Int
    /// The bytes that were approved; nil binds to the first bytes seen with this (by, at).
    package var sha256: ContentHash?

    package init(by: String, at: Date, seq: Int = 0, sha256: ContentHash? = nil) {
        self.by = by
        self.at = at
        self.seq = seq
        self.sha256 = sha256
    }
}

/// The window and the markets in which a version may be used.
package struct Rights: Hashable, Codable, Sendable {
    /// First instant of use; nil: from ever.
    package var from: Date?
    /// First instant after use; nil: without end. A bare date in a file was that whole day, so
    /// this is the following midnight in the configured zone.
    package var until: Date?
    /// Market codes such as `DE` or `EU`; nil: everywhere.
    package var markets: [String]?
    /// Channels on which the version may not be used.
    package var notOn: [String]
    package var noCrop: Bool
    /// True when dates beside the picture override dates inside it, for the reason given.
    package var overridesEmbedded: Bool
    package var because: String?
    /// What is forbidden doing to the picture, as it says itself; see `narrowed`. Found anew each
    /// time, so never stored.
    package var forbidden: Set<Alteration> = []
    /// `from` and `until` are the picture's own words, rather than those beside it.
    package var beginsInside = false
    package var endsInside = false
    /// What the picture says of its use and nobody can understand. Never stored either.
    package var unreadable: [String] = []

    private enum CodingKeys: String, CodingKey {
        case from, until, markets, notOn, noCrop, overridesEmbedded, because
    }

    package init(
        from: Date? = nil, until: Date? = nil, markets: [String]? = nil, notOn: [String] = [],
        noCrop: Bool = false, overridesEmbedded: Bool = false, because: String? = nil
    ) {
        self.from = from
        self.until = until
        self.markets = markets
        self.notOn = notOn
        self.noCrop = noCrop
        self.overridesEmbedded = overridesEmbedded
        self.because = because
    }

    /// What both allow.
    package func narrowed(by other: Rights) -> Rights {
        var both = self
        both.from = [from, other.from].compactMap(\.self).max()
        both.until = [until, other.until].compactMap(\.self).min()
        both.markets = Market.common(markets, other.markets)
        both.notOn += other.notOn.filter { !notOn.contains($0) }
        both.noCrop = noCrop || other.noCrop
        both.overridesEmbedded = overridesEmbedded && other.overridesEmbedded
        return both
    }
}

/// What a sidecar or a manifest says about one file, before anybody has looked at the pixels.
package struct Declaration: Hashable, Codable, Sendable {
    /// One picture may serve several SKUs: one asset each.
    package var assets: [Asset]
    package var kind: String
    package var audience: String
    package var season: String?
    package var tags: [String]
    package var approval: Approval?
    package var rights: Rights
    package var withdrawn: Withdrawal?
    /// What to keep in sight when a frame is cut.
    package var focus: Focus?
    /// Declared by the producer: size in bytes and hash; intake compares.
    package var bytes: Int64?
    package var sha256: ContentHash?
    /// What it was read from.
    package var documents: Set<Document> = [.sidecar]

    package enum Document: String, Codable, Sendable { case sidecar, manifest }

    /// Nothing but the file's name speaks: it says what the picture shows, and is silent on all else.
    package var isByName: Bool { documents.isEmpty }

    package init(
        assets: [Asset], kind: String = "image", audience: String = "public",
        season: String? = nil, tags: [String] = [], approval: Approval? = nil,
        rights: Rights = Rights(), withdrawn: Withdrawal? = nil, bytes: Int64? = nil,
        sha256: ContentHash? = nil
    ) {
        self.assets = assets
        self.kind = kind
        self.audience = audience
        self.season = season
        self.tags = tags
        self.approval = approval
        self.rights = rights
        self.withdrawn = withdrawn
        self.bytes = bytes
        self.sha256 = sha256
    }
}

package struct Withdrawal: Hashable, Codable, Sendable {
    package var at: Date
    package var because: String

    package init(at: Date, because: String) {
        self.at = at
        self.because = because
    }
}

/// A master approved (or still waiting for approval) for an asset. Append-only in the ledger.
package struct Version: Hashable, Codable, Sendable, Identifiable {
    package var id: Int64
    package var asset: Asset
    package var master: ContentHash
    package var kind: String
    package var audience: String
    package var season: String?
    package var tags: [String]
    package var approval: Approval?
    /// Set when an approval is present but does not hold.
    package var approvalFault: ApprovalFault?
    package var rights: Rights
    package var withdrawn: Withdrawal?
    /// Channels a person withdrew it from.
    package var barred: [String: Withdrawal] = [:]
    /// Where its bytes lie now, as far as anybody knows; nil: nowhere any more.
    package var file: String?
    /// When its approval was first seen; where it has none, when its bytes were.
    package var arrived = Date.distantPast
    /// What the sidecar says to keep in sight when a frame is cut.
    package var focus: Focus?
    /// What the `.xmp` beside the master says.
    package var xmpMetadata: PictureMetadata?
    /// Why that cannot be known: the `.xmp` is unreadable. A sentence for people.
    package var xmpFault: String?
    /// The same of other copies of it: all of them restrict.
    package var otherXMPMetadata: [PictureMetadata] = []

    package init(
        id: Int64, asset: Asset, master: ContentHash, kind: String = "image",
        audience: String = "public", season: String? = nil, tags: [String] = [],
        approval: Approval? = nil, approvalFault: ApprovalFault? = nil, rights: Rights = Rights(),
        withdrawn: Withdrawal? = nil
    ) {
        self.id = id
        self.asset = asset
        self.master = master
        self.kind = kind
        self.audience = audience
        self.season = season
        self.tags = tags
        self.approval = approval
        self.approvalFault = approvalFault
        self.rights = rights
        self.withdrawn = withdrawn
    }

    /// Order of versions: (seq, at, sha256). Versions without approval come first.
    package static func precedes(_ left: Version, _ right: Version) -> Bool {
        guard let first = left.approval else {
            return right.approval != nil || left.master < right.master
        }
        guard let second = right.approval else { return false }
        return (first.seq, first.at, left.master) < (second.seq, second.at, right.master)
    }

    /// Whatever its order: it came, or was approved, later than the other.
    package func cameAfter(_ other: Version) -> Bool {
        (other.arrived, other.id) < (arrived, id)
    }
}

/// A product record from the PIM, by declared columns.
package struct Product: Hashable, Codable, Sendable {
    package var sku: String
    /// Column name → text, the SKU column included.
    package var fields: [String: String]

    package init(sku: String, fields: [String: String]) {
        self.sku = sku
        self.fields = fields
    }
}
