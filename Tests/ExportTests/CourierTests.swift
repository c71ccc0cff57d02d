import Bookkeeping
import Foundation
import Host
import Model
import Support
import Testing
import TransportsSupport

@testable import Export

/// A courier with time in the test's hand: hours pass in a moment.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CourierTests {
    // MARK: Again, and how long after

    @Test func triesAgainEverLessOften() async throws {
        try await Stall.open { stall in
            stall.remote.next(.put, .fail(.retry(after: nil)), .fail(.retry(after: nil)))
            stall.remote.next(.put, .fail(.retry(after: nil)), .fail(.retry(after: nil)))
            try await stall.ready(1)
            #expect(stall.calls(.put) == 1)
            // 5, 10, 20 and 40 s, each by up to a quarter more or less.
            await stall.pass(3)
            #expect(stall.calls(.put) == 1)
            await stall.pass(4)
            #expect(stall.calls(.put) == 2)
            await stall.pass(13)
            #expect(stall.calls(.put) == 3)
            #expect(try await stall.row("S1")?.error?.contains("it was told to fail") == true)
            await stall.pass(80)
            #expect(stall.calls(.put) == 5)
            let row = try #require(try await stall.row("S1"))
            #expect(row.state == .live && row.attempts == 0 && row.error == nil)
            #expect(try await stall.paused() == nil)
        }
    }

    @Test func aServerThatIsDownForDaysIsAskedFourTimesADay() async throws {
        try await Stall.open { stall in
            for _ in 1...200 { stall.remote.next(.put, .fail(.retry(after: nil))) }
            try await stall.ready(1)
            await stall.pass(86_400)
            let before = stall.calls(.put)
            await stall.pass(86_400)
            let calls = stall.calls(.put) - before
            #expect((3...6).contains(calls), "\(calls)")
        }
    }

    @Test func whatArrivedIsNotSentAgain() async throws {
        try await Stall.open { stall in
            stall.remote.next(.put, .loseAnswer)
            try await stall.ready(1)
            #expect(try await stall.states() == ["send": 1])
            await stall.pass(10)
            #expect(try await stall.states() == ["live": 1])
            #expect(stall.calls(.put) == 1)
        }
    }

    @Test func otherBytesThanWereSentAreSentAgain() async throws {
        try await Stall.open { stall in
            stall.remote.next(.put, .garble, .lie)
            try await stall.ready(1)
            #expect(try await stall.row("S1")?.error?.contains("is not what was sent") == true)
            await stall.pass(60)
            #expect(stall.calls(.put) == 3)
            #expect(stall.remote.files["/S1.jpg"] == Stall.bytes("picture 1"))
            #expect(try await stall.states() == ["live": 1])
        }
    }

    @Test func whatTheChannelWillNotHaveWaitsForAPerson() async throws {
        try await Stall.open { stall in
            stall.remote.next(.put, .fail(.fixInput, "too pale"))
            try await stall.ready(2)
            #expect(try await stall.states() == ["stuck": 1, "live": 1])
            await stall.pass(86_400)
            #expect(stall.calls(.put) == 2)
            _ = try await stall.ledger.retry(channel: "shop", cause: "pale")
            stall.signals.wake(channel: "shop")
            await stall.quiet()
            #expect(try await stall.states() == ["live": 2])
        }
    }

    // MARK: The channel's troubles

    @Test func aLockedDoorPausesTheChannelAndCostsNobodyAnAttempt() async throws {
        try await Stall.open(("sessions: 4", "sessions: 1")) { stall in
            let no = FakeRemote.Act.fail(.fixChannel, "wrong password")
            stall.remote.next(.put, no, no, no, no, no, no)
            try await stall.ready(8)
            let first = stall.calls(.put)
            // One more where it was begun while the pause was written down.
            #expect(first <= 2)
            #expect(try await stall.paused()?.contains("wrong password") == true)
            await stall.pass(30)
            #expect(stall.calls(.put) == first)
            // One goes first after each pause; then all.
            await stall.pass(3900)
            #expect(try await stall.states() == ["live": 8])
            #expect(try await stall.paused() == nil)
            for number in 1...8 {
                #expect(try await stall.row("S\(number)")?.attempts == 0)
            }
        }
    }

    @Test func afterAPauseOneGoesFirst() async throws {
        try await Stall.open { stall in
            stall.remote.next(.put, .fail(.fixChannel))
            try await stall.ready(1)
            try await stall.ready(7)
            let before = stall.calls(.put)
            #expect(before == 1)
            stall.remote.next(.put, .hang)
            await stall.pass(59)
            // Time goes on while it hangs.
            stall.clock.step(3600)
            await stall.remote.waitUntilHanging()
            #expect(stall.calls(.put) == before + 1)
            stall.remote.release()
            await stall.quiet()
            #expect(try await stall.states() == ["live": 8])
        }
    }

    @Test func theTimeAServerAsksForHoldsForTheWholeChannel() async throws {
        try await Stall.open { stall in
            stall.remote.next(.put, .fail(.retry(after: 300), "too many requests"))
            try await stall.ready(1)
            try await stall.ready(3)
            #expect(stall.calls(.put) == 1)
            await stall.pass(299)
            #expect(stall.calls(.put) == 1)
            await stall.pass(120)
            #expect(try await stall.states() == ["live": 4])
        }
    }

    @Test func aChannelThatTakesNoFilesIsNotGivenAllOfThem() async throws {
        try await Stall.open { stall in
            for _ in 1...100 { stall.remote.next(.put, .fail(.fixInput, "no")) }
            try await stall.ready(60)
            #expect(try await stall.paused()?.contains("did not pass") == true)
            #expect(stall.calls(.put) < 20)
        }
    }

    // MARK: The end

    @Test func aStopLetsWhatIsInHandComeToItsEnd() async throws {
        try await Stall.open { stall in
            stall.remote.next(.put, .hang, .hang)
            async let ready = stall.ready(2)
            await stall.remote.waitUntilHanging(2)
            stall.courier.stop()
            stall.remote.release()
            while stall.courier.isAtWork { try await stall.ledger.tick() }
            try await stall.stop()
            _ = try await ready
            #expect(try await stall.states() == ["live": 2])
            await stall.start()
        }
    }

    @Test func whatDoesNotEndIsGivenBackAndSentByTheNextDaemon() async throws {
        try await Stall.open { stall in
            stall.remote.next(.put, .hang)
            async let ready = stall.ready(1)
            await stall.remote.waitUntilHanging()
            try await stall.stop(grace: 12)
            _ = try await ready
            let row = try #require(try await stall.row("S1"))
            #expect(row.state == .send && row.attempts == 1 && row.error == nil)
            await stall.start()
            #expect(try await stall.states() == ["live": 1])
        }
    }

    @Test func whatAKilledDaemonHadInHandIsFree() async throws {
        try await Stall.open { stall in
            try await stall.stop()
            try await stall.wanted("S1", "picture 1")
            // Claimed, and then nothing more was heard of it.
            let claims = try await stall.ledger.claim(
                channel: "shop", limit: 9, replacements: 0, sends: nil, delay: { _ in 5 }
            ).claims
            #expect(claims.count == 1)
            await stall.start()
            #expect(stall.calls(.put) == 0)
            await stall.pass(5)
            #expect(try await stall.states() == ["live": 1])
        }
    }

    @Test func whatTheStoreHasLostIsInNobodysHand() async throws {
        try await Stall.open { stall in
            try await stall.stop()
            try await stall.wanted("S1", "picture 1")
            for name in try Files.names(in: stall.store.renditions) {
                try Files.remove("\(stall.store.renditions)/\(name)")
            }
            await stall.start()
            #expect(try await stall.row("S1")?.state == .render)
            // Made again, it goes at once.
            try await stall.wanted("S1", "picture 1")
            stall.signals.wake(channel: "shop")
            await stall.quiet()
            #expect(try await stall.states() == ["live": 1])
        }
    }

    // MARK: Taking away

    @Test func whatIsTakenAwayIsProvenAbsent() async throws {
        try await Stall.open { stall in
            try await stall.ready(2)
            stall.remote.next(.remove, .lie, .loseAnswer)
            try await stall.drop("S1")
            #expect(try await stall.states() == ["remove": 1, "live": 1])
            await stall.pass(60)
            #expect(try await stall.states() == ["live": 1])
            #expect(stall.remote.files.keys.sorted() == ["/S2.jpg"])
        }
    }

    @Test func whatWasEmptiedProvesNothing() async throws {
        try await Stall.open { stall in
            try await stall.ready(3)
            for number in 1...3 { stall.remote.set("/S\(number).jpg", nil) }
            try await stall.drop("S1")
            let held = try await stall.ledger.channel("shop")?.held
            #expect(held?.contains("lacks what was sent there") == true)
            #expect(try await stall.row("S1") != nil)
        }
    }

    @Test func whatLingersGoesInItsTime() async throws {
        try await Stall.open { stall in
            try await stall.ready(1)
            try await stall.drop("S1", urgent: false)
            await stall.pass(86_399)
            #expect(try await stall.states() == ["linger": 1])
            await stall.pass(700)
            #expect(try await stall.states() == [:])
            #expect(stall.remote.files.isEmpty)
        }
    }

    // MARK: Paces and guards

    @Test func aRateIsKept() async throws {
        try await Stall.open(("sessions: 4", "sessions: 4, rate: 6/min")) { stall in
            try await stall.ready(20)
            #expect(stall.calls(.put) == 1)
            await stall.pass(59)
            #expect(stall.calls(.put) == 6, "and no more in any minute")
            await stall.pass(2)
            #expect(stall.calls(.put) == 7)
            await stall.pass(130)
            #expect(try await stall.states() == ["live": 20])
        }
    }

    /// What must go is no matter of pace; what else goes makes room for it.
    @Test func whatMustGoWaitsForNoRate() async throws {
        try await Stall.open(("sessions: 4", "sessions: 4, rate: 6/min")) { stall in
            try await stall.ready(20)
            await stall.pass(200)
            #expect(try await stall.states() == ["live": 20])
            for number in 1...15 { try await stall.drop("S\(number)") }
            #expect(try await stall.states() == ["live": 5])
            try await stall.ready(1)
            await stall.pass(30)
            #expect(try await stall.states() == ["live": 5, "send": 1])
            await stall.pass(60)
            #expect(try await stall.states() == ["live": 6])
        }
    }

    /// The clock of these tests begins at 20:26 UTC.
    @Test func outsideItsHoursOnlyWhatMustGoGoes() async throws {
        try await Stall.open(("sessions: 4", "sessions: 4, hours: \"22:00..23:00\"")) { stall in
            try await stall.ready(3)
            #expect(stall.calls(.put) == 0)
            await stall.pass(86_400)
            #expect(try await stall.states() == ["live": 3])
            try await stall.ready(1)
            try await stall.drop("S1")
            await stall.pass(60)
            #expect(stall.remote.files["/S1.jpg"] == nil)
            #expect(try await stall.states() == ["live": 2, "send": 1])
        }
    }

    /// What was claimed beforehand is not sent when a person has said stop.
    @Test func aHoldHoldsWhatHasNotBegun() async throws {
        try await Stall.open(("sessions: 4", "sessions: 1")) { stall in
            stall.remote.next(.put, .hang)
            async let ready = stall.ready(5)
            await stall.remote.waitUntilHanging()
            try await stall.ledger.hold(channel: "shop", because: "look first")
            stall.signals.wake(channel: "shop")
            stall.remote.release()
            _ = try await ready
            await stall.pass(60)
            #expect(stall.calls(.put) == 1)
            #expect(try await stall.states() == ["live": 1, "send": 4])
        }
    }

    @Test func whatReplacesTooMuchWaitsForAPerson() async throws {
        let limits = ("deliver:", "limits: {replace: 10%, at_least: 2, per: 1d}\ndeliver:")
        try await Stall.open(limits) { stall in
            try await stall.ready(5)
            for number in 1...5 {
                try await stall.wanted("S\(number)", "newer \(number)", replaces: true)
            }
            stall.signals.wake(channel: "shop")
            await stall.pass(3600)
            #expect(try await stall.states() == ["live": 2, "send": 3])
            _ = try await stall.ledger.release(channel: "shop", by: "anna")
            stall.signals.wake(channel: "shop")
            await stall.quiet()
            #expect(try await stall.states() == ["live": 5])
            for number in 1...5 {
                #expect(stall.remote.files["/S\(number).jpg"] == Stall.bytes("newer \(number)"))
            }
        }
    }

    @Test func aCautiousChannelSendsAFewAndWaits() async throws {
        try await Stall.open(("state: live", "state: live\nfirst: 3")) { stall in
            try await stall.ready(10)
            await stall.pass(86_400)
            #expect(try await stall.states() == ["live": 3, "send": 7])
            let held = try await stall.ledger.channel("shop")?.held
            #expect(held?.contains("look at them") == true)
            try await stall.ledger.resume(channel: "shop", elsewhere: false, by: "anna")
            stall.signals.wake(channel: "shop")
            await stall.quiet()
            #expect(try await stall.states() == ["live": 10])
        }
    }

    // MARK: What a channel processes

    @Test func whatIsProcessedIsAskedAboutUntilItIsThere() async throws {
        try await Stall.open { stall in
            stall.remote.next(.put, .processFor(looks: 5))
            try await stall.ready(1)
            let row = try #require(try await stall.row("S1"))
            #expect(row.state == .send && row.processingSince == stall.clock.now)
            await stall.pass(3600)
            #expect(try await stall.states() == ["live": 1])
            #expect(stall.calls(.put) == 1 && stall.calls(.look) == 6)
        }
    }

    @Test func whatIsProcessedForADayIsToldToAPerson() async throws {
        try await Stall.open { stall in
            stall.remote.next(.put, .processFor(looks: 10_000))
            try await stall.ready(1)
            await stall.pass(90_000)
            #expect(try await stall.states() == ["stuck": 1])
            #expect(try await stall.row("S1")?.error?.contains("for 24 hours") == true)
            #expect(stall.calls(.put) == 1)
        }
    }

    // MARK: All of it

    /// A third of what is asked goes wrong in one way or another, and the daemon is stopped now and then.
    @Test(arguments: 1...2) func whateverGoesWrongAllOfItArrives(_ seed: UInt64) async throws {
        var random = Dice(seed)
        try await Stall.open { stall in
            for verb in [FakeRemote.Verb.put, .look] {
                for _ in 1...200 {
                    let act: FakeRemote.Act =
                        switch random.next() % 12 {
                        case 0: .fail(.retry(after: nil))
                        case 1: .loseAnswer
                        case 2: .lie
                        case 3: verb == .put ? .garble : .process()
                        default: .obey
                        }
                    stall.remote.next(verb, act)
                }
            }
            try await stall.ready(100)
            for _ in 1...10 {
                await stall.pass(Double(random.next() % 60))
                try await stall.stop()
                await stall.start()
            }
            await stall.pass(86_400)
            #expect(try await stall.states() == ["live": 100])
            for number in 1...100 {
                #expect(
                    stall.remote.files["/S\(number).jpg"] == Stall.bytes("picture \(number)"))
            }
        }
    }
}

/// SplitMix64 (Vigna): the same throws for the same seed.
struct Dice: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
