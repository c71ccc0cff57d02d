import Foundation
import Model
import Profiles
import Testing

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
        #expect(item.fields.first?.text == "A1")
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
}
