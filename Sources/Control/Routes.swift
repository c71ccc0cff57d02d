internal import Foundation
internal import Hummingbird
internal import Model
internal import NIOCore

/// One line of `GET /v1`.
package struct Endpoint: Codable, Hashable, Sendable {
    package var request: String
    package var what: String

    static let all = [
        Endpoint(request: "GET /v1", what: "this list"),
        Endpoint(
            request: "GET /v1/status?look=LOOK",
            what:
                "is everything all right; with look=new: is all done that lies there now? Ask again "
                + "with the answer's 'look' until 'idle' is true"),
        Endpoint(
            request: "GET /v1/why?sku=SKU&channel=CHANNEL",
            what: "why a SKU is, or is not, on a channel; every channel when none is named"),
        Endpoint(
            request: "GET /v1/live/SKU",
            what: "what is live of a SKU, which version, since when"),
        Endpoint(
            request: "GET /v1/list/KIND?channel=CHANNEL&gate=GATE&sku=SKU&limit=N&after=CURSOR",
            what: "the things behind a number of status, a page at a time; KIND is "
                + ListAnswer.Kind.allCases.map(\.rawValue).joined(separator: ", ")),
        Endpoint(
            request: "GET /v1/receipt?sku=SKU&channel=CHANNEL",
            what: "what was measured in its files, and what each rule says to it; also ?name=NAME "
                + "on a channel, or ?hash=SHA256 of a file"),
        Endpoint(
            request: "GET /v1/upcoming?until=DAY&channel=CHANNEL",
            what: "rules that begin until then, and what is live now and will fail them"),
        Endpoint(
            request: "GET /v1/withdrawn?hash=SHA256",
            what: "what of a master's bytes a person has withdrawn everywhere"),
        Endpoint(
            request: "GET /v1/quarantine",
            what: "which files in the spool cannot be used, why, and what to do"),
        Endpoint(
            request: "GET /v1/events?after=ID",
            what: "events as they happen, a JSON document a line, until either side ends it"),
        Endpoint(request: "POST /v1/reload", what: "take new profiles; operators only, as below"),
        Endpoint(
            request: "POST /v1/withdraw",
            what: "take down: {sku, because, view?, number?, channel?}"),
        Endpoint(
            request: "POST /v1/reinstate",
            what: "undo the latest withdrawal: {sku, because, view?, number?, channel?}"),
        Endpoint(
            request: "POST /v1/retry", what: "try failed deliveries again: {channel, cause?}"),
        Endpoint(
            request: "POST /v1/hold", what: "stop a channel: {channel, because?, everything?}"),
        Endpoint(request: "POST /v1/resume", what: "let a held channel go on: {channel}"),
        Endpoint(
            request: "POST /v1/release", what: "let pass what a guard has held: {channel}"),
        Endpoint(
            request: "POST /v1/quarantine/dismiss",
            what: "let files lie that cannot be used: {paths} or {all: true}"),
        Endpoint(
            request: "POST /v1/forget",
            what: "end a channel whose profile is gone: {channel, leave?}"),
    ]
}

struct EndpointList: Codable, Sendable {
    var endpoints: [Endpoint]
}

/// Endpoint → operation. Nothing here decides anything but who may.
struct Routes: Sendable {
    let operations: any Operations
    let authority: Authority

    func router() -> Router<Caller> {
        let router = Router(context: Caller.self)
        router.addMiddleware {
            ErrorMiddleware()
            PeerMiddleware()
        }
        let v1 = router.group("v1")
        v1.get { _, _ in try Replies.json(EndpointList(endpoints: Endpoint.all)) }
        addQuestions(v1)
        addOrders(v1)
        return router
    }

    private func addQuestions(_ v1: RouterGroup<Caller>) {
        let operations = operations
        v1.get("status") { request, _ in
            let look = try query(request, "look")
            return try Replies.json(try await operations.status(look: look))
        }
        v1.get("why") { request, _ in
            let sku = try query(request, "sku")
            guard let sku, !sku.isEmpty else {
                throw OperationError(400, "'sku' is missing", next: "/v1/why?sku=SKU")
            }
            let channel = try query(request, "channel")
            return try Replies.json(try await operations.why(sku: sku, channel: channel))
        }
        v1.get("live/:sku") { _, context in
            let sku = try context.parameters.require("sku")
            return try Replies.json(
                try await operations.live(sku: sku.removingPercentEncoding ?? sku))
        }
        v1.get("list/:kind") { request, context in
            let kind = try context.parameters.require("kind")
            return try Replies.json(try await operations.list(try listQuestion(kind, request)))
        }
        addReceipts(v1)
        v1.get("withdrawn") { request, _ in
            guard let hash = try query(request, "hash").flatMap(ContentHash.init(rawValue:)) else {
                throw OperationError(
                    400, "'hash' (64 hexadecimal digits) is missing",
                    next: "/v1/withdrawn?hash=SHA256")
            }
            return try Replies.json(try await operations.withdrawn(master: hash))
        }
        v1.get("quarantine") { _, _ in try Replies.json(try await operations.quarantined()) }
        v1.get("events") { request, _ in
            let text = try query(request, "after")
            let after = text.flatMap { Int64($0) }
            guard text == nil || after != nil else {
                throw OperationError(400, "'after' is not a number", next: "use an event's id")
            }
            return EventStream(operations: operations, after: after).response(to: request)
        }
    }

    private func addReceipts(_ v1: RouterGroup<Caller>) {
        let operations = operations
        v1.get("receipt") { request, _ in
            if let sku = try query(request, "sku"), !sku.isEmpty {
                let channel = try query(request, "channel")
                return try Replies.json(try await operations.receipts(sku: sku, channel: channel))
            }
            if let name = try query(request, "name"), !name.isEmpty {
                return try Replies.json(try await operations.receipts(named: name))
            }
            guard let hash = try query(request, "hash").flatMap(ContentHash.init(rawValue:)) else {
                throw OperationError(
                    400, "'sku', 'name' or 'hash' (64 hexadecimal digits) is missing",
                    next: "/v1/receipt?sku=SKU")
            }
            return try Replies.json(try await operations.receipts(of: hash))
        }
        v1.get("upcoming") { request, _ in
            guard let until = try query(request, "until").flatMap(Horizon.init) else {
                throw OperationError(
                    400, "'until' is missing, or neither a day nor a time",
                    next: "/v1/upcoming?until=2027-02-01, or 2027-02-01T00:00:00Z")
            }
            let channel = try query(request, "channel")
            return try Replies.json(
                try await operations.upcoming(until: until, channel: channel))
        }
    }

    private func addOrders(_ v1: RouterGroup<Caller>) {
        let operations = operations
        post(v1, "reload", ReloadOrder.self) { _, by in try await operations.reload(by: by) }
        post(v1, "withdraw", WithdrawOrder.self) { order, by in
            try check(order, "a withdrawal")
            return try await operations.withdraw(order, by: by)
        }
        post(v1, "reinstate", WithdrawOrder.self) { order, by in
            try check(order, "undoing one")
            return try await operations.reinstate(order, by: by)
        }
        post(v1, "retry", RetryOrder.self) { order, by in
            try await operations.retry(channel: order.channel, cause: order.cause, by: by)
        }
        post(v1, "hold", HoldOrder.self) { order, by in
            try await operations.hold(order, by: by)
        }
        post(v1, "resume", ChannelOrder.self) { order, by in
            try await operations.resume(channel: order.channel, by: by)
        }
        post(v1, "release", ChannelOrder.self) { order, by in
            try await operations.release(channel: order.channel, by: by)
        }
        post(v1, "quarantine/dismiss", DismissOrder.self) { order, by in
            guard (order.paths?.isEmpty ?? true) == (order.all ?? false) else {
                throw OperationError(400, "either 'paths' or 'all: true' is wanted")
            }
            return try await operations.dismiss(order, by: by)
        }
        post(v1, "forget", ForgetOrder.self) { order, by in
            try await operations.forget(
                channel: order.channel, leave: order.leave ?? false, by: by)
        }
    }

    /// Who may act is asked before the order is read.
    private func post<Body: Order, Answer: Encodable & Sendable>(
        _ v1: RouterGroup<Caller>, _ verb: RouterPath, _ body: Body.Type,
        act: @escaping @Sendable (Body, String) async throws -> Answer
    ) {
        let authority = authority
        v1.post(verb) { request, context in
            let name = try await authority.admit(context)
            let bytes = try await request.body.collect(upTo: Caller.bodyLimit)
            let order = try Wire.order(Body.self, from: Data(bytes.readableBytesView))
            return try Replies.json(try await act(order, name))
        }
    }
}

private func check(_ order: WithdrawOrder, _ what: String) throws(OperationError) {
    guard order.because.contains(where: { !$0.isWhitespace }) else {
        throw OperationError(400, "\(what) needs a reason", next: "say it in 'because'")
    }
    guard order.view != nil || order.number == nil && order.variant == nil else {
        throw OperationError(400, "a number or variant without a view", next: "name the view too")
    }
}

private func listQuestion(
    _ word: String, _ request: Request
) throws(OperationError) -> ListQuestion {
    guard let kind = ListAnswer.Kind(rawValue: word) else {
        let known = ListAnswer.Kind.allCases.map(\.rawValue)
        let near = Spelling.nearest(to: word, among: known).map { "did you mean '\($0)'?" }
        throw .notFound("there is no list '\(word)'", next: near ?? "GET /v1 names them")
    }
    let gate = try query(request, "gate")
    let limit = try query(request, "limit")
    guard gate == nil || gate.flatMap(Gate.Kind.init) != nil else {
        throw OperationError(
            400, "there is no gate '\(gate ?? "")'",
            next: Gate.Kind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    guard limit == nil || limit.flatMap({ Int($0) }).map({ $0 > 0 }) == true else {
        throw OperationError(400, "'limit' is no number above 0")
    }
    return ListQuestion(
        kind, channel: try query(request, "channel"), gate: gate.flatMap(Gate.Kind.init),
        sku: try query(request, "sku"), after: try query(request, "after"),
        limit: limit.flatMap { Int($0) } ?? ListQuestion.most)
}

/// A query parameter, percent-decoded.
private func query(_ request: Request, _ name: String) throws(OperationError) -> String? {
    guard let value = request.uri.queryParameters[name[...]] else { return nil }
    guard let decoded = String(value).removingPercentEncoding else {
        throw OperationError(400, "'\(name)' is not percent-encoded UTF-8")
    }
    return decoded
}
