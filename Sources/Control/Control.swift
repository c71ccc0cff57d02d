// The socket: anyone on this machine may ask, operators may also act. HTTP/1.1 with JSON over a
// Unix socket; the kernel says who asks, nobody logs in. Promises that no client can hold up the
// daemon: seats, header, body, waiting and not reading are all bounded. What the answers mean and
// what an order does is the engine's business, behind `Operations`.
//
// `GET /v1` lists the endpoints (see `Endpoint`). Keys are snake_case, times ISO 8601. An error
// is `{"error": "...", "next": "..."}`, where `next` is what to do about it, when known.

package import Model

/// What the engine answers and does. `by` is the account name of whoever asked.
package protocol Operations: Sendable {
    /// - Parameter look: an earlier answer's `look`: is all done that lay there when that was given?
    ///   Anything else asks so anew; nil does not ask.
    func status(look: String?) async throws -> StatusAnswer
    func why(sku: String, channel: String?) async throws -> WhyAnswer
    func live(sku: String) async throws -> LiveAnswer
    func list(_ question: ListQuestion) async throws -> ListAnswer
    func receipts(sku: String, channel: String?) async throws -> ReceiptAnswer
    /// - Parameter name: on a channel.
    func receipts(named name: String) async throws -> ReceiptAnswer
    /// - Parameter hash: of a rendition's bytes, or of a master's.
    func receipts(of hash: ContentHash) async throws -> ReceiptAnswer
    func upcoming(until: Horizon, channel: String?) async throws -> UpcomingAnswer
    /// - Parameter master: the bytes of one.
    func withdrawn(master: ContentHash) async throws -> WithdrawnAnswer
    func quarantined() async throws -> QuarantineAnswer
    /// Events as they happen, those after `after` first; ends when the daemon stops.
    func events(after: Int64?) async -> AsyncStream<Event>
    func reload(by: String) async throws -> ReloadAnswer
    func withdraw(_ what: WithdrawOrder, by: String) async throws -> DoneAnswer
    func reinstate(_ what: WithdrawOrder, by: String) async throws -> DoneAnswer
    func retry(channel: String, cause: String?, by: String) async throws -> DoneAnswer
    func hold(_ what: HoldOrder, by: String) async throws -> DoneAnswer
    func resume(channel: String, by: String) async throws -> DoneAnswer
    func release(channel: String, by: String) async throws -> DoneAnswer
    func dismiss(_ what: DismissOrder, by: String) async throws -> DoneAnswer
    func forget(channel: String, leave: Bool, by: String) async throws -> DoneAnswer
}

/// Why an operation could not be done, told to whoever asked.
package struct OperationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// HTTP status: 404 for what does not exist, 409 for what cannot be done in the present state,
    /// 503 for what may work later.
    package var status: Int
    /// Lower case, values quoted, no final stop.
    package var message: String
    /// What to do about it.
    package var next: String?

    package init(_ status: Int, _ message: String, next: String? = nil) {
        self.status = status
        self.message = message
        self.next = next
    }

    package static func notFound(_ message: String, next: String? = nil) -> Self {
        Self(404, message, next: next)
    }

    package static func conflict(_ message: String, next: String? = nil) -> Self {
        Self(409, message, next: next)
    }

    package static func unavailable(_ message: String, next: String? = nil) -> Self {
        Self(503, message, next: next)
    }

    package var description: String { next.map { "\(message); \($0)" } ?? message }
}
