private import Foundation

/// The rows of a CSV file as RFC 4180 has them, and as spreadsheets write them: separated by comma,
/// semicolon or tab, lines ended by LF or CRLF. A broken row costs itself alone: after a stray quote
/// reading goes on in the line after the one where the row began.
struct CommaSeparated {
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
        /// What is wrong with the quotes; the fields mean nothing then.
        let fault: String?
    }

    private let bytes: [UInt8]
    private let separator: UInt8
    private var at = 0
    private var line = 1
    private var lineStart = 0

    private static let quote = UInt8(ascii: "\"")
    private static let newline = UInt8(ascii: "\n")

    /// - Parameter bytes: without a byte order mark.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        separator = Self.separator(bytes)
    }

    /// The next row that is not blank; nil at the end.
    mutating func next() -> Row? {
        while at < bytes.count {
            let row = row()
            if row.fault != nil || row.fields.count > 1 || row.fields[0].text != "" { return row }
        }
        return nil
    }

    /// Whichever stands most often in the header, where names hold none of them.
    private static func separator(_ bytes: [UInt8]) -> UInt8 {
        let header = bytes.prefix { $0 != newline }
        let counted = [",", ";", "\t"].map { candidate in
            (byte: candidate.utf8.first!, count: header.count { $0 == candidate.utf8.first! })
        }
        return counted.max { $0.count < $1.count }?.byte ?? UInt8(ascii: ",")
    }

    private mutating func row() -> Row {
        let start = (line: line, at: at)
        var fields: [Field] = []
        while true {
            guard let field = field() else {
                resume(after: start.at, line: start.line)
                return Row(
                    line: start.line, fields: [], fault: "a quote is not closed, or not doubled")
            }
            fields.append(field)
            guard at < bytes.count else { break }
            let end = bytes[at]
            at += 1
            if end == Self.newline {
                startLine()
                break
            }
        }
        return Row(line: start.line, fields: fields, fault: nil)
    }

    private mutating func startLine() {
        line += 1
        lineStart = at
    }

    private mutating func resume(after start: Int, line startLine: Int) {
        let end = bytes[start...].firstIndex(of: Self.newline) ?? bytes.count - 1
        at = end + 1
        line = startLine + 1
        lineStart = at
    }

    /// Leaves `at` on the separator or newline that ends it, or at the end.
    private mutating func field() -> Field? {
        let place = (line: line, start: lineStart, at: at)
        let text: [UInt8]
        if at < bytes.count, bytes[at] == Self.quote {
            guard let quoted = quoted() else { return nil }
            text = quoted
        } else {
            while at < bytes.count, bytes[at] != separator, bytes[at] != Self.newline { at += 1 }
            text = Array(bytes[place.at..<at])
        }
        let column = String(decoding: bytes[place.start..<place.at], as: UTF8.self).count + 1
        return Field(text: Self.trimmed(text), line: place.line, column: column)
    }

    private mutating func quoted() -> [UInt8]? {
        var text: [UInt8] = []
        at += 1
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == Self.newline { startLine() }
            guard byte == Self.quote else {
                text.append(byte)
                continue
            }
            if at < bytes.count, bytes[at] == Self.quote {
                text.append(byte)
                at += 1
                continue
            }
            while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0D { at += 1 }
            let ends = at == bytes.count || bytes[at] == separator || bytes[at] == Self.newline
            return ends ? text : nil
        }
        return nil
    }

    private static func trimmed(_ bytes: [UInt8]) -> String? {
        String(validating: bytes, as: UTF8.self)?.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
