import Bookkeeping
import Feeds
import Foundation
import Model
import Support
import Testing
import TransportsSupport

@testable import Export

/// Editions of several documents: a channel finds them all by the one with the feed's name, which
/// comes last, and no document is sent twice for one edition.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SplitEditionTests {
    private static func feed(_ format: String) -> (String, String) {
        (
            "deliver:",
            """
            feed:
              format: \(format)
              file: products.xml
              to: "fake://feed/"
              image_base: "https://img.example.com/"
              base: "https://shop.example.com/"
              items: {id: "{sku}", loc: "https://shop.example.com/{sku}", image: slot:main}
              publish: {quiet: 10m, at_least_every: 24h}
              drop: 100%
            deliver:
            """
        )
    }

    private func open(
        _ format: String = "indexed-sitemap", _ body: (Stall) async throws -> Void
    ) async throws {
        try await Stall.open(Self.feed(format), body: body)
    }

    @Test func theIndexGoesLast() async throws {
        try await open { stall in
            try await stall.ready(5)
            await stall.pass(700)
            #expect(
                stall.sentDocuments == [
                    "products-1.xml", "products-2.xml", "products-3.xml", "products.xml",
                ])
            #expect(
                stall.documents == [
                    "products-1.xml": ["S1", "S2"], "products-2.xml": ["S3", "S4"],
                    "products-3.xml": ["S5"],
                    "products.xml": ["products-1.xml", "products-2.xml", "products-3.xml"],
                ])
            // What a day has not changed is sent again whole: the channel sees that somebody is there.
            await stall.pass(86_500)
            #expect(stall.sentDocuments.count == 8 && stall.feed.orphans.isEmpty)
        }
    }

    @Test func whatIsNotFilledAnyMoreStaysAndIsEmpty() async throws {
        try await open { stall in
            try await stall.ready(5)
            await stall.pass(700)
            for sku in ["S3", "S4", "S5"] { try await stall.drop(sku) }
            await stall.pass(700)
            var documents = [
                "products-1.xml": ["S1", "S2"], "products-2.xml": [], "products-3.xml": [],
                "products.xml": ["products-1.xml", "products-2.xml", "products-3.xml"],
            ]
            #expect(stall.documents == documents)
            // The channel has them still, whatever many editions later.
            try await stall.ready(1)
            await stall.pass(700)
            documents["products-2.xml"] = ["S6"]
            #expect(stall.documents == documents)
            try await stall.ready(5)
            await stall.pass(700)
            documents["products-2.xml"] = ["S10", "S11"]
            #expect(stall.documents["products-1.xml"] == ["S1", "S10"], "by SKU")
            #expect(stall.documents["products.xml"]?.count == 4)
        }
    }

    @Test func oneThatDoesNotArriveLeavesTheOldIndexAndIsAllThatIsSentAgain() async throws {
        try await open { stall in
            try await stall.ready(3)
            await stall.pass(700)
            let index = stall.feed.files["/products.xml"]
            stall.feed.forgetCalls()
            stall.feed.next(.put, .obey, .fail(.retry(after: 1000)))
            try await stall.ready(2)
            await stall.pass(700)
            #expect(stall.sentDocuments == ["products-1.xml", "products-2.xml"])
            #expect(stall.feed.files["/products.xml"] == index)
            #expect(stall.documents["products-2.xml"] == ["S3"], "as the last edition had it")
            #expect(try await stall.ledger.editions(channel: "shop").map(\.state).last == .staged)
            await stall.pass(1000)
            #expect(
                stall.sentDocuments == [
                    "products-1.xml", "products-2.xml", "products-2.xml", "products-3.xml",
                    "products.xml",
                ])
            #expect(stall.documents["products.xml"]?.count == 3)
        }
    }

    @Test func theNextDaemonGoesOnWhereTheLastWasKilled() async throws {
        try await open { stall in
            stall.feed.next(.put, .obey, .obey, .hang)
            try await stall.ready(5)
            stall.clock.step(601)
            await stall.feed.waitUntilHanging()
            #expect(stall.sentDocuments.count == 3)
            try await stall.stop()
            // Of what was sent, one has met with somebody else.
            stall.feed.edit("/products-2.xml", Data("<urlset/>".utf8))
            stall.feed.forgetCalls()
            await stall.start()
            await stall.pass(60)
            #expect(stall.sentDocuments == ["products-2.xml", "products-3.xml", "products.xml"])
            #expect(stall.documents["products-2.xml"] == ["S3", "S4"])
            #expect(try await stall.ledger.editions(channel: "shop").count == 1)
            #expect(stall.feed.orphans.isEmpty)
        }
    }

    /// What the channel was given since is not left to it.
    @Test func anEarlierEditionIsPutBackWithAllItsDocuments() async throws {
        try await open { stall in
            try await stall.ready(3)
            await stall.pass(700)
            let good = try #require(try await stall.ledger.editions(channel: "shop").last)
            try await stall.ready(4)
            await stall.pass(700)
            #expect(stall.documents["products.xml"]?.count == 4)
            stall.feed.forgetCalls()
            try await stall.ledger.rewind(to: good, by: "anna")
            stall.publisher.hurry()
            await stall.pass(1)
            #expect(
                stall.documents == [
                    "products-1.xml": ["S1", "S2"], "products-2.xml": ["S3"],
                    "products-3.xml": [], "products-4.xml": [],
                    "products.xml": [
                        "products-1.xml", "products-2.xml", "products-3.xml", "products-4.xml",
                    ],
                ])
            #expect(stall.sentDocuments.last == "products.xml")
        }
    }

    @Test func withoutAnIndexTheFirstGoesLast() async throws {
        try await open("split-sitemap") { stall in
            try await stall.ready(3)
            await stall.pass(700)
            #expect(stall.sentDocuments == ["products-2.xml", "products.xml"])
            #expect(
                stall.documents == ["products.xml": ["S1", "S2"], "products-2.xml": ["S3"]])
            try await stall.drop("S3")
            await stall.pass(700)
            #expect(
                stall.documents == ["products.xml": ["S1", "S2"], "products-2.xml": []])
        }
    }
}

extension FeedFormats {
    /// Sitemaps of two products each: with an index, and without.
    static let ofTwo = FeedFormats([
        sitemap("split-sitemap", ""),
        sitemap(
            "indexed-sitemap",
            """
              index:
                sitemapindex:
                  elements:
                    - sitemap: {each: part, elements: [loc: "{head.base}{part.name}"]}
            """),
    ])

    private static func sitemap(_ name: String, _ index: String) -> FormatFile {
        let text = """
            format: \(name)
            title: Sitemaps of two
            source: a test
            seen: 2026-11-30
            like: image-sitemap
            split:
              items: 2
            """
        return FormatFile(name: name, text: text + "\n" + index, file: "feeds/\(name).yaml")
    }
}

extension Stall {
    /// Name → what it names: products, or documents.
    var documents: [String: [String]] {
        feed.files.reduce(into: [:]) { documents, file in
            let text = String(decoding: file.value, as: UTF8.self)
            documents[String(file.key.dropFirst())] =
                text.matches(of: /<loc>https:\/\/shop.example.com\/(.*?)<\/loc>/).map {
                    String($0.1)
                }
        }
    }

    /// In their order.
    var sentDocuments: [String] {
        feed.calls.filter { $0.verb == .put }.compactMap(\.name?.rawValue)
    }
}
