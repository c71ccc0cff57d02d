private import Foundation
package import Model

/// A row as it was found: the bytes, and where in them each declared column has its cell. Nothing of
/// it is decoded before somebody asks.
struct SourceRow {
    struct Cell {
        /// Where it begins, quotes and blanks included: what its column in the line is counted to.
        var origin: Int32
        var start: Int32
        var end: Int32
        var line: Int32
        /// Where that line begins; nil: nobody can say.
        var lineStart: Int32?
        /// `""` stands for a quote in it.
        var isDoubled = false

        var isEmpty: Bool { start == end }
    }

    /// Line of its first character, from 1.
    var line: Int
    var bytes: [UInt8] = []
    /// In the file's order.
    var fields: [Cell] = []
    /// Column → its field, by the order in which the columns are declared; -1: none.
    var order: [Int] = []
    var quote = UInt8(ascii: "\"")
    /// What makes it unusable.
    var fault: Problem?

    func cell(_ column: Int) -> Cell? {
        let index = order[column]
        guard index >= 0, index < fields.count, !fields[index].isEmpty else { return nil }
        return fields[index]
    }

    /// Nil when the bytes are no text.
    func text(_ cell: Cell) -> String? {
        let raw = bytes[Int(cell.start)..<Int(cell.end)]
        guard cell.isDoubled else { return String(validating: raw, as: UTF8.self) }
        var text: [UInt8] = []
        text.reserveCapacity(raw.count)
        var isSecond = false
        for byte in raw {
            isSecond = byte == quote && !isSecond
            if !isSecond { text.append(byte) }
        }
        // The loop drops the first of each pair.
        return String(validating: text, as: UTF8.self)
    }

    func place(_ cell: Cell, _ path: String) -> Place {
        guard let start = cell.lineStart else {
            return Place(file: path, line: Int(cell.line), column: 1)
        }
        // Only the first byte of a character counts.
        let before = bytes[Int(start)..<Int(cell.origin)].count { $0 & 0xC0 != 0x80 }
        return Place(file: path, line: Int(cell.line), column: before + 1)
    }
}

/// A file of products, whatever it is written in. What makes one doubt that it is whole is thrown.
protocol ProductSource: AnyObject {
    func next() throws(Problem) -> SourceRow?
    /// Declared columns that are there; complete at the end.
    var columns: Set<String> { get }
    /// Those that are not, with what is to be said of it; complete at the end.
    var missing: [String: Problem] { get }
    /// Declared columns that are there twice.
    var repeated: [Problem] { get }
    var note: Problem.Note? { get }
}
