internal import CHost
package import Foundation

/// What systemd is told about the daemon: ready, reloading, alive, stopping, and one line of
/// status. Does nothing when nobody listens (`NOTIFY_SOCKET` unset): a run by hand needs no guard.
package struct ServiceNotify: Sendable {
    private let socket: String?

    /// Seconds between two signs of life, half of what systemd allows; nil when it wants none.
    package let watchdogInterval: TimeInterval?

    package init(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        pid: Int32 = getpid()
    ) {
        socket = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        watchdogInterval = Self.watchdogInterval(environment, pid: pid)
    }

    /// Start-up is over, or a reload is.
    package func ready(status: String? = nil) throws(HostError) {
        try send(["READY=1"] + line(status))
    }

    /// A reload has begun; `ready` ends it.
    package func reloading() throws(HostError) {
        try send(["RELOADING=1", "MONOTONIC_USEC=\(sluice_monotonic_microseconds())"])
    }

    /// Alive. Only after every part that must tick has ticked.
    package func watchdog() throws(HostError) { try send(["WATCHDOG=1"]) }

    package func stopping() throws(HostError) { try send(["STOPPING=1"]) }

    /// One line for `systemctl status`.
    package func status(_ text: String) throws(HostError) { try send(line(text)) }

    private func line(_ status: String?) -> [String] {
        // A line break would begin another assignment.
        status.map { ["STATUS=" + $0.split(whereSeparator: \.isNewline).joined(separator: " ")] }
            ?? []
    }

    private func send(_ assignments: [String]) throws(HostError) {
        guard let socket else { return }
        let result = sluice_notify(socket, assignments.joined(separator: "\n"))
        guard result == 0 else { throw HostError("notify", socket, -result) }
    }

    private static func watchdogInterval(
        _ environment: [String: String], pid: Int32
    ) -> TimeInterval? {
        guard let text = environment["WATCHDOG_USEC"], let limit = UInt64(text), limit > 0 else {
            return nil
        }
        if let owner = environment["WATCHDOG_PID"], owner != String(pid) { return nil }
        return TimeInterval(limit) / 2_000_000
    }
}
