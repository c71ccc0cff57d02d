private import Synchronization

/// Says that something was committed, to whoever listens.
package final class Commits: Sendable {
    private let listeners = Mutex((next: 0, open: [Int: AsyncStream<Void>.Continuation]()))

    /// One element stands for any number of commits since the last.
    package func listen() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = listeners.withLock { listeners in
            listeners.next += 1
            listeners.open[listeners.next] = continuation
            return listeners.next
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.listeners.withLock { $0.open.removeValue(forKey: number) }
        }
        return stream
    }

    func tell() {
        for listener in listeners.withLock({ Array($0.open.values) }) { listener.yield() }
    }
}
