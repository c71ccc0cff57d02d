/// Rows in columns as wide as their widest cell; the last column takes what is left and wraps.
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

    /// One list of lines per row.
    func lines(on page: Page) -> [[String]] {
        let count = rows.map(\.cells.count).max() ?? 0
        let widths = (0..<max(0, count - 1)).map { column in
            rows.map { $0.cells.count > column ? $0.cells[column].text.count : 0 }.max() ?? 0
        }
        // A column without a text in any row takes no room.
        let left = leadWidth + widths.reduce(0) { $0 + ($1 == 0 ? 0 : $1 + gap) }
        return rows.map { row($0.lead, $0.cells, widths, left, page) }
    }

    private func row(
        _ lead: String, _ cells: [Cell], _ widths: [Int], _ left: Int, _ page: Page
    ) -> [String] {
        var line = lead
        for (cell, width) in zip(cells.dropLast(), widths) where width > 0 {
            let padding = String(repeating: " ", count: width - cell.text.count)
            let text = page.paint(cell.text, cell.tint)
            line += (cell.alignsRight ? padding + text : text + padding) + "  "
        }
        guard let last = cells.last else { return [line] }
        let wrapped = Page.lines(last.text, columns: max(20, page.width - left))
        let indent = String(repeating: " ", count: left)
        return wrapped.enumerated().map { number, text in
            let body = (number == 0 ? line : indent) + page.paint(text, last.tint)
            return Self.trimmed(body)
        }
    }

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}
