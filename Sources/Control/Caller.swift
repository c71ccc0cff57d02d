internal import Host
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Wire

/// One request: on which connection it came, and whose it is.
struct Caller: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    var peer: Peer?

    /// Bytes of an order.
    static let bodyLimit = 64 << 10
    var maxUploadSize: Int { Self.bodyLimit }

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

/// Puts the peer into the request, or refuses when the kernel does not name one.
struct PeerMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: Caller, next: (Request, Caller) async throws -> Response
    ) async throws -> Response {
        let channel = context.channel
        let peer = try? await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.handler(type: ConnectionGuard.self).peer
        }.get()
        guard let peer = peer ?? nil else {
            throw OperationError(403, "the kernel does not say who is asking")
        }
        var context = context
        context.peer = peer
        return try await next(request, context)
    }
}

/// Every error leaves as JSON that says what to do.
struct ErrorMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: Caller, next: (Request, Caller) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as OperationError {
            return Replies.error(error)
        } catch let error as HTTPError where error.status == .notFound {
            return Replies.error(
                .notFound(
                    "no endpoint '\(request.method.rawValue) \(request.uri.path)'",
                    next: "GET /v1 lists them"))
        } catch is NIOTooManyBytesError {
            return Replies.error(
                OperationError(413, "the body is larger than \(Caller.bodyLimit) bytes"))
        } catch let error as any HTTPResponseError {
            return Replies.error(OperationError(error.status.code, "\(error)"))
        } catch {
            context.logger.error(
                "request failed",
                metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            return Replies.error(
                OperationError(500, "\(error)", next: "see the daemon's log"))
        }
    }
}

/// Asks who may act, and under which name.
struct Authority: Sendable {
    let operators: Operators
    private let names = Lane("accounts")

    init(operators: Operators) { self.operators = operators }

    /// The account name of whoever asked; throws when they may not act.
    func admit(_ context: Caller) async throws -> String {
        guard let peer = context.peer else {
            throw OperationError(403, "the kernel does not say who is asking")
        }
        let name = await names.run { () throws(Never) in Accounts.name(ofUser: peer.uid) }
        guard operators.admit(peer) else {
            throw operators.refusal(name: name, uid: peer.uid)
        }
        return name
    }
}
