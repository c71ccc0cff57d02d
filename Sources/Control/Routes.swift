internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Wire

/// A route for each operation of the table. Nothing here decides anything but who may, and that in
/// one place.
struct Routes: Sendable {
    let handlers: Handlers
    let authority: Authority

    init(handlers: Handlers, authority: Authority) {
        precondition(handlers.mistakes.isEmpty, handlers.mistakes.joined(separator: "; "))
        self.handlers = handlers
        self.authority = authority
    }

    func router() -> Router<Caller> {
        let router = Router(context: Caller.self)
        router.addMiddleware {
            ErrorMiddleware()
            PeerMiddleware()
        }
        for handler in handlers.all {
            router.on(
                RouterPath(handler.endpoint.path), method: handler.endpoint.method.http
            ) { request, context in
                try await respond(to: request, context, with: handler)
            }
        }
        return router
    }

    private func respond(
        to request: Request, _ context: Caller, with handler: Handler
    ) async throws -> Response {
        // Before the order is read.
        let giver =
            switch handler.endpoint.access {
            case .anyone: nil as Handlers.Giver?
            case .operators: try await authority.admit(context)
            }
        switch try await handler.act(try await raw(request, context, handler.endpoint), giver) {
        case .whole(let answer): return Replies.json(answer)
        case .lines(let lines): return LineStream(lines: lines).response(to: request)
        }
    }

    private func raw(
        _ request: Request, _ context: Caller, _ endpoint: Endpoint
    ) async throws -> RawArguments {
        guard endpoint.method == .get else {
            let bytes = try await request.body.collect(upTo: Caller.bodyLimit)
            return .body(Data(bytes.readableBytesView))
        }
        let query = Self.query(request)
        var values: [String: String] = [:]
        for argument in endpoint.arguments {
            let name = argument.name
            let found =
                endpoint.isInPath(argument)
                ? context.parameters.get(name)
                : query[name]
            guard let found else { continue }
            guard let decoded = found.removingPercentEncoding else {
                throw OperationError(400, "'\(name)' is not percent-encoded UTF-8")
            }
            values[name] = decoded
        }
        return .address(values)
    }
}

// What stands behind the question mark.
extension Routes {
    /// As it came: Hummingbird's own reading puts replacement characters where bytes are no UTF-8, and a
    /// value that is decoded twice loses its percent signs.
    private static func query(_ request: Request) -> [String: String] {
        let pairs = (request.uri.query ?? "").split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
        return Dictionary(pairs) { first, _ in first }
    }
}

extension Endpoint.Method {
    fileprivate var http: HTTPRequest.Method {
        switch self {
        case .get: .get
        case .post: .post
        }
    }
}
