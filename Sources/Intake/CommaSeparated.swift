internal import Host
private import Model

/// The rows of a CSV file as RFC 4180 has them, and as spreadsheets write them: separated by comma,
/// semicolon, tab or bar, as a first line `sep=;` may say; lines ended by LF, CRLF or CR. A broken
/// row costs itself alone: after a stray quote reading goes on in the line after the one where the
/// row began. Memory does not grow with the file.
final class CommaSeparated {
    struct Field {
        /// Nil when the bytes are no valid UTF-8. White space around it is gone.
        let text: String?
        /// Line of its first character, from 1.
        let line: Int
        /// Characters from the line's beginning, from 1.
        let column: Int
    }

    struct Row {
        /// Line of its first character, from 1.
        let line: Int
        let fields: [Field]
        /// What is wrong with the row as such; the fields mean nothing then.
        let fault: String?
        /// The file ended before its last line did.
        let isCut: Bool
    }

    /// Bytes of a row.
    static let longest = 256 << 10

    private let file: OpenFile
    /// In a row that was too long, with no end of it in sight.
    private var isAdrift = false
    private var bytes: [UInt8]
    /// All of the file is in `bytes`, or has been there.
    private var isEnd: Bool
    private var separator: UInt8
    private let newline: UInt8
    private var at = 0
    private var line = 1
    private var column = 1
    /// Where `column` was counted to.
    private var counted = 0
    /// Two bytes a character: nothing of it can be read here.
    let isWide: Bool

    private static let quote = UInt8(ascii: "\"")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// - Parameter file: stands at its beginning.
    init(_ file: consuming OpenFile) throws(HostError) {
        let first = try file.read(limit: 2 * Self.longest)
        self.file = file
        isEnd = first.count < 2 * Self.longest
        isWide =
            first.prefix(64).contains(0) || first.starts(with: [0xFF, 0xFE])
            || first.starts(with: [0xFE, 0xFF])
        bytes = Array(first.starts(with: [0xEF, 0xBB, 0xBF]) ? first.dropFirst(3) : first)
        newline = Self.newline(bytes)
        separator = Self.separator(bytes, newline)
        skipHint()
    }

    /// The next row that is not blank; nil at the end.
    func next() throws(HostError) -> Row? {
        while true {
            try fill()
            if isAdrift { drift() }
            guard at < bytes.count else {
                if isEnd { return nil }
                continue
            }
            let row = row()
            if row.fault != nil || row.fields.count > 1 || row.fields[0].text != "" { return row }
        }
    }

    /// From here on the longest row there may be lies in `bytes`.
    private func fill() throws(HostError) {
        guard !isEnd, bytes.count - at < Self.longest else { return }
        bytes.removeSubrange(..<at)
        (at, counted) = (0, 0)
        while bytes.count < 2 * Self.longest, !isEnd {
            let more = try file.read(limit: Self.longest)
            isEnd = more.count < Self.longest
            bytes += more
        }
    }

    /// To the next line.
    private func drift() {
        guard let end = bytes[at...].firstIndex(of: newline) else {
            at = bytes.count
            counted = at
            return
        }
        isAdrift = false
        at = end + 1
        startLine()
        line -= 1
    }

    // MARK: What the file is like

    /// CR where no LF follows the first one, as old Macs and some exports have it.
    private static func newline(_ bytes: [UInt8]) -> UInt8 {
        let end = bytes.firstIndex { $0 == 0x0A || $0 == carriageReturn }
        guard let end, bytes[end] == carriageReturn, end + 1 < bytes.count else { return 0x0A }
        return bytes[end + 1] == 0x0A || bytes[end + 1] == carriageReturn ? 0x0A : carriageReturn
    }

    /// Whichever stands most often in the header, where names hold none of them.
    private static func separator(_ bytes: [UInt8], _ newline: UInt8) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in bytes {
            if byte == newline { break }
            if byte == quote { isQuoted.toggle() }
            if !isQuoted { counts[byte, default: 0] += 1 }
        }
        let usual = [",", ";", "\t", "|"].compactMap(\.utf8.first)
        return usual.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? usual[0]
    }

    /// `sep=;` in the first line is for Excel.
    private func skipHint() {
        let end = bytes.firstIndex(of: newline) ?? bytes.count
        let text = String(decoding: bytes[..<min(end, 16)], as: UTF8.self)
            .filter { $0 != "\"" && $0 != "\r" && $0 != "\r\n" }
        guard text.lowercased().hasPrefix("sep="), let said = text.utf8.dropFirst(4).first,
            text.utf8.count == 5
        else { return }
        separator = said
        at = min(end + 1, bytes.count)
        startLine()
    }

    // MARK: Rows

    private func row() -> Row {
        let start = (line: line, at: at)
        var fields: [Field] = []
        while true {
            guard let field = field() else { return broken(start) }
            fields.append(field)
            guard at < bytes.count else {
                guard isEnd else { return broken(start) }
                return Row(line: start.line, fields: fields, fault: nil, isCut: true)
            }
            let end = bytes[at]
            at += 1
            if end == newline {
                startLine()
                return Row(line: start.line, fields: fields, fault: nil, isCut: false)
            }
        }
    }

    private func startLine() {
        line += 1
        column = 1
        counted = at
    }

    /// Goes on in the line after the one where it began.
    private func broken(_ start: (line: Int, at: Int)) -> Row {
        let isTooLong = !isEnd && at >= bytes.count
        let end = bytes[start.at...].firstIndex(of: newline)
        isAdrift = end == nil
        at = end.map { $0 + 1 } ?? bytes.count
        line = start.line + 1
        column = 1
        counted = at
        let fault =
            isTooLong
            ? "the row is longer than \(Self.longest >> 10) KiB, or a quote is not closed"
            : "a quote is not closed, or not doubled"
        return Row(line: start.line, fields: [], fault: fault, isCut: isEnd && end == nil)
    }

    /// Leaves `at` on the separator or newline that ends it, or at the end.
    private func field() -> Field? {
        let place = (line: line, column: columnHere(), at: at)
        if at < bytes.count, bytes[at] == Self.quote {
            guard let text = quoted() else { return nil }
            return Field(text: Self.trimmed(text[...]), line: place.line, column: place.column)
        }
        while at < bytes.count, bytes[at] != separator, bytes[at] != newline { at += 1 }
        return Field(
            text: Self.trimmed(bytes[place.at..<at]), line: place.line, column: place.column)
    }

    private func columnHere() -> Int {
        // Only the first byte of a character counts.
        for index in counted..<at where bytes[index] & 0xC0 != 0x80 { column += 1 }
        counted = at
        return column
    }

    private func quoted() -> [UInt8]? {
        var text: [UInt8] = []
        at += 1
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == newline { startLine() }
            guard byte == Self.quote else {
                text.append(byte)
                continue
            }
            if at < bytes.count, bytes[at] == Self.quote {
                text.append(byte)
                at += 1
                continue
            }
            while at < bytes.count, bytes[at] != newline, Self.isBlank(bytes[at]) { at += 1 }
            let ends = at == bytes.count || bytes[at] == separator || bytes[at] == newline
            return ends ? text : nil
        }
        return nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == carriageReturn }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String? {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }
        let hard: [UInt8] = [0xC2, 0xA0]
        var bytes = bytes
        while let first = bytes.first {
            if isSpace(first) {
                bytes = bytes.dropFirst()
            } else if bytes.starts(with: hard) {
                bytes = bytes.dropFirst(2)
            } else {
                break
            }
        }
        while let last = bytes.last {
            if isSpace(last) {
                bytes = bytes.dropLast()
            } else if bytes.suffix(2).elementsEqual(hard) {
                bytes = bytes.dropLast(2)
            } else {
                break
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
