package import Foundation
package import Host
import Synchronization

/// Time that stands still until a test lets it go on, and wakes whoever waits for what comes by.
package final class SteppedClock: Sendable {
    private struct State {
        var now: Date
        var alarms: [Int: (at: Date, ring: @Sendable () -> Void)] = [:]
        var made = 0
    }

    private let state: Mutex<State>

    package init(at start: Date = Date(timeIntervalSince1970: 1_780_000_000)) {
        state = Mutex(State(now: start))
    }

    package var now: Date { state.withLock(\.now) }

    package var clock: WallClock {
        WallClock(stepped: { self.now }) { ring in
            let number = self.state.withLock { state in
                state.made += 1
                return state.made
            }
            return SteppedAlarm(number: number, ring: ring, clock: self)
        }
    }

    /// When the next alarm is due that somebody waits for.
    package var next: Date? { state.withLock { $0.alarms.values.map(\.at).min() } }

    /// Somebody waits for this very moment.
    package func isAwaited(_ moment: Date) -> Bool {
        state.withLock { $0.alarms.values.contains { $0.at == moment } }
    }

    /// Goes on by so many seconds, from alarm to alarm in their order.
    package func step(_ seconds: TimeInterval) {
        let end = now.addingTimeInterval(seconds)
        while let next, next <= end { go(to: next) }
        state.withLock { $0.now = max($0.now, end) }
    }

    /// Goes to a moment and rings what is due by then; never back.
    package func go(to moment: Date) {
        let due = state.withLock { state in
            state.now = max(state.now, moment)
            let due = state.alarms.filter { $0.value.at <= state.now }
            for number in due.keys { state.alarms[number] = nil }
            return due.sorted { ($0.value.at, $0.key) < ($1.value.at, $1.key) }.map(\.value.ring)
        }
        for ring in due { ring() }
    }

    /// As somebody does who corrects it: what was set stays set.
    package func setBack(_ seconds: TimeInterval) {
        state.withLock { $0.now = $0.now.addingTimeInterval(-seconds) }
    }

    fileprivate func set(_ number: Int, _ moment: Date, _ ring: @escaping @Sendable () -> Void) {
        let isDue = state.withLock { state in
            state.alarms[number] = moment <= state.now ? nil : (moment, ring)
            return moment <= state.now
        }
        if isDue { ring() }
    }

    fileprivate func stop(_ number: Int) { state.withLock { $0.alarms[number] = nil } }
}

private struct SteppedAlarm: Alarm {
    let number: Int
    let ring: @Sendable () -> Void
    let clock: SteppedClock

    func set(_ moment: Date) { clock.set(number, moment, ring) }
    func stop() { clock.stop(number) }
}
