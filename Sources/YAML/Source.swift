package import Model

/// The text of a document and the places in it.
package struct Source: Sendable {
    package let file: String
    /// Without a byte order mark.
    package let text: String
    package let bytes: [UInt8]
    /// Offset of the first byte of each line.
    let lines: [Int]

    package var start: Place { Place(file: file, line: 1, column: 1) }

    package init(_ text: String, file: String, limit: Int) throws(Problems) {
        self.file = file
        self.text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.dropFirst()) : text
        let bytes = Array(self.text.utf8)
        self.bytes = bytes
        let start = Place(file: file, line: 1, column: 1)
        guard bytes.count <= limit else { throw Self.tooLong(limit, at: start) }
        let breaks = bytes.reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
        guard breaks <= 2 * Document.nodeLimit else { throw Self.tooMuch("lines", at: start) }
        var lines = [0]
        lines.reserveCapacity(breaks + 1)
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            lines.append(offset + 1)
        }
        self.lines = lines
        if let offset = firstForbidden() {
            throw Problems([
                Problem(
                    place(offset: offset),
                    "an invisible control character or an unusual line break; delete it",
                    code: "character")
            ])
        }
    }

    static func tooLong(_ limit: Int, at place: Place) -> Problems {
        Problems([
            Problem(
                place,
                "the file has more than \(limit) bytes, and no more are read; is it the right one?",
                code: "too-long")
        ])
    }

    static func tooMuch(_ what: String, at place: Place) -> Problems {
        Problems([
            Problem(
                place,
                "the file has too many \(what) to be read; is it the right one? Split a batch of "
                    + "that size", code: "too-much")
        ])
    }

    func place(offset: Int) -> Place {
        let line = line(of: offset)
        let before = String(decoding: bytes[lines[line - 1]..<offset], as: UTF8.self)
        return Place(file: file, line: line, column: before.count + 1)
    }

    /// - Parameter character: counted from the start of the text.
    func place(character: Int) -> Place {
        place(offset: text.prefix(character).utf8.count)
    }

    /// From 1.
    func line(of offset: Int) -> Int {
        var low = 0
        var high = lines.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lines[middle] <= offset { low = middle } else { high = middle }
        }
        return low + 1
    }

    /// From 1.
    func byteColumn(of offset: Int) -> Int { 1 + offset - lines[line(of: offset) - 1] }

    /// In Unicode scalars, from 1: as libyaml counts.
    func column(of offset: Int) -> Int {
        1 + bytes[lines[line(of: offset) - 1]..<offset].count { $0 & 0xC0 != 0x80 }
    }

    /// Control characters, and the line breaks of YAML 1.1 that no editor shows: a lone CR, NEL,
    /// U+2028, U+2029. Without them a line is what `\n` ends, for libyaml and for us.
    private func firstForbidden() -> Int? {
        func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }
        return bytes.indices.first { index in
            switch bytes[index] {
            case 0x09, 0x0A: false
            case 0x0D: byte(index + 1) != 0x0A
            case 0..<0x20, 0x7F: true
            case 0xC2: byte(index + 1) < 0xA0
            case 0xE2:
                byte(index + 1) == 0x80 && (byte(index + 2) == 0xA8 || byte(index + 2) == 0xA9)
            default: false
            }
        }
    }
}

/// Turns libyaml's marks into places. Remembers the last one, since marks come in order and a
/// JSON document may be a single line of megabytes.
struct Ruler {
    private let source: Source
    private var line = 0
    private var column = 1
    private var offset = 0
    private var characters = 0

    init(_ source: Source) { self.source = source }

    /// - Parameter column: counts Unicode scalars from 1, as libyaml does.
    mutating func place(line: Int, column: Int) -> Place {
        guard line >= 1, line <= source.lines.count else { return source.start }
        if line != self.line || column < self.column {
            (self.line, self.column) = (line, 1)
            (offset, characters) = (source.lines[line - 1], 0)
        }
        let bytes = source.bytes
        let from = offset
        while self.column < column, offset < bytes.count, bytes[offset] != 0x0A {
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            self.column += 1
        }
        characters += String(decoding: bytes[from..<offset], as: UTF8.self).count
        return Place(file: source.file, line: line, column: characters + 1)
    }
}
