import Foundation
import Host
import Model

@testable import Intake

/// A directory with one file of products, and what is read of it.
final class ProductSite {
    struct Read {
        var rows: [ProductRow] = []
        var broken = Mistakes()
        var cells = Mistakes()
        var missing: [String] = []
        var notes: [String] = []
        var unchanged: [String: Int] = [:]
        var keptUnread = 0

        func fields(_ name: String) -> [String?] { rows.map { $0.product.fields[name] } }
    }

    private let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "products-\(UUID().uuidString)"
        try Files.makeDirectory(directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func read(
        _ bytes: Data, as kind: TableForm.Kind = .delimited(.init()), _ columns: [ProductColumn],
        index: ProductIndex = ProductIndex()
    ) throws -> Read {
        let path = directory + "/p"
        try Files.write(bytes, to: path)
        let reader = try ProductReader(
            try OpenFile.open(path, O_RDONLY), path: path, form: TableForm(kind, columns),
            index: index)
        var read = Read()
        while let row = try reader.next() { read.rows.append(row) }
        (read.broken, read.cells) = (reader.broken, reader.cells)
        read.missing = reader.missing.values.map(\.message).sorted()
        read.notes = reader.notes.map(\.message)
        (read.unchanged, read.keptUnread) = (reader.unchanged, reader.keptUnread)
        return read
    }

    func read(
        _ text: String, as kind: TableForm.Kind = .delimited(.init()), _ columns: [ProductColumn],
        index: ProductIndex = ProductIndex()
    ) throws -> Read {
        try read(Data(text.utf8), as: kind, columns, index: index)
    }

    /// Code and message of what ends the reading.
    func refusal(
        _ text: String, as kind: TableForm.Kind, _ columns: [ProductColumn]
    ) -> String? {
        do {
            _ = try read(text, as: kind, columns)
            return nil
        } catch {
            return (error as? Problem).map { "\($0.place.line) \($0.code): \($0.message)" }
                ?? "\(error)"
        }
    }
}
