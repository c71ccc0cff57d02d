private import Model

// What a text of each kind has to look like.
extension FeedAttribute.Kind {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    func fault(_ name: String, _ text: Bytes, _ spelling: FeedAttribute.AddressForm) -> FeedFault? {
        switch self {
        case .id, .text: nil
        case .address, .picture: Self.address(name, text, spelling)
        case .price: Self.isPrice(text) ? nil : price(name, text)
        case .amount: Self.isAmount(text) ? nil : format(name, text, "an amount such as '4.99 EUR'")
        case .gtin: Self.gtin(name, String(decoding: text, as: UTF8.self))
        default: loose(name, text)
        }
    }

    /// Those that are rare.
    private func loose(_ name: String, _ text: Bytes) -> FeedFault? {
        let word = String(decoding: text, as: UTF8.self)
        switch self {
        case .date:
            return Self.isDate(word) ? nil : format(name, text, "a date such as '2026-11-21'")
        case .dates:
            let parts = word.split(separator: "/", omittingEmptySubsequences: false)
            return parts.count == 2 && parts.allSatisfy(Self.isDate)
                ? nil : format(name, text, "two dates such as '2026-11-21/2026-12-24'")
        case .number:
            return word.wholeMatch(of: /\d{1,9}/) == nil
                ? format(name, text, "a whole number") : nil
        case .decimal:
            return word.wholeMatch(of: /\d{1,9}(\.\d{1,6})?/) == nil
                ? format(name, text, "a number such as '19.99'") : nil
        case .measure:
            return word.wholeMatch(of: /\d{1,9}(\.\d{1,6})? ?[A-Za-z]{1,8}/) == nil
                ? format(name, text, "a number and a unit such as '1.5 kg'") : nil
        default: return nil
        }
    }

    private func price(_ name: String, _ text: Bytes) -> FeedFault {
        // Well-formed otherwise: the sum is what is wrong.
        if Self.isAmount(text) {
            let word = String(decoding: text, as: UTF8.self)
            return FeedFault(
                name, .format, "'\(name)' is '\(word.excerpt)'; it must be more than 0")
        }
        return format(name, text, "a price such as '19.99 EUR'")
    }

    private func format(_ name: String, _ text: Bytes, _ right: String) -> FeedFault {
        let word = String(decoding: text, as: UTF8.self)
        return FeedFault(name, .format, "'\(name)' is '\(word.excerpt)', not \(right)")
    }

    private static func gtin(_ name: String, _ text: String) -> FeedFault? {
        GTIN.fault(in: text).map { fault in
            var code = FeedFault.Code.format
            if case .checkDigit = fault { code = .checkDigit }
            return FeedFault(name, code, "'\(name)' '\(text.excerpt)' \(fault)")
        }
    }

    /// http or https, and in RFC 3986's letters where the channel wants that.
    private static func address(
        _ name: String, _ text: Bytes, _ spelling: FeedAttribute.AddressForm
    ) -> FeedFault? {
        let isPlain = spelling == .plain || spelling == .decode
        let fits = text.allSatisfy { AddressText.isAllowed($0) || isPlain && $0 >= 0x80 }
        if fits, AddressText.hasHost(text), AddressText.hasWholeEscapes(text) { return nil }
        let word = String(decoding: text, as: UTF8.self)
        guard fits else {
            let odd = word.unicodeScalars.first {
                $0.isASCII ? !AddressText.isAllowed(UInt8($0.value)) : !isPlain
            }
            return FeedFault(
                name, .characters,
                "'\(name)' '\(word.excerpt)' holds \(odd?.named ?? ""), "
                    + "which may not stand in an address")
        }
        return FeedFault(
            name, .format, "'\(name)' '\(word.excerpt)' is not an http or https address")
    }

    private static func isPrice(_ text: Bytes) -> Bool {
        isAmount(text) && text.contains { 0x31...0x39 ~= $0 }
    }

    /// A point and two decimals at most, a blank, three capital letters.
    private static func isAmount(_ text: Bytes) -> Bool {
        guard text.count >= 5, text[text.count - 4] == UInt8(ascii: " "),
            text.suffix(3).allSatisfy({ 0x41...0x5A ~= $0 })
        else { return false }
        let number = text[..<(text.count - 4)]
        let whole = number.prefix { 0x30...0x39 ~= $0 }
        guard 1...9 ~= whole.count else { return false }
        guard whole.count < number.count else { return true }
        let decimals = number[(whole.endIndex + 1)...]
        return number[whole.endIndex] == UInt8(ascii: ".") && 1...2 ~= decimals.count
            && decimals.allSatisfy { 0x30...0x39 ~= $0 }
    }

    private static func isDate(_ text: some StringProtocol) -> Bool {
        let date = /\d{4}-[01]\d-[0-3]\d(T[0-2]\d:[0-5]\d(:[0-5]\d)?(Z|[+-][0-2]\d:?[0-5]\d))?/
        return Substring(text).wholeMatch(of: date) != nil
    }
}

extension Unicode.Scalar {
    /// `'ä'`, or `U+0007` where it could not be seen.
    fileprivate var named: String {
        if properties.isAlphabetic || properties.isEmoji { return "'\(self)'" }
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
