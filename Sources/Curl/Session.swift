private import Dispatch
private import Host
private import Synchronization

/// One thread, one libcurl multi and its pool of connections. What connections remember (a login, a
/// checked host key) is trusted by every later transfer, so a session serves one channel with one
/// revision of its credentials.
package final class Session: Sendable {
    private let inbox: Inbox
    private let bandwidth: Bandwidth?

    /// - Parameters:
    ///   - name: of the thread, as `top -H` shows it.
    ///   - bandwidth: that its transfers share with others; nil: no limit.
    package init(name: String, bandwidth: Bandwidth? = nil) {
        self.bandwidth = bandwidth
        LibCurl.start()
        let inbox = Inbox()
        self.inbox = inbox
        PermanentThread.start(name) {
            var loop = Loop(inbox)
            loop.run()
        }
    }

    deinit { inbox.close() }

    /// Runs one transfer. Ends at once, with `.cancelled`, when the task is cancelled.
    package func perform(_ transfer: Transfer) async throws(CurlFailure) -> Response {
        let id = inbox.nextID()
        let job = bandwidth.map(transfer.limited) ?? transfer
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                inbox.start(Job(id: id, transfer: job) { continuation.resume(returning: $0) })
                // The handler below may have run before there was anything to cancel.
                if Task.isCancelled { inbox.cancel(id) }
            }
        } onCancel: {
            inbox.cancel(id)
        }
        return try result.get()
    }

    /// Waits until the thread has come round: for a watchdog that wants to know it is alive.
    package func answer() async {
        await withCheckedContinuation { continuation in inbox.ask { continuation.resume() } }
    }

    /// Fails what is in hand with `.closed`, ends connections and thread, and waits for that.
    /// - Parameter patience: seconds. libcurl says goodbye to an SSH or FTP server, and one that does not
    ///   answer could take two minutes of anybody who waits for that.
    package func close(within patience: Double = 5) async {
        await withCheckedContinuation { continuation in
            let once = Once(continuation)
            inbox.close { once.resume() }
            DispatchQueue.global().asyncAfter(deadline: .now() + patience) { once.resume() }
        }
    }
}

/// Of two who want to let a task go on, the first does.
private final class Once: Sendable {
    private let waiting: Mutex<CheckedContinuation<Void, Never>?>

    init(_ continuation: CheckedContinuation<Void, Never>) { waiting = Mutex(continuation) }

    func resume() {
        let continuation = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        continuation?.resume()
    }
}
