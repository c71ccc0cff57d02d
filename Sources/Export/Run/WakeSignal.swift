import Dispatch
import Foundation
import Synchronization

/// Wakes one waiting loop. A ring while nobody waits is kept, several are one.
final class WakeSignal: Sendable {
    private struct State {
        var rung = false
        /// The alarm went off before anybody waited for it.
        var isLate = false
        var waiter: CheckedContinuation<Void, Never>?
        var alarm: Alarm?
    }

    private let state = Mutex(State())

    func wake() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state.waiter = nil }
            if state.waiter == nil { state.rung = true }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Comes back at a ring, at `deadline`, or when the task is cancelled, whichever is first.
    func wait(until deadline: Date?) async {
        guard let deadline else { return await waitForRing() }
        let seconds = min(deadline.timeIntervalSinceNow, 86_400)
        guard seconds > 0 else { return await Task.yield() }
        let alarm = state.withLock { state in
            let alarm = state.alarm ?? Alarm { [weak self] in self?.dismiss(isAlarm: true) }
            (state.alarm, state.isLate) = (alarm, false)
            return alarm
        }
        alarm.set(seconds)
        await waitForRing()
        alarm.stop()
    }

    private func waitForRing() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now = state.withLock { state -> Bool in
                    if state.rung || state.isLate || Task.isCancelled {
                        (state.rung, state.isLate) = (false, false)
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if now { continuation.resume() }
            }
        } onCancel: {
            dismiss(isAlarm: false)
        }
    }

    /// Lets the waiter go without counting as a ring.
    private func dismiss(isAlarm: Bool) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state.waiter = nil }
            if isAlarm, state.waiter == nil { state.isLate = true }
            return state.waiter
        }
        waiter?.resume()
    }
}

/// One timer that is set again and again: a sleep that is cancelled stays with the system until its
/// time has come, thousands of them behind a signal that rings often, and each wakes the process.
// Unchecked: a dispatch source may be used from any thread.
private final class Alarm: @unchecked Sendable {
    private let timer: any DispatchSourceTimer

    init(_ ring: @escaping @Sendable () -> Void) {
        timer = DispatchSource.makeTimerSource()
        timer.setEventHandler(handler: ring)
        timer.activate()
    }

    deinit { timer.cancel() }

    /// By the wall's clock: one that is set, or a machine that slept, makes nothing late.
    func set(_ seconds: Double) {
        timer.schedule(wallDeadline: .now() + seconds)
    }

    func stop() { timer.schedule(wallDeadline: .distantFuture) }
}
