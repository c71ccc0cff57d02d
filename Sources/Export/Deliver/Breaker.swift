import Synchronization

/// Breaks off what is under way, once and for good.
final class Breaker: Sendable {
    private let signal = WakeSignal()
    private let state = Mutex(false)

    var isPulled: Bool { state.withLock(\.self) }

    func pull() {
        state.withLock { $0 = true }
        signal.wake()
    }

    /// Cancels `body` when it is pulled, and comes back with what came of it then.
    func cut<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try await withTaskGroup(of: Result<Value, Failure>?.self) {
            group -> Result<Value, Failure> in
            group.addTask {
                do throws(Failure) {
                    return .success(try await body())
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                if !self.isPulled { await self.signal.wait(until: nil) }
                return nil
            }
            var result: Result<Value, Failure>?
            for await ended in group {
                group.cancelAll()
                if let ended { result = ended }
            }
            return result!
        }.get()
    }
}
