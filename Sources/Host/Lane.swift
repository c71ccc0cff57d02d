private import Foundation
private import Synchronization

/// One thread on which calls may block, in the order they were handed in. The Swift pool has as
/// many threads as cores; whatever reads disks, hashes or waits for a child goes through a lane.
package final class Lane: Sendable {
    private typealias Job = @Sendable () -> Void

    private struct State {
        var jobs: [Job] = []
        var closed = false
    }

    // A class, because Mutex cannot be shared with the thread's closure otherwise, and a condition
    // has to be waited for. Only `state` is touched, and only while `condition` is locked.
    private final class Queue: @unchecked Sendable {
        let condition = NSCondition()
        var state = State()
    }

    private let queue = Queue()

    package init(_ name: String) {
        let queue = queue
        PermanentThread.start(name) {
            while let job = Self.next(queue) { job() }
        }
    }

    deinit {
        queue.condition.lock()
        queue.state.closed = true
        queue.condition.signal()
        queue.condition.unlock()
    }

    /// Runs `body` on the lane's thread and waits for it without blocking the caller's.
    package func run<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            submit {
                let result: Result<Value, Failure>
                do throws(Failure) {
                    result = .success(try body())
                } catch {
                    result = .failure(error)
                }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }

    /// Runs `body` on the lane's thread some time later.
    package func submit(_ body: @escaping @Sendable () -> Void) {
        queue.condition.lock()
        queue.state.jobs.append(body)
        queue.condition.signal()
        queue.condition.unlock()
    }

    private static func next(_ queue: Queue) -> Job? {
        queue.condition.lock()
        defer { queue.condition.unlock() }
        while queue.state.jobs.isEmpty {
            if queue.state.closed { return nil }
            queue.condition.wait()
        }
        return queue.state.jobs.removeFirst()
    }
}
