import Foundation
import Model
import Testing
import TransportsSupport

@testable import Export

/// When a channel pauses, and what ends that.
@Suite(.serialized, .timeLimit(.minutes(5))) struct PausingTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func later(_ seconds: Double) -> Date { start.addingTimeInterval(seconds) }

    private func succeeds(
        _ pausing: inout Pausing, since number: Int? = nil, isTaken: Bool = true, at now: Date
    ) -> Bool {
        pausing.succeed(since: number ?? pausing.number, isTaken: isTaken, at: now)
    }

    @Test func eachIsTwiceAsLongAsTheOneBefore() {
        var pausing = Pausing()
        var now = start
        var lengths: [Double] = []
        for _ in 1...4 {
            let until = pausing.begin(asked: nil, most: 300, at: now)
            // Three more that were on their way are the same.
            for _ in 1...3 {
                let same = pausing.begin(asked: nil, most: 300, at: now)
                #expect(same == until)
            }
            lengths.append(until.timeIntervalSince(now))
            now = until
        }
        #expect(lengths == [60, 120, 240, 300])
        #expect(succeeds(&pausing, at: now))
        let first = pausing.begin(asked: nil, most: 300, at: now)
        #expect(first == now.addingTimeInterval(60))
    }

    @Test func whatBeganBeforeProvesNothing() {
        var pausing = Pausing()
        let before = pausing.number
        let until = pausing.begin(asked: 300, most: 600, at: start)
        #expect(!succeeds(&pausing, since: before, at: later(1)))
        #expect(!succeeds(&pausing, since: before, at: until))
        #expect(!succeeds(&pausing, at: later(299)), "as asked")
        #expect(succeeds(&pausing, at: until))
        #expect(!succeeds(&pausing, at: until), "once")
    }

    @Test func oneThatPassesSpeaksForTheChannel() {
        var pausing = Pausing()
        let until = pausing.begin(asked: nil, most: 600, at: start)
        #expect(!pausing.isOfOneFile(until))
        _ = pausing.succeed(since: pausing.number, isTaken: true, at: until)
        #expect(pausing.isOfOneFile(until) && !pausing.isOfOneFile(until.addingTimeInterval(3600)))
        // Until too many come in a row.
        for _ in 1...9 { _ = pausing.refuse() }
        #expect(!pausing.isRefusing)
        _ = pausing.refuse()
        #expect(pausing.isRefusing)
        let next = pausing.begin(asked: nil, most: 600, at: until)
        #expect(!pausing.isOfOneFile(until))
        // What is looked at, or taken away, passes no file.
        #expect(!succeeds(&pausing, isTaken: false, at: next))
        #expect(succeeds(&pausing, at: next))
        pausing.forgive()
        #expect(!pausing.isRefusing && !pausing.isOfOneFile(next))
    }

    /// One folder is closed to us, or one file is blocked, and thousands wait behind it.
    @Test func oneFileThatIsRefusedStopsNoOther() async throws {
        try await Stall.open(("sessions: 4", "sessions: 1")) { stall in
            let refused = FakeRemote.Act.fail(.fixChannel, "403: not here")
            stall.remote.next(.put, refused, .obey, .obey, .obey, .obey)
            for _ in 1...30 { stall.remote.next(.put, refused) }
            try await stall.ready(5)
            #expect(try await stall.paused()?.contains("403") == true)
            await stall.pass(120)
            #expect(try await stall.states() == ["live": 4, "send": 1])
            await stall.pass(600)
            #expect(try await stall.paused() == nil)
            #expect(stall.calls(.put) < 16, "ever less often")
        }
    }

    /// Nor does one that cannot be taken away.
    @Test func removalsThatAreRefusedStopNoFile() async throws {
        try await Stall.open(("sessions: 4", "sessions: 1")) { stall in
            try await stall.ready(9)
            for _ in 1...200 {
                stall.remote.next(.remove, .fail(.fixChannel, "405: not allowed"))
            }
            for number in 1...9 { try await stall.drop("S\(number)") }
            try await stall.ready(20)
            await stall.pass(3600)
            #expect(try await stall.states() == ["live": 20, "remove": 9])
        }
    }

    /// The server has said when it wants to hear from us again.
    @Test func whatIsOnItsWayShortensNoPauseThatWasAskedFor() async throws {
        try await Stall.open(("sessions: 4", "sessions: 2")) { stall in
            stall.remote.next(.put, .hang, .fail(.retry(after: 300)))
            async let ready = stall.ready(2)
            await stall.remote.waitUntilHanging()
            stall.remote.release()
            _ = try await ready
            #expect(try await stall.paused() != nil)
            try await stall.ready(1)
            #expect(stall.calls(.put) == 2)
            await stall.pass(310)
            #expect(try await stall.states() == ["live": 3])
        }
    }

    /// What must go does not wait for the end of what another file was refused for.
    @Test func whatMustGoDoesNotWaitForARefusedFile() async throws {
        try await Stall.open { stall in
            try await stall.ready(1)
            stall.remote.next(.put, .fail(.fixProfile, "404: nothing takes files here"))
            try await stall.ready(1)
            #expect(try await stall.paused() != nil)
            try await stall.drop("S1")
            await stall.quiet()
            #expect(stall.remote.files["/S1.jpg"] == nil)
            #expect(try await stall.paused() != nil, "that says nothing of files")
        }
    }
}
