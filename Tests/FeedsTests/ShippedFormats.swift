import Foundation
import Host
import Model
import Testing

@testable import Feeds

/// The formats of `channels/feeds`: each proves itself, and its documents are judged by programs of
/// other people.
final class ShippedFormats {
    static let names = FeedFormats.shipped.names
    private static let folder =
        URL(filePath: #filePath).deletingLastPathComponent().path + "/../../channels/feeds"

    private let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "shipped-\(UUID().uuidString)"
        try Files.makeDirectory(directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// The program has what lies there, and nothing else.
    @Test func allAreInTheProgram() throws {
        let files = try Files.names(in: Self.folder)
        let formats = files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
        #expect(Self.names == formats.sorted())
        for name in Self.names {
            let text = try String(contentsOfFile: "\(Self.folder)/\(name).yaml", encoding: .utf8)
            #expect(FeedFormats.shipped.file(name)?.text == text)
        }
        for file in files where file.hasSuffix(".xsd") {
            #expect(FeedFormats.schema(file) != nil, "\(file)")
        }
    }

    @Test(arguments: names) func itPassesItsOwnTests(name: String) throws {
        let format = try #require(try FeedFormats.shipped.named(name))
        #expect(!format.tests.isEmpty && !format.source.isEmpty)
        for result in format.runTests() {
            #expect(result.failure == nil, "\(result.place): \(result.failure ?? "")")
        }
        if let schema = format.schema { #expect(FeedFormats.schema(schema) != nil, "\(schema)") }
    }

    /// Items of its tests, with other people's idea of a product's text in every text that has room.
    private func items(_ format: FeedFormat, _ hostile: String) throws -> [FeedItem] {
        let test = try #require(format.tests.first { $0.refused == nil })
        return test.items.enumerated().map { number, item in
            var item = item
            item.sku = "S\(number)"
            item.fields = item.fields.map { field in
                guard let attribute = format.attributes.all[field.name], attribute.parts == nil,
                    attribute.kind == .text, attribute.words.isEmpty, attribute.pattern == nil,
                    attribute.tables.isEmpty, (attribute.characters ?? .max) > 120
                else { return field }
                return FeedItem.Field(field.name, (field.value.text ?? "") + hostile)
            }
            return item
        }
    }

    @Test(arguments: names) func othersReadItsDocuments(name: String) throws {
        var format = try #require(try FeedFormats.shipped.named(name))
        let test = try #require(format.tests.first { $0.refused == nil })
        format.answerForTests()
        format.answer(test.head)
        for hostile in [
            "", " a]]>b <![CDATA[ &lol; <!-- --> </item>", " \u{7}\u{FFFE}\r\n\t\"x\",'y';z",
            " 👟\u{202E}ע",
        ] {
            let items = try items(format, hostile)
            let path = "\(directory)/1.\(name).\(format.ending)"
            let staged = try Staging(path: path, format: format).stage(items)
            #expect(staged.edition.items == items.count, "\(hostile): \(staged.omissions)")
            for (number, file) in EditionParts.files(path).enumerated() {
                let isBeside = !format.beside.isEmpty
                try judge(
                    file, isBeside ? format.beside[number] : format,
                    rows: isBeside ? 0 : items.count)
            }
            try judge(path, format, rows: items.count)
        }
    }

    /// What lies in stock goes out with the products, and speaks of those only that say so.
    @Test func aDocumentBesideHasTheSameItems() throws {
        let format = try #require(try FeedFormats.shipped.named("heureka-availability"))
        let test = try #require(format.tests.first)
        let path = "\(directory)/1.heureka-availability.xml"
        let first = try Staging(path: path, format: format, name: "p.xml").stage(test.items)
        let files = EditionParts.files(path)
        #expect(
            EditionParts.names("p.xml", count: files.count, of: format) == ["p-availability.xml"])
        let text = try String(contentsOfFile: try #require(files.first), encoding: .utf8)
        #expect(text.matches(of: /<item id="(.*?)"/).map { $0.1 } == ["A1"])
        // The edition is both of them.
        var items = test.items
        items[0].fields.removeAll { $0.name == "depot" }
        let second = try Staging(path: path, format: format, name: "p.xml").stage(items)
        #expect(first.edition.sha256 != second.edition.sha256)
        #expect(first.edition.items == 2)
        Staging.remove(path)
        #expect(try Files.names(in: directory).isEmpty)
    }

    private func judge(_ path: String, _ format: FeedFormat, rows: Int) throws {
        switch format.document {
        case .xml:
            let schema = format.schema.map { ["--schema", "\(Self.folder)/\($0)"] } ?? []
            _ = try Outside.run("/usr/bin/xmllint", ["--nonet", "--noout"] + schema + [path])
        case .table(let table):
            let script = """
                import csv, sys
                path, delimiter, end, quoting, header, strict = sys.argv[1:]
                text = open(path, encoding='utf-8', newline='').read()
                assert text.endswith(end)
                lines = text[:-len(end)].split(end)
                rows = list(csv.reader(lines, delimiter=delimiter, strict=strict == '1',
                    quoting=csv.QUOTE_NONE if quoting == 'never' else csv.QUOTE_MINIMAL))
                assert len({len(row) for row in rows}) == 1, rows
                print(len(rows) - int(header))
                """
            let count = try Outside.run(
                "/usr/bin/python3",
                [
                    "-c", script, path, table.delimiter, table.end, table.quoting.rawValue,
                    table.hasHeader ? "1" : "0",
                    // Google quotes within a cell, which no standard knows.
                    table.columns.contains(where: \.quotesEach) ? "0" : "1",
                ])
            #expect(Int(count) ?? 0 >= rows)
        case .lines(let lines):
            let script = """
                import gzip, json, sys
                path, packed, whole = sys.argv[1:]
                text = (gzip.open if packed == '1' else open)(path, 'rb').read().decode('utf-8')
                rows = json.loads(text)[whole] if whole else [json.loads(l) for l in text.strip('\\n').split('\\n')]
                print(len(rows))
                """
            let count = try Outside.run(
                "/usr/bin/python3",
                ["-c", script, path, format.isPacked ? "1" : "0", lines.list ?? ""])
            #expect(Int(count) == rows)
        }
    }
}
