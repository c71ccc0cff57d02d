import Bookkeeping
import Feeds
import Foundation
import Host
import Model
import Profiles

// What stands between a feed that shrinks and its channel, and what does not.
extension Publisher {
    /// - Returns: nil: it goes out.
    func reasonToHold(
        _ draft: Draft, _ order: Order
    ) async throws(LedgerError) -> String? {
        let shrinks = try await reasonToAsk(draft, after: order.last, order.profile, order.feed)
        guard let rewind = order.rewind else { return shrinks }
        return [rewind.words(in: order.profile.zone), shrinks].compactMap(\.self)
            .joined(separator: "; ")
    }

    private func reasonToAsk(
        _ draft: Draft, after last: EditionRecord?, _ profile: Profile, _ feed: Profile.Feed
    ) async throws(LedgerError) -> String? {
        // Taking everything down is what `retired` asks for.
        guard profile.state != .retired else { return nil }
        let edition = draft.staged.edition
        guard let last else { return edition.reasonToHold(last: nil, drop: feed.drop) }
        let old = path(last.file)
        func compare(
            _ hadToGo: @escaping @Sendable (String) -> Bool = { _ in false }
        ) async -> Comparison? {
            await lane.run {
                try? Comparison(
                    from: old, to: edition.path, told: Self.named, excusing: draft.excused,
                    hadToGo: hadToGo)
            }
        }
        func reason(_ comparison: Comparison) -> String? {
            edition.reasonToHold(
                last: last.items, gone: comparison.count, drop: feed.drop,
                excused: comparison.excused)
        }
        // Where the edition that is out lies here no more, nobody knows what is gone, and why.
        guard let first = await compare() else {
            return edition.reasonToHold(
                last: last.items, drop: feed.drop, excused: draft.excused.count)
        }
        guard let held = reason(first) else { return nil }
        let gone = try await context.ledger.images(of: last).gone
        guard let comparison = await compare({ Self.names($0, one: gone, of: feed) }) else {
            return held
        }
        guard let reason = reason(comparison) else { return nil }
        let more = comparison.count - comparison.excused - comparison.gone.count
        guard !comparison.gone.isEmpty else { return reason }
        return reason + ": " + comparison.gone.map { "'\($0)'" }.joined(separator: ", ")
            + (more > 0 ? " and \(more) more" : "")
    }

    /// Whether an address in the feed is that of one of these pictures.
    static func names(
        _ address: String, one names: Set<String>, of feed: Profile.Feed
    ) -> Bool {
        if names.contains(pictureName(address, of: feed)) { return true }
        guard !address.hasPrefix(feed.imageBase ?? "") else { return false }
        // The edition may be from before 'image_base' changed.
        var rest = address.lowercased()[...]
        while let slash = rest.firstIndex(of: "/") {
            rest = rest[rest.index(after: slash)...]
            if names.contains(String(rest)) { return true }
        }
        return false
    }

    /// Folded; of an address elsewhere, all of it.
    static func pictureName(_ address: String, of feed: Profile.Feed) -> String {
        let base = feed.imageBase ?? ""
        let name = address.hasPrefix(base) ? address.dropFirst(base.count) : address[...]
        return name.lowercased()
    }
}

extension EditionRecord {
    /// Not after the profile has changed the format.
    func fits(_ feed: Profile.Feed) -> Bool {
        EditionName.format(of: file) == feed.format.name
    }
}
