import Dispatch
package import Foundation
import Synchronization

/// Where the time comes from, and who wakes those that wait for it: the wall in production, a
/// stepped clock in tests. The only place that asks the system what time it is.
package struct WallClock: Sendable {
    package let now: @Sendable () -> Date
    /// Makes an alarm that calls what it is given.
    package let alarm: @Sendable (_ ring: @escaping @Sendable () -> Void) -> any Alarm

    /// Sleeps end with its alarms, not with the system's own time.
    private let isStepped: Bool

    package init(now: @escaping @Sendable () -> Date) {
        self.now = now
        alarm = { WallAlarm($0) }
        isStepped = false
    }

    package init(
        stepped now: @escaping @Sendable () -> Date,
        alarm: @escaping @Sendable (_ ring: @escaping @Sendable () -> Void) -> any Alarm
    ) {
        self.now = now
        self.alarm = alarm
        isStepped = true
    }

    package static let system = WallClock { Date() }

    package func now(plus seconds: TimeInterval) -> Date { now().addingTimeInterval(seconds) }

    /// Comes back after so many seconds, or when the task is cancelled.
    package func sleep(_ seconds: TimeInterval) async {
        // Not by the wall, where there is one: a clock that is set back must not lengthen a pause.
        guard isStepped else {
            try? await Task.sleep(for: .seconds(seconds))
            return
        }
        let sleeper = Sleeper()
        let alarm = alarm { sleeper.wake() }
        alarm.set(now(plus: seconds))
        await withTaskCancellationHandler {
            await sleeper.sleep()
        } onCancel: {
            sleeper.wake()
        }
        alarm.stop()
    }
}

/// One alarm that is set again and again.
package protocol Alarm: Sendable {
    func set(_ moment: Date)
    func stop()
}

/// One timer that is set again and again: a sleep that is cancelled stays with the system until its
/// time has come, thousands of them behind a signal that rings often, and each wakes the process.
// Unchecked: a dispatch source may be used from any thread.
private final class WallAlarm: Alarm, @unchecked Sendable {
    private let timer: any DispatchSourceTimer

    init(_ ring: @escaping @Sendable () -> Void) {
        timer = DispatchSource.makeTimerSource()
        timer.setEventHandler(handler: ring)
        timer.activate()
    }

    deinit { timer.cancel() }

    /// By the wall's clock: one that is set, or a machine that slept, makes nothing late.
    func set(_ moment: Date) {
        timer.schedule(wallDeadline: .now() + min(moment.timeIntervalSinceNow, 86_400))
    }

    func stop() { timer.schedule(wallDeadline: .distantFuture) }
}

/// Who sleeps until one alarm.
private final class Sleeper: Sendable {
    private let state = Mutex((isAwake: false, sleeper: CheckedContinuation<Void, Never>?.none))

    func sleep() async {
        await withCheckedContinuation { continuation in
            let isAwake = state.withLock { state in
                if !state.isAwake { state.sleeper = continuation }
                return state.isAwake
            }
            if isAwake { continuation.resume() }
        }
    }

    func wake() {
        let sleeper = state.withLock { state in
            defer { state = (true, nil) }
            return state.sleeper
        }
        sleeper?.resume()
    }
}
