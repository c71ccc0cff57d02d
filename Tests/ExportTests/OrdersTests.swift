import Foundation
import Model
import Testing
import Wire

@testable import Bookkeeping
@testable import Export

/// What a daemon answers to a person's orders and questions about one channel.
@Suite struct OrdersTests {
    /// One delivery of the SKU on the channel `shop`.
    private func know(_ sku: String, _ state: String, _ daemon: Daemon) async throws {
        let key = ContentHash.of(Data(sku.utf8))
        let declaration = Declaration(
            assets: [Asset(sku: sku, view: "front")],
            approval: Approval(by: "maria", at: Date(timeIntervalSince1970: 1)), rights: Rights())
        try await daemon.ledger.accept(
            Arrival(
                path: "\(sku).png", fingerprint: sku, batch: nil, declaration: declaration,
                master: key, bytes: 1000, format: .png))
        let since = daemon.ledger.now().milliseconds
        try await daemon.ledger.write("test") { database in
            try database.run(
                """
                INSERT INTO delivery (channel, name, folded, sku, view, number, variant, slot,
                    position, version, rendition, key, state, since, error)
                VALUES ('shop', ?, ?, ?, 'front', 1, '', 'main', 1, 1, 'hero', ?, ?, ?, 'refused')
                """,
                ["\(sku).jpg", "\(sku).jpg".lowercased(), sku, key.rawValue, state, since])
        }
    }

    @Test func aHoldThatIsChangedKeepsItsReason() async throws {
        try await Daemon.withNoPart { daemon in
            _ = try await daemon.hold(
                channel: "shop", because: "wrong prices", everything: false, by: "anna")
            _ = try await daemon.hold(channel: "shop", because: nil, everything: true, by: "ben")
            var record = try #require(try await daemon.ledger.channel("shop"))
            #expect(record.hold == .everything)
            #expect(record.held == "wrong prices (anna); 'sluice resume shop' goes on")
            _ = try await daemon.hold(
                channel: "shop", because: "a fire", everything: true, by: "ben")
            record = try #require(try await daemon.ledger.channel("shop"))
            #expect(record.held == "a fire (ben); 'sluice resume shop' goes on")
        }
    }

    /// Wherever it waits, and nothing else there.
    @Test func whatFailedOfASKUIsTriedAgain() async throws {
        try await Daemon.withNoPart { daemon in
            for sku in ["A", "B"] { try await know(sku, "stuck", daemon) }
            let answer = try await daemon.retry(channel: nil, sku: "A", cause: nil, by: "anna")
            #expect(answer.count == 1)
            let states = try await daemon.ledger.counts(of: []).deliveries["shop"]
            #expect(states?["send"] == 1 && states?["stuck"] == 1)
            let none = try await daemon.retry(channel: "shop", sku: "A", cause: "other", by: "a")
            #expect(none.count == 0)
            await #expect(throws: UnknownSKU.self) {
                try await daemon.retry(channel: nil, sku: "C", cause: nil, by: "anna")
            }
        }
    }

    /// A wrong password is no matter of one SKU.
    @Test func aSKUThatIsTriedAgainEndsNoPause() async throws {
        try await Daemon.withNoPart { daemon in
            try await know("A", "stuck", daemon)
            try await daemon.ledger.pause(
                channel: "shop", because: "wrong password", until: daemon.ledger.now() + 3600)
            let answer = try await daemon.retry(channel: nil, sku: "A", cause: nil, by: "anna")
            #expect(answer.count == 1)
            #expect(answer.done.contains("'shop' is paused (wrong password)"), "\(answer.done)")
            #expect(try await daemon.ledger.channel("shop")?.paused == "wrong password")
            _ = try await daemon.retry(channel: "shop", sku: "A", cause: nil, by: "anna")
            #expect(try await daemon.ledger.channel("shop")?.paused == nil)
        }
    }

    /// Nobody said that it was brought there, and nobody that it was not.
    @Test func whatAPersonMustTakeDownMayBeLive() async throws {
        try await Daemon.withNoPart { daemon in
            try await know("A", "recalled", daemon)
            let entry = try #require(try await daemon.live(sku: "A").entries.first)
            #expect(entry.superseded && entry.confirmedBy.isEmpty)
            #expect(entry.task?.contains("taken down") == true, "\(entry.task ?? "")")
        }
    }
}
