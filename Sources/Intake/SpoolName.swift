private import Foundation

/// Names are bytes that somebody else chose. How they are shown, and which of them we touch.
enum SpoolName {
    enum Kind: Equatable {
        /// Hidden, still being written under a name for that, or litter.
        case ignored
        /// Not for opening; see `isFit`.
        case unfit
        case sidecar
        /// XMP about a picture, from a program for pictures.
        case xmp
        case plain
    }

    static let sidecarEndings = [".yaml", ".yml", ".json"]
    static let xmpEnding = ".xmp"
    static let manifests = sidecarEndings.map { "manifest" + $0 }

    static func kind(_ name: [UInt8]) -> Kind {
        if name.first == UInt8(ascii: ".") { return .ignored }
        guard let text = text(name) else { return .unfit }
        // Before it is judged: macOS' `Icon` ends in a control character.
        if Litter.what(text) != nil { return .ignored }
        guard isFit(text) else { return .unfit }
        let folded = text.lowercased()
        if folded.hasSuffix(xmpEnding) { return .xmp }
        return sidecarEndings.contains(where: folded.hasSuffix) ? .sidecar : .plain
    }

    static func text(_ name: [UInt8]) -> String? { String(validating: name, as: UTF8.self) }

    /// No control characters or line breaks, and no leading dash, which commands take for an
    /// option.
    static func isFit(_ name: String) -> Bool {
        !name.hasPrefix("-") && !name.unicodeScalars.contains(where: isBreaking)
    }

    /// Control characters, line and paragraph separators.
    static func isBreaking(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    /// What cannot be seen, or makes the text around it look like another: also direction marks.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        isBreaking(scalar) || scalar.properties.generalCategory == .format
    }

    /// One line of harmless text from which the bytes can be had back: `%0A`. A `%` is escaped
    /// where it could be taken for such. Swift holds composed and decomposed letters equal, the
    /// file system does not: names that are not in composed form are escaped beyond ASCII, as are
    /// those with something invisible in them.
    static func escaped(_ path: [UInt8]) -> String {
        escaped(path, beyondASCII: !isPlain(path))
    }

    private static func isPlain(_ path: [UInt8]) -> Bool {
        if path.allSatisfy({ $0 < 0x80 }) { return true }
        guard let text = text(path), !text.unicodeScalars.contains(where: isInvisible) else {
            return false
        }
        return text.precomposedStringWithCanonicalMapping.utf8.elementsEqual(path)
    }

    private static func escaped(_ bytes: [UInt8], beyondASCII: Bool) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            let odd =
                byte < 0x20 || byte == 0x7F || (beyondASCII && byte >= 0x80)
                || (byte == UInt8(ascii: "%") && isEscape(bytes[index...]))
            guard odd else {
                output.append(byte)
                continue
            }
            output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The bytes of a name from what `escaped` made of it.
    static func unescaped(_ path: String) -> [UInt8] {
        var rest = Array(path.utf8)[...]
        var bytes: [UInt8] = []
        while let byte = rest.first {
            let isEscaped = byte == UInt8(ascii: "%") && isEscape(rest)
            let digits = String(decoding: rest.dropFirst().prefix(2), as: UTF8.self)
            bytes.append(isEscaped ? UInt8(digits, radix: 16) ?? byte : byte)
            rest = rest.dropFirst(isEscaped ? 3 : 1)
        }
        return bytes
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func isEscape(_ bytes: ArraySlice<UInt8>) -> Bool {
        let two = bytes.dropFirst().prefix(2)
        return two.count == 2 && two.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    }
}
