import Foundation
import Support
import Testing
import Wire

@testable import Export

/// What is told when, with time in hand.
@Suite struct AlarmStateTests {
    private typealias Cause = StatusAnswer.Cause

    private static let paused = Cause(.paused, .red, on: "otto", "paused: wrong password")
    private static let disk = Cause(.standsStill, .red, of: "the disk is full", "the disk is full")

    /// A state and its clock; what it says comes as `+paused otto`, `-paused otto`, `=` what lasts.
    private final class Story {
        let time = SteppedClock()
        var state = AlarmState()
        var causes: [Cause] = []

        /// Looks every fifteen seconds for so long.
        func go(_ seconds: Double) -> [String] {
            var said: [String] = []
            for _ in 0..<Int(seconds / 15) {
                time.step(15)
                guard let digest = state.take(causes, patience: 60, at: time.now) else { continue }
                func words(_ sign: String, _ items: [AlarmDigest.Item]) -> [String] {
                    items.map { "\(sign)\($0.kind.rawValue)\($0.channel.map { " \($0)" } ?? "")" }
                }
                said.append(
                    (words("+", digest.begun) + words("-", digest.ended)
                        + words("=", digest.lasting))
                        .joined(separator: ", "))
            }
            return said
        }
    }

    @Test func aCauseIsToldOnceAndWhenItEnds() {
        let story = Story()
        #expect(story.go(3600) == [])
        story.causes = [Self.paused]
        #expect(story.go(60) == [])
        #expect(story.go(15) == ["+paused otto"])
        #expect(story.go(12 * 3600) == [])
        story.causes = []
        #expect(story.go(60) == [])
        #expect(story.go(15) == ["-paused otto"])
        #expect(story.go(86_400 * 3) == [])
        #expect(story.state.entries.isEmpty)
    }

    @Test func whatLastsIsToldAgainADayLater() {
        let story = Story()
        story.causes = [Self.paused]
        #expect(story.go(86_400 * 2 + 3600) == ["+paused otto", "+paused otto", "+paused otto"])
    }

    @Test func whatComesAndGoesAtOnceIsNotTold() {
        let story = Story()
        for _ in 0..<100 {
            story.causes = [Self.paused]
            #expect(story.go(30) == [])
            story.causes = []
            #expect(story.go(120) == [])
        }
    }

    @Test func whatComesAndGoesAllDayIsToldTwiceInHalfAnHourAtMost() {
        let story = Story()
        var begun = 0
        var ended = 0
        for _ in 0..<72 {
            story.causes = [Self.paused]
            begun += story.go(300).joined().contains("+") ? 1 : 0
            story.causes = []
            ended += story.go(300).joined().contains("-") ? 1 : 0
        }
        // Twelve hours.
        #expect((12...24).contains(begun) && ended <= begun, "\(begun) \(ended)")
    }

    @Test func whatComesTogetherIsToldTogether() {
        let story = Story()
        story.causes = [Self.paused]
        #expect(story.go(90) == ["+paused otto"])
        story.causes = [Self.paused, Self.disk]
        #expect(story.go(30) == [])
        let third = Cause(.stuck, .red, on: "web", amount: 2, "2 deliveries are stuck")
        story.causes = [Self.paused, third, Self.disk]
        #expect(story.go(330) == ["+stands-still, +stuck web, =paused otto"])
    }

    @Test func moreOfItIsNewsAfterHalfAnHour() {
        let story = Story()
        func quarantined(_ count: Int) -> Cause {
            Cause(.quarantine, .yellow, amount: count, "\(count) files quarantined")
        }
        story.causes = [quarantined(1)]
        #expect(story.go(90) == ["+quarantine"])
        story.causes = [quarantined(5)]
        #expect(story.go(1500) == [])
        #expect(story.go(600) == ["+quarantine"])
        story.causes = [quarantined(3)]
        #expect(story.go(7200) == [])
    }

    @Test func yellowIsNoAlarm() {
        let story = Story()
        story.causes = [Cause(.failure, .yellow, on: "web", "last failure: slow")]
        #expect(story.go(7200) == [])
    }

    /// As a daemon that starts again and again does.
    @Test func aRestartTellsNothingTwice() throws {
        let story = Story()
        story.causes = [Self.paused]
        #expect(story.go(90).count == 1)
        for _ in 0..<20 {
            let data = try JSONEncoder().encode(story.state)
            story.state = try JSONDecoder().decode(AlarmState.self, from: data)
            #expect(story.go(60) == [])
        }
    }

    @Test func whatCouldNotBeToldGoesTogetherWithWhatCameLater() throws {
        var state = AlarmState()
        let start = Date(timeIntervalSince1970: 1_780_000_000)
        let told = state.take([Self.paused, Self.disk], patience: 0, at: start)
        let first = try #require(told)
        state.owe(first, by: .post, at: start)
        let due = state.due([.run, .post], at: start)
        #expect(due.map(\.means) == [.post])
        state.failed(by: .post, "404", at: start)
        let rest = state.due([.post], at: start)
        #expect(rest.isEmpty)
        #expect(state.owed["post"]?.why == "404")
        let later = start.addingTimeInterval(60)
        let news = state.take([Self.disk], patience: 0, at: later)
        let second = try #require(news)
        state.owe(second, by: .post, at: later)
        // Its pause is over by then.
        let both = state.due([.post], at: later)
        let digest = try #require(both.first?.digest)
        #expect(digest.begun.map(\.kind) == [.standsStill] && digest.ended.map(\.kind) == [.paused])
        #expect(digest.id != first.id)
        for _ in 0..<40 { state.failed(by: .post, "404", at: later) }
        let next = try #require(state.owed["post"]?.next)
        #expect(next.timeIntervalSince(later) <= AlarmState.longest)
        state.arrived(by: .post)
        #expect(state.owed.isEmpty)
        state.owe(second, by: .mail, at: later)
        let dropped = state.due([.run], at: later)
        #expect(dropped.isEmpty && state.owed.isEmpty)
    }
}
