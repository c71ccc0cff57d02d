import Bookkeeping
import Feeds
import Foundation
import Host
import Model
import Profiles

// What stands between a feed that shrinks and its channel, and what does not.
extension Publisher {
    /// The new edition waits for a person, and the one that is out names pictures that had to go: it
    /// goes out again without them, and is otherwise as it was.
    func sendReduced(
        _ last: EditionRecord, _ order: Order
    ) async throws(LedgerError) -> Date? {
        let (there, gone) = try await context.ledger.images(of: last)
        let (feed, now) = (order.feed, context.ledger.now())
        let name = EditionName.make(at: now.edition, in: feed.format)
        let (old, new) = (path(last.file), path(name))
        let staged: Staged
        do throws(FeedError) {
            staged = try await lane.run { () throws(FeedError) in
                try Staging(
                    path: new, format: feed.format, name: feed.file.rawValue, now: now
                ).stage(reducing: old) {
                    Self.names($0, one: gone, of: feed)
                }
            }
        } catch {
            return unmade(error)
        }
        for stale in order.editions where stale.state != .confirmed { discard(stale.file) }
        let edition = staged.edition
        let record = try await context.ledger.stageEdition(
            channel: channel, file: name, sha256: edition.sha256, items: edition.items,
            bytes: edition.bytes, images: there, madeAt: now, hold: nil)
        let next = try await send(record, showing: nil, feed, to: order.destination)
        // What waits for a person is asked again, held against this one.
        return next ?? clock.now()
    }

    func reasonToHold(
        _ draft: Draft, after last: EditionRecord?, _ profile: Profile, _ feed: Profile.Feed
    ) async throws(LedgerError) -> String? {
        // Taking everything down is what `retired` asks for.
        guard profile.state != .retired else { return nil }
        let edition = draft.staged.edition
        func reason(excused: Int) -> String? {
            edition.reasonToHold(last: last?.items, drop: feed.drop, excused: excused)
        }
        guard let first = reason(excused: draft.excused), let last else {
            return reason(excused: draft.excused)
        }
        let gone = try await context.ledger.images(of: last).gone
        let old = path(last.file)
        let comparison = await lane.run {
            try? Comparison(
                from: old, to: edition.path, told: Self.named,
                hadToGo: { Self.names($0, one: gone, of: feed) })
        }
        // Where the edition that is out lies here no more, nobody knows why what is gone is gone.
        guard let comparison else { return first }
        guard let reason = reason(excused: draft.excused + comparison.excused) else { return nil }
        let more = comparison.count - comparison.excused - comparison.gone.count
        guard !comparison.gone.isEmpty else { return reason }
        return reason + ": " + comparison.gone.map { "'\($0)'" }.joined(separator: ", ")
            + (more > 0 ? " and \(more) more" : "")
    }

    /// Whether an address in the feed is that of one of these pictures.
    private static func names(
        _ address: String, one names: Set<String>, of feed: Profile.Feed
    ) -> Bool {
        let base = feed.imageBase ?? ""
        let name = address.hasPrefix(base) ? address.dropFirst(base.count) : address[...]
        return names.contains(name.lowercased())
    }
}

extension EditionRecord {
    /// Not after the profile has changed the format.
    func fits(_ feed: Profile.Feed) -> Bool {
        EditionName.format(of: file) == feed.format.name
    }
}
