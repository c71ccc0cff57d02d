import Foundation
import Model
import Support
import Testing
import TransportsSupport

@testable import Bookkeeping
@testable import Export

/// Of an edition, what has not changed is not made again.
@Suite(.serialized, .timeLimit(.minutes(5))) struct StandingTests {
    private func open(_ body: (Stall) async throws -> Void) async throws {
        try await Stall.open(PublisherTests.feed, body: body)
    }

    private func sell(_ count: Int, _ stall: Stall) async throws {
        let names = try await stall.ready(count)
        try await stall.record(names.map { String($0.dropLast(4)) })
    }

    private func document(_ stall: Stall) -> String {
        String(decoding: stall.feed.files["/products.xml"] ?? Data(), as: UTF8.self)
    }

    /// As nothing of ours writes it: without a mark.
    private func write(_ title: String, of sku: String, _ stall: Stall) async throws {
        try await stall.ledger.write("write behind the marks") { database in
            try database.run(
                "UPDATE product SET fields = json_set(fields, '$.title', ?) WHERE sku = ?",
                [title, sku])
        }
    }

    private func change(_ title: String, of sku: String, _ stall: Stall) async throws {
        try await stall.record([sku], title: title)
        await stall.pass(700)
    }

    @Test func onlyWhatChangedIsAskedAbout() async throws {
        try await open { stall in
            try await sell(30, stall)
            await stall.pass(700)
            #expect(stall.edition?.items.count == 30)
            try await write("Unseen", of: "S7", stall)
            try await change("Another", of: "S3", stall)
            #expect(document(stall).contains("Another"))
            #expect(!document(stall).contains("Unseen"))
            #expect(stall.edition?.items.count == 30)
            // What was missed lasts no longer than a day.
            await stall.pass(86_400)
            try await change("A third", of: "S4", stall)
            #expect(document(stall).contains("Unseen"))
            #expect(document(stall).contains("Another"))
        }
    }

    @Test func whereNothingChangedTheSameGoesOutAgain() async throws {
        try await open { stall in
            try await sell(3, stall)
            await stall.pass(700)
            await stall.pass(86_400)
            #expect(stall.feed.calls.count { $0.verb == .put } == 2)
            #expect(stall.edition?.items == ["S1", "S2", "S3"])
        }
    }

    @Test func aStartAndAnotherProfileAskAboutEverything() async throws {
        try await open { stall in
            try await sell(5, stall)
            await stall.pass(700)
            try await write("Unseen", of: "S2", stall)
            try await stall.stop()
            await stall.start()
            try await change("Another", of: "S3", stall)
            #expect(document(stall).contains("Unseen"))
            try await write("Not yet", of: "S2", stall)
            try await stall.take([PublisherTests.feed, ("condition: new", "condition: used")])
            try await change("A third", of: "S4", stall)
            #expect(document(stall).contains("Not yet"))
        }
    }

    /// The images of those that were not asked about go on to be kept while the edition names them.
    @Test func whatComesAndGoesIsWhatItWouldBe() async throws {
        try await open { stall in
            try await sell(10, stall)
            await stall.pass(700)
            try await stall.drop("S3")
            await stall.pass(30)
            #expect(stall.edition?.items.count == 9)
            try await sell(2, stall)
            await stall.pass(700)
            #expect(
                stall.edition?.items
                    == ["S1", "S10", "S11", "S12", "S2", "S4", "S5", "S6", "S7", "S8", "S9"])
            let last = try #require(
                try await stall.ledger.editions(channel: "shop").last { $0.state == .confirmed })
            let images = try await stall.ledger.images(of: last)
            #expect(images.there.count == 11 && images.gone.isEmpty)
            // Long after it was asked about.
            try await stall.drop("S9")
            await stall.pass(30)
            #expect(stall.edition?.items.count == 10)
            #expect(stall.remote.files["/S9.jpg"] == nil)
        }
    }
}
