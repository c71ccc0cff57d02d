import Foundation

/// Looks through the text of a packet before exempi sees it. The toolkit builds a tree without
/// limits: a thousand nested elements are nothing to it, half a million end the process, and many
/// thousand properties take it seconds. What is well-formed is judged exactly; at what is not, the
/// parser behind stops anyway.
struct XMPScan {
    /// Elements in elements. What cameras and editors write needs about fifteen.
    static let depth = 64
    /// Elements besides list items, and attributes. The toolkit's time grows with their square:
    /// 0.2 s for these.
    static let fields = 8000
    static let items = 100_000

    private let bytes: [UInt8]
    private var at = 0
    private var depth = 0
    private var fields = 0
    private var items = 0

    /// The packet as UTF-8, without declaration, byte order mark and padding.
    static func checked(_ data: Data) throws(MetadataReader.Unreadable) -> [UInt8] {
        var scan = XMPScan(try bare(data))
        try scan.run()
        return scan.bytes
    }

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Most is UTF-8; UTF-16 shows in its first two characters, `<?` or `<x`, or by its mark.
    private static func bare(_ data: Data) throws(MetadataReader.Unreadable) -> [UInt8] {
        var bytes = Array(data)
        let head = bytes.prefix(2)
        if head.elementsEqual([0xFE, 0xFF]) || head.elementsEqual([0, UInt8(ascii: "<")]) {
            bytes = Array(String(decoding: words(bytes, high: 0), as: UTF16.self).utf8)
        } else if head.elementsEqual([0xFF, 0xFE]) || head.elementsEqual([UInt8(ascii: "<"), 0]) {
            bytes = Array(String(decoding: words(bytes, high: 1), as: UTF16.self).utf8)
        }
        while let last = bytes.last, last == 0 || isSpace(last) { bytes.removeLast() }
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest.removeFirst(3) }
        rest = rest.drop(while: isSpace)
        if rest.starts(with: Array("<?xml ".utf8)), let end = rest.firstIndex(of: UInt8(ascii: ">"))
        {
            rest = rest[(end + 1)...]
        }
        guard !rest.contains(0) else { throw .init("it holds zero bytes") }
        guard !rest.isEmpty else { throw .init("it is empty") }
        return Array(rest)
    }

    private static func words(_ bytes: [UInt8], high: Int) -> [UInt16] {
        stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            UInt16(bytes[index + high]) << 8 | UInt16(bytes[index + 1 - high])
        }
    }

    private mutating func run() throws(MetadataReader.Unreadable) {
        while let start = bytes[at...].firstIndex(of: UInt8(ascii: "<")) {
            at = start + 1
            if take("!--") {
                skip(past: "-->")
            } else if take("![CDATA[") {
                skip(past: "]]>")
            } else if take("!") {
                throw .init("it declares a document type or entities, which XMP never needs")
            } else if take("?") {
                skip(past: "?>")
            } else if take("/") {
                depth -= 1
                skip(past: ">")
            } else {
                try element()
            }
        }
        guard fields > 0 else { throw .init("it holds no XMP") }
    }

    private mutating func element() throws(MetadataReader.Unreadable) {
        let name = bytes[at...].prefix { !Self.isSpace($0) && $0 != 0x3E && $0 != 0x2F }
        if name.suffix(3).elementsEqual(Array(":li".utf8)) { items += 1 } else { fields += 1 }
        at = name.endIndex
        depth += 1
        var quote: UInt8?
        var last: UInt8 = 0
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
                fields += 1
            } else if byte == UInt8(ascii: ">") {
                if last == UInt8(ascii: "/") { depth -= 1 }
                break
            }
            last = byte
        }
        guard depth <= Self.depth else {
            throw .init("its elements are nested more than \(Self.depth) deep")
        }
        guard fields <= Self.fields, items <= Self.items else {
            throw .init("it holds more than \(Self.fields) fields or \(Self.items) list items")
        }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes[at...].starts(with: wanted) else { return false }
        at += wanted.count
        return true
    }

    private mutating func skip(past text: StaticString) {
        while at < bytes.count, !take(text) { at += 1 }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
