/// Rows in columns as wide as their widest cell. Where that is more than the page has, the last
/// column wraps, then the widest.
struct Table {
    struct Cell {
        var text: String
        var tint: Page.Tint
        var alignsRight: Bool

        init(_ text: String, _ tint: Page.Tint = .plain, alignsRight: Bool = false) {
            self.text = Words.plain(text)
            self.tint = tint
            self.alignsRight = alignsRight
        }
    }

    /// What stands before the cells; as many columns wide as `leadWidth`.
    var rows: [(lead: String, cells: [Cell])] = []
    var leadWidth = 2
    private let gap = 2

    mutating func add(_ lead: String, _ cells: [Cell]) { rows.append((lead, cells)) }

    /// Columns that are less readable when they are narrower.
    private static let least = 20

    /// One list of lines per row.
    func lines(on page: Page) -> [[String]] {
        let count = rows.map(\.cells.count).max() ?? 0
        var widths = (0..<count).map { column in
            rows.map { $0.cells.count > column ? $0.cells[column].text.count : 0 }.max() ?? 0
        }
        // A column without a text in any row takes no room.
        let gaps = gap * max(0, widths.count { $0 > 0 } - 1)
        narrow(&widths, to: page.width - leadWidth - gaps)
        return rows.map { row($0.lead, $0.cells, widths, page) }
    }

    /// The last column gives way first, then the widest.
    private func narrow(_ widths: inout [Int], to room: Int) {
        guard let last = widths.indices.last else { return }
        func give(_ column: Int) {
            let excess = widths.reduce(0, +) - room
            widths[column] = max(min(widths[column], Self.least), widths[column] - max(0, excess))
        }
        give(last)
        for _ in 0..<last {
            guard let widest = widths.indices.dropLast().max(by: { widths[$0] < widths[$1] })
            else { return }
            give(widest)
        }
    }

    private func row(_ lead: String, _ cells: [Cell], _ widths: [Int], _ page: Page) -> [String] {
        let wrapped = zip(cells, widths).map { Page.lines($0.text, columns: max(1, $1)) }
        return (0..<max(1, wrapped.map(\.count).max() ?? 1)).map { number in
            var line = number == 0 ? lead : String(repeating: " ", count: leadWidth)
            for (index, width) in widths.enumerated() where index < cells.count && width > 0 {
                let text = number < wrapped[index].count ? wrapped[index][number] : ""
                let padding = String(repeating: " ", count: max(0, width - text.count))
                let painted = text.isEmpty ? "" : page.paint(text, cells[index].tint)
                line += cells[index].alignsRight ? padding + painted : painted + padding
                line += String(repeating: " ", count: gap)
            }
            return Self.trimmed(line)
        }
    }

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}
