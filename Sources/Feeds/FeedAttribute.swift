private import Model
private import XML

/// What a channel asks of one attribute of an item.
package struct FeedAttribute: Sendable {
    enum Kind: Sendable {
        /// Decides which product it is, so nothing may be dropped from it in silence.
        case identifier(most: Int)
        case text(most: Int)
        case address
        /// The address of a picture.
        case picture
        /// More than nothing: `19.99 EUR`
        case price
        /// May be nothing: `0.00 EUR`
        case amount
        case oneOf([String])
        case gtin
        case date
        /// Two dates with a slash between them.
        case dates
        case number
        /// A number and a unit.
        case measure
        /// Attributes of its own inside.
        case group([Part])
    }

    package struct Part: Sendable {
        package let name: String
        let kind: Kind
        package let isRequired: Bool

        init(_ name: String, _ kind: Kind, isRequired: Bool = false) {
            self.name = name
            self.kind = kind
            self.isRequired = isRequired
        }
    }

    let kind: Kind
    /// How often it may be given.
    package let most: Int

    package var isPicture: Bool { if case .picture = kind { true } else { false } }

    /// Nil where it is one text.
    package var parts: [Part]? { if case .group(let parts) = kind { parts } else { nil } }

    func fault(_ name: String, _ value: FeedValue) -> FeedFault? {
        switch (parts, value) {
        case (let parts?, .group(let fields)): return Self.group(name, fields, parts)
        case (let parts?, _):
            let names = parts.map(\.name).joined(separator: ", ")
            return FeedFault(name, .format, "'\(name)' is made of parts: \(names)")
        case (nil, .group):
            return FeedFault(name, .format, "'\(name)' is one text, and not made of parts")
        case (nil, _): return kind.fault(name, value.text ?? "")
        }
    }

    private static func group(
        _ name: String, _ fields: [FeedItem.Field], _ parts: [Part]
    ) -> FeedFault? {
        for field in fields where !field.value.isEmpty {
            guard let part = parts.first(where: { $0.name == field.name }) else {
                let guess = Spelling.nearest(to: field.name, among: parts.map(\.name))
                return FeedFault(
                    name, .unknown,
                    "'\(name)' has no part '\(field.name)'"
                        + (guess.map { "; did you mean '\($0)'?" } ?? ""))
            }
            let attribute = FeedAttribute(kind: part.kind, most: 1)
            if var fault = attribute.fault("\(name).\(part.name)", field.value) {
                fault.attribute = name
                return fault
            }
        }
        let missing = parts.first { part in
            part.isRequired && !fields.contains { $0.name == part.name && !$0.value.isEmpty }
        }
        return missing.map { FeedFault(name, .missing, "'\(name).\($0.name)' is missing") }
    }
}

extension FeedAttribute.Kind {
    fileprivate func fault(_ name: String, _ text: String) -> FeedFault? {
        switch self {
        case .identifier(let most):
            return Self.text(name, text, most) ?? Self.identifier(name, text)
        case .text(let most): return Self.text(name, text, most)
        case .address, .picture: return Self.address(name, text)
        case .price: return price(name, text)
        case .amount:
            return Self.isAmount(text)
                ? nil : format(name, text, "an amount such as '4.99 EUR'")
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
        // What is inside is asked one by one.
        case .group: return nil
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

    private static func text(_ name: String, _ text: String, _ most: Int) -> FeedFault? {
        let count = text.unicodeScalars.count
        guard count > most else { return nil }
        return FeedFault(
            name, .tooLong, "'\(name)' has \(count) characters; at most \(most) are allowed")
    }

    private static func identifier(_ name: String, _ text: String) -> FeedFault? {
        guard CleanText(text).dropped > 0 || text.contains(where: \.isNewline) else { return nil }
        return FeedFault(name, .characters, "'\(name)' holds characters that cannot be sent")
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

    private static func isPrice(_ text: String) -> Bool {
        isAmount(text) && text.utf8.contains { 0x31...0x39 ~= $0 }
    }

    /// A point and two decimals at most, a blank, three capital letters.
    private static func isAmount(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count == 3, parts[1].allSatisfy({ 0x41...0x5A ~= $0 })
        else { return false }
        let number = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return 1...2 ~= number.count && 1...9 ~= number[0].count
            && (number.count == 1 || 1...2 ~= number[1].count)
            && number.joined().allSatisfy { 0x30...0x39 ~= $0 }
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
