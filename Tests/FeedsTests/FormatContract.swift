import Foundation
import Host
import Model
import Testing

@testable import Feeds

/// What every format keeps, however its documents look.
final class FormatContract {
    /// Of Google's attributes, so that one item will do for all: two trees and a table.
    static let formats = ["google-rss", "google-atom", "google-tsv"]

    private let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "formats-\(UUID().uuidString)"
        try Files.makeDirectory(directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func path(_ number: Int, _ format: String) -> String {
        "\(directory)/\(number).\(format).txt"
    }

    private func staging(_ number: Int, _ format: String) throws -> Staging {
        Staging(path: path(number, format), format: try .sample(format))
    }

    /// The items of an edition, by which the next one is compared.
    private func stored(_ number: Int, _ format: String) throws -> [FeedItem] {
        let stored = try StoredItems(path(number, format))
        var items: [FeedItem] = []
        while try stored.next() { items.append(stored.item { _ in false }) }
        return items
    }

    /// The texts of one attribute in the document, as somebody else reads them.
    private func read(_ number: Int, _ format: String, _ attribute: String) throws -> [String] {
        let script = """
            import csv, json, sys, xml.etree.ElementTree as tree
            path, name = sys.argv[1:]
            if '.google-tsv.' in path:
                rows = [line.rstrip('\\n').split('\\t') for line in open(path, newline='\\n')]
                cells = [row[rows[0].index(name)] for row in rows[1:]]
                texts = cells
                # Google's reader takes quotation marks away, and doubled ones apart.
                texts = [list(csv.reader([text + '\\n']))[0] if text.startswith('"') else [text]
                         for text in texts]
                texts = [text for one in texts for text in one]
            else:
                texts = [e.text or '' for e in tree.parse(path).iter()
                         if e.tag.split('}')[-1] == name]
            print(json.dumps(texts))
            """
        let arguments = ["-c", script, path(number, format), attribute]
        let text = try Outside.run("/usr/bin/python3", arguments)
        return try JSONDecoder().decode([String].self, from: Data(text.utf8))
    }

    /// Pictures, groups, repeated values, and two that have next to nothing.
    private let items: [FeedItem] = [
        .sample("A1"),
        .sample(
            "A2",
            also: [
                .picture("additional_image_link", "A2-1"),
                .picture("additional_image_link", "A2-2"),
                .init("product_type", "Home > Mugs, cups"), .init("product_type", "\"Best\" of"),
                .init(
                    "shipping", .group([.init("country", "DE"), .init("price", "4.99 EUR")])),
                .init(
                    "shipping", .group([.init("country", "AT"), .init("service", "fast, safe")])),
            ]),
        .sample("A3", also: [.init("brand", "  \n"), .init("gtin", "4006381333931")]),
    ]

    @Test(arguments: formats) func anEditionsNameSaysItsFormat(name: String) throws {
        let format = try FeedFormat.sample(name)
        let edition = EditionName.make(at: 1_764_435_600_000, in: format)
        #expect(edition.hasSuffix(".\(name).\(format.ending)"))
        #expect(EditionName.format(of: "/var/lib/state/editions.d/a/" + edition) == name)
    }

    @Test(arguments: formats) func whatIsAskedForIsKnown(name: String) throws {
        let format = try FeedFormat.sample(name)
        let attributes = format.attributes
        #expect(attributes.required.contains(attributes.identity))
        #expect(attributes.notBuilt.isDisjoint(with: attributes.all.keys))
        #expect(format.check(FeedItem(sku: "A1", fields: [])).count == attributes.required.count)
        for item in items { #expect(format.check(item) == []) }
    }

    @Test(arguments: formats) func itemsAreKeptAsTheyWereMeant(format: String) throws {
        let staged = try staging(1, format).stage(items)
        #expect(staged.edition.items == 3 && staged.omitted == 0 && staged.edition.dropped == 0)
        let meant = items.map { item in
            FeedItem(sku: item.sku, fields: item.fields.filter { !$0.value.isEmpty })
        }
        #expect(try stored(1, format) == meant)
        #expect(try read(1, format, "availability") == Array(repeating: "in_stock", count: 3))
    }

    /// What a person pastes into a table; nothing of it may become an item, or part of another.
    @Test(arguments: formats) func hostileTextsSurvive(format: String) throws {
        let texts = [
            "a]]>b <![CDATA[ &lol; <!-- --> </item>", "👟🏳️‍🌈 emoji", "\u{202E}עברית\u{202C}",
            "12\" pan", "\"", "\"\"", "a, b", ",", "\"a\",\"b\"", "é é ﬁ", "a:b", "\\", "=1+1",
            " ends with blanks  ", "5\"\u{FE0F} screen", "\u{301}a,\"b", "\"\u{301}", "a,\u{301}b",
        ]
        let items = texts.enumerated().map { number, text in
            FeedItem.sample("H\(number)", also: [.init("brand", text)])
        }
        let staged = try staging(1, format).stage(items)
        #expect(staged.edition.items == texts.count && staged.edition.dropped == 0)
        #expect(try read(1, format, "brand") == texts)
    }

    /// Lines may end where the text did not mean it, and nothing else is lost but what no document holds.
    @Test(arguments: formats) func charactersThatCannotStandAreCounted(format: String) throws {
        let text = "bell \u{7}, nul \u{0}, \u{FFFE}, line\r\nline\ttab\u{2028}end\u{85}\n"
        let item = FeedItem.sample("A1", also: [.init("brand", text)])
        let staged = try staging(1, format).stage([item, .sample("A2")])
        #expect(staged.edition.items == 2 && staged.edition.dropped == 3)
        let brand = try #require(try read(1, format, "brand").first)
        let words = brand.split { $0.isWhitespace || $0 == "," }
        #expect(words == ["bell", "nul", "line", "line", "tab", "end"])
    }

    @Test(arguments: formats) func anIdThatWouldNotReadBackIsRefused(name: String) throws {
        let format = try FeedFormat.sample(name)
        for id in ["A\u{0}1", "A\n1", "A\u{2028}1"] {
            #expect(format.check(.sample(id)).map(\.code) == [.characters], "\(id)")
        }
        // What is let through comes back: staging asks.
        let odd = ["A\t1", "A 1", " A1", "A,1", "\"A1\"", "é", "A:1", "A1 "].map {
            FeedItem.sample($0)
        }.filter { format.check($0).isEmpty }
        #expect(try staging(1, name).stage(odd).edition.items >= 7)
    }

    @Test(arguments: formats) func aFeedWithoutItemsIsADocument(format: String) throws {
        let staged = try staging(1, format).stage([], .of(items))
        #expect(staged.edition.items == 0 && staged.edition.bytes > 0)
        #expect(try stored(1, format) == [])
        _ = try staging(2, format).stage([], FeedOutline())
    }

    @Test(arguments: formats) func theSameItemsGiveTheSameBytes(format: String) throws {
        let first = try staging(1, format).stage(items).edition
        #expect(try staging(1, format).stage(items).edition == first)
        let other = try staging(1, format).stage(items.reversed(), .of(items)).edition
        #expect(other.sha256 != first.sha256)
    }

    /// Cut anywhere, what remains is no whole document, or one with fewer items.
    @Test(arguments: formats) func aDocumentCutShortIsNoticed(name: String) throws {
        let format = try FeedFormat.sample(name)
        _ = try staging(1, name).stage(items)
        let program = Compiler.compile(format, .of(items), EditionFacts(items: 3))
        let whole = try Data(contentsOf: URL(filePath: path(1, name)))
        func witness() throws -> Witness {
            let file = try OpenFile.open(path(2, name), O_RDONLY)
            return try ReadBack.witness(file.descriptor, of: format, program)
        }
        try whole.write(to: URL(filePath: path(2, name)))
        #expect(try witness().items == 3)
        for length in stride(from: 0, to: whole.count - 1, by: 7) {
            try whole.prefix(length).write(to: URL(filePath: path(2, name)))
            #expect((try? witness().items) ?? 0 < 3, "\(length) bytes")
        }
    }

    @Test(arguments: formats) func itemsReachTheDiskAsTheyCome(format: String) throws {
        var number = 0
        var behind: Int64 = 0
        let path = path(1, format)
        let staged = try staging(1, format).stage(.of(items)) {
            number += 1
            guard number <= 5_000 else { return nil }
            if number.isMultiple(of: 500) {
                // An item takes more than 100 bytes; what is not in the file is in memory.
                let written = try OpenFile.open(path + ".items.unchecked", O_RDONLY).status()
                behind = max(behind, Int64(number) * 100 - Int64(written.st_size))
            }
            return .sample("SKU\(number)")
        }
        #expect(staged.edition.items == 5_000 && behind < 256 << 10)
    }

    @Test func aFullDiskIsTheHosts() throws {
        let full = try OpenFile.open("/dev/full", O_WRONLY)
        let output = try Output(full.descriptor, isPacked: false)
        output.append("<rss>")
        let fault = #expect(throws: OutputFault.self) { try output.finish() }
        #expect(fault?.remedy == .fixHost)
    }

    // MARK: Editions of two formats

    static let pairs = formats.flatMap { old in formats.map { (old, $0) } }

    @Test(arguments: pairs) func whatAnEditionWouldTakeOutIsNamed(old: String, new: String) throws {
        _ = try staging(1, old).stage((1...9).map { FeedItem.sample("A\($0)") })
        _ = try staging(2, new).stage([.sample("A2"), .sample("B1")])
        let comparison = try Comparison(from: path(1, old), to: path(2, new), told: 3) {
            $0 == "https://img.example.com/A3.jpg"
        }
        #expect(comparison.gone == ["A1", "A4", "A5"])
        #expect(comparison.count == 8 && comparison.excused == 1)
        let soon = try Comparison(
            from: path(1, old), to: path(2, new), told: 3, excusing: ["A1", "A2", "C1"])
        #expect(soon.gone == ["A3", "A4", "A5"] && soon.excused == 1)
        #expect(throws: FeedError.self) {
            try Comparison(from: path(3, old), to: path(2, new), told: 3) { _ in false }
        }
    }

    /// A profile may need a picture that its format does not ask for.
    @Test(arguments: formats) func anItemMayNeedMoreThanItsFormat(name: String) throws {
        let items = (1...3).map {
            FeedItem.sample("A\($0)", also: [.picture("additional_image_link", "B\($0)")])
        }
        let (may, must) = (
            FeedOutline.of(items), FeedOutline.of(items).needing("additional_image_link")
        )
        _ = try staging(1, name).stage(items, may)
        _ = try staging(2, name).stage(items, must)
        _ = try staging(3, name).stage(Array(items.prefix(2)))
        for (number, excused) in [(1, 0), (2, 1)] {
            let comparison = try Comparison(
                from: path(number, name), to: path(3, name), told: 3
            ) { $0 == "https://img.example.com/B3.jpg" }
            #expect(comparison.count == 1 && comparison.excused == excused)
            // Made again without it, and known to need it still.
            let reduced = try staging(9 + number, name).stage(
                reducing: path(number, name), parts: 0
            ) {
                $0 == "https://img.example.com/B1.jpg"
            }
            #expect(reduced.edition.items == (excused == 1 ? 2 : 3))
            let again = try Comparison(
                from: path(9 + number, name), to: path(3, name), told: 3
            ) { $0 == "https://img.example.com/B3.jpg" }
            #expect(again.excused == excused)
        }
    }

    /// What is out goes out again without what had to go, and is otherwise as it was: also where the
    /// picture is one that an item can do without.
    @Test(arguments: pairs) func anEditionIsReduced(old: String, new: String) throws {
        let items: [FeedItem] = [
            .sample("A1", also: [.init("brand", "Acme")]), .sample("A2"),
            .sample(
                "A3",
                also: [
                    .picture("additional_image_link", "stays"),
                    .picture("additional_image_link", "gone"),
                    .picture("lifestyle_image_link", "gone"),
                ]),
        ]
        _ = try staging(1, old).stage(items)
        let staged = try staging(2, new).stage(reducing: path(1, old)) {
            $0.hasSuffix("/A2.jpg") || $0.hasSuffix("/gone.jpg")
        }
        #expect(staged.edition.items == 2 && staged.omitted == 0)
        let reduced = try Data(contentsOf: URL(filePath: path(2, new)))
        let rest = [items[0], .sample("A3", also: [.picture("additional_image_link", "stays")])]
        _ = try staging(3, new).stage(rest, .of(items))
        #expect(try Data(contentsOf: URL(filePath: path(3, new))) == reduced)
    }
}
