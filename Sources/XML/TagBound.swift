private import Glibc

/// Counts the attributes of each element as its bytes come in. libxml2 walks past all the others for each
/// of them: of half a million it made minutes in which nothing else was read, and nobody writes a thousand.
/// An encoding in which `<`, `"` and `>` may be anything else is refused: nothing in it could be counted.
struct TagBound {
    /// Attributes of one element.
    static let most = 1000
    /// Bytes of the XML declaration.
    private static let longest = 1000
    private static let fault = XMLFault.document(
        line: 1, "an element has more than \(most) attributes")

    /// How many bytes make a character of ASCII, and where in them it stands.
    private enum Width { case one, first, second }

    private enum Place {
        case text
        /// After `<`, `<!` and `<!-`.
        case opened, declared, dashed
        case tag, quoted, comment, data, instruction
    }

    /// The first bytes, by which the width is known; nil: it is.
    private var start: [UInt8]? = []
    private var width = Width.one
    /// Of the two that make a character, where a piece ended between them.
    private var half: UInt8?
    private var place = Place.text
    private var attributes = 0
    private var quote: UInt8 = 0
    /// The last bytes, by which whatever ends in several of them ends.
    private var last: UInt32 = 0
    /// The XML declaration so far; nil behind it.
    private var declaration: [UInt8]? = []

    mutating func take(_ bytes: UnsafeBufferPointer<UInt8>) throws(XMLFault) {
        guard var start else { return try count(bytes) }
        start += bytes.prefix(4 - start.count)
        guard start.count == 4 else {
            self.start = start
            return
        }
        let before = self.start?.count ?? 0
        self.start = nil
        width = try Self.width(start)
        for byte in start.prefix(before) { try count(byte) }
        try count(bytes)
    }

    /// As libxml2 finds out, before it reads the declaration.
    private static func width(_ start: [UInt8]) throws(XMLFault) -> Width {
        switch (start[0], start[1], start[2], start[3]) {
        case (0, 0, 0, 0x3C), (0x3C, 0, 0, 0), (0, 0, 0x3C, 0), (0, 0x3C, 0, 0),
            (0x4C, 0x6F, 0xA7, 0x94):
            throw .document(line: 1, "its encoding is not read; write it in UTF-8")
        case (0xFE, 0xFF, _, _), (0, 0x3C, 0, 0x3F): return .second
        case (0xFF, 0xFE, _, _), (0x3C, 0, 0x3F, 0): return .first
        default: return .one
        }
    }

    private mutating func count(_ bytes: UnsafeBufferPointer<UInt8>) throws(XMLFault) {
        guard let start = bytes.baseAddress else { return }
        var index = 0
        while index < bytes.count {
            if case .text = place, width == .one {
                guard let found = memchr(start + index, 0x3C, bytes.count - index) else { return }
                index = UnsafeRawPointer(start).distance(to: UnsafeRawPointer(found))
            }
            try count(bytes[index])
            index += 1
        }
    }

    private mutating func count(_ byte: UInt8) throws(XMLFault) {
        guard width != .one else { return try step(byte) }
        guard let first = half else {
            half = byte
            return
        }
        half = nil
        let (ascii, other) = width == .first ? (first, byte) : (byte, first)
        // Of what is not ASCII only that it is none of the marks is of interest.
        try step(other == 0 ? ascii : 0xFF)
    }

    private mutating func step(_ byte: UInt8) throws(XMLFault) {
        last = last << 8 | UInt32(byte)
        switch (place, byte) {
        case (.text, UInt8(ascii: "<")): place = .opened
        case (.opened, UInt8(ascii: "!")): place = .declared
        case (.opened, UInt8(ascii: "?")): (place, last) = (.instruction, 0)
        case (.opened, _): (place, attributes, declaration) = (.tag, 0, nil)
        case (.declared, UInt8(ascii: "-")): place = .dashed
        // Behind both: neither of them is of the end.
        case (.dashed, UInt8(ascii: "-")): (place, last, declaration) = (.comment, 0, nil)
        case (.declared, UInt8(ascii: "[")): (place, last, declaration) = (.data, 0, nil)
        case (.declared, _), (.dashed, _): (place, declaration) = (.text, nil)
        case (.tag, UInt8(ascii: "=")):
            attributes += 1
            guard attributes <= Self.most else { throw Self.fault }
        case (.tag, UInt8(ascii: ">")): place = .text
        case (.tag, UInt8(ascii: "\"")), (.tag, UInt8(ascii: "'")): (place, quote) = (.quoted, byte)
        case (.quoted, quote): place = .tag
        case (.comment, UInt8(ascii: ">")) where last & 0xFF_FFFF == 0x2D_2D3E: place = .text
        case (.data, UInt8(ascii: ">")) where last & 0xFF_FFFF == 0x5D_5D3E: place = .text
        case (.instruction, UInt8(ascii: ">")) where last & 0xFFFF == 0x3F3E:
            place = .text
            try checkDeclaration()
        case (.instruction, _): try declare(byte)
        default: break
        }
    }

    private mutating func declare(_ byte: UInt8) throws(XMLFault) {
        declaration?.append(byte)
        guard let said = declaration, said.count > Self.longest else { return }
        declaration = nil
        guard !said.starts(with: "xml".utf8) else {
            throw .document(line: 1, "the XML declaration is too long")
        }
    }

    private mutating func checkDeclaration() throws(XMLFault) {
        guard let bytes = declaration else { return }
        declaration = nil
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix("xml"), let name = text.firstMatch(of: Self.encoding)?.name else {
            return
        }
        let known = name.uppercased()
        // libxml2 goes on in the one that is named.
        let isCounted =
            switch width {
            case .one: Self.likeASCII.contains(where: known.hasPrefix)
            case .first: ["UTF-8", "UTF-16", "UTF-16LE"].contains(known)
            case .second: ["UTF-8", "UTF-16", "UTF-16BE"].contains(known)
            }
        guard isCounted else {
            throw .document(line: 1, "its encoding '\(name)' is not read; write it in UTF-8")
        }
    }

    private static var encoding: Regex<(Substring, name: Substring)> {
        /encoding\s*=\s*["'](?<name>[A-Za-z0-9._:-]*)/
    }

    /// In all of these a byte of `<`, `=`, `"`, `'` and `>` is that, also within a longer character.
    private static let likeASCII = [
        "UTF-8", "UTF8", "US-ASCII", "ASCII", "ISO-8859-", "ISO8859", "ISO_8859",
        "LATIN", "WINDOWS-", "CP125", "CP437", "CP850", "CP852", "CP866", "KOI8-", "MACINTOSH",
        "SHIFT_JIS", "SHIFT-JIS", "SJIS", "EUC-", "GB2312", "GBK", "GB18030", "BIG5", "TIS-620",
    ]
}

extension XMLFault {
    /// Of a document, at the line up to which it was parsed.
    func at(_ line: Int) -> XMLFault {
        if case .document(_, let message) = self {
            .document(line: max(line, 1), message)
        } else {
            self
        }
    }
}

/// What libxml2 reads a document from: bytes of a descriptor, as far as they are bounded.
final class BoundedInput {
    private let descriptor: Int32
    private var bound = TagBound()
    private(set) var fault: XMLFault?

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// - Returns: how many; 0 at the end, -1 where it goes on no more.
    func read(into buffer: UnsafeMutablePointer<CChar>, _ length: Int32) -> Int32 {
        guard fault == nil else { return -1 }
        var got = 0
        repeat { got = Glibc.read(descriptor, buffer, Int(length)) } while got < 0 && errno == EINTR
        guard got >= 0 else {
            fault = .system(call: "read", errno: errno)
            return -1
        }
        do throws(XMLFault) {
            try buffer.withMemoryRebound(to: UInt8.self, capacity: got) {
                bytes throws(XMLFault) in
                try bound.take(UnsafeBufferPointer(start: bytes, count: got))
            }
        } catch {
            fault = error
            return -1
        }
        return Int32(got)
    }
}
