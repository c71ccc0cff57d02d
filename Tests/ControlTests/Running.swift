import Control
import Foundation
import Logging
import ServiceLifecycle
import SocketClient
import Wire

/// A socket that is listening, in a directory of its own.
struct Running: Sendable {
    let path: String
    let client: Client
    let operations: FakeOperations
    let group: ServiceGroup

    /// Nobody has this id.
    static let nobody = "4294967294"

    static func with<Value: Sendable>(
        operators: Operators = Operators(users: [String(getuid())], groups: []),
        timeouts: SocketService.Timeouts = .init(),
        _ body: @escaping @Sendable (Running) async throws -> Value
    ) async throws -> Value {
        let directory =
            FileManager.default.temporaryDirectory.path
            + "/sluice-\(UInt32.random(in: 0...UInt32.max))"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/s.sock"
        let operations = FakeOperations()
        let (started, start) = AsyncStream<Void>.makeStream()
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        let service = SocketService(
            path: path, operators: operators, handlers: operations.handlers, logger: logger,
            timeouts: timeouts, started: { start.finish() })
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: service)], logger: logger))
        let running = Running(
            path: path, client: Client(socket: path), operations: operations, group: group)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { start.finish() }
                try await group.run()
            }
            for await _ in started {}
            do {
                let value = try await body(running)
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                return value
            } catch {
                tasks.cancelAll()
                throw error
            }
        }
    }
}
