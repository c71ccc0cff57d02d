import Testing

@testable import Profiles

/// What of the names at a channel's place could be its own.
@Suite struct NameShapeTests {
    private func profile(_ main: String) throws -> Profile {
        let text = """
            channel: shop
            state: draft
            slots:
              main: {view: front, rendition: hero, name: "\(main)"}
              more:
                {view: [back, detail], take: all, rendition: hero, name: "more/{view|gs1}-{position:02}.jpg"}
            codes: {gs1: {back: A7, detail: D1}}
            renditions:
              hero: {size: 500x500, fit: pad, background: {color: "#FFFFFF"}, format: jpeg, max_bytes: 1MB}
            """
        return try Loader.load(text: text, file: "shop.yaml", vocabulary: .sample).get()
    }

    @Test(arguments: [
        ("{sku}.{ext}", "A1.jpg", true), ("{sku}.{ext}", "a1-b.JPG", true),
        ("{sku}.{ext}", "A1.png", false), ("{sku}.{ext}", ".jpg", false),
        ("{sku}.{ext}", "A 1.jpg", false), ("{sku}.{ext}", "products.xml", false),
        ("{sku}.{ext}", "A1.jpg.done", false),
        ("{sku}-{view}-{position}.{ext}", "A1-x-front-12.jpg", true),
        ("{sku}-{view}-{position}.{ext}", "A1-back-1.jpg", false),
        ("{sku}-{view}-{position}.{ext}", "A1-front-.jpg", false),
        ("{hash}-{sku}.{ext}", "0123456789abcdef-A1.jpg", true),
        ("{hash}-{sku}.{ext}", "012345678-A1.jpg", false),
        ("{hash}/{sku}.{ext}", "0123456789abcdef", true), ("{hash}/{sku}.{ext}", "more", true),
        ("{hash}/{sku}.{ext}", "A1.jpg", false),
        ("{channel}-{slot}-{sku}.{ext}", "shop-main-7.jpg", true),
        ("{channel}-{slot}-{sku}.{ext}", "shop-more-7.jpg", false),
    ])
    func inTheChannelsOwnFolder(_ template: String, _ leaf: String, _ fits: Bool) throws {
        let shape = try #require(try profile(template).names(in: ""))
        #expect(shape.fits(leaf) == fits)
    }

    @Test func inAFolderBelow() throws {
        let profile = try profile("{hash}/{sku}.{ext}")
        let more = try #require(profile.names(in: "more/"))
        #expect(more.fits("A7-01.jpg") && more.fits("d1-2.jpg"))
        #expect(!more.fits("B2-01.jpg") && !more.fits("A1.jpg"))
        // Of its own content: nothing else has a place beside it.
        #expect(profile.names(in: "0123456789abcdef/") == nil)
        #expect(profile.names(in: "theirs/") == nil)
        #expect(profile.names(in: "more/deeper/") == nil)
    }

    /// Many fields, and none where they must end.
    @Test func aNameThatNearlyFitsTakesNoTime() throws {
        let shape = try #require(
            try profile("{sku}-{season}-{sku}-{season}-{sku}-{season}.{ext}").names(in: ""))
        #expect(!shape.fits(String(repeating: "-a", count: 99).dropFirst() + "x"))
    }
}
