import Model
import Testing
import TransportsSupport

@testable import Export

/// A channel that reads what is there when a marker says that it is whole.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BatchTests {
    private static let marks = ("old_stays: 1d", "old_stays: 1d, marks: true")

    private func verbs(_ stall: Stall) -> [FakeRemote.Verb] {
        stall.remote.calls.map(\.verb).filter { [.put, .mark, .unmark].contains($0) }
    }

    @Test func theMarkerComesAfterTheLastAndGoesBeforeTheNext() async throws {
        try await Stall.open(Self.marks) { stall in
            try await stall.ready(6)
            #expect(verbs(stall) == [.unmark] + Array(repeating: .put, count: 6) + [.mark])
            stall.remote.forgetCalls()
            await stall.pass(3600)
            #expect(verbs(stall).isEmpty, "once is enough")
            try await stall.ready(1)
            #expect(verbs(stall) == [.unmark, .put, .mark])
        }
    }

    @Test func nothingIsSentBesideAnOldMarker() async throws {
        try await Stall.open(Self.marks) { stall in
            stall.remote.next(.unmark, .fail(.retry(after: nil)))
            try await stall.ready(2)
            #expect(verbs(stall) == [.unmark])
            await stall.pass(120)
            #expect(verbs(stall) == [.unmark, .unmark, .put, .put, .mark])
        }
    }

    @Test func aMarkerThatWasNotPutIsPutLater() async throws {
        try await Stall.open(Self.marks) { stall in
            stall.remote.next(.mark, .fail(.retry(after: nil)))
            try await stall.ready(1)
            #expect(verbs(stall) == [.unmark, .put, .mark])
            await stall.pass(120)
            #expect(verbs(stall) == [.unmark, .put, .mark, .mark])
        }
    }

    /// All is there, and the daemon was killed before it could say so.
    @Test func aMarkerIsOwedAcrossAStart() async throws {
        try await Stall.open(Self.marks) { stall in
            stall.remote.next(.mark, .hang)
            try await stall.wanted("S1", "one")
            stall.signals.wake(channel: "shop")
            await stall.remote.waitUntilHanging()
            try await stall.stop()
            stall.remote.forgetCalls()
            await stall.start()
            await stall.pass(120)
            #expect(verbs(stall) == [.mark])
            #expect(try await stall.states() == ["live": 1])
        }
    }

    @Test func aMarkersTroubleKeepsNothingThatMustGo() async throws {
        try await Stall.open(Self.marks) { stall in
            try await stall.ready(1)
            stall.remote.next(.unmark, .fail(.fixChannel, "not yours"))
            try await stall.ready(1)
            #expect(try await stall.paused()?.contains("not yours") == true)
            try await stall.drop("S1")
            #expect(stall.remote.files["/S1.jpg"] == nil)
        }
    }

    @Test func whatFailedAMomentAgoBelongsToTheBatch() async throws {
        try await Stall.open(Self.marks) { stall in
            stall.remote.next(.put, .fail(.retry(after: nil)))
            try await stall.ready(3)
            #expect(verbs(stall) == [.unmark, .put, .put, .put])
            await stall.pass(120)
            #expect(verbs(stall).suffix(2) == [.put, .mark])
            #expect(try await stall.states() == ["live": 3])
        }
    }

    /// Or the partner would read nothing for as long as one file is broken.
    @Test func whatKeepsFailingIsNotWaitedFor() async throws {
        try await Stall.open(Self.marks) { stall in
            let fails = FakeRemote.Act.fail(.retry(after: nil))
            stall.remote.next(.put, fails, .obey, .obey)
            for _ in 1...20 { stall.remote.next(.put, fails) }
            try await stall.ready(3)
            #expect(!verbs(stall).contains(.mark))
            await stall.pass(3600)
            #expect(verbs(stall).last == .mark)
            #expect(try await stall.states() == ["live": 2, "send": 1])
        }
    }

    /// Or he would read one file after the other while they are rendered.
    @Test func whatIsBeingMadeBelongsToTheBatch() async throws {
        try await Stall.open(Self.marks) { stall in
            try await stall.making("SLOW", "slow")
            try await stall.ready(1)
            #expect(try await stall.states() == ["live": 1, "render": 1])
            #expect(verbs(stall) == [.unmark, .put])
            await stall.pass(1300)
            #expect(verbs(stall) == [.unmark, .put, .mark], "but not for ever")
        }
    }

    /// The last file went in time, and its marker failed once.
    @Test func aWholeBatchIsMarkedAfterTheHoursToo() async throws {
        let hours = ("old_stays: 1d", "old_stays: 1d, marks: true, hours: \"22:00..23:00\"")
        try await Stall.open(hours) { stall in
            try await stall.ready(1)
            stall.remote.next(.mark, .fail(.retry(after: 3600)))
            await stall.pass(86_400)
            #expect(verbs(stall) == [.unmark, .put, .mark, .mark])
        }
    }

    /// It knows what is left, and a feed that cannot be put leaves the others marked.
    @Test func aFeedInTheSamePlaceLeavesTheMarkerToTheCourier() async throws {
        let feed = PublisherTests.feed.1.replacing(
            #/ +to: "fake:\/\/feed\/"\n/#, with: "")
        try await Stall.open(Self.marks, ("deliver:", feed)) { stall in
            let names = try await stall.ready(2)
            try await stall.record(names.map { String($0.dropLast(4)) })
            stall.remote.forgetCalls()
            stall.remote.next(.put, .fail(.retry(after: nil)))
            await stall.pass(700)
            #expect(verbs(stall).starts(with: [.unmark, .put, .mark]), "\(verbs(stall))")
            await stall.pass(3600)
            #expect(stall.remote.files["/products.xml"] != nil)
            #expect(verbs(stall).last == .mark)
        }
    }

    @Test func othersAreAskedNothing() async throws {
        try await Stall.open { stall in
            try await stall.ready(2)
            #expect(verbs(stall) == [.put, .put])
        }
    }

    /// It was there when it was looked for, and is gone at the next look: lost, and put again. One that nobody
    /// has seen was read and taken away by whom it is for.
    @Test func aMarkerThatWasLostIsPutAgain() async throws {
        try await Stall.open(Self.marks) { stall in
            try await stall.ready(2)
            await stall.pass(60)
            #expect(stall.calls(.mark) == 1)
            stall.remote.isMarked = false
            await stall.pass(3 * 86_400)
            #expect(stall.calls(.lookForMark) >= 2 && stall.calls(.mark) == 1)

            try await stall.ready(1)
            await stall.pass(1.5 * 86_400)
            #expect(stall.calls(.mark) == 2 && stall.remote.isMarked)
            stall.remote.isMarked = false
            await stall.pass(1.5 * 86_400)
            #expect(stall.calls(.mark) == 3 && stall.remote.isMarked)
            await stall.pass(2 * 86_400)
            #expect(stall.calls(.mark) == 3)
        }
    }
}
