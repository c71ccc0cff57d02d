import Foundation
import Host
import Synchronization

/// Wakes one waiting loop. A ring while nobody waits is kept, several are one.
final class WakeSignal: Sendable {
    private struct State {
        var rung = false
        /// The alarm went off before anybody waited for it.
        var isLate = false
        var waiter: CheckedContinuation<Void, Never>?
        var alarm: (any Alarm)?
    }

    let clock: WallClock
    private let state = Mutex(State())

    init(clock: WallClock = .system) { self.clock = clock }

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
        guard deadline > clock.now() else { return await Task.yield() }
        let alarm = state.withLock { state in
            let alarm = state.alarm ?? clock.alarm { [weak self] in self?.dismiss(isAlarm: true) }
            (state.alarm, state.isLate) = (alarm, false)
            return alarm
        }
        alarm.set(deadline)
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
