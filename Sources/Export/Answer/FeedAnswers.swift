import Bookkeeping
import Feeds
import Foundation
import Host
import Profiles
package import Wire

// What `sluice feed` says: the editions that are kept, and what one of them would change, or has.
extension Daemon {
    package func feedEditions(on channel: String) async throws -> FeedEditionsAnswer {
        FeedEditionsAnswer(
            channel: channel, editions: try await editions(on: channel).reversed().map(\.told))
    }

    package func feedDiff(_ question: FeedDiffQuestion) async throws -> FeedDiffAnswer {
        let channel = question.channel
        let editions = try await editions(on: channel)
        let compared = try Compared(
            editions, after: question.after, edition: question.edition, on: channel)
        let new = try items(of: compared.new.record)
        let old = try compared.old.map { try items(of: $0.record) }
        let limit = min(question.limit, FeedDiffQuestion.most)
        let isPage = question.after != nil
        let changes: EditionChanges
        do throws(FeedError) {
            // A lane of its own: the publisher's has a feed to write.
            changes = try await Lane("feed-diff").run { () throws(FeedError) in
                try isPage
                    ? EditionChanges(from: old, to: new, after: compared.place, limit: limit)
                    : EditionChanges(from: old, to: new, told: limit)
            }
        } catch {
            throw Declined.conflict(
                error.message, next: "an edition may just have been replaced: ask again")
        }
        let all = changes.counts.values.reduce(0, +)
        let start = all > changes.named.count ? EditionChanges.Place.start : nil
        var answer = FeedDiffAnswer(
            channel: channel, old: compared.old?.told, new: compared.new.told,
            counts: isPage ? nil : changes.told, items: changes.named.map(\.told),
            after: (isPage ? changes.next : start).map(compared.cursor))
        if question.edition != nil, !isPage {
            answer.gone = try await review(compared.new.record).told
        }
        return answer
    }

    /// Where an edition lies whose items can be read.
    func items(of edition: EditionRecord) throws(Declined) -> String {
        let path = "\(store.editions)/\(edition.channel)/\(edition.file)"
        guard Files.exists(path), !EditionPictures.areKept(of: path) else { return path }
        let which = "edition \(edition.number) of the feed of '\(edition.channel)'"
        throw Declined.conflict(
            which + " was made by an earlier version of sluice, which kept no items of it",
            next: "those that were made since have them")
    }

    /// By number, the oldest first; at least one.
    func editions(on channel: String) async throws -> [KeptEdition] {
        try await mustKnow(channel)
        let records = try await ledger.editions(channel: channel)
        guard !records.isEmpty else {
            let hasFeed = active.profile(channel)?.feed != nil
            throw Declined.conflict(
                hasFeed
                    ? "no edition of the feed of '\(channel)' has been made yet"
                    : "'\(channel)' has no feed",
                next: hasFeed
                    ? "'sluice status' says what it waits for"
                    : "'feed' in its profile makes one")
        }
        let out = records.last { $0.state == .confirmed }?.number
        return records.map { KeptEdition(record: $0, isOut: $0.number == out) }
    }
}

struct KeptEdition {
    var record: EditionRecord
    /// The channel has this one.
    var isOut: Bool

    var told: FeedEdition {
        FeedEdition(
            number: record.number, state: state, items: record.items, bytes: record.bytes,
            madeAt: record.madeAt, publishedAt: record.confirmedAt, because: record.because)
    }

    private var state: FeedEdition.State {
        switch record.state {
        case .confirmed: isOut ? .published : .earlier
        case .held where !record.released: .held
        case .held, .staged: .onItsWay
        }
    }
}

/// Which two are compared, and from where on.
private struct Compared {
    var old: KeptEdition?
    var new: KeptEdition
    var place: EditionChanges.Place?

    /// - Parameter cursor: of an answer before: the same two.
    init(
        _ editions: [KeptEdition], after cursor: String?, edition: Int?, on channel: String
    ) throws(Declined) {
        guard let cursor else {
            if let edition {
                old = editions.first(where: \.isOut)
                new = try editions.earlier(edition, on: channel)
            } else {
                (old, new) = try Self.newest(editions, on: channel)
            }
            return
        }
        let words = cursor.split(separator: ".").map { Int($0) ?? -1 }
        guard words.count == 4, words.allSatisfy({ $0 >= 0 }),
            let new = editions.first(where: { $0.record.number == words[1] })
        else { throw Self.haveChanged(channel) }
        old = editions.first { $0.record.number == words[0] }
        guard old != nil || words[0] == 0 else { throw Self.haveChanged(channel) }
        self.new = new
        let place = EditionChanges.Place(old: words[2], new: words[3])
        self.place = place == .start ? nil : place
    }

    private static func newest(
        _ editions: [KeptEdition], on channel: String
    ) throws(Declined) -> (old: KeptEdition?, new: KeptEdition) {
        guard let new = editions.last else { throw haveChanged(channel) }
        let old = editions.dropLast().last { $0.record.state == .confirmed }
        guard old != nil || new.record.state != .confirmed else {
            throw Declined.conflict(
                "there is one edition of the feed of '\(channel)', and nothing to hold it against",
                next: "'sluice feed list \(channel)' shows it")
        }
        return (old, new)
    }

    private static func haveChanged(_ channel: String) -> Declined {
        Declined.conflict(
            "the editions of the feed of '\(channel)' are others meanwhile", next: "begin it again")
    }

    /// Editions are numbered from 1.
    func cursor(_ place: EditionChanges.Place) -> String {
        [old?.record.number ?? 0, new.record.number, place.old, place.new]
            .map(String.init).joined(separator: ".")
    }
}

extension EditionChanges {
    fileprivate var told: FeedDiffAnswer.Counts {
        FeedDiffAnswer.Counts(
            removed: counts[.removed, default: 0], added: counts[.added, default: 0],
            changed: counts[.changed, default: 0], same: same)
    }
}

extension EditionChanges.Place {
    /// Stands for the first items, in a cursor.
    fileprivate static let start = Self(old: 0, new: 0)
}

extension ItemChange {
    var told: FeedDiffAnswer.Item {
        FeedDiffAnswer.Item(
            change: kind.rawValue, sku: sku, id: id,
            attributes: kind == .changed
                ? attributes.map { .init(name: $0.name, old: $0.old, new: $0.new) } : nil)
    }
}
