import Bookkeeping
import Foundation
import Host
import Logging
import ServiceLifecycle

/// Feeds systemd's watchdog, but only while the pool, the ledger's writer, the scanner, the
/// reconciler and the render feeder all take their turns.
struct Watchdog: Service {
    /// A part that is late by so much is stuck.
    private static let timeouts = Duration.seconds(300)

    let ledger: Ledger
    let heartbeat: Heartbeat
    let notify: ServiceNotify
    let logger: Logger

    func run() async throws {
        guard let interval = notify.watchdogInterval else {
            return try await gracefulShutdown()
        }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let silent = heartbeat.silent(for: Self.timeouts).filter(\.key.part.isVital)
                if silent.isEmpty, (try? await ledger.tick()) != nil {
                    try? notify.watchdog()
                } else {
                    logger.critical(
                        "not feeding the watchdog",
                        metadata: ["silent": "\(silent.map(\.key.part.rawValue))"])
                }
                try? await Task.sleep(for: .seconds(interval))
            }
        }
    }
}
