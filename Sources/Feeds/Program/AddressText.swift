private import Glibc

/// Web addresses as channels want them spelled.
enum AddressText {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    /// Unreserved and reserved characters of RFC 3986, and the percent sign.
    static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23...0x3B, 0x3D, 0x3F...0x5B, 0x5D, 0x5F, 0x61...0x7A, 0x7E: true
        default: false
        }
    }

    static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// The byte of an escape that begins at `index`.
    private static func escaped(_ text: Bytes, _ index: Int) -> UInt8? {
        guard text[index] == UInt8(ascii: "%"), index + 2 < text.count,
            let high = digit(text[index + 1]), let low = digit(text[index + 2])
        else { return nil }
        return high << 4 | low
    }

    static func hasWholeEscapes(_ text: Bytes) -> Bool {
        // Hardly any has one.
        guard let start = text.baseAddress, memchr(start, 0x25, text.count) != nil else {
            return true
        }
        return text.indices.allSatisfy { text[$0] != 0x25 || escaped(text, $0) != nil }
    }

    /// Once: what is escaped already stays, a percent sign by itself becomes `%25`.
    static func encode(_ text: Bytes, into out: inout [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        for index in text.indices {
            let byte = text[index]
            let isLonePercent = byte == UInt8(ascii: "%") && escaped(text, index) == nil
            if isAllowed(byte), !isLonePercent {
                out.append(byte)
            } else {
                out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }

    /// Letters beyond ASCII as themselves; what is escaped for a reason stays so.
    static func decode(_ text: Bytes, into out: inout [UInt8]) {
        let begun = out.count
        var index = 0
        while index < text.count {
            if let byte = escaped(text, index), byte >= 0x80 {
                out.append(byte)
                index += 3
            } else {
                out.append(text[index])
                index += 1
            }
        }
        // Escapes of another encoding are no text: they stay.
        guard String(validating: out[begun...], as: UTF8.self) == nil else { return }
        out.removeSubrange(begun...)
        out.append(contentsOf: text)
    }

    /// `https://` or `http://`, and a host without user name.
    static func hasHost(_ text: Bytes) -> Bool {
        func begins(_ scheme: StaticString) -> Bool {
            guard text.count > scheme.utf8CodeUnitCount else { return false }
            return scheme.withUTF8Buffer { scheme in
                scheme.indices.allSatisfy { index in
                    let byte = text[index]
                    return scheme[index] == ((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
                }
            }
        }
        let start = begins("https://") ? 8 : begins("http://") ? 7 : 0
        guard start > 0 else { return false }
        // Up to a slash, question mark or number sign; then no at sign and no brackets.
        let host = text[start...].prefix { $0 != 0x2F && $0 != 0x3F && $0 != 0x23 }
        return !host.isEmpty && host.allSatisfy { $0 != 0x40 && $0 != 0x5B && $0 != 0x5D }
    }
}
