import Foundation
import Host
import Model
import Testing

@testable import Intake

/// One product table, as shops and spreadsheets write it.
final class ProductReaderTests {
    private let directory: String
    private var dialect = TableForm.Dialect()
    private let columns: [String: ColumnType] = [
        "sku": .text, "title": .text, "gtin": .gtin, "price": .price, "link": .url,
        "stock": .number,
    ]

    init() throws {
        directory = NSTemporaryDirectory() + "table-\(UUID().uuidString)"
        try Files.makeDirectory(directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private struct Read {
        var rows: [ProductRow] = []
        var products: [Product] { rows.map(\.product) }
        var skus: [String] { products.map(\.sku) }
        var broken = Mistakes()
        var cells = Mistakes()
        var repeated = Mistakes()
        var missing: [String] = []
        var notes: [String] = []

        /// Line, column and code, as they stand in the file.
        static func told(_ mistakes: Mistakes) -> [String] {
            Problems(mistakes.first).all
                .map { "\($0.place.line):\($0.place.column) \($0.code)" }
        }
    }

    private func read(
        _ text: String, _ columns: [String: ColumnType]? = nil
    ) throws -> Read {
        try read(bytes: Data(text.utf8), columns)
    }

    private func read(bytes: Data, _ columns: [String: ColumnType]? = nil) throws -> Read {
        let path = directory + "/p.csv"
        try Files.write(bytes, to: path)
        let columns = (columns ?? self.columns).map { ProductColumn($0.key, $0.value) }
        let form = TableForm(.delimited(dialect), columns)
        let reader = try ProductReader(try OpenFile.open(path, O_RDONLY), path: path, form: form)
        var read = Read()
        while let row = try reader.next() { read.rows.append(row) }
        read.missing = reader.missing.values.map(\.message).sorted()
        read.broken = reader.broken
        read.cells = reader.cells
        read.repeated = reader.repeated
        read.notes = reader.notes.map(\.message)
        return read
    }

    private func refusal(_ text: String) -> String? {
        do {
            _ = try read(text)
            return nil
        } catch {
            return (error as? Problem).map { "\($0.code): \($0.message)" } ?? "\(error)"
        }
    }

    private let header = "sku,title,gtin,price,link,stock\n"

    @Test func aRecordKeepsItsDeclaredFields() throws {
        let all = try read(
            """
            \u{FEFF}sku,title,gtin,price,link,stock,colour
            A1,"Mug ""Nord"", blue",04006381333931,19.99 EUR,https://x.example/a,12,blue
            A2, Bottle ,,,,,\r
            A3,"two\nlines",96385074,5 EUR,http://x.example,-1.5,

            """)
        #expect(
            all.products == [
                Product(
                    sku: "A1",
                    fields: [
                        "sku": "A1", "title": "Mug \"Nord\", blue", "gtin": "04006381333931",
                        "price": "19.99 EUR", "link": "https://x.example/a", "stock": "12",
                    ]),
                Product(sku: "A2", fields: ["sku": "A2", "title": "Bottle"]),
                Product(
                    sku: "A3",
                    fields: [
                        "sku": "A3", "title": "two\nlines", "gtin": "96385074", "price": "5 EUR",
                        "link": "http://x.example", "stock": "-1.5",
                    ]),
            ])
        #expect(all.broken.count == 0 && all.cells.count == 0)
        #expect(all.notes == ["not declared and ignored: 'colour'"])
    }

    @Test(arguments: [";", "\t", "|"]) func spreadsheetsSeparateOtherwise(
        separator: String
    ) throws {
        let text = (header + "A1,Mug,,\"1 EUR\",,3\n").replacing(",", with: separator)
        #expect(try read(text).products.map(\.fields["price"]) == ["1 EUR"])
    }

    @Test(arguments: ["\n", "\r\n", "\r"]) func linesEndInThreeWays(end: String) throws {
        let text = "sku,title\nA1,\"Mug, blue\"\nA2,Cup\n".replacing("\n", with: end)
        let all = try read(text, ["sku": .text, "title": .text])
        #expect(all.skus == ["A1", "A2"])
        #expect(all.products.map(\.fields["title"]) == ["Mug, blue", "Cup"])
    }

    @Test(arguments: ["sep=;\n", "\u{FEFF}sep=;\r\n", "\"sep=;\"\n", "SEP=;\n"])
    func theHintForExcelIsNoHeader(hint: String) throws {
        let all = try read(hint + "sku;title\nA1;1,2,3,4\n", ["sku": .text, "title": .text])
        #expect(all.products.map(\.fields["title"]) == ["1,2,3,4"])
    }

    @Test func capitalsMakeNoOtherColumn() throws {
        let all = try read("SKU,Title,Gtin,Price,link,Stock\nA1,Mug,,1 EUR,,3\n")
        #expect(
            all.products.map(\.fields)
                == [["sku": "A1", "title": "Mug", "price": "1 EUR", "stock": "3"]])
        #expect(all.missing == [])
    }

    @Test func aHeaderThatDoesNotFitIsQuoted() throws {
        #expect(
            refusal("skus,title\nA1,x\n")
                == "no-sku-column: the header has no column 'sku', but 'skus', 'title'; is it 'skus'?"
        )
        #expect(
            refusal("sku:title\nA1:x\n")
                == "no-sku-column: the header has no column 'sku', but 'sku:title'; columns are "
                + "separated by comma, semicolon, tab or bar, and this is only one")
        #expect(refusal("") == "empty: the file is empty")
        let all = try read("sku,titel,gtin,GTIN,price,link,stock\nA1,x,,,,,\n")
        #expect(all.missing == ["the declared column 'title' is missing; there is 'titel'"])
        #expect(Read.told(all.repeated) == ["1:16 duplicate-column"])
    }

    @Test func wrongValuesLoseTheFieldAndNotTheProduct() throws {
        let all = try read(header + "A1,ä,4006381333932,\"19,99\",shop.example,1.000.000\n")
        #expect(all.products == [Product(sku: "A1", fields: ["sku": "A1", "title": "ä"])])
        #expect(all.rows.map(\.bad) == [["gtin", "price", "link", "stock"]])
        #expect(
            Read.told(all.cells) == [
                "2:6 bad-gtin", "2:20 bad-price", "2:28 bad-url", "2:41 bad-number",
            ])
    }

    @Test func aDecimalCommaIsReadWhereItIsDeclared() throws {
        let rows = "sku;price\nA1;19,95 EUR\nA2;1.234,5 EUR\nA3;5 EUR\nA4;19.95 EUR\n"
        let all = try read(rows, ["sku": .text, "price": .priceComma])
        #expect(
            all.products.map(\.fields["price"]) == ["19.95 EUR", "1234.5 EUR", "5 EUR", nil])
        #expect(
            all.cells.first.map(\.message)
                == ["price '19.95 EUR' of sku 'A4' is not a price such as '19,99 EUR'"])
        let undeclared = try read("sku;price\nA1;19,95 EUR\n", ["sku": .text, "price": .price])
        #expect(undeclared.cells.first[0].message.contains("declare its column as 'price-comma'"))
    }

    @Test func numbersUnderWhichNothingIsSoldAreNoGTIN() throws {
        let all = try read(
            """
            sku,gtin
            A1,0000000000000
            A2,2012345678903
            A3,4006381333931
            A4,00012345678905

            """, ["sku": .text, "gtin": .gtin])
        #expect(
            all.products.map(\.fields["gtin"]) == [nil, nil, "4006381333931", "00012345678905"])
        #expect(
            all.cells.first.map(\.message) == [
                "gtin '0000000000000' of sku 'A1' is all zeros; no channel takes it",
                "gtin '2012345678903' of sku 'A2' is from a range for a shop's own use; no channel "
                    + "takes it",
            ])
    }

    @Test func entitiesAreDecodedOnceAndTold() throws {
        let all = try read(
            """
            sku,title,link
            A&amp;1,Caf&eacute; Salt &amp; Pepper,https://x.example/?a=1&amp;b=2
            A2,R&D &amp;amp; &#8364; &#x20ac; &unknown; &,
            A3,<b>Bold</b> 1 < 2,
            A4,one&#10;two&Tab;three&#9;&#0;&#7;,

            """, ["sku": .text, "title": .text, "link": .url])
        #expect(all.skus == ["A&amp;1", "A2", "A3", "A4"])
        #expect(
            all.products.map(\.fields["title"]) == [
                "Café Salt & Pepper", "R&D &amp; € € &unknown; &", "<b>Bold</b> 1 < 2",
                "one\ntwo\tthree\t&#0;&#7;",
            ])
        #expect(all.products[0].fields["link"] == "https://x.example/?a=1&b=2")
        #expect(
            all.notes == [
                "HTML entities were decoded in 4 texts, here first",
                "HTML tags are left in 1 text, here first",
            ])
    }

    @Test func aBrokenRowLosesOnlyItself() throws {
        let all = try read(
            header + """
                A1,one,,,,
                A2,two,,,
                A3,"three,,,,
                A4,four,,,,
                A5,12" pipe,,,,
                A6,"six"x,,,,
                ,no sku,,,,
                A7,"seven",,,,
                A8,eight,,,,,,
                A9,nine,,,,,9
                B1,"ten,,,,
                B2,eleven,,,,

                """)
        #expect(all.skus == ["A1", "A2", "A4", "A5", "A7", "A8", "B2"])
        #expect(all.products[3].fields["title"] == "12\" pipe")
        #expect(
            Read.told(all.broken) == [
                "4:1 quotes", "7:1 quotes", "8:1 no-sku", "11:13 field-count", "12:1 quotes",
            ])
        #expect(
            all.broken.first[3].message == "the row has 7 fields, the header 6; '9' is too much")
    }

    @Test func aRowThatEndsEarlyIsPadded() throws {
        let all = try read(header + "A1,one\nA2,two,,2 EUR\n")
        #expect(all.products.map(\.fields["title"]) == ["one", "two"])
        #expect(all.broken.count == 0)
    }

    /// Padded, the first half would lose its price, and the second be sold.
    @Test func aLineBreakWithoutQuotesIsNoTwoProducts() throws {
        let all = try read(header + "A1,one\nand more,,1 EUR,,3\nA2,two,,2 EUR,,\n")
        #expect(all.skus == ["A2"])
        #expect(Read.told(all.broken) == ["2:1 split-row"])
    }

    @Test(arguments: ["A2,Cu", "A2,\"Cup, blu", "A2,Cup,,2.50 E", "A2"])
    func aFileThatEndsInARowIsCutOff(end: String) {
        #expect(refusal(header + "A1,Mug,,1 EUR,,\n" + end)?.hasPrefix("cut-off: ") == true)
    }

    @Test func aWholeLastRowNeedsNoLineEnd() throws {
        #expect(try read(header + "A1,Mug,,1 EUR,,").skus == ["A1"])
    }

    @Test func bytesThatAreNotUTF8AreToldWithTheirPlace() throws {
        let bytes =
            Data(header.utf8) + Data("A1,ok,,,,\nA2,gr".utf8) + Data([0xFC]) + Data("n,,,,\n".utf8)
        let all = try read(bytes: bytes)
        #expect(all.skus == ["A1"])
        #expect(Read.told(all.broken) == ["3:4 encoding"])
    }

    @Test func aDuplicateNamesBothPlaces() throws {
        let all = try read(header + "A1,first,,,,\nB1,other,,,,\nA1,again,,,,\n")
        #expect(all.products.map(\.fields["title"]) == ["first", "other"])
        #expect(Read.told(all.repeated) == ["4:1 duplicate-sku"])
        #expect(all.repeated.first[0].notes.map(\.place.line) == [2])
    }

    /// Two pieces of the file lie in memory, whatever its length.
    @Test func aTableLongerThanAPieceIsReadWhole() throws {
        let title = String(repeating: "x", count: 900)
        let rows = (1...1500).map { "A\($0),\"\(title)\n\($0)\",,\($0) EUR,,\n" }
        let all = try read(header + rows.joined())
        #expect(all.rows.count == 1500)
        #expect(all.products.last?.fields["price"] == "1500 EUR")
        #expect(all.products.allSatisfy { $0.fields["title"]?.count == 901 + $0.sku.count - 1 })
        #expect(all.broken.count == 0)
    }

    @Test func aRowWithoutEndIsBounded() throws {
        let endless = "A1,\"" + String(repeating: "x", count: 3 * CommaSeparated.longest)
        let all = try read(header + endless + "\nA2,two,,,,\n")
        #expect(all.skus == ["A2"])
        #expect(all.broken.count == 1)
        #expect(all.broken.first[0].message.contains("256 KiB"))
    }

    @Test func mistakesAreBounded() throws {
        let cells = try read(header + (1...50).map { "A\($0),,1,,,\n" }.joined())
        #expect(cells.cells.count == 50)
        #expect(cells.cells.first.count == Mistakes.told)
        let broken = String(repeating: "A,,,,,,,x\n", count: ProductReader.patience + 1)
        #expect(refusal(header + broken)?.contains("more than 1000 rows cannot be used") == true)
    }
}
