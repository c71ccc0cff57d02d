internal import Model

/// What a JSON document says. Numbers stay as they are written: `19.90` is no 19.9.
enum JSONValue {
    case null
    case bool(Bool)
    case number([UInt8])
    case text([UInt8])
    case list([JSONValue])
    case object([(key: String, value: JSONValue)])

    /// The first of that key.
    subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }
}

/// Reads JSON (RFC 8259) piece by piece: values of a bounded length as a whole, and whatever lies
/// between them without keeping it.
struct JSONReader {
    /// Bytes of one value.
    static let longest = 1 << 20
    /// Brackets within one another.
    private static let deepest = 64

    private let path: String
    private var bytes: [UInt8]
    private let source: TextSource?
    private var at = 0
    private(set) var line: Int
    /// Bytes that the value under way may still have.
    private var budget = Int.max
    private var depth = 0

    /// A file.
    init(_ source: TextSource, _ path: String) {
        (self.source, self.path, bytes, line) = (source, path, [], 1)
    }

    /// What is in memory.
    init(_ bytes: [UInt8], line: Int, _ path: String) {
        (source, self.path, self.bytes, self.line) = (nil, path, bytes, line)
    }

    // MARK: Bytes

    func fault(_ message: String) -> Problem {
        Problem(Place(file: path, line: line, column: 1), message, code: "json")
    }

    private mutating func peek() throws(Problem) -> UInt8? {
        while at == bytes.count {
            guard let source, !source.isEnd else { return nil }
            bytes.removeAll(keepingCapacity: true)
            at = 0
            do { try source.read(into: &bytes) } catch { throw fault("\(error)") }
        }
        return bytes[at]
    }

    private mutating func take() throws(Problem) -> UInt8 {
        guard let byte = try peek() else {
            throw fault("it ends in its middle: the file is cut off")
        }
        at += 1
        if byte == 0x0A { line += 1 }
        budget -= 1
        guard budget >= 0 else {
            throw fault("a value is longer than \(Self.longest >> 10) KiB")
        }
        return byte
    }

    /// The first byte that is no white space; nil at the end.
    mutating func next() throws(Problem) -> UInt8? {
        while let byte = try peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            _ = try take()
        }
        return try peek()
    }

    /// Takes it if it is what comes next.
    mutating func take(_ sign: Character) throws(Problem) -> Bool {
        guard try next() == sign.asciiValue else { return false }
        _ = try take()
        return true
    }

    mutating func expect(_ sign: Character) throws(Problem) {
        guard try !take(sign) else { return }
        throw try unexpected("'\(sign)'")
    }

    private mutating func unexpected(_ wanted: String) throws(Problem) -> Problem {
        guard let byte = try next() else {
            return fault("it ends in its middle: the file is cut off")
        }
        let there =
            byte < 0x7F && byte > 0x20 ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
        return fault("there is \(there) where \(wanted) should be")
    }

    // MARK: Values

    /// A whole value, of a bounded length.
    mutating func value() throws(Problem) -> JSONValue {
        if depth == 0 { budget = Self.longest }
        defer { if depth == 0 { budget = .max } }
        switch try next() {
        case UInt8(ascii: "{"): return try nested(Self.object)
        case UInt8(ascii: "["): return try nested(Self.list)
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func nested(
        _ read: (inout JSONReader) throws(Problem) -> JSONValue
    ) throws(Problem) -> JSONValue {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw fault("brackets are nested too deep") }
        return try read(&self)
    }

    private static func object(_ reader: inout JSONReader) throws(Problem) -> JSONValue {
        var members: [(key: String, value: JSONValue)] = []
        try reader.members { reader, key throws(Problem) in
            members.append((key, try reader.value()))
        }
        return .object(members)
    }

    private static func list(_ reader: inout JSONReader) throws(Problem) -> JSONValue {
        var values: [JSONValue] = []
        try reader.expect("[")
        guard try !reader.take("]") else { return .list([]) }
        repeat { values.append(try reader.value()) } while try reader.take(",")
        try reader.expect("]")
        return .list(values)
    }

    /// Hands over each key of an object, to take its value.
    mutating func members(
        _ body: (inout JSONReader, String) throws(Problem) -> Void
    ) throws(Problem) {
        try expect("{")
        guard try !take("}") else { return }
        repeat {
            let key = String(decoding: try string(), as: UTF8.self)
            try expect(":")
            try body(&self, key)
        } while try take(",")
        try expect("}")
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(Problem) -> JSONValue {
        for byte in word.utf8 {
            guard try peek() == byte else { throw try unexpected("a value") }
            _ = try take()
        }
        return value
    }

    private mutating func number() throws(Problem) -> [UInt8] {
        var digits: [UInt8] = []
        while let byte = try peek(), "+-.0123456789eE".utf8.contains(byte) {
            digits.append(try take())
        }
        guard let last = digits.last, (0x30...0x39).contains(last) else {
            throw try unexpected("a value")
        }
        return digits
    }

    private mutating func string() throws(Problem) -> [UInt8] {
        try expect("\"")
        var text: [UInt8] = []
        while true {
            let byte = try take()
            switch byte {
            case UInt8(ascii: "\""): return text
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw fault("a text holds a line break or control character as it is")
            default: text.append(byte)
            }
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(Problem) {
        let plain: [UInt8: UInt8] = [
            0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D,
            0x74: 0x09,
        ]
        let sign = try take()
        if let byte = plain[sign] { return text.append(byte) }
        guard sign == UInt8(ascii: "u") else { throw fault("a text holds an unknown escape") }
        var unit = try unit()
        if 0xD800...0xDBFF ~= unit {
            guard try take() == 0x5C, try take() == UInt8(ascii: "u") else {
                throw fault("half of a character is missing after '\\u'")
            }
            let low = try self.unit()
            guard 0xDC00...0xDFFF ~= low else {
                throw fault("half of a character is missing after '\\u'")
            }
            unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(unit) else { throw fault("'\\u' names no character") }
        text += Array(String(Character(scalar)).utf8)
    }

    private mutating func unit() throws(Problem) -> UInt32 {
        var digits = ""
        for _ in 0..<4 { digits.append(Character(Unicode.Scalar(try take()))) }
        guard digits.utf8.count == 4, let unit = UInt32(digits, radix: 16) else {
            throw fault("'\\u' wants four hexadecimal digits")
        }
        return unit
    }
}
