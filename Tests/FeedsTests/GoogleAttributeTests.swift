import Feeds
import Model
import Testing

/// What Google would refuse, in whichever format it is sent.
struct GoogleAttributeTests {
    private let format: FeedFormat

    init() throws { format = try .sample("google-rss") }

    @Test(arguments: [
        "id", "title", "description", "link", "image_link", "price", "availability",
    ])
    func requiredAttributesAreMissed(name: String) {
        #expect(format.check(.sample("A1")) == [])
        let missing = FeedFault(name, .missing, "'\(name)' is missing")
        #expect(format.check(.sample("A1", without: name)) == [missing])
        let blank = FeedItem.sample("A1", also: [.init(name, " \n")], without: name)
        #expect(format.check(blank) == [missing])
    }

    @Test(arguments: [
        ("price", "19,99 EUR", FeedFault.Code.format), ("price", "€19.99", .format),
        ("price", "19.99", .format), ("price", "0.00 EUR", .format), ("price", "5 EUR", nil),
        ("sale_price", "19.999 EUR", .format), ("price", "1999999.00 JPY", nil),
        ("availability", "in stock", .notListed), ("availability", "out_of_stock", nil),
        ("condition", "new", nil), ("condition", "New", .notListed),
        ("gtin", "4006381333931", nil), ("gtin", "4006381333932", .checkDigit),
        ("gtin", "400638133393", .checkDigit), ("gtin", "123", .format),
        ("gtin", "4.00638E+12", .format), ("gtin", "04006381333931", nil),
        ("gtin", "96385074", nil),
        ("link", "https://shop.example.com/ä", .characters), ("link", "ftp://x.example", .format),
        ("link", "https://", .format), ("link", "https://x.example/a b", .characters),
        ("link", "https://x.example/a%2", .format), ("link", "HTTPS://x.example?a=b%20c#d", nil),
        ("link", "https://user@x.example/", .format),
        ("image_link", "https://x.example/" + String(repeating: "a", count: 2000), .tooLong),
        ("title", String(repeating: "é", count: 150), nil),
        ("title", String(repeating: "é", count: 151), .tooLong),
        ("description", String(repeating: "a", count: 5001), .tooLong),
        ("id", String(repeating: "a", count: 51), .tooLong), ("id", "A\u{1}B", .characters),
        ("availability_date", "2026-11-21T12:00+0100", nil), ("availability_date", "soon", .format),
        ("sale_price_effective_date", "2026-11-21/2026-12-24", nil),
        ("sale_price_effective_date", "2026-11-21", .format),
        ("shipping_weight", "1.5 kg", nil), ("shipping_weight", "heavy", .format),
        ("multipack", "six", .format), ("identifier_exists", "FALSE", .notListed),
        ("shipping", "DE::4.99 EUR", .format), ("tax", "US:NY:8.875:y", .notBuilt),
        ("sell_on_google_quantity", "12", nil),
    ])
    func valuesAreChecked(name: String, text: String, code: FeedFault.Code?) {
        let item = FeedItem.sample("A1", also: [.init(name, text)], without: name)
        #expect(format.check(item).map(\.code) == [code].compactMap(\.self))
    }

    @Test func aMisspeltAttributeGetsASuggestion() {
        let item = FeedItem.sample("A1", also: [.init("imgae_link", "x"), .init("zzzzzz", "x")])
        #expect(
            format.check(item).map(\.message) == [
                "'imgae_link' is no attribute of this format; did you mean 'image_link'?",
                "'zzzzzz' is no attribute of this format",
            ])
    }

    @Test func additionalImagesAreCounted() {
        func item(_ count: Int) -> FeedItem {
            .sample(
                "A1",
                also: (0..<count).map {
                    .init("additional_image_link", "https://img.example.com/\($0).jpg")
                })
        }
        #expect(format.check(item(10)) == [])
        #expect(format.check(item(13)).map(\.code) == [.repeated])
        let twice = FeedItem.sample("A1", also: [.init("title", "Another")])
        #expect(format.check(twice).map(\.code) == [.repeated])
    }

    @Test(arguments: [
        ([("country", "DE"), ("price", "0.00 EUR")], nil),
        ([("price", "4.99 EUR")], "'shipping.country' is missing"),
        (
            [("country", "DE"), ("price", "free")],
            "'shipping.price' is 'free', not an amount such as '4.99 EUR'"
        ),
        (
            [("country", "DE"), ("servise", "fast")],
            "'shipping' has no part 'servise'; did you mean 'service'?"
        ),
    ])
    func partsAreChecked(parts: [(name: String, text: String)], message: String?) {
        let fields = parts.map { FeedItem.Field($0.name, $0.text) }
        let faults = format.check(.sample("A1", also: [.init("shipping", .group(fields))]))
        #expect(faults.map(\.message) == [message].compactMap(\.self))
        #expect(faults.allSatisfy { $0.attribute == "shipping" })
    }

    @Test func aTextHasNoParts() {
        let parts = FeedValue.group([.init("content", "Mug")])
        #expect(
            format.check(.sample("A1", also: [.init("brand", parts)])).map(\.message) == [
                "'brand' is one text, and not made of parts"
            ])
        // What a program wrote says so, and stands for the plain title.
        let written = FeedItem.Field("structured_title", parts)
        #expect(format.check(.sample("A1", also: [written], without: "title")) == [])
    }

    @Test func preorderNeedsADate() {
        let availability = FeedItem.Field("availability", "preorder")
        let item = FeedItem.sample("A1", also: [availability], without: "availability")
        #expect(format.check(item).map(\.attribute) == ["availability_date"])
    }

    @Test func checkDigitsAreSpelledOut() {
        let item = FeedItem.sample("A1", also: [.init("gtin", "4006381333932")])
        #expect(
            format.check(item).map(\.message) == [
                "'gtin' '4006381333932' ends in the check digit 2, but its other digits ask for 1"
            ])
    }
}
