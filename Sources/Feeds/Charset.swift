import Host

/// An encoding in which each character is one byte, and what becomes of a character that it has not.
struct Charset: Sendable, Hashable {
    enum Unfit: String, CaseIterable, Sendable {
        /// Its item stays out, and is told.
        case refuse
        /// A question mark stands for it.
        case replace
        /// It is left out.
        case drop
    }

    let encoding: TextEncoding
    let unfit: Unfit

    static let encodings: [TextEncoding] = [
        .windows1250, .windows1251, .windows1252, .windows1254, .latin1, .latin2, .latin9, .dos,
    ]

    /// Character → byte, of those that are not ASCII.
    private var bytes: [UInt32: UInt8] { Self.tables[encoding] ?? [:] }

    private static let tables: [TextEncoding: [UInt32: UInt8]] = Dictionary(
        uniqueKeysWithValues: encodings.map { ($0, table(of: $0)) })

    private static func table(of encoding: TextEncoding) -> [UInt32: UInt8] {
        // What is read as Latin 1 has Windows' signs in it; what is written has not.
        let first: UInt8 = encoding == .latin1 ? 0xA0 : 0x80
        var table: [UInt32: UInt8] = [:]
        for byte in first...0xFF {
            guard let converter = TextConverter(encoding) else { continue }
            var text: [UInt8] = []
            converter.convert([byte], isLast: true, into: &text)
            let scalar = String(validating: text, as: UTF8.self)?.unicodeScalars.first?.value
            if let scalar, scalar >= 0x80 { table[scalar] = byte }
        }
        return table
    }

    /// The first character that it has not.
    func unfit(in text: UnsafeBufferPointer<UInt8>) -> Unicode.Scalar? {
        guard text.contains(where: { $0 >= 0x80 }) else { return nil }
        let bytes = bytes
        return String(decoding: text, as: UTF8.self).unicodeScalars.first {
            !$0.isASCII && bytes[$0.value] == nil
        }
    }

    func unfit(in text: String) -> Unicode.Scalar? {
        var text = text
        return text.withUTF8 { unfit(in: $0) }
    }

    /// UTF-8 again, without what it has not.
    func fit(_ text: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) {
        guard unfit(in: text) != nil else { return out.append(contentsOf: text) }
        let bytes = bytes
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            if scalar.isASCII || bytes[scalar.value] != nil {
                out.append(contentsOf: Array(String(scalar).utf8))
            } else if unfit == .replace {
                out.append(UInt8(ascii: "?"))
            }
        }
    }

    /// - Parameter text: whole characters of UTF-8.
    func encode(_ text: ArraySlice<UInt8>) -> [UInt8] {
        guard text.contains(where: { $0 >= 0x80 }) else { return Array(text) }
        let bytes = bytes
        return String(decoding: text, as: UTF8.self).unicodeScalars.map { scalar in
            scalar.isASCII
                ? UInt8(scalar.value) : bytes[scalar.value] ?? UInt8(ascii: "?")
        }
    }

    func message(_ what: String, _ scalar: Unicode.Scalar) -> String {
        "\(what) holds '\(scalar)', which \(encoding.rawValue) has not"
    }
}
