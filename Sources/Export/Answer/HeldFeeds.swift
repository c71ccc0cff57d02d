import Bookkeeping
import Feeds
import Host
import Profiles
import Wire

// What `why` says of feeds whose next edition waits for a person.
extension Daemon {
    /// Those that have the SKU otherwise. Where an edition cannot be read, `sluice feed diff` says why.
    func heldFeeds(_ sku: String, _ profiles: [Profile]) async throws -> [WhyAnswer.HeldFeed] {
        var held: [WhyAnswer.HeldFeed] = []
        for profile in profiles where profile.feed != nil {
            let editions = try await ledger.editions(channel: profile.channel)
            guard let waiting = editions.last, waiting.state == .held, !waiting.released,
                let new = try? items(of: waiting)
            else { continue }
            let out = editions.last { $0.state == .confirmed }
            let old = out.flatMap { try? items(of: $0) }
            guard (out == nil) == (old == nil) else { continue }
            let change = await Lane("feed-item").run {
                try? EditionChanges.change(of: sku, from: old, to: new)
            }
            guard let change else { continue }
            held.append(
                WhyAnswer.HeldFeed(
                    channel: profile.channel, because: waiting.because ?? "", item: change.told))
        }
        return held
    }
}
