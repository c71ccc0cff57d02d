import Bookkeeping
import Foundation
import Model
import Support
import Testing
import TransportsSupport

@testable import Export

/// What the patrol finds changed or gone is in no edition that goes out from then on.
@Suite(.serialized, .timeLimit(.minutes(5))) struct DriftingFeedTests {
    private func lose(_ sku: String, _ stall: Stall) async throws {
        let row = try #require(try await stall.row(sku))
        stall.remote.set("/\(sku).jpg", nil)
        try await stall.ledger.recordDrift(.lost, of: row, because: "it is gone")
        stall.signals.wake(channel: "shop")
        await stall.quiet()
    }

    /// Found gone, and not taken again.
    @Test func whatHasDriftedLeavesTheFeed() async throws {
        try await Stall.open(PublisherTests.feed) { stall in
            try await stall.record(try await stall.ready(10).map { String($0.dropLast(4)) })
            await stall.pass(700)
            stall.remote.next(.put, .fail(.fixInput, "it is not taken any more"))
            try await lose("S3", stall)
            await stall.pass(590)
            #expect(stall.edition?.items.count == 10, "it may come back before")
            await stall.pass(20)
            #expect(stall.edition?.items.count == 9 && stall.edition?.items.contains("S3") == false)
            _ = try await stall.ledger.retry(channel: "shop", cause: nil)
            stall.signals.wake(channel: "shop")
            await stall.pass(700)
            #expect(stall.edition?.items.count == 10)
        }
    }

    @Test func anEditionThatWaitsDoesNotGoOutWithWhatHasDrifted() async throws {
        try await Stall.open(PublisherTests.feed) { stall in
            stall.feed.next(.put, .fail(.retry(after: 1000)))
            try await stall.record(try await stall.ready(10).map { String($0.dropLast(4)) })
            await stall.pass(700)
            #expect(try await stall.ledger.editions(channel: "shop").map(\.state) == [.staged])
            stall.remote.next(.put, .fail(.fixInput, "it is not taken any more"))
            try await lose("S3", stall)
            await stall.pass(2000)
            #expect(stall.edition?.items.count == 9 && stall.edition?.items.contains("S3") == false)
        }
    }

    @Test func anEditionThatWaitsGoesOutWhenWhatHasDriftedIsBack() async throws {
        try await Stall.open(PublisherTests.feed) { stall in
            stall.feed.next(.put, .fail(.retry(after: 1000)))
            try await stall.record(try await stall.ready(10).map { String($0.dropLast(4)) })
            await stall.pass(700)
            try await lose("S3", stall)
            await stall.pass(1000)
            #expect(stall.edition?.items.count == 10 && stall.remote.files["/S3.jpg"] != nil)
        }
    }
}
