import Feeds
import Foundation
import Host
import Model
import Testing

/// As Google asks for text files: what `FormatContract` cannot know.
final class GoogleTSVTests {
    private let directory: String
    private let format: FeedFormat

    init() throws {
        format = try .sample("google-tsv")
        directory = NSTemporaryDirectory() + "tsv-\(UUID().uuidString)"
        try Files.makeDirectory(directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private var path: String { directory + "/1.google-tsv.tsv" }

    /// Whoever reads bytes sees marks where Swift sees other characters.
    @Test func marksAreDoubledWhateverFollowsThem() throws {
        let item = FeedItem.sample("A1", also: [.init("brand", "5\"\u{FE0F} screen")])
        _ = try Staging(path: path, format: format).stage([item])
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(Array(text.utf8).count { $0 == UInt8(ascii: "\"") } == 4)
        let shipping = FeedItem.Field(
            "shipping", .group([.init("country", "DE:\u{301}"), .init("price", "1.00 EUR")]))
        #expect(
            format.check(.sample("A1", also: [shipping])).contains { $0.message.contains("colon") })
    }

    @Test func whatNoDocumentHoldsIsNothing() {
        #expect(FeedValue.text("\u{1}\u{FFFE} ").isEmpty && !FeedValue.text("a\u{1}").isEmpty)
    }

    @Test func aLineForEachItem() throws {
        let items: [FeedItem] = [
            .sample(
                "A1",
                also: [
                    .picture("additional_image_link", "A1-1"),
                    .picture("additional_image_link", "A1-2"),
                    .init("product_type", "Mugs, cups"), .init("brand", "12\" & more, 5:1\nnew"),
                    .init(
                        "shipping",
                        .group([.init("country", "DE"), .init("price", "4.99 EUR")])),
                ]),
            .sample(
                "A2",
                also: [
                    .init(
                        "shipping",
                        .group([.init("country", "AT"), .init("service", "fast, safe")]))
                ]),
        ]
        _ = try Staging(path: path, format: format).stage(items)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let image = "https://img.example.com/"
        #expect(
            lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false) } == [
                [
                    "id", "title", "description", "link", "image_link", "price", "availability",
                    "additional_image_link", "product_type", "brand",
                    "shipping(country:price:service)",
                ],
                [
                    "A1", "Mug", "A mug", "https://shop.example.com/p/A1", "\(image)A1.jpg",
                    "19.99 EUR", "in_stock", "\(image)A1-1.jpg,\(image)A1-2.jpg",
                    "\"Mugs, cups\"", "\"12\"\" & more, 5:1 new\"", "DE:4.99 EUR:",
                ],
                [
                    "A2", "Mug", "A mug", "https://shop.example.com/p/A2", "\(image)A2.jpg",
                    "19.99 EUR", "in_stock", "", "", "", "\"AT::fast, safe\"",
                ],
                [""],
            ])
    }

    @Test func aColonInAPartIsRefused() throws {
        let parts = FeedValue.group([
            .init("attribute_name", "Ratio"), .init("attribute_value", "16:9"),
        ])
        let item = FeedItem.sample("A1", also: [.init("product_detail", parts)])
        #expect(try FeedFormat.sample("google-rss").check(item) == [])
        #expect(
            format.check(item).map(\.message) == [
                "'product_detail.attribute_value' holds a colon, which no part can hold in google-tsv"
            ])
    }

    @Test func aTabInAnIdIsRefused() {
        #expect(format.check(.sample("A\t1")).map(\.code) == [.characters])
    }

    @Test func aLineMayBeLongerThanWhatIsReadAtOnce() throws {
        let long = String(repeating: "x", count: 5000)
        let types = (0..<10).map { FeedItem.Field("product_type", "\($0)" + long.prefix(700)) }
        let details = (0..<100).map { number in
            FeedItem.Field(
                "product_detail",
                .group([
                    .init("attribute_name", "\(number)"),
                    .init("attribute_value", String(long.prefix(1000))),
                ]))
        }
        let items = (1...3).map { FeedItem.sample("A\($0)", also: types + details) }
        let staged = try Staging(path: path, format: format).stage(items)
        #expect(staged.edition.items == 3 && staged.edition.bytes > 3 * 100_000)
    }
}
