import Foundation
import Synchronization

/// Wakes one waiting loop. A ring while nobody waits is kept, several are one.
final class Bell: Sendable {
    private struct State {
        var rung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func ring() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state.waiter = nil }
            if state.waiter == nil { state.rung = true }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Comes back at a ring, at `deadline`, or when the task is cancelled, whichever is first.
    func wait(until deadline: Date?) async {
        await withTaskGroup { group in
            if let deadline {
                group.addTask {
                    let seconds = min(max(deadline.timeIntervalSinceNow, 0), 86_400)
                    try? await Task.sleep(for: .seconds(seconds))
                }
            }
            group.addTask { await self.waitForRing() }
            await group.next()
            group.cancelAll()
        }
    }

    private func waitForRing() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now = state.withLock { state -> Bool in
                    if state.rung || Task.isCancelled {
                        state.rung = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if now { continuation.resume() }
            }
        } onCancel: {
            dismiss()
        }
    }

    /// Lets the waiter go without counting as a ring.
    private func dismiss() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
