private import CHost
private import Foundation

/// A thread of ours. Foundation's does not say when it could not be started, as where a process has as
/// many as it may: whoever handed in work would wait for ever. This one is tried again until it starts.
package enum PermanentThread {
    private static let stack = 1 << 20
    /// Microseconds between two tries.
    private static let pause: useconds_t = 100_000
    private static let starter = Starter()

    package static func start(_ name: String, _ run: @escaping @Sendable () -> Void) {
        // Made with the first, while there is room.
        let starter = starter
        let body = Body(name, run)
        if !begin(body) { starter.add(body) }
    }

    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(_ name: String, _ run: @escaping @Sendable () -> Void) {
            (self.name, self.run) = (name, run)
        }
    }

    /// - Returns: false when there is no room for another thread.
    private static func begin(_ body: Body) -> Bool {
        let context = Unmanaged.passRetained(body)
        let failed = sluice_start_thread(
            body.name, stack,
            { context in
                guard let context else { return }
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
            }, context.toOpaque())
        if failed != 0 { context.release() }
        return failed == 0
    }

    /// Tries again to start those that could not be started, on a thread of its own. Only `waiting` is
    /// touched, and only while `condition` is locked.
    private final class Starter: @unchecked Sendable {
        private let condition = NSCondition()
        private var waiting: [Body] = []

        init() {
            let thread = Thread { while true { self.turn() } }
            thread.start()
        }

        func add(_ body: Body) {
            condition.lock()
            waiting.append(body)
            condition.signal()
            condition.unlock()
        }

        private func turn() {
            condition.lock()
            while waiting.isEmpty { condition.wait() }
            let bodies = waiting
            waiting = []
            condition.unlock()
            let failed = bodies.filter { !begin($0) }
            guard !failed.isEmpty else { return }
            usleep(PermanentThread.pause)
            condition.lock()
            waiting += failed
            condition.unlock()
        }
    }
}
