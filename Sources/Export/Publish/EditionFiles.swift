import Bookkeeping
import Feeds
import Foundation
import Host
import Model
import Synchronization

// Where a channel's editions lie, and what is said when there is no room for one.
extension Publisher {
    var directory: String { context.store.editions + "/" + channel }

    func path(_ file: String) -> String { directory + "/" + file }

    func discard(_ file: String) {
        Staging.remove(path(file))
    }

    /// Takes away what a daemon that was killed had begun to write, or not written down yet: it may be
    /// as large as an edition, and nobody else would ever ask for it.
    func sweep() async throws(LedgerError) {
        // What a lost ledger does not know may be in the snapshot that is brought back.
        guard try await context.ledger.loss() == nil else { return }
        let known = try await context.ledger.editions(channel: channel).map(\.file)
        let directory = directory
        await lane.run {
            for name in (try? Files.names(in: directory)) ?? [] {
                let isWhole = !name.hasSuffix(".unchecked")
                if isWhole, known.contains(where: { name == $0 || name.hasPrefix($0 + ".") }) {
                    continue
                }
                try? Files.remove(directory + "/" + name)
            }
        }
    }

    /// Says that no edition could be made, until one is. The one that is out stays, here and there.
    /// - Returns: when it is tried again: ever later, since an attempt may write all of it.
    func unmade(_ error: any Error) -> Date {
        let isHosts = error is HostError || (error as? FeedError)?.remedy == .fixHost
        context.standstills.report(
            .edition, on: channel, "\(error)",
            remedy: isHosts
                ? "free some space or mend the disk of '\(directory)'; it goes on by itself"
                : "mend what is named; it is tried again")
        return attempts.withLock { attempts in
            let delay = min(Self.timeouts * pow(2, Double(min(attempts.count, 10))), Self.longest)
            attempts = (attempts.count + 1, clock.now(plus: delay))
            return attempts.next
        }
    }

    /// One could, or none is asked for any more.
    func made() {
        attempts.withLock { $0 = (0, .distantPast) }
        context.standstills.clear(.edition, on: channel)
    }
}
