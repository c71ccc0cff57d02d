package import Host
internal import Model

/// How product tables of certain names are written.
package struct TableForm: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case delimited(Dialect)
        /// One JSON object a line.
        case jsonLines
        /// The list at this path of one document; empty: the document is the list.
        case json(items: [String])
        /// Elements by this path from the root.
        case xml(item: [String])
    }

    /// Nil: found by looking.
    package struct Dialect: Sendable, Hashable {
        package var delimiter: UInt8?
        package var quote: UInt8?
        package var end: LineEnd?
        package var encoding: TextEncoding?

        package init() {}
    }

    package enum LineEnd: String, Sendable, Hashable, CaseIterable {
        case lf, crlf, cr

        var byte: UInt8 { self == .cr ? 0x0D : 0x0A }
    }

    /// Which of several files of a series is the newest.
    package enum Order: String, Sendable, Hashable, CaseIterable {
        /// By the day in their names, else by time.
        case name
        /// By when they changed.
        case time
    }

    /// What a file holds.
    package enum Extent: String, Sendable, Hashable, CaseIterable {
        /// A product that is not in it is gone.
        case all
        /// What is not in it stays as it is.
        case changes
    }

    /// Which rows of a table of changes take their product out.
    package struct Deletion: Sendable, Hashable {
        /// What the file calls the column, or the path to it within an item.
        package var column: String
        /// One of these says it, capitals or not.
        package var words: [String]

        package init(column: String, words: [String]) {
            (self.column, self.words) = (column, words.map { $0.lowercased() })
        }

        /// Among the columns; no product has one of that name.
        package static let name = "\u{0}deletion"
    }

    package var kind: Kind
    package var columns: [ProductColumn]
    package var extent = Extent.all
    package var order = Order.name
    /// Nil: none does.
    package private(set) var deletion: Deletion?

    package init(_ kind: Kind, _ columns: [ProductColumn]) {
        self.kind = kind
        self.columns =
            columns.contains { $0.name == "sku" }
            ? columns : [ProductColumn("sku", .text)] + columns
    }

    package mutating func deletes(by deletion: Deletion) {
        self.deletion = deletion
        columns.append(ProductColumn(Deletion.name, .text, from: [deletion.column]))
    }

    /// Raised by hand when the same cell is read otherwise than before.
    private static let epoch = 2

    /// Changes when a table would be read otherwise.
    var fingerprint: String {
        "\(Self.epoch) \(columns.map { "\($0)" }.joined(separator: "\u{1}"))"
    }
}

/// The forms that are declared, and what holds where none is.
package struct TableForms: Sendable, Hashable {
    package struct Named: Sendable, Hashable {
        /// A file name in which `*` stands for anything.
        package var pattern: String
        package var form: TableForm

        package init(_ pattern: String, _ form: TableForm) {
            (self.pattern, self.form) = (pattern, form)
        }
    }

    package var columns: [ProductColumn]
    /// The first that fits counts.
    package var named: [Named]

    package init(_ columns: [ProductColumn], _ named: [Named] = []) {
        (self.columns, self.named) = (columns, named)
    }

    /// What the names of files end in where a table may be meant.
    package static let endings = ["csv", "tsv", "jsonl", "ndjson", "json", "xml"]

    /// Nil where a file of that name is nothing to us.
    /// - Returns: the form, or why it cannot be known.
    package func form(of file: String) -> Result<TableForm, Fault>? {
        if let named = named.first(where: { Self.fits(file, $0.pattern) }) {
            return .success(named.form)
        }
        let ending = file.split(separator: ".").last.map { $0.lowercased() } ?? ""
        switch ending {
        case "csv", "tsv": return .success(TableForm(.delimited(TableForm.Dialect()), columns))
        case "jsonl", "ndjson": return .success(TableForm(.jsonLines, columns))
        case "json": return .success(TableForm(.json(items: []), columns))
        case "xml":
            return .failure(
                Fault(
                    text: "nothing declares where its items are; say it below 'products: tables:'"))
        default: return nil
        }
    }

    package struct Fault: Error { package var text: String }

    private static func fits(_ name: String, _ pattern: String) -> Bool {
        let parts = pattern.lowercased().split(separator: "*", omittingEmptySubsequences: false)
        guard let first = parts.first, let last = parts.last else { return false }
        var rest = Substring(name.lowercased())
        guard parts.count > 1 else { return rest == first }
        guard rest.hasPrefix(first), rest.utf8.count >= first.utf8.count + last.utf8.count else {
            return false
        }
        rest = rest.dropFirst(first.count)
        guard rest.hasSuffix(last) else { return false }
        rest = rest.dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}

extension TableForm {
    /// - Parameter file: stands at its beginning.
    func source(_ file: consuming OpenFile, _ path: String) throws(Problem) -> any ProductSource {
        switch kind {
        case .delimited(let dialect): try CommaTable(file, path, dialect, columns)
        case .jsonLines: try JSONTable(file, path, items: nil, columns)
        case .json(let items): try JSONTable(file, path, items: items, columns)
        case .xml(let item): try XMLTable(file, path, item: item, columns)
        }
    }
}
