private import CCurl
private import Synchronization

/// A transfer on its way to the thread, and who waits for its end.
struct Job: Sendable {
    let id: UInt64
    let transfer: Transfer
    let finish: @Sendable (Result<Response, CurlFailure>) -> Void
}

/// What other threads ask of the loop. The multi is in here only so that `curl_multi_wakeup`, the
/// one call that is allowed from elsewhere, never meets one that is gone.
final class Inbox: Sendable {
    struct Letters: Sendable {
        var jobs: [Job] = []
        var cancelled: [UInt64] = []
        var questions: [@Sendable () -> Void] = []
        var closing = false
    }

    private struct State {
        var letters = Letters()
        var waiters: [@Sendable () -> Void] = []
        var multi: UnsafeMutableRawPointer?
        var ended = false
        var lastID: UInt64 = 0
    }

    private let state = Mutex(State())

    func nextID() -> UInt64 {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    func start(_ job: Job) {
        let accepted = state.withLock { state in
            if state.ended || state.letters.closing { return false }
            state.letters.jobs.append(job)
            Self.wake(state.multi)
            return true
        }
        if !accepted { job.finish(.failure(.closed)) }
    }

    func cancel(_ id: UInt64) {
        let unread = state.withLock { state -> Job? in
            if state.ended { return nil }
            if let index = state.letters.jobs.firstIndex(where: { $0.id == id }) {
                return state.letters.jobs.remove(at: index)
            }
            state.letters.cancelled.append(id)
            Self.wake(state.multi)
            return nil
        }
        // Also where the thread cannot be started.
        unread?.finish(.failure(.cancelled))
    }

    /// Why a transfer is to end at once; nil: it goes on. For libcurl's own waits, during which no
    /// letter is read.
    func isUnwanted(_ id: UInt64) -> CurlFailure? {
        state.withLock { state in
            if state.letters.closing { return .closed }
            return state.letters.cancelled.contains(id) ? .cancelled : nil
        }
    }

    func ask(_ question: @escaping @Sendable () -> Void) {
        let accepted = state.withLock { state in
            if state.ended { return false }
            state.letters.questions.append(question)
            Self.wake(state.multi)
            return true
        }
        if !accepted { question() }
    }

    func close(_ done: @escaping @Sendable () -> Void = {}) {
        let ended = state.withLock { state in
            if state.ended { return true }
            state.letters.closing = true
            state.waiters.append(done)
            Self.wake(state.multi)
            return false
        }
        if ended { done() }
    }

    /// The loop's side: everything that has come in since the last time.
    func take() -> Letters {
        state.withLock { state in
            let letters = state.letters
            state.letters = Letters()
            state.letters.closing = letters.closing
            return letters
        }
    }

    /// From here on letters wake the loop.
    func opened(_ address: Int) {
        state.withLock { $0.multi = UnsafeMutableRawPointer(bitPattern: address) }
    }

    /// No letter is taken any more: called before the multi goes. Returns the last ones.
    func end() -> Letters {
        state.withLock { state in
            state.ended = true
            state.multi = nil
            let letters = state.letters
            state.letters = Letters()
            return letters
        }
    }

    func tellWaiters() {
        let waiters = state.withLock { state in
            let waiters = state.waiters
            state.waiters = []
            return waiters
        }
        for waiter in waiters { waiter() }
    }

    private static func wake(_ multi: UnsafeMutableRawPointer?) {
        if let multi { curl_multi_wakeup(multi) }
    }
}

extension CurlFailure {
    package static let closed = CurlFailure(.closed, "the connection was closed by us")
    static let cancelled = CurlFailure(.cancelled, "the transfer was cancelled")
}
