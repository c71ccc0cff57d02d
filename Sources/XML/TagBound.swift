private import Glibc

/// Counts the attributes of each element as its bytes come in. libxml2 walks past all the others for each
/// of them: of half a million it made minutes in which nothing else was read, and nobody writes a thousand.
struct TagBound {
    /// Attributes of one element.
    static let most = 1000
    static let fault = XMLFault.document(line: 1, "an element has more than \(most) attributes")

    private enum Place {
        case text
        /// After `<`, and after `<!`.
        case opened, declared
        case tag, quoted, comment, data, instruction
    }

    private var place = Place.text
    private var attributes = 0
    private var quote: UInt8 = 0
    /// The last bytes, by which whatever ends in several of them ends.
    private var last: UInt32 = 0

    /// - Returns: false where there are too many.
    mutating func take(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let start = bytes.baseAddress else { return true }
        var index = 0
        while index < bytes.count {
            if case .text = place {
                guard let found = memchr(start + index, 0x3C, bytes.count - index) else {
                    return true
                }
                index = UnsafeRawPointer(start).distance(to: UnsafeRawPointer(found)) + 1
                place = .opened
                continue
            }
            // Every other byte, where two make a character.
            if bytes[index] != 0 { step(bytes[index]) }
            index += 1
            guard attributes <= Self.most else { return false }
        }
        return true
    }

    private mutating func step(_ byte: UInt8) {
        last = last << 8 | UInt32(byte)
        switch (place, byte) {
        case (.opened, UInt8(ascii: "!")): place = .declared
        case (.opened, UInt8(ascii: "?")): (place, last) = (.instruction, 0)
        case (.opened, _): (place, attributes) = (.tag, 0)
        case (.declared, UInt8(ascii: "-")): (place, last) = (.comment, 0)
        case (.declared, UInt8(ascii: "[")): (place, last) = (.data, 0)
        case (.declared, _): place = .text
        case (.tag, UInt8(ascii: "=")): attributes += 1
        case (.tag, UInt8(ascii: ">")): place = .text
        case (.tag, UInt8(ascii: "\"")), (.tag, UInt8(ascii: "'")): (place, quote) = (.quoted, byte)
        case (.quoted, quote): place = .tag
        case (.comment, UInt8(ascii: ">")) where last & 0xFF_FFFF == 0x2D_2D3E: place = .text
        case (.data, UInt8(ascii: ">")) where last & 0xFF_FFFF == 0x5D_5D3E: place = .text
        case (.instruction, UInt8(ascii: ">")) where last & 0xFFFF == 0x3F3E: place = .text
        default: break
        }
    }
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
        let isBounded = buffer.withMemoryRebound(to: UInt8.self, capacity: got) {
            bound.take(UnsafeBufferPointer(start: $0, count: got))
        }
        guard isBounded else {
            fault = TagBound.fault
            return -1
        }
        return Int32(got)
    }
}
