import Model
private import XML

/// What Google's product data specification asks of one attribute (support.google.com/merchants,
/// answer 7052112, and products_common.proto in googleapis/googleapis; seen November 2026).
struct GoogleAttribute: Sendable {
    enum Kind: Sendable {
        case text(most: Int)
        case address
        /// `19.99 EUR`
        case price
        case oneOf([String])
        case gtin
        case date
        /// Two dates with a slash between them.
        case dates
        case number
        /// A number and a unit.
        case measure
    }

    let kind: Kind
    /// How often it may be given.
    let most: Int

    static let required = [
        "id", "title", "description", "link", "image_link", "price", "availability",
    ]

    func fault(_ field: FeedItem.Field) -> FeedFault? {
        let (name, text) = (field.name, field.text)
        switch kind {
        case .text(let most): return Self.text(name, text, most)
        case .address: return Self.address(name, text)
        case .price: return price(name, text)
        case .oneOf(let words):
            guard !words.contains(text) else { return nil }
            return FeedFault(
                name, .notListed,
                "'\(name)' is '\(text.excerpt)'; it must be \(words.joined(separator: ", "))")
        case .gtin: return Self.gtin(name, text)
        case .date:
            return Self.isDate(text) ? nil : format(name, text, "a date such as '2026-11-21'")
        case .dates:
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            return parts.count == 2 && parts.allSatisfy(Self.isDate)
                ? nil : format(name, text, "two dates such as '2026-11-21/2026-12-24'")
        case .number:
            return text.wholeMatch(of: /\d{1,9}/) == nil
                ? format(name, text, "a whole number") : nil
        case .measure:
            return text.wholeMatch(of: /\d{1,9}(\.\d{1,6})? ?[A-Za-z]{1,8}/) == nil
                ? format(name, text, "a number and a unit such as '1.5 kg'") : nil
        }
    }

    private func price(_ name: String, _ text: String) -> FeedFault? {
        if Self.isPrice(text) { return nil }
        // Well-formed otherwise: the sum is what is wrong.
        if Self.isPrice("1" + text) {
            return FeedFault(
                name, .format, "'\(name)' is '\(text.excerpt)'; it must be more than 0")
        }
        return format(name, text, "a price such as '19.99 EUR'")
    }

    private func format(_ name: String, _ text: String, _ right: String) -> FeedFault {
        FeedFault(name, .format, "'\(name)' is '\(text.excerpt)', not \(right)")
    }

    /// An id decides which product it is, so nothing may be dropped from it in silence.
    private static func text(_ name: String, _ text: String, _ most: Int) -> FeedFault? {
        let count = text.unicodeScalars.count
        if count > most {
            return FeedFault(
                name, .tooLong, "'\(name)' has \(count) characters; at most \(most) are allowed")
        }
        if name == "id", CleanText(text).dropped > 0 || text.contains(where: \.isNewline) {
            return FeedFault(name, .characters, "'id' holds characters that cannot be sent")
        }
        return nil
    }

    private static func gtin(_ name: String, _ text: String) -> FeedFault? {
        GTIN.fault(in: text).map { fault in
            var code = FeedFault.Code.format
            if case .checkDigit = fault { code = .checkDigit }
            return FeedFault(name, code, "'\(name)' '\(text.excerpt)' \(fault)")
        }
    }

    /// RFC 3986 in ASCII, http or https, at most 2000 characters.
    private static func address(_ name: String, _ text: String) -> FeedFault? {
        guard text.utf8.count <= 2000 else {
            return FeedFault(
                name, .tooLong,
                "'\(name)' has \(text.utf8.count) characters; at most 2000 are allowed")
        }
        if !text.utf8.allSatisfy(isAddressByte) {
            let odd = text.unicodeScalars.first { !$0.isASCII || !isAddressByte(UInt8($0.value)) }
            return FeedFault(
                name, .characters,
                "'\(name)' '\(text.excerpt)' holds \(odd?.named ?? ""), "
                    + "which may not stand in an address")
        }
        guard hasHost(text), hasWholeEscapes(text) else {
            return FeedFault(
                name, .format, "'\(name)' '\(text.excerpt)' is not an http or https address")
        }
        return nil
    }

    /// Unreserved and reserved characters of RFC 3986, and the percent sign.
    private static func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23...0x3B, 0x3D, 0x3F...0x5B, 0x5D, 0x5F, 0x61...0x7A, 0x7E: true
        default: false
        }
    }

    /// `https://` and a host without user name.
    private static func hasHost(_ text: String) -> Bool {
        let lower = text.prefix(8).lowercased()
        guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else {
            return false
        }
        // Up to a slash, question mark or number sign; then no at sign and no brackets.
        let host = text.utf8.dropFirst(scheme.utf8.count)
            .prefix { $0 != 0x2F && $0 != 0x3F && $0 != 0x23 }
        return !host.isEmpty && host.allSatisfy { $0 != 0x40 && $0 != 0x5B && $0 != 0x5D }
    }

    /// Every percent sign is followed by two hexadecimal digits.
    private static func hasWholeEscapes(_ text: String) -> Bool {
        !text.utf8.contains(UInt8(ascii: "%"))
            || text.firstMatch(of: /%(?![0-9A-Fa-f]{2})/) == nil
    }

    /// More than nothing, a point and two decimals at most, a blank, three capital letters.
    private static func isPrice(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count == 3, parts[1].allSatisfy({ 0x41...0x5A ~= $0 })
        else { return false }
        let number = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return 1...2 ~= number.count && 1...9 ~= number[0].count
            && (number.count == 1 || 1...2 ~= number[1].count)
            && number.joined().allSatisfy { 0x30...0x39 ~= $0 }
            && number.joined().contains { $0 != 0x30 }
    }

    private static func isDate(_ text: some StringProtocol) -> Bool {
        let date = /\d{4}-[01]\d-[0-3]\d(T[0-2]\d:[0-5]\d(:[0-5]\d)?(Z|[+-][0-2]\d:?[0-5]\d))?/
        return Substring(text).wholeMatch(of: date) != nil
    }
}

extension String {
    /// Enough of a text to know it again.
    fileprivate var excerpt: String { count > 60 ? prefix(60) + "…" : self }
}

extension Unicode.Scalar {
    /// `'ä'`, or `U+0007` where it could not be seen.
    fileprivate var named: String {
        if properties.isAlphabetic || properties.isEmoji { return "'\(self)'" }
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
