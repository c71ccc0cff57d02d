import Foundation
import Host
import Model
import Testing

@testable import Intake

/// CSV as it comes: what is found by looking, and what is declared.
struct CommaDialectTests {
    private let site: ProductSite
    private let columns = [
        ProductColumn("sku", .text), ProductColumn("title", .text), ProductColumn("price", .price),
    ]
    private let text = "sku,title,price\nA1,\"Größe, 38\",5 EUR\nA2,Łódź „x“,6 EUR\n"

    init() throws { site = try ProductSite() }

    private func dialect(_ change: (inout TableForm.Dialect) -> Void) -> TableForm.Kind {
        var dialect = TableForm.Dialect()
        change(&dialect)
        return .delimited(dialect)
    }

    @Test(
        arguments: [
            ([0xFF, 0xFE], String.Encoding.utf16LittleEndian), ([], .utf16LittleEndian),
            ([0xFE, 0xFF], .utf16BigEndian), ([], .utf16BigEndian), ([0xEF, 0xBB, 0xBF], .utf8),
        ] as [([UInt8], String.Encoding)]) func anEncodingIsFound(
            mark: [UInt8], encoding: String.Encoding
        ) throws
    {
        let bytes = Data(mark) + (try #require(text.data(using: encoding)))
        let all = try site.read(bytes, columns)
        #expect(all.fields("title") == ["Größe, 38", "Łódź „x“"])
        #expect(all.broken.count == 0)
    }

    /// A piece of the file may end within a character.
    @Test func aLongUTF16TableIsReadWhole() throws {
        let rows = (1...60_000).map { "A\($0),𝄞 Tasse \($0),5 EUR\n" }
        let bytes = try #require(
            ("sku,title,price\n" + rows.joined()).data(using: .utf16LittleEndian))
        let all = try site.read(bytes, columns)
        #expect(all.rows.count == 60_000)
        #expect(all.fields("title").last == "𝄞 Tasse 60000")
        #expect(all.broken.count == 0)
    }

    @Test func anEncodingIsDeclared() throws {
        let bytes =
            Data("sku,title,price\nA1,Gr".utf8) + Data([0xF6, 0xDF]) + Data("e,5 EUR\n".utf8)
        let declared = dialect { $0.encoding = .windows1252 }
        #expect(try site.read(bytes, as: declared, columns).fields("title") == ["Größe"])
        let undeclared = try site.read(bytes, columns)
        #expect(undeclared.rows == [])
        #expect(undeclared.broken.first[0].message.contains("'encoding: windows-1252'"))
        // Bytes that Windows gives no character.
        let none = Data("sku,title,price\nA1,".utf8) + Data([0x81]) + Data(",5 EUR\nA2,b,\n".utf8)
        let told = try site.read(none, as: declared, columns)
        #expect(told.rows.map(\.product.sku) == ["A2"])
        #expect(told.broken.first[0].place.column == 4)
    }

    @Test func quotesEndsAndDelimitersAreDeclared() throws {
        let odd = dialect {
            $0.delimiter = UInt8(ascii: "~")
            $0.quote = UInt8(ascii: "'")
            $0.end = .cr
        }
        let all = try site.read("sku~title~price\rA1~'it''s ~ \"it\"'~5 EUR\r", as: odd, columns)
        #expect(all.fields("title") == ["it's ~ \"it\""])
        // A header in single quotes needs no declaration.
        let found = try site.read("'sku','title','price'\n'A1','a, b','5 EUR'\n", columns)
        #expect(found.fields("title") == ["a, b"])
    }

    @Test func hostileTextIsNamed() throws {
        let long = String(repeating: "x", count: 300)
        let all = try site.read(
            "sku,title,price\nA\u{1},a,\n\(long),a,\nA2,b\u{0}c,\nA3,\u{7F},\nA4,\u{202E}x\ty,5 EUR\n",
            columns)
        #expect(all.rows.map(\.product.sku) == ["A2", "A3", "A4"])
        #expect(all.broken.first.map(\.code) == ["no-sku", "no-sku"])
        #expect(all.broken.first[0].message == "the sku holds the control character 0x1")
        #expect(all.broken.first[1].message.contains("longer than 256 bytes"))
        #expect(all.rows.map(\.bad) == [["title"], ["title"], []])
        // Of a thousand columns nobody declared a few are named.
        let wide = (1...1000).map { "c\($0)" }.joined(separator: ",")
        let note = try site.read("sku,\(wide)\n", columns).notes[0]
        #expect(note.hasSuffix("'c20' and 980 more"))
    }

    @Test func aWorkbookIsNamed() {
        for (bytes, word) in [("PK\u{3}\u{4}rest of it", "workbook"), ("\u{1F}", "column")] {
            let problem = #expect(throws: Problem.self) { try site.read(bytes, columns) }
            #expect(problem?.message.contains(word) == true)
        }
    }

    @Test func headersAreMapped() throws {
        let mapped = [
            ProductColumn("sku", .text, from: ["Artikel-Nr."]),
            ProductColumn("price", .priceComma, from: ["Preis", "Währung"]),
            ProductColumn("title", .text),
        ]
        let all = try site.read(
            "artikel-nr.;Preis;Währung;TITLE;Lager\nA1;\"19,95\";EUR;Mug;3\nA2;5;EUR\n", mapped)
        #expect(all.rows.map(\.product.sku) == ["A1", "A2"])
        #expect(all.fields("price") == ["19.95 EUR", "5 EUR"])
        #expect(all.notes == ["not declared and ignored: 'Lager'"])
        let missing = try site.read("Artikel-Nr.;Preise;Währung\nA1;5;EUR\n", mapped)
        #expect(
            missing.missing.first
                == "the declared column 'price' ('Preis') is missing; there is 'Preise'")
    }

    /// A row that is as the ledger has it is passed over, and counted.
    @Test func rowsThatDidNotChangeAreNotRead() throws {
        let first = try site.read(text, columns)
        let index = ProductIndex()
        for row in first.rows { index.expect(row.product.sku, digest: row.digest(keeping: 0)) }
        let changed = text.replacing("6 EUR", with: "7 EUR")
        let second = try site.read(changed, columns, index: index)
        #expect(second.rows.map(\.product.sku) == ["A2"])
        #expect(second.unchanged == ["sku": 1, "title": 1, "price": 1])
        #expect(index.count == 2 && index.unmet == 0)
    }

    /// What was said of a row is said again, where it stands now; and it is read again only for that.
    @Test func whatWasSaidOfRowsThatDidNotChangeIsSaidAgain() throws {
        func text(_ rows: ClosedRange<Int>) -> String {
            "sku,title,price\n" + rows.map { "A\($0),Caf&eacute; \($0),x\n" }.joined()
        }
        let first = try site.read(text(1...40), columns)
        let index = ProductIndex()
        for row in first.rows { index.expect(row.product.sku, digest: row.digest(keeping: 1)) }
        let other = try site.read(text(0...40), columns, index: index)
        #expect(other.rows.map(\.product.sku) == ["A0"])
        #expect(other.cells.count == 41 && other.keptUnread == 40)
        #expect(other.cells.first.map(\.place.line) == Array(2...21))
        #expect(other.cells.first[1].message == first.cells.first[0].message)
        #expect(other.notes == ["HTML entities were decoded in 41 texts, here first"])
        // More than can be told of one row: it is read each time.
        let many = (1...7).map { ProductColumn("c\($0)", .number) }
        let row = "sku,c1,c2,c3,c4,c5,c6,c7\nA1,a,b,c,d,e,f,g\n"
        let digests = try site.read(row, [ProductColumn("sku", .text)] + many).rows
            .map { $0.digest(keeping: 0) }
        #expect(digests == [0])
    }
}
