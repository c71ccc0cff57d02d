import Foundation
import Host
import Intake
import Model
import Testing
import YAML

@testable import sluice

/// `products:` in sluice.yaml, and `sluice check` on a table that it declares.
@Suite struct ProductsConfigurationTests {
    private static let columns = "{sku: text, price: price, tags: list}"

    private func read(_ products: String) throws -> Configuration.Products {
        let text = "spool: {path: in}\nstate: state\nchannels: channels\nproducts: \(products)\n"
        let configuration = try ConfigurationReader("/etc/sluice.yaml").read(Data(text.utf8))
        return try #require(configuration.products)
    }

    private func mistakes(_ products: String) -> [String] {
        do {
            _ = try read(products)
            return []
        } catch {
            return (error as? Problems)?.all.map { "\($0.code): \($0.message)" } ?? ["\(error)"]
        }
    }

    @Test func aTableIsDeclaredWhole() throws {
        let forms = try read(
            """
            {path: p, columns: \(Self.columns), tables: {
              "lager-*.csv": {delimiter: ";", quote: "'", line_end: crlf, encoding: windows-1252, holds: changes,
                delete: {column: Aktion, is: [L, D]},
                newest_by: time, columns: {price: {from: [Preis, Währung], decimal: comma, currency: EUR},
                tags: {separator: "|"}}},
              "feed.xml": {format: google-rss}, "x.xml": {items: a/b}, "p.json": {items: data}, "*.jsonl": {}}}
            """
        ).forms
        let first = forms.named[0].form
        var dialect = TableForm.Dialect()
        dialect.delimiter = UInt8(ascii: ";")
        dialect.quote = UInt8(ascii: "'")
        dialect.end = .crlf
        dialect.encoding = .windows1252
        #expect(first.kind == .delimited(dialect))
        #expect(first.extent == .changes && first.order == .time)
        var price = ProductColumn("price", .price, from: ["Preis", "Währung"])
        (price.decimal, price.unit) = (.comma, "EUR")
        var tags = ProductColumn("tags", .list)
        tags.separator = "|"
        #expect(first.columns.prefix(3) == [ProductColumn("sku", .text), price, tags])
        #expect(first.deletion == TableForm.Deletion(column: "Aktion", words: ["L", "D"]))
        #expect(
            forms.named.dropFirst().map(\.form.kind) == [
                .xml(item: ["rss", "channel", "item"]), .xml(item: ["a", "b"]),
                .json(items: ["data"]), .jsonLines,
            ])
        #expect(forms.named[1].form.columns[0].from == ["id"])
    }

    @Test(arguments: [
        ("{path: p, columns: {price: price}}", "missing-key: columns needs 'sku': text"),
        ("{path: p, columns: {sku: txt}}", "did you mean 'text'"),
        ("{path: p, columns: {sku: {is: text, frmo: x}}}", "a column has no key 'frmo'"),
        (
            "{path: p, columns: {sku: text}, tables: {a.csv: {columns: {prise: price}}}}",
            "unknown-column: 'prise' is no column of the products"
        ), ("{path: p, columns: {sku: text}, tables: {a.xml: {}}}", "a table needs 'items'"),
        ("{path: p, columns: {sku: text}, tables: {a.json: {delimiter: x}}}", "no key 'delimiter'"),
        ("{path: p, columns: {sku: text}, tables: {a.csv: {quote: xx}}}", "one character"),
        ("{path: p, columns: {sku: {currency: Euro}}}", "a currency such as EUR"),
        (
            "{path: p, columns: {sku: text}, tables: {a.csv: {delete: {column: x, is: D}}}}",
            "'delete' is for a table of changes: write 'holds: changes'"
        ),
    ]) func mistakesAreNamed(products: String, message: String) {
        let told = mistakes(products)
        #expect(told.contains { $0.contains(message) }, "\(told)")
    }

    @Test func aTableOfChangesMayLackColumns() throws {
        let directory = NSTemporaryDirectory() + "check-\(UUID().uuidString)"
        try Files.makeDirectory(directory)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/p.csv"
        try Files.write(Data("sku,price\nA1,5 EUR\n".utf8), to: path)
        let changes = "tables: {\"p.csv\": {holds: changes}}"
        let forms = try read("{path: p, \(changes), columns: \(Self.columns)}").forms
        #expect(TableReport(path, forms, isComplete: true).isGood)
        try Files.write(Data("nr,price\nA1,5 EUR\n".utf8), to: path)
        #expect(!TableReport(path, forms, isComplete: true).isGood)
    }

    @Test func checkTellsBadRowsAndCells() throws {
        let directory = NSTemporaryDirectory() + "check-\(UUID().uuidString)"
        try Files.makeDirectory(directory)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/p.csv"
        let rows = (1...30).map { "A\($0),\($0 % 2 == 0 ? "5 EUR" : "x")\n" }.joined()
        try Files.write(Data(("sku,price\n" + rows + "B1,5 EUR,more\nA1,5 EUR\n").utf8), to: path)
        let forms = try read("{path: p, columns: \(Self.columns)}").forms
        let some = TableReport(path, forms, isComplete: false)
        #expect(some.rows == 30 && some.badCells == 15 && some.badRows == 1 && some.repeated == 1)
        #expect(some.missing == ["tags"])
        let lines = some.lines(Page(width: 100, colour: false, zone: .gmt))
        #expect(lines.contains { $0.hasPrefix("\(path):2:4: error: price 'x' of sku 'A1' is not") })
        #expect(
            lines.last?.contains("30 products, 1 row that cannot be used, 15 bad cells") == true)
        try Files.write(Data("sku,price\nA1,5 EUR\nA2,\"5".utf8), to: path)
        let cut = TableReport(path, forms, isComplete: true)
        #expect(cut.refused?.code == "cut-off" && !cut.isGood)
        #expect(try CheckTarget([path], wantsPicture: false) == .tables([path]))
    }
}
