package import Host
package import Model

/// What a channel answers about items, in a table of any kind: of a row its SKU, a word and what explains
/// it count. Foreign bytes: what is not a row is passed over, and what makes one doubt that the file is
/// whole is thrown.
package final class VerdictTable {
    package struct Row: Sendable, Hashable {
        package var sku: String
        package var status: String
        /// Empty where nothing is said.
        package var message: String
    }

    /// Characters of a message that are kept.
    private static let longest = 500

    private let source: any ProductSource
    private let rows: RowReading
    private let path: String
    private var broken = Mistakes()

    /// - Parameters:
    ///   - file: stands at its beginning.
    ///   - path: how it is named in what is told.
    ///   - item: what the file calls the SKU: a header, or the way to it within an item.
    ///   - message: several are joined.
    package init(
        _ file: consuming OpenFile, path: String, kind: TableForm.Kind, item: String,
        status: String, message: [String]
    ) throws(Problem) {
        self.path = path
        let form = TableForm(
            kind,
            [
                ProductColumn("sku", .text, from: [item]),
                ProductColumn("status", .text, from: [status]),
                // An item may give several reasons.
                ProductColumn("message", message.count > 1 ? .text : .list, from: message),
            ])
        source = try form.source(file, path)
        rows = RowReading(form, path)
    }

    /// Nil at the end.
    package func next() throws(Problem) -> Row? {
        while let row = try source.next() {
            do throws(Problem) {
                if let fault = row.fault { throw fault }
                return Row(
                    sku: try rows.sku(of: row), status: text(1, row), message: text(2, row))
            } catch {
                broken.add(error)
                guard broken.count <= ProductReader.patience else { throw error }
            }
        }
        if let problem = source.missing["status"] { throw problem }
        return nil
    }

    /// On one line, without what no line can hold.
    private func text(_ column: Int, _ row: SourceRow) -> String {
        guard let cell = row.cell(column), let text = row.text(cell) else { return "" }
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let clean = words.unicodeScalars.filter { !CharacterKinds.isControl($0) }
        return String(String(String.UnicodeScalarView(clean)).prefix(Self.longest))
    }
}

private enum CharacterKinds {
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse, .surrogate, .unassigned: true
        default: false
        }
    }
}
