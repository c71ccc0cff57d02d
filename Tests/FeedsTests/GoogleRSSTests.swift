import Feeds
import Model
import Testing

struct GoogleRSSTests {
    @Test(arguments: [
        "id", "title", "description", "link", "image_link", "price", "availability",
    ])
    func requiredAttributesAreMissed(name: String) {
        #expect(GoogleRSS.check(.sample("A1")) == [])
        let missing = FeedFault(name, .missing, "'\(name)' is missing")
        #expect(GoogleRSS.check(.sample("A1", without: name)) == [missing])
        let blank = FeedItem.sample("A1", also: [.init(name, " \n")], without: name)
        #expect(GoogleRSS.check(blank) == [missing])
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
        ("shipping", "DE::4.99 EUR", .notBuilt),
    ])
    func valuesAreChecked(name: String, text: String, code: FeedFault.Code?) {
        let item = FeedItem.sample("A1", also: [.init(name, text)], without: name)
        #expect(GoogleRSS.check(item).map(\.code) == [code].compactMap(\.self))
    }

    @Test func aMisspeltAttributeGetsASuggestion() {
        let item = FeedItem.sample("A1", also: [.init("imgae_link", "x"), .init("zzzzzz", "x")])
        #expect(
            GoogleRSS.check(item).map(\.message) == [
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
        #expect(GoogleRSS.check(item(10)) == [])
        #expect(GoogleRSS.check(item(13)).map(\.code) == [.repeated])
        let twice = FeedItem.sample("A1", also: [.init("title", "Another")])
        #expect(GoogleRSS.check(twice).map(\.code) == [.repeated])
    }

    @Test func preorderNeedsADate() {
        let availability = FeedItem.Field("availability", "preorder")
        let item = FeedItem.sample("A1", also: [availability], without: "availability")
        #expect(GoogleRSS.check(item).map(\.attribute) == ["availability_date"])
    }

    @Test func checkDigitsAreSpelledOut() {
        let item = FeedItem.sample("A1", also: [.init("gtin", "4006381333932")])
        #expect(
            GoogleRSS.check(item).map(\.message) == [
                "'gtin' '4006381333932' ends in the check digit 2, but its other digits ask for 1"
            ])
    }
}

struct EditionTests {
    @Test(arguments: [
        (100, nil, 0, false), (100, 100, 0, false), (95, 100, 0, false), (94, 100, 0, true),
        (94, 100, 1, false), (120, 100, 0, false), (0, nil, 0, true), (0, 100, 0, true),
        (0, 1, 1, false), (0, 0, 0, true), (7, 8, 0, true), (7, 8, 1, false),
    ])
    func aShrinkingFeedIsHeld(items: Int, last: Int?, excused: Int, held: Bool) throws {
        let hash = try #require(ContentHash(rawValue: String(repeating: "a", count: 64)))
        let edition = Edition(path: "x", sha256: hash, bytes: 1, items: items, dropped: 0)
        let reason = edition.reasonToHold(last: last, drop: 0.05, excused: excused)
        #expect((reason != nil) == held)
    }

    @Test func theReasonSaysHowMuch() throws {
        let hash = try #require(ContentHash(rawValue: String(repeating: "a", count: 64)))
        let edition = Edition(path: "x", sha256: hash, bytes: 1, items: 7, dropped: 0)
        #expect(
            edition.reasonToHold(last: 8, drop: 0.05)
                == "1 of 8 items would be gone (12.5 %, more than 5.0 %)")
    }
}
