import Model
import Testing
import TransportsSupport

@testable import Bookkeeping
@testable import Export

/// A channel that names what it is given, and whose answer with the name was lost: what is sent again lies
/// there twice, once under a name that nobody here knows.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LostAnswerTests {
    @Test func whatMayLieThereTwiceIsGoneWhenSomebodyHasLooked() async throws {
        try await Stall.open { stall in
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
}
