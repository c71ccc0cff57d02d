import Model
import Testing
import TransportsSupport

@testable import Bookkeeping
@testable import Export

/// A channel that names what it is given, and whose answer with the name was lost: what is sent again lies
/// there twice, once under a name that nobody here knows.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LostAnswerTests {
    private static let names = ("old_stays: 1d", "old_stays: 1d, names: true")

    private func lost(_ stall: Stall) async throws -> Int? {
        try await stall.ledger.counts(of: ["shop"]).lostAnswers["shop"]
    }

    @Test func whatMayLieThereTwiceIsGoneWhenSomebodyHasLooked() async throws {
        try await Stall.open(Self.names) { stall in
            stall.remote.next(.put, .loseName)
            try await stall.ready(1)
            await stall.pass(120)
            #expect(try await stall.states() == ["live": 1])
            #expect(stall.remote.orphans.count == 1)
            try await stall.drop("S1")
            await stall.pass(120)
            #expect(stall.remote.files.isEmpty, "what is known of goes at once")
            #expect(try await stall.states() == ["remove": 1], "and proves nothing of the other")
            let error = try #require(try await stall.row("S1")?.error)
            #expect(error.contains("sent twice") && error.contains("sluice attest shop S1.jpg"))
            #expect(try await stall.paused() == nil, "the channel did nothing wrong")

            let said = try await stall.ledger.attest(
                channel: "shop", items: ["S1"], because: "looked there", by: "anna")
            #expect(said.gone == 1)
            #expect(try await stall.states() == [:])

            // From then on it is a name like any other.
            try await stall.wanted("S1", "again")
            stall.signals.wake(channel: "shop")
            await stall.pass(60)
            #expect(try await stall.states() == ["live": 1])
            try await stall.drop("S1")
            await stall.pass(60)
            #expect(try await stall.states() == [:])
        }
    }

    /// Where files lie under their names, nothing lies there twice.
    @Test func aLostAnswerAloneProvesNothingAgainstIt() async throws {
        try await Stall.open { stall in
            stall.remote.next(.put, .loseAnswer)
            try await stall.ready(1)
            await stall.pass(120)
            try await stall.drop("S1")
            await stall.pass(60)
            #expect(try await stall.states() == [:])
        }
    }

    /// The daemon was killed while it was being sent, or stopped: nobody heard what became of it.
    @Test(arguments: [0.0, 12]) func whatWasBeingSentMayLieThere(grace: Double) async throws {
        try await Stall.open(Self.names) { stall in
            stall.remote.next(.put, .hang)
            try await stall.wanted("S1", "one")
            stall.signals.wake(channel: "shop")
            await stall.remote.waitUntilHanging()
            try await stall.stop(grace: grace)
            await stall.start()
            await stall.pass(120)
            #expect(try await stall.states() == ["live": 1])
            #expect(try await lost(stall) == 1)
        }
    }

    /// Somebody has looked while it is live.
    @Test func whatLiesThereOnceIsSaidSo() async throws {
        try await Stall.open(Self.names) { stall in
            stall.remote.next(.put, .loseName)
            try await stall.ready(2)
            await stall.pass(120)
            #expect(try await lost(stall) == 1)
            let names = try await [stall.row("S1"), stall.row("S2")].compactMap(\.self).map(
                \.name.rawValue)
            let said = try await stall.ledger.attest(
                channel: "shop", items: names, because: "looked there", by: "anna")
            #expect(said.alone == 1 && said.count == 1 && said.unmatched.count == 1)
            #expect(try await lost(stall) == 0)
            for sku in ["S1", "S2"] { try await stall.drop(sku) }
            await stall.pass(60)
            #expect(try await stall.states() == [:])
        }
    }

    /// A refusal is an answer too.
    @Test func whatWasRefusedLiesNowhere() async throws {
        try await Stall.open(Self.names) { stall in
            stall.remote.next(.put, .fail(.retry(after: nil)), .fail(.fixInput))
            try await stall.ready(2)
            await stall.pass(120)
            #expect(try await lost(stall) == 0)
        }
    }

    /// A server that keeps one of two equal files says the same of both.
    @Test func whatAChannelCallsAFileIsItsOwn() async throws {
        try await Stall.open(Self.names) { stall in
            try await stall.ready(2)
            let rows = try await [stall.row("S1"), stall.row("S2")].compactMap(\.self)
            let id = try #require(rows.first?.object?.id)
            #expect(try await stall.ledger.name(ofObject: id, besides: rows[1]) == "S1.jpg")
            #expect(try await stall.ledger.name(ofObject: id, besides: rows[0]) == nil)
            #expect(try await stall.ledger.name(ofObject: "other", besides: rows[0]) == nil)
        }
    }
}
