/// The inner loop: one row's fields.
struct FieldScan {
    enum Ending { case line, end, badQuote }

    struct Position {
        var at: Int
        var line: Int
        /// Where the line begins.
        var lineStart: Int
    }

    let separator: UInt8
    let newline: UInt8
    let quote: UInt8
    /// Where the row begins: its fields' places are counted from here.
    let start: Int

    func fields(
        _ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Position,
        into fields: inout [SourceRow.Cell]
    ) -> Ending {
        while true {
            guard let cell = cell(bytes, &place) else { return .badQuote }
            fields.append(cell)
            guard place.at < bytes.count else { return .end }
            let end = bytes[place.at]
            place.at += 1
            guard end == newline else { continue }
            place.line += 1
            return .line
        }
    }

    /// Leaves the place on the separator or newline that ends it, or at the end.
    @inline(__always)
    private func cell(
        _ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Position
    ) -> SourceRow.Cell? {
        let origin = place
        var (from, to, isDoubled) = (place.at, place.at, false)
        if place.at < bytes.count, bytes[place.at] == quote {
            guard let end = quoted(bytes, &place, &isDoubled) else { return nil }
            (from, to) = (from + 1, end)
        } else {
            var at = place.at
            while at < bytes.count, bytes[at] != separator, bytes[at] != newline { at += 1 }
            (place.at, to) = (at, at)
        }
        trim(bytes, &from, &to)
        return SourceRow.Cell(
            origin: Int32(origin.at - start), start: Int32(from - start), end: Int32(to - start),
            line: Int32(origin.line), lineStart: Int32(origin.lineStart - start),
            isDoubled: isDoubled)
    }

    /// Where the text ends; nil when its quote does not close before a separator.
    private func quoted(
        _ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Position, _ isDoubled: inout Bool
    ) -> Int? {
        place.at += 1
        while place.at < bytes.count {
            let byte = bytes[place.at]
            place.at += 1
            if byte == newline {
                place.line += 1
                place.lineStart = place.at
            }
            guard byte == quote else { continue }
            if place.at < bytes.count, bytes[place.at] == quote {
                isDoubled = true
                place.at += 1
                continue
            }
            let end = place.at - 1
            while place.at < bytes.count, bytes[place.at] != newline,
                bytes[place.at] == 0x20 || bytes[place.at] == 0x0D
            { place.at += 1 }
            let closes =
                place.at == bytes.count || bytes[place.at] == separator
                || bytes[place.at] == newline
            return closes ? end : nil
        }
        return nil
    }

    /// White space around a text means nothing; the hard one of U+00A0 included.
    @inline(__always)
    private func trim(_ bytes: UnsafeBufferPointer<UInt8>, _ from: inout Int, _ to: inout Int) {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
        func isHard(_ at: Int) -> Bool { bytes[at] == 0xC2 && bytes[at + 1] == 0xA0 }
        while from < to {
            if isSpace(bytes[from]) {
                from += 1
            } else if to - from > 1, isHard(from) {
                from += 2
            } else {
                break
            }
        }
        while from < to {
            if isSpace(bytes[to - 1]) {
                to -= 1
            } else if to - from > 1, isHard(to - 2) {
                to -= 2
            } else {
                break
            }
        }
    }
}
