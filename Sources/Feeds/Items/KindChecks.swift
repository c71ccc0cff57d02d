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
        case .plainPrice: plainPrice(name, text)
        case .gtin: Self.gtin(name, text)
        default: loose(name, text)
        }
    }

    /// Those of which only the shape is asked.
    private func loose(_ name: String, _ text: Bytes) -> FeedFault? {
        var scan = TextScan(text)
        let (fits, right) =
            switch self {
            case .date: (scan.date() && scan.isAtEnd, "a date such as '2026-11-21'")
            case .dates:
                (
                    scan.date() && scan.one(of: "/") && scan.date() && scan.isAtEnd,
                    "two dates such as '2026-11-21/2026-12-24'"
                )
            case .number: (scan.digits(1...9) && scan.isAtEnd, "a whole number")
            case .decimal: (scan.number(decimals: 6) && scan.isAtEnd, "a number such as '19.99'")
            case .measure:
                (
                    scan.number(decimals: 6) && scan.maybe(" ") && scan.letters(1...8)
                        && scan.isAtEnd, "a number and a unit such as '1.5 kg'"
                )
            default: (true, "")
            }
        return fits ? nil : format(name, text, right)
    }

    private func price(_ name: String, _ text: Bytes) -> FeedFault {
        // Well-formed otherwise: the sum is what is wrong.
        if Self.isAmount(text) { return free(name, text) }
        return format(name, text, "a price such as '19.99 EUR'")
    }

    private func plainPrice(_ name: String, _ text: Bytes) -> FeedFault? {
        var scan = TextScan(text)
        guard scan.number(decimals: 6), scan.isAtEnd else {
            return format(name, text, "a price such as '19.99'")
        }
        guard !text.contains(where: { 0x31...0x39 ~= $0 }) else { return nil }
        return free(name, text)
    }

    private func free(_ name: String, _ text: Bytes) -> FeedFault {
        let word = String(decoding: text, as: UTF8.self)
        return FeedFault(name, .format, "'\(name)' is '\(word.excerpt)'; it must be more than 0")
    }

    private func format(_ name: String, _ text: Bytes, _ right: String) -> FeedFault {
        let word = String(decoding: text, as: UTF8.self)
        return FeedFault(name, .format, "'\(name)' is '\(word.excerpt)', not \(right)")
    }

    private static func gtin(_ name: String, _ text: Bytes) -> FeedFault? {
        GTIN.fault(in: text).map { fault in
            var code = FeedFault.Code.format
            if case .checkDigit = fault { code = .checkDigit }
            let word = String(decoding: text, as: UTF8.self)
            return FeedFault(name, code, "'\(name)' '\(word.excerpt)' \(fault)")
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
    static func isAmount(_ text: Bytes) -> Bool {
        var scan = TextScan(text)
        return scan.number(decimals: 2) && scan.one(of: " ") && scan.capitals(3) && scan.isAtEnd
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
