import Foundation
import Host
import Intake
import Model
import Testing

final class ProductRecordsTests {
    private let directory: String
    private let columns: [String: ColumnType] = [
        "sku": .text, "title": .text, "gtin": .gtin, "price": .price, "link": .url,
        "stock": .number,
    ]

    init() throws {
        directory = NSTemporaryDirectory() + "records-\(UUID().uuidString)"
        try Files.makeDirectory(directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func read(_ files: [String: String]) throws -> ProductRecords {
        for (name, text) in files { try Files.write(Data(text.utf8), to: "\(directory)/\(name)") }
        return ProductRecords.read(directory: directory, columns: columns)
    }

    /// Place without the directory, and code.
    private func told(_ records: ProductRecords) -> [String] {
        records.problems.map {
            "\($0.place.description.dropFirst(directory.count + 1)) \($0.code)"
        }
    }

    private let header = "sku,title,gtin,price,link,stock\n"

    @Test func aRecordKeepsItsDeclaredFields() throws {
        let all = try read([
            "a.csv": """
            \u{FEFF}sku,title,gtin,price,link,stock,colour
            A1,"Mug ""Nord"", blue",04006381333931,19.99 EUR,https://x.example/a,12,blue
            A2, Bottle ,,,,,\r
            A3,"two\nlines",96385074,5 EUR,http://x.example,-1.5,

            """
        ])
        #expect(
            all.records == [
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
        #expect(all.problems == [])
        #expect(all.notes.map(\.message) == ["not declared and ignored: 'colour'"])
        #expect(all.isWhole)
    }

    @Test(arguments: [";", "\t"]) func spreadsheetsSeparateOtherwise(separator: String) throws {
        let text = (header + "A1,Mug,,\"1 EUR\",,3\n").replacingOccurrences(
            of: ",", with: separator)
        let all = try read(["a.csv": text])
        #expect(all.records.map(\.fields["price"]) == ["1 EUR"])
        #expect(all.problems == [])
    }

    @Test func wrongValuesLoseTheFieldAndNotTheProduct() throws {
        let all = try read([
            "a.csv": header + "A1,ä,4006381333932,\"19,99\",shop.example,1.000.000\n"
        ])
        #expect(all.records == [Product(sku: "A1", fields: ["sku": "A1", "title": "ä"])])
        #expect(
            told(all) == [
                "a.csv:2:6 bad-gtin", "a.csv:2:20 bad-price", "a.csv:2:28 bad-url",
                "a.csv:2:41 bad-number",
            ])
        #expect(all.isWhole)
    }

    @Test func aBrokenRowLosesOnlyItself() throws {
        let all = try read([
            "a.csv": header + """
                A1,one,,,,
                A2,two,,,
                A3,"three,,,,
                A4,four,,,,
                A5,12" pipe,,,,
                A6,"six"x,,,,
                ,no sku,,,,
                A7,"seven",,,,
                A8,"eight,,,,
                A9,nine,,,,
                """
        ])
        #expect(all.records.map(\.sku) == ["A1", "A4", "A5", "A7", "A9"])
        #expect(all.records[2].fields["title"] == "12\" pipe")
        #expect(
            told(all) == [
                "a.csv:3:1 field-count", "a.csv:4:1 quotes", "a.csv:7:1 quotes",
                "a.csv:8:1 no-sku", "a.csv:10:1 quotes",
            ])
        #expect(!all.isWhole)
    }

    @Test func bytesThatAreNotUTF8AreToldWithTheirPlace() throws {
        let bytes =
            Data(header.utf8) + Data("A1,ok,,,,\nA2,gr".utf8) + Data([0xFC]) + Data("n,,,,\n".utf8)
        try Files.write(bytes, to: directory + "/a.csv")
        let all = try read([:])
        #expect(all.records.map(\.sku) == ["A1"])
        #expect(told(all) == ["a.csv:3:4 encoding"])
        try Files.write(Data([0xFF, 0xFE, 0x73, 0x00]), to: directory + "/a.csv")
        #expect(told(try read([:])) == ["a.csv:1:1 encoding"])
    }

    @Test func aDuplicateNamesBothPlaces() throws {
        let all = try read([
            "b.csv": header + "B1,later,,,,\nA1,again,,,,\n",
            "a.csv": header + "A1,first,,,,\n",
        ])
        #expect(all.records.map(\.fields["title"]) == ["first", "later"])
        #expect(told(all) == ["b.csv:3:1 duplicate-sku"])
        #expect(all.problems.first?.notes.map(\.place.line) == [2])
        #expect(all.isWhole)
    }

    @Test func headersAreChecked() throws {
        let all = try read(["a.csv": "sku,titel,gtin,gtin,price,link,stock\nA1,x,,,,,\n"])
        #expect(all.records.map(\.sku) == ["A1"])
        #expect(told(all) == ["a.csv:1:1 missing-column", "a.csv:1:16 duplicate-column"])
        #expect(
            all.problems.first?.message
                == "the declared column 'title' is missing; there is 'titel'")
        #expect(told(try read(["a.csv": "id,title\nA1,x\n"])) == ["a.csv:1:1 no-sku-column"])
        #expect(told(try read(["a.csv": ""])) == ["a.csv:1:1 no-sku-column"])
    }

    @Test func whatIsNoPlainFileIsRefused() throws {
        #expect(mkfifo(directory + "/fifo.csv", 0o600) == 0)
        #expect(symlink("/etc/hostname", directory + "/link.csv") == 0)
        #expect(mkdir(directory + "/dir.csv", 0o700) == 0)
        let all = try read(["ok.csv": header + "A1,,,,,\n", ".half.csv": "x", "notes.txt": "x"])
        #expect(all.records.map(\.sku) == ["A1"])
        #expect(
            told(all) == [
                "dir.csv:1:1 not-a-file", "fifo.csv:1:1 not-a-file", "link.csv:1:1 unreadable",
            ])
        #expect(!all.isWhole)
    }

    @Test func aFileOverTheLimitIsNotRead() throws {
        let file = try OpenFile.open(directory + "/a.csv", O_WRONLY | O_CREAT)
        #expect(ftruncate(file.descriptor, Int(ProductRecords.limit) + 1) == 0)
        #expect(told(try read([:])) == ["a.csv:1:1 too-big"])
    }

    @Test func anAbsentDirectoryIsAProblemAndNotAnEmptyShop() {
        let all = ProductRecords.read(directory: directory + "/absent", columns: columns)
        #expect(all.problems.map(\.code) == ["unreadable"])
        #expect(!all.isWhole)
    }

    @Test func problemsAreBounded() throws {
        let rows = String(repeating: "A,\n", count: ProductRecords.told + 50)
        let all = try read(["a.csv": header + rows])
        #expect(all.problems.count == ProductRecords.told)
        #expect(all.untold == 50)
    }
}
