import Foundation
import Model
import Profiles
import Support
import Testing
import TransportsSupport
import Wire

@testable import Bookkeeping
@testable import Export

/// What somebody else does to files that are live, and how it is found and put right.
@Suite(.serialized, .timeLimit(.minutes(5))) struct PatrolTests {
    private static let day = 86_400.0
    private static let theirs = Data("somebody else's bytes".utf8)

    /// The beginning of a square one.
    private static func png(_ side: UInt8) -> Data {
        Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]) + Data("IHDR".utf8)
            + Data([0, 0, 0, side, 0, 0, 0, side, 8, 2])
    }

    @Test func aFileThatWasChangedIsSentAgain() async throws {
        try await Stall.open { stall in
            try await stall.ready(3)
            stall.remote.edit("/S2.jpg", Self.theirs)
            await stall.pass(Self.day / 2)
            #expect(stall.remote.files["/S2.jpg"] == Self.theirs)
            await stall.pass(Self.day)
            #expect(stall.remote.files["/S2.jpg"] == Stall.bytes("picture 2"))
            #expect(try await stall.states() == ["live": 3])
            #expect(stall.calls(.put) == 4)
            let last = try #require(try await stall.ledger.patrol(of: "shop").last)
            #expect((last.looked, last.changed, last.lost) == (3, 1, 0))
            let told = try await stall.ledger.events(after: 0, limit: 100)
                .filter { $0.kind == "drifted" }
            #expect(told.map(\.subject) == ["S2.jpg"])
            #expect(told.first?.text.contains("other bytes") == true)
        }
    }

    @Test func aFileThatIsGoneIsSentAgainWhereTheOthersAreThere() async throws {
        try await Stall.open { stall in
            try await stall.ready(4)
            stall.remote.set("/S1.jpg", nil)
            await stall.pass(1.5 * Self.day)
            #expect(stall.remote.files["/S1.jpg"] == Stall.bytes("picture 1"))
            #expect(try await stall.ledger.patrol(of: "shop").last?.lost == 1)
        }
    }

    @Test func whereEverythingIsGoneNothingIsSentAndAPersonIsAsked() async throws {
        try await Stall.open { stall in
            for name in try await stall.ready(40) { stall.remote.set("/\(name)", nil) }
            let puts = stall.calls(.put)
            await stall.pass(2 * Self.day)
            let record = try await stall.ledger.channel("shop")
            #expect(record?.hold == .doubt)
            #expect(record?.held?.contains("lacks what was sent there") == true)
            #expect(stall.calls(.put) == puts)
            #expect(try await stall.states() == ["live": 40])
        }
    }

    @Test func moreThanTheLimitWaitsForAPerson() async throws {
        try await Stall.open(
            ("deliver:", "limits: {replace: 0%, at_least: 2, per: 30d}\ndeliver:")
        ) { stall in
            for name in try await stall.ready(10) { stall.remote.edit("/\(name)", Self.theirs) }
            await stall.pass(2 * Self.day)
            #expect(try await stall.states() == ["live": 2, "send": 8])
            #expect(stall.active.guarded("shop").sends == 8)
            let counts = try await stall.ledger.counts(of: ["shop"])
            #expect(counts.drifted["shop"] == 8)
            // It is no longer said to be there; what names it stands.
            let waiting = try #require(try await stall.row("S9"))
            #expect(waiting.confirmedAt == nil && waiting.heldKey != nil)
            _ = try await stall.ledger.release(channel: "shop", by: "anna")
            stall.signals.wake(channel: "shop")
            await stall.quiet()
            #expect(try await stall.states() == ["live": 10])
            #expect(try await stall.ledger.counts(of: ["shop"]).drifted["shop"] == 0)
        }
    }

    @Test func aThousandOfTwoThousandLostAreAskedAbout() async throws {
        try await Stall.open(("sessions: 4", "sessions: 4, patrol: 1000000/h")) { stall in
            try await stall.ready(1)
            try await stall.multiply(2000, lost: 1000)
            await stall.pass(1.5 * Self.day)
            // A tenth of what is there goes in a day.
            let states = try await stall.states()
            #expect(states["live", default: 0] + states["send", default: 0] == 2001)
            #expect((790...800).contains(states["send", default: 0]), "\(states)")
            #expect(try await stall.ledger.channel("shop")?.hold == nil)
        }
    }

    // MARK: How much is asked

    @Test func noMoreIsAskedThanTheProfileSays() async throws {
        try await Stall.open(("sessions: 4", "sessions: 4, patrol: 6/h")) { stall in
            try await stall.ready(30)
            await stall.pass(Self.day + 1)
            let before = stall.calls(.look)
            await stall.pass(3 * 3600)
            #expect((17...18).contains(stall.calls(.look) - before))
            #expect(try await stall.ledger.patrol(of: "shop").round != nil)
        }
    }

    @Test func nobodyAsksWhereTheProfileSaysNever() async throws {
        try await Stall.open(("sessions: 4", "sessions: 4, patrol: never")) { stall in
            try await stall.ready(3)
            let before = stall.calls(.look)
            await stall.pass(5 * Self.day)
            #expect(stall.calls(.look) == before)
        }
    }

    @Test func aRoundGoesOnAfterARestart() async throws {
        try await Stall.open(("sessions: 4", "sessions: 4, patrol: 12/h")) { stall in
            try await stall.ready(20)
            await stall.pass(Self.day)
            stall.remote.forgetCalls()
            await stall.pass(2400)
            try await stall.stop()
            await stall.start()
            await stall.pass(2400)
            let asked = stall.remote.calls.filter { $0.verb == .look }.compactMap(\.name)
            #expect(asked.count > 10 && Set(asked).count == asked.count)
        }
    }

    @Test func aChannelThatIsHeldIsLeftAlone() async throws {
        try await Stall.open { stall in
            try await stall.ready(2)
            try await stall.ledger.hold(channel: "shop", because: "stocktaking")
            let before = stall.calls(.look)
            await stall.pass(3 * Self.day)
            #expect(stall.calls(.look) == before)
        }
    }

    // MARK: What cannot be said

    @Test func aServerThatDoesNotAnswerHasLostNothing() async throws {
        try await Stall.open { stall in
            try await stall.ready(3)
            await stall.pass(Self.day - 1000)
            for _ in 1...500 { stall.remote.next(.look, .fail(.retry(after: nil))) }
            await stall.pass(Self.day)
            #expect(try await stall.states() == ["live": 3])
            #expect(stall.calls(.put) == 3)
            #expect(try await stall.ledger.patrol(of: "shop").last?.unanswered == 3)
            #expect(try await stall.paused() == nil)
        }
    }

    @Test func aServerThatDoesNotLetUsInPausesTheChannel() async throws {
        try await Stall.open { stall in
            try await stall.ready(3)
            await stall.pass(Self.day - 1000)
            // One that is refused is no reason.
            stall.remote.next(.look, .fail(.fixChannel, "forbidden"))
            await stall.pass(1200)
            #expect(try await stall.paused() == nil)
            stall.remote.next(.look, .fail(.fixChannel, "wrong password"))
            stall.remote.next(.isAbsent, .fail(.fixChannel, "wrong password"))
            for _ in 1...200 where try await stall.paused() == nil { await stall.pass(600) }
            #expect(try await stall.paused()?.contains("wrong password") == true)
            await stall.pass(1200)
            #expect(try await stall.paused() == nil)
        }
    }

    // MARK: Channels that make something else of it

    @Test func whatAChannelTransformsHasNotDrifted() async throws {
        try await Stall.open(("sessions: 4", "sessions: 4, transforms: true")) { stall in
            stall.remote.next(.put, .garble)
            try await stall.ready(1)
            #expect(try await stall.states() == ["live": 1])
            #expect(try await stall.row("S1")?.confirmedBy == "presence")
            await stall.pass(2 * Self.day)
            #expect(stall.calls(.put) == 1)
            try await stall.ready(3)
            stall.remote.set("/S1.jpg", nil)
            await stall.pass(2 * Self.day)
            #expect(stall.remote.files["/S1.jpg"] != nil)
        }
    }

    /// The pictures have 1000 by 1000 pixels.
    @Test func whatAChannelMakesIsHeldAgainstWhatItsProfileSays() async throws {
        let made = "sessions: 4, transforms: {within: 200x200, format: png}"
        try await Stall.open(("sessions: 4", made)) { stall in
            try await stall.ready(1)
            stall.remote.edit("/S1.jpg", Self.png(200))
            // One file in twenty is read, another with every day.
            await stall.pass(21 * Self.day)
            #expect(stall.calls(.put) == 1)
            stall.remote.edit("/S1.jpg", Self.png(100))
            await stall.pass(21 * Self.day)
            #expect(stall.calls(.put) == 2)
            let told = try await stall.ledger.events(after: 0, limit: 1000)
                .filter { $0.kind == "drifted" }
            #expect(
                told.first?.text.contains("'transforms' makes 200x200 of 1000x1000") == true,
                "\(told)")
        }
    }

    /// Sent again, the channel would make the same of it again.
    @Test func whatNoFileIsLikeIsTheProfilesFault() async throws {
        let made = "sessions: 4, transforms: {within: 200x200, format: jpeg}"
        try await Stall.open(("sessions: 4", made)) { stall in
            try await stall.ready(1)
            stall.remote.edit("/S1.jpg", Self.png(100))
            await stall.pass(21 * Self.day)
            #expect(stall.calls(.put) == 1)
            let record = try await stall.ledger.patrol(of: "shop")
            #expect(record.made?.isProven == false)
            #expect(record.made?.last?.fault == "it is png, where 'transforms' says jpeg")
            #expect(record.last?.changed == 0)
        }
    }

    /// It was right once: with the fourth in a row the channel makes something else by now.
    @Test func oneFileIsSomebodysAndManyAreTheChannels() {
        var made = MadeFiles(Transformation(format: .webp))
        let name = RemoteName(rawValue: "a.jpg")!
        made.note(name, nil)
        for _ in 0..<3 { made.note(name, "it is png") }
        #expect(made.isProven)
        made.note(name, "it is png")
        #expect(!made.isProven)
        made.note(name, nil)
        #expect(made.isProven && made.last == nil)
    }
}

extension Stall {
    /// `S1.jpg` is live under so many other names too, and of these so many are gone.
    fileprivate func multiply(_ count: Int, lost: Int) async throws {
        try await ledger.write("multiply") { database in
            try database.run(
                """
                INSERT INTO delivery (channel, name, folded, sku, view, number, variant, slot, position,
                    version, rendition, key, state, held_key, held_sha256, held_version, confirmed_at,
                    confirmed_by, seen_at, since)
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                SELECT channel, 'c' || i || '.jpg', 'c' || i || '.jpg', 'C' || i, view, number, variant,
                    slot, position, version, rendition, key, state, held_key, held_sha256, held_version,
                    confirmed_at, confirmed_by, seen_at, since FROM delivery, n WHERE name = 'S1.jpg'
                """, [count])
        }
        for number in 1...count where number <= count - lost {
            remote.set("/c\(number).jpg", Self.bytes("picture 1"))
        }
    }
}
