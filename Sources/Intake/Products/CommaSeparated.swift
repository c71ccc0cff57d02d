internal import Host
internal import Model

/// The rows of a CSV file as RFC 4180 has them, and as spreadsheets write them: separated by comma,
/// semicolon, tab or bar, as a first line `sep=;` may say; lines ended by LF, CRLF or CR. What is
/// declared is not looked for. A broken row costs itself alone: after a stray quote reading goes on in
/// the line after the one where the row began. Memory does not grow with the file.
final class CommaSeparated {
    struct Row {
        var row: SourceRow
        /// What is wrong with the row as such; its fields mean nothing then.
        var fault: String?
        /// The file ended before its last line did.
        var isCut = false
    }

    /// Bytes of a row.
    static let longest = 256 << 10

    private let source: TextSource
    /// In a row that was too long, with no end of it in sight.
    private var isAdrift = false
    private var bytes: [UInt8] = []
    private var at = 0
    private var line = 1
    private(set) var separator: UInt8
    private let newline: UInt8
    private let quote: UInt8
    /// Fields of the last row: so many the next will have.
    private var width = 8
    /// Why it can be no table.
    let fault: String?

    private static let carriageReturn = UInt8(ascii: "\r")

    /// - Parameter file: stands at its beginning.
    init(_ file: consuming OpenFile, _ dialect: TableForm.Dialect) throws(HostError) {
        source = try TextSource(file, dialect.encoding)
        fault = source.fault
        try source.read(into: &bytes)
        newline = dialect.end?.byte ?? Self.newline(bytes)
        quote = dialect.quote ?? Self.quote(bytes)
        separator = dialect.delimiter ?? Self.separator(bytes, newline, quote)
        skipHint(isDeclared: dialect.delimiter != nil)
    }

    /// The next row that is not blank; nil at the end.
    func next() throws(HostError) -> Row? {
        while true {
            try fill()
            if isAdrift { drift() }
            guard at < bytes.count else {
                if source.isEnd { return nil }
                continue
            }
            let row = row()
            if row.fault != nil || row.row.fields.count > 1 || !row.row.fields[0].isEmpty {
                return row
            }
        }
    }

    /// From here on the longest row there may be lies in `bytes`.
    private func fill() throws(HostError) {
        guard !source.isEnd, bytes.count - at < Self.longest else { return }
        bytes.removeSubrange(..<at)
        at = 0
        while bytes.count < 2 * Self.longest, !source.isEnd { try source.read(into: &bytes) }
    }

    /// To the next line.
    private func drift() {
        guard let end = bytes[at...].firstIndex(of: newline) else {
            at = bytes.count
            return
        }
        isAdrift = false
        at = end + 1
    }

    // MARK: What the file is like

    /// CR where no LF follows the first one, as old Macs and some exports have it.
    private static func newline(_ bytes: [UInt8]) -> UInt8 {
        let end = bytes.firstIndex { $0 == 0x0A || $0 == carriageReturn }
        guard let end, bytes[end] == carriageReturn, end + 1 < bytes.count else { return 0x0A }
        return bytes[end + 1] == 0x0A || bytes[end + 1] == carriageReturn ? 0x0A : carriageReturn
    }

    /// The single one where the header begins with it.
    private static func quote(_ bytes: [UInt8]) -> UInt8 {
        bytes.first == UInt8(ascii: "'") ? UInt8(ascii: "'") : UInt8(ascii: "\"")
    }

    /// Whichever stands most often in the header, where names hold none of them.
    private static func separator(_ bytes: [UInt8], _ newline: UInt8, _ quote: UInt8) -> UInt8 {
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
    private func skipHint(isDeclared: Bool) {
        let end = bytes.firstIndex(of: newline) ?? bytes.count
        let text = String(decoding: bytes[..<min(end, 16)], as: UTF8.self)
            .filter { $0 != "\"" && $0 != "\r" && $0 != "\r\n" }
        guard text.lowercased().hasPrefix("sep="), let said = text.utf8.dropFirst(4).first,
            text.utf8.count == 5
        else { return }
        if !isDeclared { separator = said }
        at = min(end + 1, bytes.count)
        line += 1
    }

    // MARK: Rows

    private func row() -> Row {
        let (start, first) = (at, line)
        var fields: [SourceRow.Cell] = []
        fields.reserveCapacity(width)
        let scan = FieldScan(separator: separator, newline: newline, quote: quote, start: start)
        var place = FieldScan.Position(at: at, line: line, lineStart: start)
        let ending = bytes.withUnsafeBufferPointer { scan.fields($0, &place, into: &fields) }
        let isOpen = ending != .line && place.at >= bytes.count && !source.isEnd
        guard ending != .badQuote, !isOpen else { return broken(start, isTooLong: isOpen) }
        width = fields.count
        (at, line) = (place.at, place.line)
        let row = SourceRow(
            line: first, bytes: Array(bytes[start..<place.at]), fields: fields, quote: quote)
        return Row(row: row, isCut: ending == .end)
    }

    /// Goes on in the line after the one where it began.
    private func broken(_ start: Int, isTooLong: Bool) -> Row {
        let first = line
        let end = bytes[start...].firstIndex(of: newline)
        isAdrift = end == nil
        at = end.map { $0 + 1 } ?? bytes.count
        line += 1
        let fault =
            isTooLong
            ? "the row is longer than \(Self.longest >> 10) KiB, or a quote is not closed"
            : "a quote is not closed, or not doubled"
        return Row(
            row: SourceRow(line: first), fault: fault, isCut: source.isEnd && end == nil)
    }
}
