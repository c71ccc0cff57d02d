import Bookkeeping
import Foundation
import Model
import Testing

@testable import Export

/// What is wanted against what is there.
@Suite struct DifferenceTests {
    @Test func somethingNew() async throws {
        let shop = try Shop()
        try await shop.arrives("one")
        #expect(try await shop.difference().summary == ["want A1.jpg"])
        try await shop.work()
        #expect(try await shop.states() == ["A1.jpg": .live])
        #expect(try await shop.difference().summary == [])
    }

    @Test func nothingNew() async throws {
        let shop = try Shop()
        try await shop.arrives("one")
        try await shop.arrives("two", "back")
        // Whatever stage the work has reached, looking again adds nothing.
        for sending in [false, true] {
            try await shop.work(sending: sending)
            #expect(try await shop.difference().summary == [])
        }
    }

    @Test func aSuccessorInPlace() async throws {
        let shop = try Shop()
        try await shop.arrives("one")
        try await shop.work()
        try await shop.arrives("two", seq: 2)
        #expect(try await shop.difference().summary == ["want A1.jpg in place of another"])
        try await shop.work(sending: false)
        #expect(try await shop.served(["one", "two"]) == ["A1.jpg": "one"])
        try await shop.work()
        #expect(try await shop.served(["one", "two"]) == ["A1.jpg": "two"])
        #expect(try await shop.rows().map(\.replaces) == [false])
    }

    @Test func aSuccessorBesideKeepsTheOldUntilItIsThere() async throws {
        let shop = try Shop(Shop.hashed)
        try await shop.arrives("one")
        try await shop.work()
        let old = "A1-\(try shop.key("one").short).jpg"
        let new = "A1-\(try shop.key("two").short).jpg"
        try await shop.arrives("two", seq: 2)
        #expect(try await shop.difference().summary == ["want \(new) in place of another"])
        try await shop.work(sending: false)
        #expect(try await shop.states() == [old: .live, new: .send])
        try await shop.work()
        #expect(try await shop.states() == [old: .linger, new: .live])
        let row = try #require(try await shop.rows().first { $0.state == .linger })
        #expect(
            row.because
                == "superseded by a newer version, approved by maria (master \(Shop.master("two").short))"
        )
    }

    /// The picture is the same: it is not said to be a newer version.
    @Test func aProfileThatChangesSupersedesTheSamePicture() async throws {
        let shop = try Shop(Shop.hashed)
        try await shop.arrives("one")
        try await shop.work()
        try shop.edit(Shop.hashed, ("max_bytes: 1MB", "max_bytes: 2MB"))
        try await shop.work()
        let made = try #require(try await shop.rows().first { $0.state == .linger })
        #expect(
            made.because
                == "superseded: the same picture, but rendition 'hero' is made differently "
                + "since its profile or sidecar changed")
        try shop.edit(("{sku}.{ext}", "{sku}-new.{ext}"), ("max_bytes: 1MB", "max_bytes: 2MB"))
        try await shop.work()
        let named = try await shop.rows().compactMap(\.because)
        #expect(named.contains("superseded: the profile calls it 'A1-new.jpg' now"), "\(named)")
    }

    /// A copy in the store that is not what was approved stops what would be made of it, and takes
    /// nothing down that was made before.
    @Test func aDamagedMasterTakesNothingDown() async throws {
        let shop = try Shop()
        try await shop.arrives("one")
        try await shop.work()
        try shop.edit(("max_bytes: 1MB", "max_bytes: 900kB"))
        #expect(try await shop.difference().summary == ["want A1.jpg in place of another"])
        try await shop.work(sending: false)
        #expect(try await shop.states() == ["A1.jpg": .send])
        try await shop.alter("UPDATE master SET unusable = 'it is not what was approved'")
        #expect(try await shop.difference().summary == ["keep A1.jpg"])
        try await shop.work()
        #expect(try await shop.states() == ["A1.jpg": .live])
        try await shop.alter("UPDATE master SET unusable = NULL")
        #expect(try await shop.difference().summary == ["want A1.jpg in place of another"])
    }

    /// Nor is a person asked any more to bring it to its place.
    @Test func whatIsMadeOfADamagedMasterIsHandedOverNoMore() async throws {
        let shop = try Shop()
        try await shop.arrives("one")
        try await shop.work()
        let before = try await shop.rows().first?.heldKey
        try shop.edit(("max_bytes: 1MB", "max_bytes: 900kB"))
        try await shop.work(sending: false)
        try await shop.handOver()
        #expect(try await shop.states() == ["A1.jpg": .handed])
        try await shop.alter("UPDATE master SET unusable = 'it is not what was approved'")
        #expect(try await shop.difference().summary == ["keep A1.jpg"])
        try await shop.work(sending: false)
        #expect(try await shop.states() == ["A1.jpg": .live])
        #expect(try await shop.rows().first?.key == before)
    }

    @Test func atOnceDoesNotWait() async throws {
        let shop = try Shop(Shop.hashed, ("state: live", "state: live\nsupersede: at-once"))
        try await shop.arrives("one")
        try await shop.work()
        try await shop.arrives("two", seq: 2)
        try await shop.work(sending: false)
        #expect(try await shop.rows().map(\.state) == [.linger, .send])
    }

    @Test(arguments: [true, false])
    func whenTheNewestIsRefusedTheOlderStays(hashed: Bool) async throws {
        let shop = try hashed ? Shop(Shop.hashed) : Shop()
        try await shop.arrives("one")
        try await shop.work()
        try await shop.arrives("small", seq: 2, side: 300)
        try await shop.work()
        #expect(try await shop.rows().map(\.state) == [.live])
        #expect(try await shop.served(["one", "small"]).values.sorted() == ["one"])
        #expect(try await shop.difference().summary == [])
    }

    @Test(arguments: [true, false])
    func whenTheNewestCannotBeMadeTheOlderStays(hashed: Bool) async throws {
        let shop = try hashed ? Shop(Shop.hashed) : Shop()
        try await shop.arrives("one")
        try await shop.work()
        try await shop.arrives("two", seq: 2)
        try await shop.ledger.settle(
            try await shop.ledger.skuRecord("A1"), changes: try await shop.difference().changes,
            refused: [], channels: ["shop"], boundary: nil)
        try await shop.ledger.recordRefusal(Refusal(.tooHeavy, "too heavy"), of: shop.key("two"))
        try await shop.work(sending: false)
        #expect(try await shop.rows().map(\.state) == [.live], "and nothing is sent again")
        #expect(try await shop.served(["one", "two"]).values.sorted() == ["one"])
    }

    @Test func deselected() async throws {
        let shop = try Shop(("slots:", "select: {product.status: [active]}\nslots:"))
        try await shop.product(["status": "active"])
        try await shop.arrives("one")
        try await shop.work()
        try await shop.product(["status": "ended"])
        let difference = try await shop.difference()
        #expect(difference.summary == ["drop A1.jpg"])
        #expect(difference.refused.flatMap(\.gates).map(\.kind) == [.selection])
        try await shop.work()
        #expect(try await shop.states() == ["A1.jpg": .linger])
        // And wanted again before it has gone: no transfer.
        try await shop.product(["status": "active"])
        try await shop.work(sending: false)
        #expect(try await shop.states() == ["A1.jpg": .live])
    }

    @Test func withdrawn() async throws {
        let shop = try Shop()
        try await shop.arrives("one")
        try await shop.work()
        _ = try await shop.ledger.withdraw(
            sku: "A1", view: nil, number: nil, channel: nil, because: "stolen", by: "maria")
        let difference = try await shop.difference()
        #expect(difference.summary == ["drop A1.jpg at once"])
        #expect(difference.reasons == ["withdrawn on 2026-05-28 22:26: stolen"])
        try await shop.work(sending: false)
        #expect(try await shop.difference().summary == [])
        try await shop.work()
        #expect(try await shop.rows().isEmpty)
    }

    @Test func withdrawnFromThisChannelOnly() async throws {
        let shop = try Shop()
        try await shop.arrives("one")
        try await shop.work()
        for channel in ["other", "shop"] {
            _ = try await shop.ledger.withdraw(
                sku: "A1", view: nil, number: nil, channel: channel, because: "so", by: "maria")
            let expected = channel == "shop" ? ["drop A1.jpg at once"] : []
            #expect(try await shop.difference().summary == expected)
        }
    }

    @Test func rightsEnd() async throws {
        let shop = try Shop()
        try await shop.arrives("one") { $0.rights.until = shop.now + 60 }
        try await shop.work()
        shop.step(59)
        #expect(try await shop.difference().summary == [])
        shop.step(1)
        #expect(try await shop.difference().summary == ["drop A1.jpg at once"])
    }

    /// What lingers, or is taken away slowly, must hurry when its rights end meanwhile.
    @Test func rightsEndOfWhatIsLeaving() async throws {
        let shop = try Shop(Shop.hashed)
        try await shop.arrives("one") { $0.rights.until = shop.now + 60 }
        try await shop.work()
        try await shop.arrives("two", seq: 2)
        try await shop.work()
        shop.step(60)
        let old = "A1-\(try shop.key("one").short).jpg"
        #expect(try await shop.difference().summary == ["drop \(old) at once"])
        try await shop.work()
        #expect(try await shop.rows().map(\.state) == [.live])
    }

    /// Whose rights have ended does not stay until its successor is ready to take the name.
    @Test func whatMustGoDoesNotWaitForWhatTakesItsName() async throws {
        let shop = try Shop()
        try await shop.arrives("one")
        try await shop.work()
        _ = try await shop.ledger.withdraw(
            sku: "A1", view: nil, number: nil, channel: nil, because: "stolen", by: "maria")
        try await shop.arrives("two", seq: 2)
        #expect(try await shop.difference().summary == ["drop A1.jpg at once"])
        try await shop.work(sending: false)
        #expect(try await shop.states() == ["A1.jpg": .remove])
        try await shop.work()
        #expect(try await shop.served(["one", "two"]) == ["A1.jpg": "two"])
    }

    @Test func retired() async throws {
        let shop = try Shop()
        try await shop.arrives("one")
        try await shop.arrives("two", "back")
        try await shop.work()
        try shop.edit(("state: live", "state: retired"))
        let difference = try await shop.difference()
        #expect(difference.summary == ["drop A1-1.jpg", "drop A1.jpg"])
        #expect(difference.reasons == Array(repeating: "'shop' is retired", count: 2))
        #expect(difference.refused.isEmpty)
    }

    @Test func twoOfOneSKUWantOneName() async throws {
        let shop = try Shop(
            ("[back, detail]", "[detail, detail1]"),
            ("{sku}-{position}.{ext}", "{sku}-{view}{number}.{ext}"))
        try await shop.arrives("one", "detail", number: 11)
        try await shop.arrives("two", "detail1", number: 1)
        try await shop.work()
        let difference = try await shop.difference()
        #expect(difference.summary == [])
        #expect(difference.refused.map(\.asset.view) == ["detail1"])
        let gate = try #require(difference.refused.first?.gates.first)
        #expect(gate.kind == .name)
        #expect(gate.message.contains("'A1-detail11.jpg'"))
        #expect(gate.message.contains("A1 detail-11"))
        #expect(try await shop.served(["one", "two"]) == ["A1-detail11.jpg": "one"])
    }

    @Test func positionsShift() async throws {
        let shop = try Shop()
        try await shop.arrives("detail", "detail")
        try await shop.work()
        #expect(try await shop.served(["detail"]) == ["A1-1.jpg": "detail"])
        try await shop.arrives("back", "back")
        let seeds = ["back", "detail"]
        try await shop.work()
        #expect(
            try await shop.served(seeds) == ["A1-1.jpg": "back", "A1-2.jpg": "detail"])
        _ = try await shop.ledger.withdraw(
            sku: "A1", view: "back", number: nil, channel: nil, because: "", by: "maria")
        try await shop.work()
        // The last position is left over; its bytes are allowed, so it lingers.
        #expect(try await shop.states() == ["A1-1.jpg": .live, "A1-2.jpg": .linger])
        #expect(try await shop.served(seeds)["A1-1.jpg"] == "detail")
    }

    /// Two files claim one place: nothing is taken down, nothing put back, until a person decides.
    @Test(arguments: [true, false])
    func aContestedPlaceStandsStill(hashed: Bool) async throws {
        let shop = try hashed ? Shop(Shop.hashed) : Shop()
        try await shop.arrives("old", seq: 1)
        try await shop.arrives("one", seq: 2)
        try await shop.work()
        let before = try await shop.served(["old", "one", "two"])
        try await shop.arrives("two", seq: 2)
        let difference = try await shop.difference()
        #expect(difference.summary == [])
        #expect(difference.refused.flatMap(\.gates).map(\.kind) == [.approval])
        #expect(difference.refused[0].gates[0].message.contains("'one.png' and 'two.png'"))
        try await shop.work()
        #expect(try await shop.served(["old", "one", "two"]) == before)
        // Withdrawn after all: that does not wait for the answer.
        try await shop.arrives("one", seq: 2) {
            $0.withdrawn = Withdrawal(at: shop.now, because: "the other")
        }
        try await shop.work()
        #expect(try await shop.served(["old", "one", "two"]).values.sorted() == ["two"])
    }

    /// Nobody takes the place of what is contested, nor its number.
    @Test func aContestedPlaceKeepsItsPosition() async throws {
        let shop = try Shop()
        try await shop.arrives("back", "back")
        try await shop.arrives("detail", "detail")
        try await shop.work()
        let seeds = ["back", "detail", "other"]
        let before = ["A1-1.jpg": "back", "A1-2.jpg": "detail"]
        #expect(try await shop.served(seeds) == before)
        try await shop.arrives("other", "back")
        #expect(try await shop.difference().summary == [])
        try await shop.work()
        #expect(try await shop.served(seeds) == before)
    }

    /// A newer one, approved, is out of the question between the older two.
    @Test func whatIsNewerIsNotContested() async throws {
        let shop = try Shop()
        try await shop.arrives("one", seq: 1)
        try await shop.work()
        try await shop.arrives("two", seq: 1)
        #expect(try await shop.difference().summary == [])
        try await shop.arrives("new", seq: 2)
        try await shop.work()
        #expect(try await shop.served(["one", "two", "new"]) == ["A1.jpg": "new"])
    }

    /// The file of what is live now holds a picture that may not be used.
    @Test func whatIsOverwrittenByWhatHasNoRightIsTold() async throws {
        let shop = try Shop()
        try await shop.arrives("one")
        try await shop.work()
        try await shop.arrives("two", seq: 2) { $0.rights.until = .distantPast }
        try await shop.alter("DELETE FROM source WHERE path = 'one.png'")
        let difference = try await shop.difference()
        #expect(difference.summary == [])
        let told = difference.refused.flatMap(\.gates).filter { $0.kind == .metadata }
        #expect(told.first?.message.hasPrefix("what is live has been overwritten") == true)
        #expect(
            told.first?.next?.contains("sluice withdraw A1 --view front --number 1 --channel shop")
                == true)
    }

    @Test func anApprovalOfOtherBytesTakesItDown() async throws {
        let shop = try Shop()
        try await shop.arrives("one")
        try await shop.work()
        try await shop.arrives("one", seq: 2) {
            $0.approval?.sha256 = Shop.master("another")
        }
        #expect(try await shop.difference().summary == ["drop A1.jpg at once"])
    }
}
