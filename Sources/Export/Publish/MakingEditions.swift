import Bookkeeping
import Feeds
import Foundation
import Host
import Model
import Profiles
import Synchronization
import Transports

// Editions of what is confirmed now.
extension Publisher {
    func make(_ order: Order) async throws(LedgerError) -> Date? {
        let (profile, feed, now, last) = (order.profile, order.feed, order.now, order.last)
        let name = EditionName.make(at: now.edition, in: feed.format)
        let standing = try await standing(order)
        let whole = standing == nil ? now : basis.withLock(\.self)?.whole ?? now
        func keepBasis(_ file: String) {
            basis.withLock {
                $0 = Basis(
                    file: file, change: order.change, revision: profile.revision, whole: whole)
            }
        }
        let draft: Draft
        defer { try? Files.remove(nameList(of: name)) }
        do {
            draft = try await write(profile, feed, at: now, as: name, order, standing)
            made()
        } catch {
            // It may be the edition that stands which cannot be read, or asked about: the next try is a whole one.
            basis.withLock { $0 = nil }
            discard(name)
            if let error = error as? LedgerError { throw error }
            if Task.isCancelled { return nil }
            return unmade(error)
        }
        try await context.ledger.forgetOmissions(channel: channel, before: now.edition)
        let isOut = try await isOut(draft, order)
        // A channel that has just begun has nothing to publish, and nothing is wrong with that.
        if isOut || last == nil && draft.staged.edition.items == 0 {
            if isOut, let last {
                // Of the same documents, and perhaps of other products.
                Staging.keepItems(of: path(name), for: path(last.file))
                keepBasis(last.file)
            }
            discard(name)
            try await context.ledger.feedIsCurrent(
                channel: channel, showing: order.changed, madeAt: now)
            context.signals.wake(channel: channel)
            return nil
        }
        let hold = try await reasonToHold(draft, order)
        // Where what is out cannot be made again, a person has to decide about this one.
        if hold != nil, let last, try await mustGoAgain(last, order),
            let reduced = try await reduce(last, order)
        {
            discard(name)
            return try await send(reduced, showing: nil, feed, to: order.destination)
                ?? clock.now()
        }
        if let waiting = order.editions.last, waiting.state == .held, !waiting.released,
            waiting.sha256 == draft.staged.edition.sha256
        {
            discard(name)
            context.active.setFeedHeld(order.changed, channel)
            return nil
        }
        if hold == nil { keepBasis(name) }
        return try await record(draft, as: name, order, hold)
    }

    /// The channel has these very documents, where it gets them now, and need not be given them again.
    private func isOut(_ draft: Draft, _ order: Order) async throws(LedgerError) -> Bool {
        let lies = try await context.ledger.fact(FeedPlace.fact(channel))
        return order.last?.sha256 == draft.staged.edition.sha256
            && lies == FeedPlace.of(order.feed, order.destination.address)
            && !order.isOverdue
    }

    /// - Parameter hold: why it waits for a person.
    private func record(
        _ draft: Draft, as name: String, _ order: Order, _ hold: String?
    ) async throws(LedgerError) -> Date? {
        for stale in order.editions where stale.state != .confirmed { discard(stale.file) }
        context.active.setFeedHeld(hold == nil ? nil : order.changed, channel)
        let edition = draft.staged.edition
        let list = nameList(of: name)
        let record = try await context.ledger.stageEdition(
            channel: channel, file: name, sha256: edition.sha256, items: edition.items,
            bytes: edition.bytes, images: { try NameList.read(list, $0) },
            standing: draft.standing.map { ($0.edition.number, but: $0.changed.images) },
            madeAt: order.now, hold: hold)
        CrashPoint.reach("edition.recorded")
        guard hold == nil else { return nil }
        return try await send(record, showing: order.changed, order.feed, to: order.destination)
    }

    /// What is out names a picture that had to go, or its channel drops what is not touched for longer.
    private func mustGoAgain(
        _ last: EditionRecord, _ order: Order
    ) async throws(LedgerError) -> Bool {
        let path = path(last.file)
        guard Files.exists(path) else { return false }
        if order.isOverdue, EditionPictures.areKept(of: path) { return true }
        return try await !context.ledger.stands(last)
    }

    struct Draft: Sendable {
        var staged: Staged
        /// Where all but the products that were asked about are from.
        var standing: Standing?
        /// SKUs of products left out because their rights end while the edition stands.
        var excused: Set<String>
    }

    /// The file of the pictures that the products asked about name; what a killed daemon leaves of it is
    /// swept with all that is unchecked.
    private func nameList(of name: String) -> String { path(name) + ".names.unchecked" }

    private func write(
        _ profile: Profile, _ feed: Profile.Feed, at now: Date, as name: String, _ order: Order,
        _ standing: Standing?
    ) async throws -> Draft {
        // A document that the channel has and no edition fills any more is sent empty.
        let before = order.last.flatMap { $0.fits(feed) ? self.path($0.file) : nil }
        let earlier = order.alike.filter { $0.fits(feed) }.compactMap {
            EarlierEdition(path: self.path($0.file), sha256: $0.sha256)
        }
        let (ledger, directory, path) = (context.ledger, directory, path(name))
        let list = nameList(of: name)
        let old = standing.map { self.path($0.edition.file) }
        return try await lane.run { () throws(any Error) in
            try Files.makeDirectory(directory)
            let parts = before.map { EditionParts.files($0).count } ?? 0
            let names = try NameList(list)
            var items = try EditionMaking(
                LiveItems(
                    profile: profile, feed: feed, ledger: ledger, now: now,
                    among: standing?.changed.skus, naming: names.add),
                standing: standing, at: old)
            // Not what is wrong with the feed, though it ends the making of it.
            var trouble: LedgerError?
            func noting<Value>(_ body: () throws -> Value) throws -> Value {
                do { return try body() } catch {
                    trouble = trouble ?? error as? LedgerError
                    throw error
                }
            }
            let staged: Staged
            do {
                staged = try Staging(
                    path: path, format: feed.format, name: feed.file.rawValue, now: now
                ).stage(feed.outline, parts: parts, earlier: earlier) {
                    try noting { try items.next() }
                } omitting: { omission in
                    try noting { try items.live.omit(omission) }
                }
            } catch {
                throw trouble ?? error
            }
            try items.live.recordOmitted()
            try names.finish()
            return Draft(staged: staged, standing: standing, excused: items.live.excused)
        }
    }
}
