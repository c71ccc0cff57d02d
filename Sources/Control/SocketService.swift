// The socket: anyone on this machine may ask, operators may also act. HTTP/1.1 with JSON over a
// Unix socket; the kernel says who asks, nobody logs in. Promises that no client can hold up the
// daemon: seats, header, body, waiting and not reading are all bounded. What can be asked is the table
// of `Operations` in Wire; what the answers mean and what an order does is the engine's business,
// behind `Handlers`. An error is `{"error": "...", "next": "..."}`, where `next` is what to do about it,
// when known.

package import Foundation
internal import Host
internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle

/// Listens on the Unix socket until the daemon stops. The caller holds the daemon's lock: whatever
/// socket lies at the path belongs to a dead one and is replaced.
package struct SocketService: Service {
    package enum Failure: Error, CustomStringConvertible {
        case pathTooLong(String)
        case cannotListen(String, String)
        case taken(String, by: String?)

        package var description: String {
            switch self {
            case .pathTooLong(let path):
                "the socket's path '\(path)' is longer than \(Self.longestPath) bytes, "
                    + "set a shorter socket: path: in sluice.yaml"
            case .cannotListen(let path, let why): "cannot listen on '\(path)': \(why)"
            case .taken(let path, let who):
                "another daemon listens on '\(path)'" + (who.map { " (\($0))" } ?? "")
            }
        }

        package var next: String? {
            guard case .taken = self else { return nil }
            return "stop that one, or set another socket: path: in sluice.yaml"
        }

        /// sizeof(sockaddr_un.sun_path) less the final zero.
        static let longestPath = 107
    }

    /// How patient the socket is; seconds and seats.
    package struct Timeouts: Sendable {
        package var asking: TimeInterval = 15
        package var reading: TimeInterval = 10
        package var quota = ConnectionQuota()

        package init() {}
    }

    /// Those who may wait to be let in; the kernel's own limit is 4096.
    private static let backlog = 1024

    private let path: String
    private let operators: Operators
    private let routes: Routes
    private let timeouts: Timeouts
    private let started: @Sendable () async -> Void
    private let logger: Logger

    /// `started` is called once clients can connect.
    package init(
        path: String, operators: Operators, handlers: Handlers, logger: Logger,
        timeouts: Timeouts = Timeouts(), started: @escaping @Sendable () async -> Void = {}
    ) {
        self.path = path
        self.operators = operators
        routes = Routes(handlers: handlers, authority: Authority(operators: operators))
        self.timeouts = timeouts
        self.started = started
        self.logger = logger
    }

    package func run() async throws {
        guard path.utf8.count <= Failure.longestPath else { throw Failure.pathTooLong(path) }
        try Self.makeDirectory(of: path)
        do {
            try await server().run()
        } catch {
            // With all others, where the stop took too long.
            guard !Task.isCancelled else { throw CancellationError() }
            throw Failure.cannotListen(path, "\(error)")
        }
    }

    /// Hummingbird's `Application` would wake the daemon every second to have the date at hand.
    private func server() throws -> any Service {
        let responder = routes.router().buildResponder()
        let logger = logger
        return try HTTPServerBuilder.http1(configuration: channelConfiguration()).buildServer(
            configuration: ServerConfiguration(
                address: .unixDomainSocket(path: path), serverName: "sluice",
                backlog: Self.backlog,
                // Those without a seat leave at once; in a flood some are about to.
                availableConnectionsDelegate: .maximum(2 * timeouts.quota.total, logger: logger)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger
        ) { (request, writer: consuming ResponseWriter, channel) in
            let context = Caller(source: .init(channel: channel, logger: logger))
            // `ErrorMiddleware` has made a response of every error but a client that hung up.
            let response = try await responder.respond(to: request, context: context)
            try await writer.write(response: response.head, body: response.body)
        } onServerRunning: {
            await open($0)
        }
    }

    private func channelConfiguration() -> HTTP1Channel.Configuration {
        let (quota, operators) = (timeouts.quota, operators)
        let limits = ConnectionGuard.Limits(
            asking: .nanoseconds(Int64(timeouts.asking * 1e9)),
            reading: .nanoseconds(Int64(timeouts.reading * 1e9)))
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                ConnectionGuard(quota: quota, operators: operators, limits: limits)
            ],
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 8 << 10, maxHeaderListSize: 16 << 10,
                maxHeaderFieldCount: 64))
    }

    /// systemd has made the directory; a run by hand has not.
    static func makeDirectory(of path: String) throws(HostError) {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        let directory = String(path[..<slash])
        guard !Files.exists(directory) else { return }
        try Files.makeDirectory(directory, mode: 0o755)
        guard chmod(directory, 0o755) == 0 else { throw HostError("chmod", directory, errno) }
    }

    /// Everybody may connect, whatever the umask; the peer decides.
    private func open(_ listener: any Channel) async {
        try? await listener.eventLoop.submit {
            try listener.pipeline.syncOperations.addHandler(Doorkeeper(), position: .first)
        }.get()
        if chmod(path, 0o666) != 0 {
            logger.error(
                "cannot open the socket to everybody",
                metadata: ["path": "\(path)", "error": "\(String(cString: strerror(errno)))"])
        }
        await started()
    }
}
