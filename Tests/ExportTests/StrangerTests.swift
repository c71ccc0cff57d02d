import Foundation
import Model
import Profiles
import Support
import Testing
import TransportsSupport
import Wire

@testable import Bookkeeping
@testable import Export

/// What somebody else puts where a channel's files lie: it is told, and left alone.
@Suite(.serialized, .timeLimit(.minutes(5))) struct StrangerTests {
    private static let day = 86_400.0
    private static let theirs = Data("somebody else's bytes".utf8)

    private func told(_ stall: Stall) async throws -> [StrangersInFolder]? {
        try await stall.ledger.patrol(of: "shop").strangers
    }

    @Test func whatCouldBeOursIsToldAndLeftAlone() async throws {
        try await Stall.open { stall in
            try await stall.ready(3)
            for path in ["/A9.jpg", "/read me.jpg", "/notes.txt", "/.hidden.jpg"] {
                stall.remote.set(path, Self.theirs)
            }
            #expect(try await told(stall) == nil)
            await stall.pass(1.1 * Self.day)
            let strangers = try #require(try await told(stall)?.first)
            #expect(strangers.folder == "fake://shop/")
            #expect((strangers.count, strangers.first) == (1, ["A9.jpg"]))
            let events = try await stall.ledger.events(after: 0, limit: 100)
                .filter { $0.kind == "strangers" }
            #expect(events.map(\.text).map { $0.contains("'A9.jpg'") } == [true])
            // The day after nothing is new, and nobody says it again.
            await stall.pass(2 * Self.day)
            #expect(try await told(stall)?.first?.count == 1)
            let again = try await stall.ledger.events(after: 0, limit: 100)
                .filter { $0.kind == "strangers" }
            #expect(again.count == 1)
            for path in ["/A9.jpg", "/read me.jpg", "/notes.txt", "/.hidden.jpg"] {
                #expect(stall.remote.files[path] == Self.theirs)
            }
            #expect(stall.calls(.remove) == 0)
            stall.remote.set("/A9.jpg", nil)
            await stall.pass(2 * Self.day)
            #expect(try await told(stall) == [])
        }
    }

    @Test func moreThanAThousandAreCountedAsThat() async throws {
        try await Stall.open { stall in
            try await stall.ready(1)
            for number in 1...1500 { stall.remote.set("/X\(number).jpg", Self.theirs) }
            await stall.pass(1.1 * Self.day)
            let strangers = try #require(try await told(stall)?.first)
            #expect((strangers.count, strangers.first.count) == (1000, 5))
        }
    }

    /// Another slot's folder is listed with a file in it; one that is called by its content is not.
    @Test func foldersBelowAreListed() async throws {
        try await Stall.open(
            (
                "name: \"{sku}.{ext}\"}",
                """
                name: "{sku}.{ext}"}
                  more: {view: back, rendition: hero, name: "more/{sku}.{ext}"}
                """
            )
        ) { stall in
            try await stall.ready(1)
            try await stall.rename("S1.jpg", to: "more/S1.jpg")
            stall.remote.set("/more/S1.jpg", Stall.bytes("picture 1"))
            for path in ["/S1.jpg", "/more/B1.jpg", "/other/B1.jpg"] {
                stall.remote.set(path, Self.theirs)
            }
            await stall.pass(1.1 * Self.day)
            let strangers = try await told(stall)
            #expect(strangers?.map(\.folder) == ["fake://shop/", "fake://shop/more/"])
            #expect(strangers?.map(\.first) == [["S1.jpg"], ["B1.jpg"]])
        }
    }

    @Test func aListingIsPaidForFromTheBudget() async throws {
        try await Stall.open(("sessions: 4", "sessions: 4, patrol: 6/h")) { stall in
            try await stall.ready(30)
            await stall.pass(Self.day + 1)
            stall.remote.forgetCalls()
            await stall.pass(3 * 3600)
            let asked = stall.calls(.look) + stall.calls(.list)
            #expect((16...18).contains(asked), "\(asked)")
            #expect(stall.calls(.list) <= 1)
        }
    }

    /// What is to be sent does not wait for a listing, which is begun again later.
    @Test func aListingEndsWhereSomebodyWaits() async throws {
        try await Stall.open { stall in
            try await stall.ready(2)
            stall.remote.set("/A9.jpg", Self.theirs)
            await stall.pass(Self.day - 1000)
            stall.remote.next(.list, .hang)
            while stall.remote.hanging == 0 {
                stall.clock.next.map(stall.clock.go(to:))
                try await stall.ledger.tick()
            }
            stall.remote.next(.put, .hang)
            try await stall.wanted("S3", "picture 3")
            stall.signals.wake(channel: "shop")
            await stall.remote.waitUntilHanging(2)
            stall.remote.release()
            await stall.quiet()
            #expect(try await told(stall) == nil)
            #expect(try await stall.states() == ["live": 3])
            await stall.pass(Self.day)
            #expect(try await told(stall)?.first?.first == ["A9.jpg"])
        }
    }

    @Test func aPlaceThatCannotBeListedIsPatrolledAllTheSame() async throws {
        try await Stall.open { stall in
            try await stall.ready(3)
            stall.remote.set("/A9.jpg", Self.theirs)
            for _ in 1...3 { stall.remote.next(.list, .fail(.fixChannel, "no right to list")) }
            stall.remote.edit("/S2.jpg", Self.theirs)
            await stall.pass(2 * Self.day)
            #expect(stall.remote.files["/S2.jpg"] == Stall.bytes("picture 2"))
            #expect(try await told(stall) == nil)
            #expect(try await stall.paused() == nil)
        }
    }

    // MARK: What is known

    @Test func neighboursAndFeedsAreNoStrangers() async throws {
        try await Stall.open { stall in
            try await stall.ready(1)
            func beside(_ channel: String, _ to: String) async throws {
                try await stall.take(
                    [("channel: shop", "channel: \(channel)"), ("fake://shop/", to)], as: channel)
                try await stall.wanted("\(channel)1", "of \(channel)", on: channel)
            }
            try await beside("same", "fake://shop/")
            try await beside("below", "fake://shop/below/deep/")
            try await beside("above", "fake://shop/")
            try await beside("elsewhere", "fake://other/")
            try await stall.ledger.setFact(
                FeedPlace.fact("same"), "fake://shop/products.xml")
            let known = try await stall.ledger.known(in: "", of: "shop", at: "fake://shop/")
            for leaf in ["S1.jpg", "s1.JPG", "same1.jpg", "below", "products.xml"] {
                #expect(known.contains(leaf), "\(leaf)")
            }
            for leaf in ["elsewhere1.jpg", "below1.jpg", "deep"] {
                #expect(!known.contains(leaf), "\(leaf)")
            }
            let below = try await stall.ledger.known(in: "below/", of: "shop", at: "fake://shop/")
            #expect(below.contains("deep") && !below.contains("S1.jpg"))
        }
    }

    /// The ledger knows a place by another spelling than the profile's.
    @Test func oursAreNoStrangersHoweverThePlaceIsSpelled() async throws {
        try await Stall.open { stall in
            try await stall.ready(3)
            stall.remote.set("/A9.jpg", Self.theirs)
            try await stall.ledger.write("spell it otherwise") { database in
                try database.run("UPDATE channel SET place = 'fake://a.place/of/its/own/'")
            }
            await stall.pass(1.1 * Self.day)
            #expect(try await told(stall)?.map(\.first) == [["A9.jpg"]])
            #expect(try await told(stall)?.map(\.folder) == ["fake://shop/"])
        }
    }
}

extension Stall {
    /// What the other side calls it is not known then.
    fileprivate func rename(_ name: String, to new: String) async throws {
        try await ledger.write("rename") { database in
            try database.run(
                "UPDATE delivery SET name = ?, folded = ?, object = NULL WHERE name = ?",
                [new, new.lowercased(), name])
        }
    }
}
