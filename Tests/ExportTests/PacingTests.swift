import Foundation
import Testing

@testable import Export

/// How fast and how much at one time: pure, with the time in the test's hand.
@Suite struct PacingTests {
    private let start = Date(timeIntervalSince1970: 1_780_000_000)

    /// Takes what it may for so long, asking when it is told to.
    private func starts(_ perMinute: Int, seconds: Double) -> [Double] {
        var limiter = RateLimiter()
        var (now, starts) = (start, [Double]())
        while now.timeIntervalSince(start) < seconds {
            let free = limiter.free(perMinute, now)
            limiter.claim(free)
            for _ in 0..<free { limiter.start(at: now) }
            starts += Array(repeating: now.timeIntervalSince(start), count: free)
            now = limiter.next(perMinute, now)
        }
        return starts
    }

    @Test(arguments: [1, 2, 7, 20, 120, 6000])
    func noMinuteSeesMoreThanTheRate(_ perMinute: Int) {
        let all = starts(perMinute, seconds: 300)
        for (index, time) in all.enumerated() {
            let within = all[index...].prefix { $0 < time + 60 }.count
            #expect(within <= perMinute, "\(within) from second \(time)")
        }
        // And not far fewer, or a limit would be dearer than it says.
        #expect(Double(all.count) >= Double(perMinute) * 5 * 0.88)
    }

    /// What is claimed waits for a session, while the server hangs for instance, and then starts at
    /// one moment: it is counted there.
    @Test func whatStartsLateIsCountedWhenItStarts() {
        var limiter = RateLimiter()
        var starts: [Double] = []
        var waiting = 0
        for second in stride(from: 0.0, to: 300, by: 0.5) {
            let now = start.addingTimeInterval(second)
            let free = limiter.free(60, now)
            limiter.claim(free)
            waiting += free
            // For 45 s of each minute nobody gets a session.
            guard second.truncatingRemainder(dividingBy: 60) >= 45 else { continue }
            for _ in 0..<waiting {
                limiter.start(at: now)
                starts.append(second)
            }
            waiting = 0
        }
        for (index, time) in starts.enumerated() {
            let within = starts[index...].prefix { $0 < time + 60 }.count
            #expect(within <= 60, "\(within) from second \(time)")
        }
        #expect(starts.count > 60)
    }

    @Test func aRestAllowsABurstAndAClockSetBackNone() {
        var limiter = RateLimiter()
        #expect(limiter.free(100, start) == 10)
        limiter.claim(10)
        #expect(limiter.free(100, start) == 0)
        for _ in 1...10 { limiter.start(at: start) }
        #expect(limiter.free(100, start.addingTimeInterval(-3600)) == 0)
        #expect(limiter.free(100, start.addingTimeInterval(-3600 + 60)) == 10)
        #expect(limiter.free(nil, start) == .max)
        // A rate that is lowered holds at once.
        #expect(limiter.free(20, start.addingTimeInterval(3600)) == 2)
    }

    @Test func concurrencyFeelsItsWay() {
        var concurrency = Concurrency()
        #expect(concurrency.current(16) == 2)
        for _ in 1...2 { concurrency.succeed(16) }
        #expect(concurrency.current(16) == 4, "twice as many with every round")
        for _ in 1...40 { concurrency.succeed(16) }
        #expect(concurrency.current(16) == 16)
        concurrency.refuse(16, at: start)
        // Those that were on their way with it say the same.
        for _ in 1...10 { concurrency.refuse(16, at: start.addingTimeInterval(1)) }
        #expect(concurrency.current(16) == 8)
        for _ in 1...9 { concurrency.succeed(16) }
        #expect(concurrency.current(16) == 9, "one more with every round")
        for second in 1...9 {
            concurrency.refuse(16, at: start.addingTimeInterval(Double(second) * 60))
        }
        #expect(concurrency.current(16) == 1)
        #expect(concurrency.current(1) == 1)
        var narrow = Concurrency()
        for _ in 1...100 { narrow.succeed(3) }
        #expect(narrow.current(3) == 3)
        #expect(narrow.current(30) == 3, "what the profile never allowed was never tried")
    }

    @Test func whatFailsFileAfterFileRestsEverLonger() {
        var concurrency = Concurrency()
        var now = start
        for _ in 1...9 { concurrency.refuse(16, at: now) }
        #expect(concurrency.rest(now) == nil && !concurrency.fails, "that may be chance")
        for _ in 1...7 { concurrency.refuse(16, at: now) }
        for seconds in [1.0, 2, 4, 8, 16, 32, 64, 64] {
            #expect(concurrency.rest(now) == now.addingTimeInterval(seconds))
            #expect(concurrency.rest(now.addingTimeInterval(-3600)) == nil, "a clock set back")
            now = now.addingTimeInterval(seconds)
            concurrency.refuse(16, at: now)
        }
        concurrency.succeed(16)
        #expect(concurrency.rest(now) == nil && !concurrency.fails)
        for _ in 1...9 { concurrency.refuse(16, at: now) }
        #expect(concurrency.rest(now) == nil && !concurrency.fails)
    }

    @Test func whatWentWithoutALimitIsNotOwed() {
        var limiter = RateLimiter()
        func go(_ count: Int) {
            limiter.claim(count)
            for _ in 0..<count { limiter.start(at: start) }
        }
        go(limiter.free(120, start))
        _ = limiter.free(nil, start)
        go(50_000)
        #expect(limiter.free(120, start.addingTimeInterval(3600)) == 12)
    }

    @Test func whatWaitsForItsLookLetsOthersGo() async {
        let hand = InHand()
        #expect(hand.room(1, files: 8, start) == 8)
        hand.take([1, 2])
        await hand.begin()
        async let second: Void = hand.begin()
        hand.leave(1)
        await second
        _ = hand.end(1, at: start)
        _ = hand.end(2, at: start)
        await hand.begin()
    }

    @Test func aSlowChannelIsNotCalledFast() {
        var meter = Meter()
        for minutes in [0, 3, 6] { meter.note(start.addingTimeInterval(Double(minutes) * 60)) }
        #expect(meter.perMinute(start.addingTimeInterval(365)) == nil)
    }

    /// A file in three minutes, for two hours.
    @Test func ofASlowChannelTheLastHourSays() throws {
        var guarded = ActiveProfiles.Guarded()
        for minutes in stride(from: 0.0, through: 120, by: 3) {
            let now = start.addingTimeInterval(minutes * 60)
            guarded.meter.note(now)
            guarded.slowMeter.note(now)
        }
        let slow = try #require(guarded.perMinute(start.addingTimeInterval(121 * 60)))
        #expect((0.28...0.38).contains(slow), "\(slow)")
    }

    @Test func aMeterSaysWhatIsOfLate() {
        var meter = Meter()
        #expect(meter.perMinute(start) == nil)
        for second in 0..<120 { meter.note(start.addingTimeInterval(Double(second) / 2)) }
        let fast = meter.perMinute(start.addingTimeInterval(60)) ?? 0
        #expect((110...130).contains(fast), "\(fast)")
        let rested = meter.perMinute(start.addingTimeInterval(120)) ?? 0
        #expect(rested < fast / 2)
        // A clock that is set back begins anew rather than saying something wild.
        meter.note(start.addingTimeInterval(-86_400))
        #expect(meter.perMinute(start.addingTimeInterval(-86_399)) == nil)
    }

    @Test func moreIsInHandWhereMuchGoesAndNoMoreOnItsWay() async {
        let hand = InHand()
        #expect(hand.room(4, start) == 4, "nothing has gone yet, so nothing ahead")
        for second in 0...1 {
            let now = start.addingTimeInterval(Double(second))
            for id in 1...30 {
                hand.take([Int64(id)])
                await hand.begin()
                _ = hand.end(Int64(id), at: now)
            }
        }
        let now = start.addingTimeInterval(1.5)
        #expect(hand.room(4, now) == 34)
        hand.take(Array(1...34))
        #expect(hand.room(4, now) == 0)
        hand.putDown(Array(1...14))
        #expect(hand.room(4, now) == 0, "many are claimed at one time")
        hand.putDown([15, 16])
        #expect(hand.room(4, now) == 16)
        #expect(hand.room(4, now.addingTimeInterval(60)) == 0, "after a rest nothing ahead")
    }
}
