private import Foundation

/// One thread, one libcurl multi and its pool of connections. What connections remember (a login, a
/// checked host key) is trusted by every later transfer, so a session serves one channel with one
/// revision of its credentials.
package final class Session: Sendable {
    private let inbox: Inbox

    /// - Parameter name: of the thread, as `top -H` shows it.
    package init(name: String) {
        LibCurl.start()
        let inbox = Inbox()
        self.inbox = inbox
        let thread = Thread {
            var loop = Loop(inbox)
            loop.run()
        }
        thread.name = name
        thread.stackSize = 1 << 20
        thread.start()
    }

    deinit { inbox.close() }

    /// Runs one transfer. Ends at once, with `.cancelled`, when the task is cancelled.
    package func perform(_ transfer: Transfer) async throws(CurlFailure) -> Response {
        let id = inbox.nextID()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                inbox.start(Job(id: id, transfer: transfer) { continuation.resume(returning: $0) })
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
    package func close() async {
        await withCheckedContinuation { continuation in
            inbox.close { continuation.resume() }
        }
    }
}
