import Bookkeeping
import Feeds
import Foundation
import Host
import Model
import Profiles

// Editions that go out once more, made again of their items: whatever has become of the products since,
// without the pictures that are gone.
extension Publisher {
    /// The new edition waits for a person, and the one that is out names pictures that had to go, or has
    /// stood for as long as one may: it goes out again without them, and is otherwise as it was. Then what
    /// waits for the person is asked again, held against this one.
    /// - Returns: nil where that cannot be made, which is told.
    func reduce(
        _ last: EditionRecord, _ order: Order
    ) async throws(LedgerError) -> EditionRecord? {
        let (there, gone) = try await context.ledger.images(of: last)
        do {
            return try await stage(last, order, without: gone, naming: there, isRewind: false)
        } catch let error as LedgerError {
            throw error
        } catch {
            _ = unmade(error)
            return nil
        }
    }

    /// A person has put back an earlier edition: nothing else goes out. What was all right when they were
    /// answered may have had to go since; that is left out.
    func putBack(_ rewind: Rewind, _ order: Order) async throws(LedgerError) -> Date? {
        if let waiting = order.editions.last, waiting.number == rewind.madeAs,
            try await isReady(waiting, order.feed)
        {
            return try await send(waiting, showing: nil, order.feed, to: order.destination)
        }
        let old = order.editions.first { $0.number == rewind.edition && $0.state == .confirmed }
        guard let old else {
            try await context.ledger.endRewind(
                of: channel, because: "edition \(rewind.edition) is not kept any more")
            return clock.now()
        }
        let record: EditionRecord
        do {
            let (path, ledger) = (path(old.file), context.ledger)
            let (profile, feed) = (order.profile, order.feed)
            let review = try await lane.run { () throws(any Error) in
                try PictureReview(of: path, on: profile, feed, ledger)
            }
            record = try await stage(
                old, order, without: review.gone, naming: review.there, isRewind: true)
            made()
        } catch let error as LedgerError {
            throw error
        } catch {
            return unmade(error)
        }
        CrashPoint.reach("edition.recorded")
        // Nothing that it names is let go from now on; what was before is looked at again.
        guard try await context.ledger.isConfirmed(record) else { return clock.now() }
        return try await send(record, showing: nil, order.feed, to: order.destination)
    }

    /// - Parameter there: names, folded, of the pictures that it names.
    private func stage(
        _ old: EditionRecord, _ order: Order, without gone: Set<String>, naming there: Set<String>,
        isRewind: Bool
    ) async throws -> EditionRecord {
        let (feed, now) = (order.feed, context.ledger.now())
        let name = EditionName.make(at: now.edition, in: feed.format)
        let (old, new, last) = (path(old.file), path(name), order.last.map { path($0.file) })
        let edition = try await lane.run { () throws(FeedError) in
            // What the channel has and this one does not fill is sent empty.
            let parts = last.map { EditionParts.files($0).count } ?? 0
            return try Staging(
                path: new, format: feed.format, name: feed.file.rawValue, now: now
            ).stage(reducing: old, parts: parts) {
                Self.names($0, one: gone, of: feed)
            }.edition
        }
        for stale in order.editions where stale.state != .confirmed { discard(stale.file) }
        return try await context.ledger.stageEdition(
            channel: channel, file: name, sha256: edition.sha256, items: edition.items,
            bytes: edition.bytes, images: { try there.forEach($0) }, madeAt: now, hold: nil,
            isRewind: isRewind)
    }
}

extension Rewind {
    /// Why other editions wait.
    func words(in zone: TimeZone) -> String {
        "edition \(edition) was put back by \(by), \(at.plain(in: zone))"
    }
}
