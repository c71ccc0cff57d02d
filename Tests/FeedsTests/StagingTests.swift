import Feeds
import Foundation
import Host
import Model
import Testing

/// Editions on a real disk, judged by xmllint as well as by our own reader.
final class StagingTests {
    private let directory: String
    private let format: FeedFormat

    init() throws {
        format = try .sample("google-rss")
        directory = NSTemporaryDirectory() + "feeds-\(UUID().uuidString)"
        try Files.makeDirectory(directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private var path: String { directory + "/products.xml" }

    private func stage(_ items: [FeedItem]) throws -> Staged {
        try Staging(path: path, format: format).stage(items)
    }

    private func document() throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }

    @Test func anItemLooksAsGoogleAsks() throws {
        let staged = try stage([.sample("A1", also: [.init("gtin", "4006381333931")])])
        #expect(
            try document() == """
                <?xml version="1.0" encoding="UTF-8"?>
                <rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">
                 <channel>
                  <title>Kontor</title>
                  <link>https://shop.example.com/</link>
                  <description>All &amp; everything</description>
                  <item>
                   <g:id>A1</g:id>
                   <title>Mug</title>
                   <description>A mug</description>
                   <link>https://shop.example.com/p/A1</link>
                   <g:image_link>https://img.example.com/A1.jpg</g:image_link>
                   <g:price>19.99 EUR</g:price>
                   <g:availability>in_stock</g:availability>
                   <g:gtin>4006381333931</g:gtin>
                  </item>
                 </channel>
                </rss>

                """)
        #expect(staged.edition.items == 1)
        #expect(staged.omitted == 0)
        let digest = try Files.digest(path: path)
        #expect(staged.edition.sha256 == digest.sha256)
        #expect(staged.edition.bytes == digest.bytes)
        #expect(try Files.names(in: directory).sorted() == ["products.xml", "products.xml.items"])
    }

    @Test func partsStandInsideTheirAttribute() throws {
        let parts = FeedValue.group([.init("country", "DE"), .init("price", "4.99 EUR")])
        _ = try stage([.sample("A1", also: [.init("shipping", parts)])])
        #expect(
            try document().contains(
                """
                   <g:shipping>
                    <g:country>DE</g:country>
                    <g:price>4.99 EUR</g:price>
                   </g:shipping>

                """))
    }

    @Test func theSameItemsGiveTheSameBytes() throws {
        let items = (1...50).map { FeedItem.sample("A\($0)") }
        let first = try stage(items).edition
        #expect(try stage(items).edition == first)
        #expect(try stage(items.reversed()).edition.sha256 != first.sha256)
    }

    @Test func xmllintAgreesOnHostileTexts() throws {
        let texts = [
            "bell \u{7}, nul \u{0}, \u{FFFE}", "a]]>b <![CDATA[ &lol; <!-- --> </item>",
            "👟🏳️‍🌈 emoji", "\u{202E}עברית\u{202C}", "line\r\nline\ttab", "é é ﬁ",
        ]
        let items = texts.enumerated().map { number, text in
            FeedItem.sample("H\(number)", also: [.init("brand", text)])
        }
        let staged = try stage(items)
        #expect(staged.edition.items == texts.count)
        #expect(staged.edition.dropped == 3)
        #expect(try xmllint("count(//item)") == "\(texts.count)")
        let brand = "string(//item[2]/*[local-name()='brand'])"
        #expect(try xmllint(brand) == texts[1])
    }

    @Test func aBadItemStaysOutAndTheOthersGoOn() throws {
        let huge = String(repeating: "x", count: 1 << 20)
        let staged = try stage([
            .sample("A1"), .sample("A2", without: "price"),
            .sample("A3", also: [.init("brand", huge), .init("imagelink", "x")]),
            .sample("A4"), .sample("A4"), .sample("A5", without: "price"),
        ])
        #expect(staged.edition.items == 2)
        #expect(staged.omitted == 4)
        #expect(staged.omissions.map(\.sku) == ["A2", "A3", "A4", "A5"])
        #expect(
            staged.causes == [
                .init("price", .missing): 2, .init("brand", .tooLong): 1,
                .init("imagelink", .unknown): 1, .init("id", .duplicate): 1,
            ])
        #expect(try document().utf8.count < 2000)
    }

    @Test func twentyThousandItemsReachTheDiskAsTheyCome() throws {
        var number = 0
        var behind: Int64 = 0
        let staged = try Staging(path: path, format: format).stage(.of([.sample("A1")])) {
            number += 1
            guard number <= 20_000 else { return nil }
            if number.isMultiple(of: 2000) {
                // An item takes more than 120 bytes; what is not in the file is in memory.
                let written = try OpenFile.open(path + ".items.unchecked", O_RDONLY).status()
                    .st_size
                behind = max(behind, Int64(number) * 120 - Int64(written))
            }
            return .sample("SKU\(number)")
        }
        #expect(staged.edition.items == 20_000)
        #expect(staged.edition.bytes > 20_000 * 250)
        #expect(behind < 256 << 10)
    }

    @Test func aSourceThatFailsLeavesTheOldEdition() throws {
        struct Broken: Error {}
        let old = try stage([.sample("A1")]).edition
        var number = 0
        let error = #expect(throws: FeedError.self) {
            try Staging(path: path, format: format).stage(.of([.sample("A1")])) {
                number += 1
                if number > 5000 { throw Broken() }
                return .sample("B\(number)")
            }
        }
        #expect(error?.remedy == .retry(after: nil))
        #expect(try Files.digest(path: path).sha256 == old.sha256)
        #expect(try Files.names(in: directory).sorted() == ["products.xml", "products.xml.items"])
    }

    @Test func everyItemThatIsLeftOutIsTold() throws {
        var items = [
            FeedItem.sample("A1"), .sample("A2", without: "title"), .sample("A3", without: "link"),
        ].makeIterator()
        var told: [String] = []
        _ = try Staging(path: path, format: format).stage(.of([.sample("A1")])) {
            items.next()
        } omitting: {
            told.append("\($0.sku): \($0.faults.map(\.message).joined())")
        }
        #expect(told == ["A2: 'title' is missing", "A3: 'link' is missing"])
    }

    @Test func aHostThatCannotStageSaysSo() throws {
        let staging = Staging(path: directory + "/absent/products.xml", format: format)
        let error = try #require(throws: FeedError.self) { try staging.stage([]) }
        #expect(error.remedy == .fixHost)
        #expect(error.message.contains("/absent/products.xml.items.unchecked'"))
    }

    /// The result of an XPath expression, or xmllint's complaint.
    private func xmllint(_ expression: String) throws -> String {
        try Outside.run("/usr/bin/xmllint", ["--nonet", "--xpath", expression, path])
    }
}
