/// What a channel asks of one attribute of an item.
package struct FeedAttribute: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// Decides which product it is, so nothing may be dropped from it in silence.
        case id
        case text
        case address
        /// The address of a picture.
        case picture
        /// More than nothing: `19.99 EUR`
        case price
        /// May be nothing: `0.00 EUR`
        case amount
        case gtin
        case date
        /// Two dates with a slash between them.
        case dates
        case number
        /// With a point and decimals, or without.
        case decimal
        /// The number of a price alone: `19.99`, more than nothing
        case plainPrice = "plain-price"
        /// A number and a unit.
        case measure
    }

    /// What an address may hold.
    package enum AddressForm: String, CaseIterable, Sendable {
        /// RFC 3986: what is not ASCII has to be percent-encoded already.
        case ascii
        /// What may not stand in an address is percent-encoded, and nothing twice.
        case encode
        /// As it is, other letters and all.
        case plain
        /// Percent-encoded letters are written as themselves.
        case decode
    }

    package struct Part: Sendable {
        package let name: String
        let attribute: FeedAttribute
        package var isRequired: Bool { attribute.isRequired }
    }

    var kind = Kind.text
    var isRequired = false
    /// How often it may be given.
    package var most = 1
    /// Characters at most, and bytes in UTF-8.
    var characters: Int?
    var bytes: Int?
    /// All it may say; empty: anything.
    var words: [String] = []
    /// Of the whole text, as Swift's `Regex` reads it.
    var pattern: String?
    var spelling = AddressForm.ascii
    /// The characters that it may have; nil: all.
    var charset: Charset?
    /// Done to the text before it is looked at.
    var clean: [TextFilter] = []
    /// Written in its place, where the document writes it among the others.
    var code: CodeTable?
    /// Attributes of its own inside; nil where it is one text.
    package var parts: [Part]?
    /// Codes that the document writes in its place: what has none cannot go out.
    var tables: [CodeTable] = []

    package var isPicture: Bool { parts == nil && kind == .picture }
    var isAddress: Bool { kind == .picture || kind == .address }

    func part(_ name: String) -> Int? { parts?.firstIndex { $0.name == name } }
}

/// A channel's own words for ours.
struct CodeTable: Sendable, Hashable {
    let name: String
    let codes: [String: String]
    /// For what is not in it; nil: such an item is left out.
    let otherwise: String?

    subscript(word: String) -> String? { codes[word] ?? otherwise }
}
