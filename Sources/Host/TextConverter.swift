private import CHost

/// What a text file may be written in, beside what it says of itself.
package enum TextEncoding: String, Sendable, Hashable, CaseIterable {
    case utf8 = "utf-8"
    case utf16 = "utf-16"
    case utf16LE = "utf-16le"
    case utf16BE = "utf-16be"
    case windows1250 = "windows-1250"
    case windows1251 = "windows-1251"
    case windows1252 = "windows-1252"
    case windows1254 = "windows-1254"
    case latin1 = "iso-8859-1"
    case latin2 = "iso-8859-2"
    case latin9 = "iso-8859-15"
    case dos = "ibm850"

    /// As the Web reads it: what calls itself Latin 1 has Windows' quotes and dashes in it.
    fileprivate var name: String { self == .latin1 ? "windows-1252" : rawValue }
}

/// Turns text into UTF-8 a piece at a time. What is no character of the encoding becomes 0xFF, which
/// no UTF-8 holds, so that whoever reads it can say where.
package final class TextConverter {
    private let way: UnsafeMutableRawPointer
    /// The beginning of a character whose end is still to come.
    private var rest: [UInt8] = []

    /// Nil where the system has no table for it.
    package init?(_ encoding: TextEncoding) {
        guard let way = sluice_text_open(encoding.name) else { return nil }
        self.way = way
    }

    deinit { sluice_text_close(way) }

    /// - Parameter isLast: nothing follows, so that half a character is none.
    package func convert(_ piece: [UInt8], isLast: Bool, into text: inout [UInt8]) {
        let input = rest + piece
        rest = []
        var at = 0
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while at < input.count {
            var (used, made) = (0, 0)
            let outcome = input.withUnsafeBytes { input in
                buffer.withUnsafeMutableBytes { buffer in
                    sluice_text_convert(
                        way, input.baseAddress!.assumingMemoryBound(to: CChar.self) + at,
                        input.count - at, &used, buffer.baseAddress!, buffer.count, &made)
                }
            }
            text += buffer[..<made]
            at += used
            switch outcome {
            case 1 where !isLast:
                rest = Array(input[at...])
                return
            case 1, 2:
                text.append(0xFF)
                at += 1
            default: break
            }
        }
    }
}
