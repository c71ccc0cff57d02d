import Bookkeeping
import ServiceLifecycle

/// Notices while nothing is written that the ledger is no longer under its name, which ends the
/// daemon, and keeps the mark beside it close to what it holds.
struct LedgerWatch: Service {
    /// What was committed since is not missed when it is lost, unless a person decided it.
    private static let every = Duration.seconds(5)

    let ledger: Ledger

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try await ledger.keepUp()
                try? await Task.sleep(for: Self.every)
            }
        }
    }
}
