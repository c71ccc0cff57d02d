extension Escape {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    @inline(__always) func append(_ text: Bytes, to output: Output) {
        switch self {
        case .none: if let start = text.baseAddress { output.append(start, text.count) }
        case .text: Self.mapped(text, output, Self.textMask) { Self.entity($0, output) }
        case .attribute: Self.mapped(text, output, Self.attributeMask) { Self.entity($0, output) }
        case .cdata: Self.cdata(text, output)
        case .json: Self.json(text, output)
        case .number: Self.number(text, output)
        case .flag: output.append(Self.isTrue(text) ? "true" : "false")
        case .line: Self.line(text, output)
        }
    }

    /// Which bytes below 64 are not written as they are.
    private static let textMask: UInt64 =
        1 << 0x22 | 1 << 0x26 | 1 << 0x3C | 1 << 0x3E | 1 << 0x0D
    private static let attributeMask: UInt64 = textMask | 1 << 0x09 | 1 << 0x0A

    /// Copies runs of plain bytes whole.
    @inline(__always) private static func mapped(
        _ text: Bytes, _ output: Output, _ mask: UInt64, _ replace: (UInt8) -> Void
    ) {
        guard let start = text.baseAddress else { return }
        var begun = 0
        for index in 0..<text.count {
            let byte = start[index]
            guard byte < 64, mask >> UInt64(byte) & 1 == 1 else { continue }
            output.append(start + begun, index - begun)
            replace(byte)
            begun = index + 1
        }
        output.append(start + begun, text.count - begun)
    }

    private static func entity(_ byte: UInt8, _ output: Output) {
        switch byte {
        case 0x22: output.append("&quot;")
        case 0x26: output.append("&amp;")
        case 0x3C: output.append("&lt;")
        case 0x3E: output.append("&gt;")
        case 0x09: output.append("&#9;")
        case 0x0A: output.append("&#10;")
        default: output.append("&#13;")
        }
    }

    /// Ends in two where it holds its own end. A carriage return would be read as a line feed.
    private static func cdata(_ text: Bytes, _ output: Output) {
        output.append("<![CDATA[")
        for index in text.indices {
            let byte = text[index]
            if byte == 0x3E, index >= 2, text[index - 1] == 0x5D, text[index - 2] == 0x5D {
                output.append("]]><![CDATA[")
            }
            if byte == 0x0D { output.append("]]>&#13;<![CDATA[") } else { output.append(byte) }
        }
        output.append("]]>")
    }

    private static let jsonMask: UInt64 = 0xFFFF_FFFF | 1 << 0x22

    private static func json(_ text: Bytes, _ output: Output) {
        guard let start = text.baseAddress else { return }
        var begun = 0
        for index in 0..<text.count {
            let byte = start[index]
            guard byte == 0x5C || byte < 64 && jsonMask >> UInt64(byte) & 1 == 1 else { continue }
            output.append(start + begun, index - begun)
            begun = index + 1
            switch byte {
            case 0x22: output.append("\\\"")
            case 0x5C: output.append("\\\\")
            case 0x0A: output.append("\\n")
            case 0x0D: output.append("\\r")
            case 0x09: output.append("\\t")
            default:
                let digits = Array("0123456789abcdef".utf8)
                output.append("\\u00")
                output.append(digits[Int(byte >> 4)])
                output.append(digits[Int(byte & 15)])
            }
        }
        output.append(start + begun, text.count - begun)
    }

    /// JSON has no zeros before a number.
    private static func number(_ text: Bytes, _ output: Output) {
        var digits = text[...]
        while digits.first == 0x30, let next = digits.dropFirst().first, 0x30...0x39 ~= next {
            digits = digits.dropFirst()
        }
        for byte in digits { output.append(byte) }
    }

    private static func isTrue(_ text: Bytes) -> Bool {
        ["true", "yes", "1"].contains(String(decoding: text, as: UTF8.self).lowercased())
    }

    /// Tabs and ends of lines become blanks, a carriage return and a line feed one.
    private static func line(_ text: Bytes, _ output: Output) {
        // Ends of lines outside ASCII begin with C2 and E2.
        guard text.contains(where: { $0 < 0x20 || $0 == 0xC2 || $0 == 0xE2 }) else {
            if let start = text.baseAddress { output.append(start, text.count) }
            return
        }
        let line = String(decoding: text, as: UTF8.self).map { character -> Character in
            character.isNewline || character == "\t" ? " " : character
        }
        output.append(Array(String(line).utf8))
    }
}
