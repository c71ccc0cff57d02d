import Foundation
import Host
import Model
import Testing
import YAML

@testable import Feeds

/// Documents in other encodings, packed, and split by their length, as other people's programs read them.
final class WrappingTests {
    private let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "wrapping-\(UUID().uuidString)"
        try Files.makeDirectory(directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func format(_ keys: String, _ document: String, ending: String) throws -> FeedFormat {
        let text = """
            format: ours
            title: Ours
            source: us
            seen: 2026-11-30
            media_type: text/csv
            ending: \(ending)
            \(keys)
            fields:
              id: {kind: id, required: true}
              title: {max: 100}
            \(document)
            """
        let file = FeedFormats.FormatFile(name: "ours", text: text, file: "ours.yaml")
        return try FormatReader.read(file, among: .shipped)
    }

    private static let table =
        "table: {delimiter: \";\", columns: [id: \"{id}\", title: \"{title}\"]}"
    private static let tree = """
        xml:
          all:
            elements:
              - one: {each: item, elements: [id: "{id}", title: "{title}"]}
        """

    private static func items(_ titles: String...) -> [FeedItem] {
        titles.enumerated().map { number, title in
            FeedItem(
                sku: "A\(number)", fields: [.init("id", "A\(number)"), .init("title", title)])
        }
    }

    private func stage(
        _ format: FeedFormat, _ items: [FeedItem], as name: String, parts: Int = 0
    ) throws -> (staged: Staged, path: String) {
        let path = "\(directory)/1-1.ours.\(format.ending)"
        var outline = FeedOutline()
        for item in items { outline.add(item) }
        var rest = items[...]
        let staged = try Staging(path: path, format: format, name: name).stage(
            outline, parts: parts
        ) { rest.popFirst() }
        #expect(try Files.names(in: directory).allSatisfy { !$0.hasSuffix(".unchecked") })
        return (staged, path)
    }

    private func python(_ script: String, _ arguments: String...) throws -> String {
        try Outside.run("/usr/bin/python3", ["-c", script] + arguments)
    }

    @Test func anArchiveHasTheTableInItsEncoding() throws {
        let format = try format(
            "pack: zip\nencoding: windows-1252", Self.table, ending: "csv.zip")
        let text = "Müller & Söhne; 5 € “quoted” – ž"
        let (staged, path) = try stage(format, Self.items(text, "Mug"), as: "products.csv.zip")
        #expect(staged.edition.items == 2)
        let script = """
            import csv, io, json, sys, zipfile
            archive = zipfile.ZipFile(sys.argv[1])
            assert archive.testzip() is None
            assert archive.namelist() == ['products.csv'], archive.namelist()
            text = archive.read('products.csv').decode('cp1252')
            print(json.dumps(list(csv.reader(io.StringIO(text), delimiter=';'))))
            """
        let rows = try JSONDecoder().decode(
            [[String]].self, from: Data(try python(script, path).utf8))
        #expect(rows == [["id", "title"], ["A0", text], ["A1", "Mug"]])
        // The same bytes each time, whose hash is the edition's.
        let first = try Data(contentsOf: URL(filePath: path))
        #expect(ContentHash.of(first) == staged.edition.sha256)
        _ = try stage(format, Self.items(text, "Mug"), as: "products.csv.zip")
        #expect(try Data(contentsOf: URL(filePath: path)) == first)
    }

    @Test(
        arguments: [
            ("refuse", nil), ("replace", "a?b"), ("drop", "ab"),
        ] as [(String, String?)])
    func whatTheEncodingHasNotIsAsTheFormatSays(unfit: String, title: String?) throws {
        let format = try format(
            "encoding: iso-8859-1\nunfit: \(unfit)", Self.table, ending: "csv")
        // A sign that Windows has at a place where Latin 1 has none.
        let (staged, path) = try stage(format, Self.items("a€b", "é"), as: "p.csv")
        let text = String(
            decoding: try Data(contentsOf: URL(filePath: path)).map { UInt16($0) }, as: UTF16.self)
        #expect(text == "id;title\n" + (title.map { "A0;\($0)\n" } ?? "") + "A1;é\n")
        #expect(
            staged.omissions.first?.faults.first?.message
                == (title == nil ? "'title' holds '€', which iso-8859-1 has not" : nil))
    }

    @Test(arguments: ["gzip", "zip"]) func aTreeNamesItsEncoding(pack: String) throws {
        let format = try format(
            "pack: \(pack)\nencoding: iso-8859-2", Self.tree, ending: "xml.gz")
        let titles = ["Žluťoučký kůň", "<&>"]
        let (_, path) = try stage(format, Self.items(titles[0], titles[1]), as: "p.xml")
        let script = """
            import gzip, json, sys, xml.etree.ElementTree as tree, zipfile
            data = (gzip.open(sys.argv[1]).read() if sys.argv[2] == 'gzip'
                else zipfile.ZipFile(sys.argv[1]).read('p.xml'))
            assert data.startswith(b'<?xml version="1.0" encoding="iso-8859-2"?>'), data[:60]
            data.decode('iso-8859-2')
            print(json.dumps([e.text for e in tree.fromstring(data).iter('title')]))
            """
        let found = try python(script, path, pack)
        #expect(try JSONDecoder().decode([String].self, from: Data(found.utf8)) == titles)
    }

    /// A piece ends within a character, and more than one item does not fit.
    @Test func aLongTableComesOutWhole() throws {
        let format = try format(
            "pack: zip\nencoding: windows-1250", Self.table, ending: "csv.zip")
        let all = (1...20_000).map { number in
            FeedItem(
                sku: "A\(number)",
                fields: [.init("id", "A\(number)"), .init("title", "žluťoučký \(number)")])
        }
        let (staged, path) = try stage(format, all, as: "p.zip")
        #expect(staged.edition.items == 20_000)
        let script = """
            import sys, zipfile
            text = zipfile.ZipFile(sys.argv[1]).read('p.csv').decode('cp1250')
            print(len(text.splitlines()), text.splitlines()[-1])
            """
        #expect(try python(script, path) == "20001 A20000;žluťoučký 20000")
    }

    @Test func whatTheFormatItselfSaysMustBeThere() throws {
        func mistakes(_ keys: String, _ document: String) -> [String] {
            do {
                _ = try format(keys, document, ending: "csv")
                return []
            } catch {
                return (error as? Problems)?.all.map(\.message) ?? ["\(error)"]
            }
        }
        #expect(
            mistakes(
                "encoding: windows-1252",
                Self.table.replacing("[id", with: "[číslo: x, id"))
                == ["'číslo' holds 'č', which windows-1252 has not"])
        #expect(
            mistakes("encoding: windows-1252", "lines: {members: [id: \"{id}\"]}")
                == ["JSON is UTF-8; take 'encoding' out"])
        #expect(
            mistakes("unfit: drop", Self.table)
                == ["UTF-8 has every character; 'unfit' goes with 'encoding'"])
    }

    // MARK: Length

    private static let index = """
        split: {bytes: 2KB, index: {index: {elements: [file: {each: part, text: "{part.name}"}]}}}
        """

    @Test(arguments: ["split: {bytes: 2KB}", "split: {bytes: 2KB, items: 7}", index])
    func noDocumentIsLongerThanItMayBe(split: String) throws {
        let format = try format(split, Self.tree, ending: "xml")
        let all = (1...100).map { number in
            FeedItem(
                sku: "A\(number)",
                fields: [
                    .init("id", "A\(number)"),
                    .init("title", String(repeating: "x", count: number)),
                ])
        }
        let (staged, path) = try stage(format, all, as: "p.xml")
        let hasIndex = split == Self.index
        let documents = (hasIndex ? [] : [path]) + EditionParts.files(path)
        var ids: [String] = []
        for document in documents {
            let text = try String(contentsOfFile: document, encoding: .utf8)
            #expect(text.utf8.count <= 2000 && text.hasSuffix("</all>\n"))
            let found = text.matches(of: /<id>(.*?)</).map { String($0.1) }
            #expect(!found.isEmpty && (!split.contains("items") || found.count <= 7))
            ids += found
        }
        #expect(ids == all.map(\.sku) && staged.edition.items == 100)
        guard hasIndex else { return }
        let names = try String(contentsOfFile: path, encoding: .utf8)
            .matches(of: /<file>(.*?)</).map { String($0.1) }
        #expect(names == documents.indices.map { "p-\($0 + 1).xml" })
        // A document that is not filled any more stays, and is empty.
        let (_, other) = try stage(format, [all[0]], as: "p.xml", parts: documents.count)
        #expect(EditionParts.files(other).count == documents.count)
    }

    /// Nobody could split it.
    @Test func anItemThatIsLongerStandsAlone() throws {
        let format = try format("split: {bytes: 100}", Self.tree, ending: "xml")
        let (staged, path) = try stage(
            format, Self.items("short", String(repeating: "y", count: 90), "short"), as: "p.xml")
        #expect(staged.edition.items == 3)
        #expect(EditionParts.files(path).count == 2)
    }
}
