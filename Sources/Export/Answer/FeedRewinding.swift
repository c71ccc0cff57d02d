import Bookkeeping
import Feeds
import Foundation
import Host
import Model
import Profiles
package import Wire

// `sluice feed rewind`: an earlier edition goes out again. The publisher sends it; here it is seen whether
// it may, so that a person is told at once.
extension Daemon {
    package func rewindFeed(
        _ order: FeedRewindOrder, by who: String
    ) async throws -> DoneAnswer {
        let channel = order.channel
        let kept = try await editions(on: channel)
        let edition = try kept.earlier(order.edition, on: channel).record
        let review = try await review(edition)
        let isReduced = order.reduced == true
        if !review.gone.isEmpty, !isReduced || review.lost == review.all {
            throw Declined.gone(review, of: edition, isReduced: isReduced)
        }
        try await ledger.rewind(to: edition, by: who)
        supervisor.hurry(channel)
        let record = try await ledger.channel(channel)
        let waits = (record?.held ?? record?.paused).map {
            "it goes out once the channel goes on (\($0))"
        }
        let without = review.lost > 0 ? ", without \(Amount.count(review.lost, "item"))" : ""
        return DoneAnswer(
            done: "edition \(edition.number) of the feed of '\(channel)' is put back\(without), "
                + "and the feed is held: "
                + [waits, "'sluice release \(channel)' lets it go on"].compactMap(\.self)
                .joined(separator: "; "),
            count: isReduced ? review.touched : 0, names: isReduced ? review.skus : nil)
    }

    /// What has become of an earlier edition's pictures, where nothing else forbids that it goes out again.
    func review(_ edition: EditionRecord) async throws -> PictureReview {
        let channel = edition.channel
        try await mustServe(channel)
        guard let profile = active.profile(channel), let feed = profile.feed else {
            throw Declined.conflict(
                "'\(channel)' has no feed any more", next: "'feed' in its profile makes one")
        }
        guard profile.state == .live else {
            throw Declined.conflict(
                "'\(channel)' is '\(profile.state.rawValue)', so no edition of its feed is put back",
                next: "'state: live' in its profile, then 'sluice reload'")
        }
        guard edition.fits(feed) else {
            throw Declined.conflict(
                "edition \(edition.number) of the feed of '\(channel)' is in another format than "
                    + "'\(feed.format.name)', which the profile asks for now",
                next: "put back the profile's 'format', then 'sluice reload'")
        }
        let path = try items(of: edition)
        do {
            return try await Lane("feed-review").run { [ledger] () throws(any Error) in
                try PictureReview(of: path, on: profile, feed, ledger)
            }
        } catch let error as FeedError {
            throw Declined.conflict(error.message, next: "put back another one")
        }
    }
}

extension [KeptEdition] {
    /// One that the channel had.
    func earlier(_ number: Int, on channel: String) throws(Declined) -> KeptEdition {
        let earlier = filter { $0.record.state == .confirmed && !$0.isOut }
        let list = "'sluice feed list \(channel)' shows them all"
        guard let kept = first(where: { $0.record.number == number }) else {
            let numbers = earlier.map { "\($0.record.number)" }.joined(separator: ", ")
            throw Declined.unknown(
                "no edition \(number) of the feed of '\(channel)' is kept",
                next: (numbers.isEmpty ? "" : "of those it had before there are \(numbers); ")
                    + list)
        }
        guard !kept.isOut else {
            throw Declined.conflict(
                "edition \(number) is the one that '\(channel)' has",
                next: "'sluice hold \(channel)' keeps others away")
        }
        guard kept.record.state == .confirmed else {
            throw Declined.conflict("edition \(number) was never on '\(channel)'", next: list)
        }
        return kept
    }
}

extension PictureReview {
    var told: FeedDiffAnswer.Gone? {
        gone.isEmpty ? nil : FeedDiffAnswer.Gone(items: touched, lost: lost, skus: skus)
    }
}

extension Declined {
    fileprivate static func gone(
        _ review: PictureReview, of edition: EditionRecord, isReduced: Bool
    ) -> Declined {
        let channel = edition.channel
        let more = review.touched - review.skus.count
        let skus =
            review.skus.map { "'\($0)'" }.joined(separator: ", ")
            + (more > 0 ? " and \(more) more" : "")
        let items = Amount.count(review.touched, "item")
        let why =
            "edition \(edition.number) names pictures that '\(channel)' does not have any more or may not "
            + "show, in \(items): \(skus)"
        guard !isReduced else {
            return .conflict(why + "; without these nothing would be left of it")
        }
        let lost = Amount.count(review.lost, "item")
        let without = review.lost > 0 ? " and \(lost) that cannot be without" : ""
        let command = "sluice feed rewind \(channel) \(edition.number) --reduced"
        return .conflict(
            why,
            next: "'\(command)' puts it back without these pictures\(without)"
                + "; 'sluice why SKU' says what became of one")
    }
}
