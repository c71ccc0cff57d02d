internal import HTTPTypes
internal import Host
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes

/// One connection's gatekeeper, behind the HTTP codec: finds out who is there, takes a seat, and
/// closes on whoever is too slow to ask or to read. The server's own idle timeout stops counting
/// while it answers and starts anew with every piece of a body; these do not.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    struct Limits: Sendable {
        /// A request must be whole this long after the connection or the previous answer.
        var asking: TimeAmount = .seconds(15)
        /// An answer may wait this long for the client to read.
        var reading: TimeAmount = .seconds(10)
        /// Bytes of one request's body; more closes the connection.
        var body = 1 << 20
    }

    /// Nil: the kernel would not say, and nothing is answered.
    private(set) var peer: Peer?
    private let quota: ConnectionQuota
    private let operators: Operators
    private let limits: Limits
    private var begun = false
    private var seated = false
    /// A request has begun and is not whole.
    private var isAsking = false
    /// The server waits for what was begun, and stops.
    private var isEnding = false
    private var bodyBytes = 0
    private var unanswered = 0
    private var deadline: Scheduled<Void>?
    private var timeouts: Scheduled<Void>?

    init(quota: ConnectionQuota, operators: Operators, limits: Limits) {
        self.quota = quota
        self.operators = operators
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        guard seated else { return }
        switch part {
        case .head:
            bodyBytes = 0
            isAsking = true
        case .body(let bytes):
            bodyBytes += bytes.readableBytes
            guard bodyBytes <= limits.body else { return context.close(promise: nil) }
        case .end:
            isAsking = false
            unanswered += 1
            deadline?.cancel()
        }
        context.fireChannelRead(data)
    }

    /// The server waits for the end of what was begun: nobody's half a request is to hold up the stop.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            isEnding = true
            if isAsking, unanswered == 0 { return context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            unanswered = max(0, unanswered - 1)
            if unanswered == 0, isEnding, isAsking {
                context.writeAndFlush(data, promise: promise)
                return context.close(promise: nil)
            }
            if unanswered == 0 { expectRequest(context) }
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        timeouts?.cancel()
        if !context.channel.isWritable { timeouts = close(context, in: limits.reading) }
        context.fireChannelWritabilityChanged()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard !begun else { return }
        begun = true
        let found = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: CInt.self
        ) { try Peer(descriptor: $0) }
        peer = found ?? nil
        seated = quota.take(peer?.uid ?? .max, as: operators.rank(peer))
        // At once: those who wait for nothing would keep others from being let in.
        guard seated else { return refuse(context, Replies.busy) }
        expectRequest(context)
    }

    private func end() {
        if seated { quota.leave(peer?.uid ?? .max) }
        seated = false
        deadline?.cancel()
        timeouts?.cancel()
    }

    private func expectRequest(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = close(context, in: limits.asking)
    }

    private func close(_ context: ChannelHandlerContext, in time: TimeAmount) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }

    /// What is no HTTP, or too much of it, ends the connection. The server would answer too, and
    /// then wait for the client to hang up.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else { return context.fireErrorCaught(error) }
        refuse(context, Replies.malformed(error))
    }

    private func refuse(
        _ context: ChannelHandlerContext, _ answer: (head: HTTPResponse, body: ByteBuffer)
    ) {
        context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
        context.write(wrapOutboundOut(.body(answer.body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)))
            .assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
