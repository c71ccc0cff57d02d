/// What is done to a text before it is written. Works on bytes and into a buffer that is used again:
/// a feed has millions of texts.
enum TextFilter: Sendable, Hashable {
    /// The number of a price such as `19.99 EUR`, with so many decimals where that is said. A price
    /// in another currency than the one named stays as it is.
    case amount(comma: Bool, decimals: Int?, currency: Currency?)
    /// The last word of a price.
    case currency
    /// A decimal comma.
    case comma
    /// At most so many characters, or bytes, and no part of a word unless it stands alone.
    case cut(Int)
    case cutBytes(Int)
    case upper
    case lower
    /// Without HTML: tags go, entities become what they stand for.
    case strip
    case noEmoji
    /// White space of every kind becomes one blank.
    case oneLine
    /// `A > B > C` with something else between.
    case path(String)
    /// The last part of a path.
    case leaf
    case encode
    case decode
    case codes(CodeTable)
    /// The number that a path has in the document's table of categories.
    case category
    /// Only what the encoding has.
    case fit(Charset)
    /// A day or moment as this channel writes it.
    case date(DateForm)

    enum Currency: Sendable, Hashable {
        case code(String)
        /// What the profile says of the document's head.
        case head(String)
    }

    enum DateForm: String, CaseIterable, Sendable {
        /// `2026-11-30`, `2026-11-30 14:05`, `2026-11-30T14:05:00Z`
        case day, minute, moment
    }
}

extension TextFilter {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    func apply(_ text: Bytes, into out: inout [UInt8], categories: [String: Int]) {
        switch self {
        case .amount(let comma, let decimals, let currency):
            if let currency, let blank = text.lastIndex(of: UInt8(ascii: " ")),
                !text[(blank + 1)...].elementsEqual((currency.known ?? "").utf8)
            {
                return out.append(contentsOf: text)
            }
            Self.amount(text, comma, decimals, &out)
        case .currency:
            let start = text.lastIndex(of: UInt8(ascii: " ")).map { $0 + 1 } ?? text.endIndex
            out.append(contentsOf: text[start...])
        case .comma:
            for byte in text { out.append(byte == UInt8(ascii: ".") ? UInt8(ascii: ",") : byte) }
        case .cut(let most): out.append(contentsOf: text[..<Self.end(text, characters: most)])
        case .cutBytes(let most): out.append(contentsOf: text[..<Self.end(text, bytes: most)])
        case .upper: out.append(contentsOf: String(decoding: text, as: UTF8.self).uppercased().utf8)
        case .lower: out.append(contentsOf: String(decoding: text, as: UTF8.self).lowercased().utf8)
        case .strip: MarkupText.strip(text, into: &out)
        case .noEmoji:
            for scalar in String(decoding: text, as: UTF8.self).unicodeScalars
            where !scalar.isPictograph {
                out.append(contentsOf: Array(String(scalar).utf8))
            }
        case .oneLine: Self.oneLine(text, &out)
        case .path(let separator): Self.path(text, separator, &out)
        case .leaf:
            let start = text.lastIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? text.startIndex
            out.append(contentsOf: text[start...].drop { $0 == UInt8(ascii: " ") })
        case .encode: AddressText.encode(text, into: &out)
        case .decode: AddressText.decode(text, into: &out)
        case .codes(let table):
            let word = String(decoding: text, as: UTF8.self)
            out.append(contentsOf: (table[word] ?? "").utf8)
        case .category:
            let path = String(decoding: text, as: UTF8.self)
            out.append(contentsOf: String(categories[path] ?? 0).utf8)
        case .fit(let charset): charset.fit(text, into: &out)
        case .date(let form): Self.date(text, form, &out)
        }
    }

    private static func amount(
        _ text: Bytes, _ comma: Bool, _ decimals: Int?, _ out: inout [UInt8]
    ) {
        let end = text.firstIndex(of: UInt8(ascii: " ")) ?? text.endIndex
        let point = text[..<end].firstIndex(of: UInt8(ascii: ".")) ?? end
        out.append(contentsOf: text[..<point])
        let given = max(0, end - point - 1)
        let wanted = decimals ?? given
        guard wanted > 0 else { return }
        out.append(UInt8(ascii: comma ? "," : "."))
        for place in 0..<wanted {
            out.append(place < given ? text[point + 1 + place] : UInt8(ascii: "0"))
        }
    }

    /// Where the first so many characters end, cut back to the end of a word.
    private static func end(_ text: Bytes, characters most: Int) -> Int {
        guard text.count > most else { return text.count }
        var count = 0
        for index in text.indices where text[index] & 0xC0 != 0x80 {
            if count == most { return wordEnd(text, index) }
            count += 1
        }
        return text.count
    }

    private static func end(_ text: Bytes, bytes most: Int) -> Int {
        guard text.count > most else { return text.count }
        var end = most
        while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        return wordEnd(text, end)
    }

    /// A single word that is too long is cut within.
    private static func wordEnd(_ text: Bytes, _ end: Int) -> Int {
        let blank = UInt8(ascii: " ")
        guard text[end] != blank else { return end }
        guard var back = text[..<end].lastIndex(of: blank), back > 0 else { return end }
        while back > 0, text[back - 1] == blank { back -= 1 }
        return back > 0 ? back : end
    }

    private static func oneLine(_ text: Bytes, _ out: inout [UInt8]) {
        var isBlank = true
        var rest = text[...]
        while let byte = rest.first {
            let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            let letter = rest.prefix(length)
            rest = rest.dropFirst(length)
            if isWhiteSpace(letter) {
                if !isBlank { out.append(UInt8(ascii: " ")) }
                isBlank = true
            } else {
                out.append(contentsOf: letter)
                isBlank = false
            }
        }
        if isBlank, out.last == UInt8(ascii: " ") { out.removeLast() }
    }

    /// One character in UTF-8. To ask Unicode of each took longer than all else that is done to a text.
    private static func isWhiteSpace(_ letter: Slice<Bytes>) -> Bool {
        guard let byte = letter.first, byte >= 0x80 else {
            return letter.first.map { $0 == 0x20 || 0x09...0x0D ~= $0 } ?? true
        }
        return String(decoding: letter, as: UTF8.self).unicodeScalars.allSatisfy(
            \.properties.isWhitespace)
    }

    private static func path(_ text: Bytes, _ separator: String, _ out: inout [UInt8]) {
        let blank = UInt8(ascii: " ")
        var isFirst = true
        for part in text.split(separator: UInt8(ascii: ">"), omittingEmptySubsequences: true) {
            var part = part.drop { $0 == blank }
            while part.last == blank { part = part.dropLast() }
            if !isFirst { out.append(contentsOf: separator.utf8) }
            out.append(contentsOf: part)
            isFirst = false
        }
    }

    private static func date(_ text: Bytes, _ form: DateForm, _ out: inout [UInt8]) {
        switch form {
        case .day: out.append(contentsOf: text.prefix(10))
        case .moment: out.append(contentsOf: text)
        case .minute:
            out.append(contentsOf: text.prefix(10))
            out.append(UInt8(ascii: " "))
            out.append(contentsOf: text.dropFirst(11).prefix(5))
        }
    }
}

extension TextFilter {
    /// With what the profile says of the document's head.
    func answered(_ head: [String: String]) -> TextFilter {
        guard case .amount(let comma, let decimals, .head(let key)?) = self,
            let currency = head[key]
        else { return self }
        return .amount(comma: comma, decimals: decimals, currency: .code(currency))
    }

    /// The one in which it takes prices; nil: any, or not known yet.
    var currency: String? {
        if case .amount(_, _, let currency?) = self { currency.known } else { nil }
    }
}

extension TextFilter.Currency {
    /// Nil until the profile has said it.
    var known: String? { if case .code(let code) = self { code } else { nil } }
}

extension Unicode.Scalar {
    /// Drawn as a picture, or there to alter one. Digits and `#` are emoji too, and stay.
    var isPictograph: Bool {
        value > 0xFF
            && (properties.isEmojiPresentation || properties.isEmoji || properties.isEmojiModifier
                || properties.isVariationSelector || value == 0x200D || value == 0x20E3)
    }
}
