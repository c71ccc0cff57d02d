import Feeds
import Foundation
import Host
import Model
import Testing

/// What every format keeps, however its documents look.
final class FormatContract {
    /// One of each. Those that are not here are told by `everyFormatIsHere`.
    static let formats: [any FeedFormat] = [GoogleRSS.sample, GoogleTSV()]

    private let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "formats-\(UUID().uuidString)"
        try Files.makeDirectory(directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func path(_ number: Int, _ format: any FeedFormat) -> String {
        "\(directory)/\(number).\(format.name).\(format.ending)"
    }

    private func read(
        _ path: String, _ format: any FeedFormat
    ) throws -> (items: [FeedItem], outline: FeedOutline?) {
        let file = try OpenFile.open(path, O_RDONLY)
        let reader = try type(of: format).read(file.descriptor)
        var items: [FeedItem] = []
        while let item = try reader.next() { items.append(item) }
        withExtendedLifetime(file.descriptor) {}
        return (items, reader.outline)
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

    @Test func everyFormatIsHere() {
        #expect(Self.formats.map(\.name).sorted() == FeedFormats.all.map { $0.name }.sorted())
        #expect(Set(FeedFormats.all.map { $0.name }).isDisjoint(with: FeedFormats.notBuilt))
        for format in Self.formats { #expect(FeedFormats.named(format.name)?.name == format.name) }
    }

    @Test(arguments: formats) func anEditionsNameSaysItsFormat(format: any FeedFormat) {
        let name = EditionName.make(at: 1_764_435_600_000, in: format)
        #expect(name.hasSuffix(".\(format.name).\(format.ending)"))
        #expect(EditionName.format(of: "/var/lib/state/editions.d/a/" + name)?.name == format.name)
        #expect(format.name.wholeMatch(of: /[a-z0-9-]+/) != nil)
        #expect(format.ending.wholeMatch(of: /[a-z0-9]+/) != nil)
        #expect(format.mediaType.wholeMatch(of: /[a-z]+\/[a-z-]+(; charset=utf-8)?/) != nil)
    }

    @Test(arguments: formats) func whatIsAskedForIsKnown(format: any FeedFormat) {
        let attributes = format.attributes
        #expect(attributes.required.contains(attributes.identity))
        #expect(attributes.required.allSatisfy { attributes.all[$0] != nil })
        #expect(attributes.notBuilt.isDisjoint(with: attributes.all.keys))
        #expect(attributes.all.values.contains { $0.isPicture })
        #expect(format.check(FeedItem(sku: "A1", fields: [])).count == attributes.required.count)
        for item in items { #expect(format.check(item) == []) }
    }

    @Test(arguments: formats) func itemsReadBackAsTheyWereWritten(format: any FeedFormat) throws {
        let staged = try Staging(path: path(1, format), format: format).stage(items)
        #expect(staged.edition.items == 3 && staged.omitted == 0 && staged.edition.dropped == 0)
        let read = try read(path(1, format), format)
        let meant = items.map { item in
            FeedItem(sku: "", fields: item.fields.filter { !$0.value.isEmpty })
        }
        #expect(read.items == meant)
        #expect(read.items[1].pictures.count == 3)
        #expect(read.outline == nil || read.outline == .of(items))
    }

    /// What a person pastes into a table; nothing of it may become an item, or part of another.
    @Test(arguments: formats) func hostileTextsSurvive(format: any FeedFormat) throws {
        let texts = [
            "a]]>b <![CDATA[ &lol; <!-- --> </item>", "👟🏳️‍🌈 emoji", "\u{202E}עברית\u{202C}",
            "12\" pan", "\"", "\"\"", "a, b", ",", "\"a\",\"b\"", "é é ﬁ", "a:b", "\\", "=1+1",
            " ends with blanks  ", "5\"\u{FE0F} screen", "\u{301}a,\"b", "\"\u{301}", "a,\u{301}b",
        ]
        let items = texts.enumerated().map { number, text in
            FeedItem.sample(
                "H\(number)",
                also: [
                    .init("brand", text), .init("product_type", text), .init("product_type", "x"),
                    .init("product_type", text),
                ])
        }
        let staged = try Staging(path: path(1, format), format: format).stage(items)
        #expect(staged.edition.items == texts.count && staged.edition.dropped == 0)
        let read = try read(path(1, format), format).items
        #expect(read.map(\.fields) == items.map(\.fields))
    }

    /// Lines may end where the text did not mean it, and nothing else is lost but what no document holds.
    @Test(arguments: formats) func charactersThatCannotStandAreCounted(
        format: any FeedFormat
    ) throws {
        let text = "bell \u{7}, nul \u{0}, \u{FFFE}, line\r\nline\ttab\u{2028}end\u{85}\n"
        let item = FeedItem.sample("A1", also: [.init("brand", text)])
        let staged = try Staging(path: path(1, format), format: format).stage([
            item, .sample("A2"),
        ])
        #expect(staged.edition.items == 2 && staged.edition.dropped == 3)
        let brand = try #require(try read(path(1, format), format).items[0].text("brand"))
        let words = brand.split { $0.isWhitespace || $0 == "," }
        #expect(words == ["bell", "nul", "line", "line", "tab", "end"])
    }

    @Test(arguments: formats) func anIdThatWouldNotReadBackIsRefused(format: any FeedFormat) throws
    {
        for id in ["A\u{0}1", "A\n1", "A\u{2028}1"] {
            #expect(format.check(.sample(id)).map(\.code) == [.characters], "\(id)")
        }
        // What is let through comes back.
        let odd = ["A\t1", "A 1", " A1", "A,1", "\"A1\"", "é", "A:1", "A1 "].map {
            FeedItem.sample($0)
        }.filter { format.check($0).isEmpty }
        let staged = try Staging(path: path(1, format), format: format).stage(odd)
        #expect(staged.edition.items >= 7)
        let ids = try read(path(1, format), format).items.map { $0.text("id") }
        #expect(ids == odd.map { $0.text("id") })
    }

    @Test(arguments: formats) func aFeedWithoutItemsIsADocument(format: any FeedFormat) throws {
        let outline = FeedOutline.of(items)
        let staged = try Staging(path: path(1, format), format: format).stage([], outline)
        #expect(staged.edition.items == 0 && staged.edition.bytes > 0)
        #expect(try read(path(1, format), format).items == [])
        _ = try Staging(path: path(2, format), format: format).stage([], FeedOutline())
        #expect(try read(path(2, format), format).items == [])
    }

    @Test(arguments: formats) func theSameItemsGiveTheSameBytes(format: any FeedFormat) throws {
        let staging = Staging(path: path(1, format), format: format)
        let first = try staging.stage(items).edition
        #expect(try staging.stage(items).edition == first)
        #expect(try staging.stage(items.reversed(), .of(items)).edition.sha256 != first.sha256)
    }

    /// Cut anywhere, what remains is no whole document, or one with fewer items.
    @Test(arguments: formats) func aDocumentCutShortIsNoticed(format: any FeedFormat) throws {
        _ = try Staging(path: path(1, format), format: format).stage(items)
        let whole = try Data(contentsOf: URL(filePath: path(1, format)))
        for length in stride(from: 0, to: whole.count - 1, by: 7) {
            try whole.prefix(length).write(to: URL(filePath: path(2, format)))
            let read = try? read(path(2, format), format).items
            #expect(read?.count ?? 0 < items.count, "\(length) bytes")
        }
    }

    @Test(arguments: formats) func itemsReachTheDiskAsTheyCome(format: any FeedFormat) throws {
        var number = 0
        var behind: Int64 = 0
        let path = path(1, format)
        let staged = try Staging(path: path, format: format).stage(.of(items)) {
            number += 1
            guard number <= 10_000 else { return nil }
            if number.isMultiple(of: 1000) {
                // An item takes more than 100 bytes; what is not in the file is in memory.
                let written = try OpenFile.open(path + ".unchecked", O_RDONLY).status().st_size
                behind = max(behind, Int64(number) * 100 - Int64(written))
            }
            return .sample("SKU\(number)")
        }
        #expect(staged.edition.items == 10_000 && behind < 128 << 10)
    }

    @Test(arguments: formats) func aFullDiskIsTheHosts(format: any FeedFormat) throws {
        let full = try OpenFile.open("/dev/full", O_WRONLY)
        var number = 0
        do {
            _ = try format.write(.of([.sample("A1")]), to: full.descriptor) {
                number += 1
                return number > 1000 ? nil : .sample("A\(number)")
            }
            Issue.record("a full disk took it")
        } catch let fault as any DocumentFault {
            #expect(fault.remedy == .fixHost)
        }
    }

    // MARK: Editions of two formats

    static let pairs = formats.flatMap { old in formats.map { (old, $0) } }

    @Test(arguments: pairs) func whatAnEditionWouldTakeOutIsNamed(
        old: any FeedFormat, new: any FeedFormat
    ) throws {
        _ = try Staging(path: path(1, old), format: old)
            .stage((1...9).map { FeedItem.sample("A\($0)") })
        _ = try Staging(path: path(2, new), format: new).stage([.sample("A2"), .sample("B1")])
        let comparison = try Comparison(from: path(1, old), to: path(2, new), told: 3) {
            $0 == "https://img.example.com/A3.jpg"
        }
        #expect(comparison.gone == ["A1", "A4", "A5"])
        #expect(comparison.count == 8 && comparison.excused == 1)
        #expect(throws: FeedError.self) {
            try Comparison(from: path(3, old), to: path(2, new), told: 3) { _ in false }
        }
    }

    /// What is out goes out again without what had to go, and is otherwise as it was: also where the
    /// picture is one that an item can do without.
    @Test(arguments: pairs) func anEditionIsReduced(
        old: any FeedFormat, new: any FeedFormat
    ) throws {
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
        _ = try Staging(path: path(1, old), format: old).stage(items)
        let staged = try Staging(path: path(2, new), format: new).stage(reducing: path(1, old)) {
            $0.hasSuffix("/A2.jpg") || $0.hasSuffix("/gone.jpg")
        }
        #expect(staged.edition.items == 2 && staged.omitted == 0)
        let reduced = try Data(contentsOf: URL(filePath: path(2, new)))
        let rest = [items[0], .sample("A3", also: [.picture("additional_image_link", "stays")])]
        _ = try Staging(path: path(3, new), format: new).stage(rest, .of(items))
        #expect(try Data(contentsOf: URL(filePath: path(3, new))) == reduced)
    }
}

extension FeedItem.Field {
    static func picture(_ attribute: String, _ name: String) -> Self {
        Self(attribute, .picture(FeedPicture("https://img.example.com/\(name).jpg")))
    }
}
