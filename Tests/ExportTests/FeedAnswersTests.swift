import Bookkeeping
import Feeds
import Foundation
import Host
import Testing
import Wire

@testable import Export

/// What is said of a feed's editions, which lie on a real disk and stand in a real ledger.
@Suite struct FeedAnswersTests {
    /// Makes an edition of these items, SKU → title, and publishes it unless it is held.
    private func add(
        _ items: KeyValuePairs<String, String>, _ daemon: Daemon, hold: String? = nil
    ) async throws {
        var format = try #require(try FeedFormats.shipped.named("google-rss"))
        format.answer(["title": "Shop", "link": "https://x.example/", "description": "All"])
        let number = try await daemon.ledger.editions(channel: "shop").count
        let file = EditionName.make(at: Int64(number), in: format)
        let directory = daemon.store.editions + "/shop"
        try Files.makeDirectory(directory)
        var rest = items.makeIterator()
        var outline = FeedOutline()
        for name in ["id", "title", "description", "link", "image_link", "price"] {
            outline.add(name, parts: [])
        }
        outline.add("availability", parts: [])
        let edition = try Staging(path: directory + "/" + file, format: format).stage(outline) {
            rest.next().map(Self.item)
        }.edition
        let record = try await daemon.ledger.stageEdition(
            channel: "shop", file: file, sha256: edition.sha256, items: edition.items,
            bytes: edition.bytes, images: { _ in }, madeAt: daemon.ledger.now(), hold: hold)
        if hold == nil {
            _ = try await daemon.ledger.confirmEdition(record, showing: nil, kept: 5)
        }
    }

    private static func item(_ sku: String, _ title: String) -> FeedItem {
        let address = "https://shop.example.com/\(sku)"
        return FeedItem(
            sku: sku,
            fields: [
                .init("id", sku), .init("title", title), .init("description", "A thing"),
                .init("link", address),
                .init("image_link", .picture(FeedPicture(address + ".jpg"))),
                .init("price", "12.00 EUR"), .init("availability", "in_stock"),
            ])
    }

    @Test func theEditionThatWaitsIsHeldAgainstTheOneThatIsOut() async throws {
        try await Daemon.withNoPart { daemon in
            try await add(["A": "Mug"], daemon)
            try await add(["A": "Mug", "B": "Mug", "C": "Mug"], daemon)
            try await add(["A": "Cup", "D": "Mug"], daemon, hold: "2 of 3 items would be gone")
            let answer = try await daemon.feedDiff(FeedDiffQuestion("shop"))
            #expect(answer.old?.number == 2 && answer.new.number == 3)
            #expect(answer.new.state == .held)
            #expect(answer.counts == .init(removed: 2, added: 1, changed: 1, same: 0))
            #expect(answer.items.map(\.sku) == ["A", "B", "C", "D"])
            #expect(
                answer.items[0].attributes == [.init(name: "title", old: "Mug", new: "Cup")])
            #expect(answer.after == nil)
            let list = try await daemon.feedEditions(on: "shop").editions
            #expect(list.map(\.state) == [.held, .published, .earlier])
            #expect(list.map(\.items) == [2, 3, 1])
            _ = try await daemon.ledger.release(channel: "shop", by: "anna")
            let released = try await daemon.feedEditions(on: "shop").editions
            #expect(released[0].state == .onItsWay)
        }
    }

    @Test func whereNoneWaitsTheLastTwoAreCompared() async throws {
        try await Daemon.withNoPart { daemon in
            try await add(["A": "Mug"], daemon)
            let error = await #expect(throws: Declined.self) {
                try await daemon.feedDiff(FeedDiffQuestion("shop"))
            }
            #expect(error?.next == "'sluice feed list shop' shows it")
            try await add(["A": "Mug", "B": "Mug"], daemon)
            let answer = try await daemon.feedDiff(FeedDiffQuestion("shop"))
            #expect(answer.new.state == .published)
            #expect(answer.items.map(\.sku) == ["B"])
        }
    }

    @Test func allOfItComesAPageAtATime() async throws {
        try await Daemon.withNoPart { daemon in
            try await add(["A": "1", "B": "1", "C": "1", "D": "1", "E": "1"], daemon)
            try await add(["A": "2", "C": "1", "D": "2", "E": "2"], daemon, hold: "so")
            var question = FeedDiffQuestion("shop", limit: 1)
            let first = try await daemon.feedDiff(question)
            #expect(first.counts == .init(removed: 1, added: 0, changed: 3, same: 1))
            #expect(first.items.map(\.sku) == ["A", "B"])
            var skus: [String] = []
            question.limit = 3
            question.after = first.after
            while question.after != nil {
                let page = try await daemon.feedDiff(question)
                skus += page.items.map(\.sku)
                question.after = page.after
            }
            #expect(skus == ["A", "B", "D", "E"])
            // Another edition has taken the place of the one that waited.
            try await add(["A": "2"], daemon)
            try await add(["A": "3"], daemon)
            question.after = first.after?.replacing("1.2.", with: "1.9.")
            await #expect(throws: Declined.self) { try await daemon.feedDiff(question) }
            question.after = "no cursor"
            await #expect(throws: Declined.self) { try await daemon.feedDiff(question) }
        }
    }

    /// One that is older than the file of its items.
    @Test func anEditionWithoutItsItemsIsSaid() async throws {
        try await Daemon.withNoPart { daemon in
            try await add(["A": "Mug"], daemon)
            let file = try #require(try await daemon.ledger.editions(channel: "shop").last?.file)
            try Files.remove("\(daemon.store.editions)/shop/\(file).items")
            try await add(["A": "Mug", "B": "Mug"], daemon, hold: "so")
            let error = await #expect(throws: Declined.self) {
                try await daemon.feedDiff(FeedDiffQuestion("shop"))
            }
            #expect(error?.message.contains("edition 1 of the feed of 'shop' was made by") == true)
            #expect(error?.next == "those that were made since have them")
        }
    }

    @Test func aChannelWithoutEditionsIsSaid() async throws {
        try await Daemon.withNoPart { daemon in
            let error = await #expect(throws: Declined.self) {
                try await daemon.feedEditions(on: "shop")
            }
            #expect(error?.message == "'shop' has no feed")
            await #expect(throws: UnknownChannel.self) {
                try await daemon.feedDiff(FeedDiffQuestion("shpo"))
            }
        }
    }
}
