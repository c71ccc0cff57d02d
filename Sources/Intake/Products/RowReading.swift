private import Foundation
internal import Model

/// What a row says, by the declared columns.
struct RowReading {
    /// What is worth telling of a field.
    enum Remark {
        case bad(Problem)
        case text(CellReading.Remark, Place)
    }

    private static let longestSKU = 256

    private let path: String
    private let columns: [ProductColumn]
    private let sku: Int
    private let deletion: (column: Int, words: [String])?
    /// Each digest begins with it.
    private let seed: [UInt8]
    private var buffer: [UInt8] = []
    private var filled: [Int]

    init(_ form: TableForm, _ path: String) {
        self.path = path
        columns = form.columns
        sku = columns.firstIndex { $0.name == "sku" } ?? 0
        let place = columns.firstIndex { $0.name == TableForm.Deletion.name }
        deletion = place.flatMap { place in form.deletion.map { (place, $0.words) } }
        seed = SHA256.hash(Data(form.fingerprint.utf8))
        filled = columns.map { _ in 0 }
    }

    func sku(of row: SourceRow) throws(Problem) -> String {
        let place = Place(file: path, line: row.line, column: 1)
        guard let cell = row.cell(sku) else {
            throw Problem(place, "the row has no sku", code: "no-sku")
        }
        guard let text = row.text(cell) else { throw notText(cell, row) }
        if let fault = Self.control(in: text) {
            throw Problem(place, "the sku \(fault)", code: "no-sku")
        }
        guard text.utf8.count <= Self.longestSKU else {
            throw Problem(
                place, "the sku '\(text.prefix(40))…' is longer than \(Self.longestSKU) bytes",
                code: "no-sku")
        }
        return text.utf8.allSatisfy { $0 < 0x80 } ? text : text.composed
    }

    /// Of the declared cells as they stand there: 64 bits of SHA-256.
    mutating func digest(of row: SourceRow) -> Int64 {
        buffer.removeAll(keepingCapacity: true)
        buffer += seed
        for column in columns.indices {
            let cell = row.cell(column)
            var count = UInt32(cell.map { $0.end - $0.start } ?? 0)
            withUnsafeBytes(of: &count) { buffer.append(contentsOf: $0) }
            if let cell { buffer += row.bytes[Int(cell.start)..<Int(cell.end)] }
        }
        return SHA256.hash(buffer).prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
    }

    /// Counts a row that is not read.
    mutating func count(_ row: SourceRow) {
        for column in columns.indices where row.cell(column) != nil { filled[column] += 1 }
    }

    /// Column → rows counted that have something there.
    var counts: [String: Int] {
        Dictionary(zip(columns.map(\.name), filled), uniquingKeysWith: { first, _ in first })
    }

    /// - Parameter tell: takes what is wrong with, or was done to, single fields.
    func record(
        _ row: SourceRow, _ sku: String, tell: (Remark) -> Void
    ) throws(Problem) -> ProductRow {
        var record = ProductRow(product: Product(sku: sku, fields: [:]), bad: [])
        record.product.fields.reserveCapacity(columns.count)
        record.product.fields["sku"] = sku
        record.isDeletion = isDeletion(row)
        if record.isDeletion { return record }
        for (index, column) in columns.enumerated()
        where index != self.sku && index != deletion?.column {
            guard let cell = row.cell(index) else { continue }
            guard let text = row.text(cell) else { throw notText(cell, row) }
            switch Self.control(in: text).map(CellReading.bad) ?? column.reading(of: text) {
            case .good(let text, let remark):
                if !text.isEmpty { record.product.fields[column.name] = text }
                if let remark { tell(.text(remark, row.place(cell, path))) }
            case .bad(let fault):
                record.bad.insert(column.name)
                let message = "\(column.name) '\(text.prefix(60))' of sku '\(sku)' \(fault)"
                tell(
                    .bad(
                        Problem(
                            row.place(cell, path), message, code: "bad-\(column.type.rawValue)")))
            }
        }
        return record
    }

    private func isDeletion(_ row: SourceRow) -> Bool {
        guard let deletion, let text = row.cell(deletion.column).flatMap(row.text) else {
            return false
        }
        return deletion.words.contains(
            text.trimmingCharacters(in: .whitespaces).lowercased())
    }

    /// No feed, and no document, may hold one.
    private static func control(in text: String) -> String? {
        let control = text.utf8.first { $0 == 0x7F || ($0 < 0x20 && !(0x09...0x0D).contains($0)) }
        return control.map { "holds the control character 0x\(String($0, radix: 16))" }
    }

    private func notText(_ cell: SourceRow.Cell, _ row: SourceRow) -> Problem {
        Problem(
            row.place(cell, path),
            "the text is not what its encoding says, UTF-8 unless declared; save the file as "
                + "'CSV UTF-8', or declare 'encoding: windows-1252'", code: "encoding")
    }
}
