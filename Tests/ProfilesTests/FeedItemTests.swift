import Foundation
import Model
import Profiles
import Testing

@testable import Feeds

@Suite struct FeedItemTests {
    private let urls = [
        "main": ["https://img.example.com/img/1/A1.jpg"],
        "additional": [
            "https://img.example.com/img/2/A1-1.jpg", "https://img.example.com/img/3/A1-2.jpg",
        ],
    ]

    private func profile() throws -> Profile {
        let text = try #require(try Samples.shipped()["google-shopping"])
        return try Loader.load(text: text, file: "g.yaml", vocabulary: .sample).get()
    }

    private func state(_ fields: [String: String]) -> SKUState {
        let usual = [
            "title": "Jeans", "description": "Blue", "link": "https://shop.example.com/a1",
            "price": "19.99 EUR", "availability": "in_stock", "brand": "Acme",
        ]
        let all = usual.merging(fields) { $1 }.filter { !$0.value.isEmpty }
        return SKUState(sku: "A1", product: Product(sku: "A1", fields: all))
    }

    @Test func keepsTheOrderAndRepeatsPictures() throws {
        let item = try profile().feedItem(for: state([:]), confirmed: urls, at: Shop.now).get()
        #expect(item.sku == "A1")
        #expect(
            item.fields.map(\.name) == [
                "id", "title", "description", "link", "image_link", "additional_image_link",
                "additional_image_link", "price", "availability", "condition", "brand",
            ])
        #expect(item.text("id") == "A1")
        #expect(item.pictures.map(\.slot) == ["main", "additional", "additional"])
        #expect(item.pictures.map(\.address) == (urls["main"] ?? []) + (urls["additional"] ?? []))
    }

    @Test func leavesOutWhatMayBeMissing() throws {
        let item = try profile().feedItem(
            for: state(["brand": ""]), confirmed: ["main": urls["main"] ?? []], at: Shop.now
        ).get()
        #expect(!item.fields.contains { ["brand", "additional_image_link"].contains($0.name) })
    }

    @Test func keepsTheProductOutWithoutWhatItNeeds() throws {
        let profile = try profile()
        func gate(_ state: SKUState, _ confirmed: [String: [String]]) -> Gate? {
            switch profile.feedItem(for: state, confirmed: confirmed, at: Shop.now) {
            case .success: nil
            case .failure(let gate): gate
            }
        }
        #expect(gate(state([:]), [:])?.turn == "sluice")
        #expect(gate(state(["price": ""]), urls)?.place?.line == 82)
        #expect(
            gate(state(["price": ""]), urls)?.message
                == "'price' needs a value in the product column 'price', and there is none")
        #expect(gate(SKUState(sku: "A1"), urls)?.kind == .metadata)
        #expect(gate(state([:]), urls) == nil)
    }

    /// The shipped profile with other items, in one format and in another.
    private func profile(_ items: String, format: String = "google-rss") throws -> Profile {
        let text = try #require(try Samples.shipped()["google-shopping"])
            .replacing("    gtin?: \"{product.gtin}\"\n", with: items)
            .replacing("  format: google-rss\n", with: "  format: \(format)\n")
        return try Loader.load(text: text, file: "g.yaml", vocabulary: .sample).get()
    }

    private static let groups = """
            shipping?:
              - {country: DE, price: "{product.price}"}
              - {country: AT, service?: "{product.status}", price: "{product.gtin}"}
            product_highlight?: ["{product.brand}", "{product.status}", fast]
            lifestyle_image_link: slot:additional

        """

    @Test func groupsAndListsAreFilled() throws {
        let profile = try profile(Self.groups)
        #expect(
            profile.feed?.outline.columns.suffix(3).map(\.parts) == [
                ["country", "price", "service"], [], [],
            ])
        func fields(_ more: [String: String]) throws -> [FeedItem.Field] {
            let item = try profile.feedItem(for: state(more), confirmed: urls, at: Shop.now).get()
            return item.fields.filter { ["shipping", "product_highlight"].contains($0.name) }
        }
        let german = FeedItem.Field(
            "shipping", .group([.init("country", "DE"), .init("price", "19.99 EUR")]))
        // A group is whole or is not there; each value of a list stands for itself.
        #expect(
            try fields([:]) == [
                german, .init("product_highlight", "Acme"), .init("product_highlight", "fast"),
            ])
        #expect(
            try fields(["gtin": "3.00 EUR", "status": "new"]).dropLast(3) == [
                german,
                .init(
                    "shipping",
                    .group([
                        .init("country", "AT"), .init("service", "new"), .init("price", "3.00 EUR"),
                    ])),
            ])
    }

    @Test func aPartThatIsMissingIsNamed() throws {
        let profile = try profile(
            "    shipping: {country: DE, price: \"{product.status}\"}\n")
        let result = profile.feedItem(for: state([:]), confirmed: urls, at: Shop.now)
        guard case .failure(let gate) = result else {
            Issue.record("an item without its price")
            return
        }
        #expect(
            gate.message
                == "'shipping.price' needs a value in the product column 'status', and there is none"
        )
        #expect(gate.place?.line == 86 && gate.next?.contains("write 'price?'") == true)
    }

    @Test func anotherFormatHasNoHeadAndTheSameItems() throws {
        let text = try #require(try Samples.shipped()["google-shopping"])
            .replacing("  format: google-rss\n", with: "  format: google-tsv\n")
            .replacing(#/\n  (link|title|description): (https|Example|Products).*/#, with: "")
        let profile = try Loader.load(text: text, file: "g.yaml", vocabulary: .sample).get()
        #expect(profile.feed?.format.name == "google-tsv")
        let item = try profile.feedItem(for: state([:]), confirmed: urls, at: Shop.now).get()
        #expect(
            try item
                == self.profile().feedItem(for: state([:]), confirmed: urls, at: Shop.now)
                .get())
        #expect(try profile.changes(from: self.profile()) == ["feed: changed"])
    }

    /// What was in force stays so, and a newer program's demand is told when the file is read.
    @Test func aRevisionThatWasInForceIsReadAsItWas() throws {
        let text = try #require(try Samples.shipped()["google-shopping"])
            .replacing("    availability: \"{product.availability}\"\n", with: "")
        var vocabulary = Vocabulary.sample
        guard
            case .failure(let problems) = Loader.load(
                text: text, file: "g.yaml", vocabulary: vocabulary)
        else {
            Issue.record("a profile loads that leaves every product out")
            return
        }
        #expect(problems.all.map(\.code) == ["missing-key"])
        vocabulary.isRecalling = true
        _ = try Loader.load(text: text, file: "g.yaml", vocabulary: vocabulary).get()
    }

    /// Nobody keeps a second list: what a format knows, a profile may say.
    @Test(arguments: FeedFormats.shipped.names) func everyAttributeMayBeSaid(
        format: String
    ) throws {
        let kind = try #require(try FeedFormats.shipped.named(format))
        let lines = kind.attributes.all.sorted { $0.key < $1.key }.map { name, attribute in
            let parts = attribute.parts?.map { "\($0.name): x" }.joined(separator: ", ")
            let key = name.contains("(") ? "\"\(name)\"" : name
            let value = attribute.isPicture ? "slot:main" : parts.map { "{\($0)}" } ?? "x"
            return "    \(key): \(value)"
        }
        let head = kind.questions.map { "  \($0.key): \($0.kind.example)" }
            .joined(separator: "\n")
        let text = """
            channel: shop
            state: draft
            slots:
              main: {view: front, rendition: large, name: "{sku}.{ext}"}
            renditions:
              large: {size: 1000x1000, fit: inside, format: png}
            feed:
              format: \(format)
              file: products
              image_base: https://img.example.com/
            \(head)
              items:
            \(lines.joined(separator: "\n"))

            """
        let profile = try Loader.load(text: text, file: "g.yaml", vocabulary: .sample).get()
        #expect(profile.feed?.outline.columns.count == kind.attributes.all.count)
    }
}
