internal import ArgumentParser
internal import Control
internal import Export
internal import Foundation
internal import Host
internal import Logging
internal import Model
internal import ServiceLifecycle
internal import Synchronization
internal import UnixSignals
internal import Wire

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the daemon.",
        discussion: """
            SIGHUP takes new profiles, SIGTERM stops: transfers in hand get twelve seconds to end \
            well, and the whole has ended after 25. Its state directory is its own: a second daemon on it says so and exits.
            """)

    @OptionGroup var options: Options
    @Option(help: "What is logged: this and what is graver.") var log: LogLevel = .notice

    func run() async throws {
        let configuration = try options.configuration()
        let logger = startLogging()
        signal(SIGPIPE, SIG_IGN)
        // As the unit says, also by hand: the ledger and the masters are nobody else's.
        umask(0o077)
        do throws(HostError) {
            try OwnProcess.hide()
        } catch {
            throw Failure.couldNot("\(error)", next: "what does the service's unit forbid?")
        }
        let lock = try takeLock(configuration)
        let claim = try claimSocket(configuration)
        let notify = ServiceNotify()
        let daemon = try start(configuration, notify, logger)
        try await daemon.prepare()
        let operators = await Lane("accounts").run {
            Operators(users: configuration.socket.users, groups: configuration.socket.groups)
        }
        for name in operators.unknown {
            logger.warning("no such operator on this machine", metadata: ["name": "\(name)"])
        }
        let socket = SocketService(
            path: configuration.socket.path, operators: operators,
            handlers: Answering.handlers(of: daemon), logger: logger,
            started: {
                try? notify.ready(status: "working")
                logger.notice("ready", metadata: ["socket": "\(configuration.socket.path)"])
            })
        let parts = PartsAtWork()
        let lastResort = LastResort(parts, logger)
        defer { withExtendedLifetime(lastResort) {} }
        let services = daemon.services + [Hangup(daemon: daemon, logger: logger), socket]
        var group = ServiceGroupConfiguration(
            services: services.map { Part(service: $0, parts: parts) } + [
                Farewell(notify: notify)
            ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(20)
        do {
            try await ServiceGroup(configuration: group).run()
        } catch is CancellationError {
            // What it works at is in the ledger, as after a crash.
            logger.warning("stopped, and not all had ended in its time")
        } catch {
            throw Failure.couldNot(
                "the daemon stopped: \(error)", next: daemon.advice(on: error))
        }
        parts.begin("ledger")
        await daemon.close()
        _ = consume claim
        _ = consume lock
    }

    private func startLogging() -> Logger {
        let level = log.level
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        return Logger(label: "sluice")
    }

    private func takeLock(_ configuration: Configuration) throws(Failure) -> FileLock {
        do throws(HostError) {
            try Files.makeDirectory(configuration.state)
            if let lock = try FileLock(configuration.state + "/lock") { return lock }
        } catch {
            throw .couldNot(
                "\(error)", next: "is '\(configuration.state)' there, and the daemon's own?")
        }
        throw .couldNot(
            "another daemon works on '\(configuration.state)'",
            next: "'sluice status' asks it; two never share one state directory")
    }

    private func claimSocket(_ configuration: Configuration) throws(Failure) -> SocketClaim {
        do throws(SocketService.Failure) {
            return try SocketClaim.take(configuration.socket.path)
        } catch {
            throw .couldNot("\(error)", next: error.next)
        }
    }

    private func start(
        _ configuration: Configuration, _ notify: ServiceNotify, _ logger: Logger
    ) throws(Failure) -> Daemon {
        let settings = try configuration.settings()
        do throws(DaemonError) {
            return try Daemon(
                settings: settings, version: SluiceCommand.version, notify: notify,
                logger: logger)
        } catch {
            if case .ledger(let message, _, isNewer: true) = error {
                throw .badConfiguration(message)
            }
            throw .couldNot("\(error)", next: error.next)
        }
    }
}

/// swift-log's levels that make sense for a daemon.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case debug, info, notice, warning, error

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .notice }
}

/// SIGHUP takes new profiles, like `sluice reload`.
private struct Hangup: Service {
    let daemon: Daemon
    let logger: Logger

    func run() async throws {
        signal(SIGHUP, SIG_IGN)
        let (signals, continuation) = AsyncStream<Void>.makeStream(
            bufferingPolicy: .bufferingNewest(1))
        let source = DispatchSource.makeSignalSource(signal: SIGHUP)
        source.setEventHandler { continuation.yield() }
        source.resume()
        defer { source.cancel() }
        await cancelWhenGracefulShutdown {
            for await _ in signals {
                do {
                    let answer = try await daemon.reload(by: "SIGHUP")
                    for problem in answer.problems { logger.error("\(problem)") }
                } catch {
                    logger.error("reload failed", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}

/// What has begun and not come to its end.
private final class PartsAtWork: Sendable {
    private let parts = Mutex<[String]>([])

    var names: String { parts.withLock { $0.joined(separator: ", ") } }

    func begin(_ part: String) { parts.withLock { $0.append(part) } }

    func end(_ part: String) {
        parts.withLock { parts in parts.firstIndex(of: part).map { _ = parts.remove(at: $0) } }
    }
}

/// A service that says when it has ended.
private struct Part: Service {
    let service: any Service
    let parts: PartsAtWork

    func run() async throws {
        let name = "\(type(of: service))"
        parts.begin(name)
        defer { parts.end(name) }
        try await service.run()
    }
}

/// Tells systemd that the stop has begun.
private struct Farewell: Service {
    let notify: ServiceNotify

    func run() async throws {
        try await gracefulShutdown()
        try? notify.stopping()
    }
}

/// Sees to it that a stop comes to its end, whatever hangs.
private final class LastResort: Sendable {
    /// Seconds, and one more for the last words; the unit's TimeoutStopSec is longer, and ends the process
    /// the hard way.
    private static let longest = 24.0

    // Unchecked: set once, and kept.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    /// Not a service: Swift's threads may be what hangs, and so may who reads the log.
    init(_ parts: PartsAtWork, _ logger: Logger) {
        let queue = DispatchQueue(label: "last resort")
        sources = [SIGTERM, SIGINT].map { signal in
            let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
            source.setEventHandler {
                Thread.sleep(forTimeInterval: Self.longest)
                PermanentThread.start("last words") {
                    logger.error(
                        "left, though not all had come to its end; what it worked at is in the ledger, as after a crash",
                        metadata: ["still at work": "\(parts.names)"])
                }
                Thread.sleep(forTimeInterval: 1)
                OwnProcess.leave(0, isFlushing: false)
            }
            return source
        }
        for source in sources { source.activate() }
    }
}
