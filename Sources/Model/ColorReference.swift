import Foundation

/// What a rendition should look like, coarsely: averages over a grid of equal cells that covers
/// its frame, made from the master without passing through the rendition's own colours.
package struct ColorReference: Hashable, Codable, Sendable {
    package let columns: Int
    package let rows: Int
    /// One a cell, row by row: `blank` or big-endian L*, a*, b* in hundredths. One text in JSON,
    /// where thousands of numbers would take longer than comparing them.
    private let cells: Data

    /// - Parameter colors: CIELAB (D50), L*, a*, b*; nil for each cell that is not to be compared:
    ///   painted over, see-through, or nothing but background.
    package init(columns: Int, rows: Int, colors: [(Double, Double, Double)?]) {
        self.columns = columns
        self.rows = rows
        var cells = Data(capacity: colors.count * Self.width)
        for color in colors {
            let numbers = color.map { [$0.0, $0.1, $0.2].map(Self.hundredths) } ?? Self.blank
            for number in numbers {
                cells.append(UInt8(truncatingIfNeeded: number >> 8))
                cells.append(UInt8(truncatingIfNeeded: number))
            }
        }
        self.cells = cells
    }

    private static let width = 6
    private static let blank = [Int16](repeating: .min, count: 3)

    private static func hundredths(_ number: Double) -> Int16 {
        let rounded = (number * 100).rounded()
        return rounded.isFinite ? Int16(min(max(rounded, -32_767), 32_767)) : 0
    }

    package var colors: [(Double, Double, Double)?] {
        let bytes = [UInt8](cells)
        return (0..<columns * rows).map { index in
            let numbers = (0..<3).map { part in
                let at = index * Self.width + part * 2
                return Int16(bitPattern: UInt16(bytes[at]) << 8 | UInt16(bytes[at + 1]))
            }
            guard numbers != Self.blank else { return nil }
            return (
                Double(numbers[0]) / 100, Double(numbers[1]) / 100, Double(numbers[2]) / 100
            )
        }
    }

    /// Cells along a side: what is beyond is a broken peer.
    private static let most = 64

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        columns = try values.decode(Int.self, forKey: .columns)
        rows = try values.decode(Int.self, forKey: .rows)
        cells = try values.decode(Data.self, forKey: .cells)
        let sane = 1...Self.most
        guard sane.contains(columns), sane.contains(rows),
            cells.count == columns * rows * Self.width
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .cells, in: values, debugDescription: "not one colour a cell")
        }
    }
}
