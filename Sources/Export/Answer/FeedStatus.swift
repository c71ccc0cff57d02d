import Bookkeeping
import Foundation
import Model
import Profiles
import Wire

// What `sluice status` says of a channel's feed.
extension Daemon {
    /// Products that are named.
    private static let named = 3

    /// Kinds of gates that keep a product out of a feed as they should.
    static let asMeant: Set<String> = [
        Gate.Kind.rights.rawValue, Gate.Kind.selection.rawValue, Gate.Kind.withdrawn.rawValue,
    ]

    func feed(of record: ChannelRecord, _ counts: Counts) async throws(LedgerError)
        -> StatusAnswer.Feed?
    {
        guard let profile = active.profile(record.name), let feed = profile.feed else {
            return nil
        }
        let editions = try await ledger.editions(channel: record.name)
        let out = editions.last { $0.state == .confirmed }
        let waiting = editions.last.flatMap { $0.state == .confirmed ? nil : $0 }
        let isHeld = waiting?.state == .held && waiting?.released == false
        let rewind =
            profile.state == .retired ? nil : try await ledger.rewind(of: record.name)
        let omitted = (counts.omissions[record.name] ?? [:])
            .filter { $0.value > 0 && !Self.asMeant.contains($0.key) }
        var answer = StatusAnswer.Feed(
            file: feed.file.rawValue, items: out?.items ?? 0, publishedAt: out?.confirmedAt,
            held: isHeld ? waiting?.because : nil, failed: isHeld ? nil : waiting?.because,
            omitted: omitted.values.reduce(0, +),
            omissions: try await examples(of: omitted, record.name))
        if let rewind {
            answer.rewound = rewind.edition
            answer.held =
                answer.held ?? rewind.words(in: zone) + (rewind.isOut ? "" : "; it is on its way")
        }
        if answer.failed != nil, let out, try await !ledger.stands(out) { answer.namesGone = true }
        try await addVerdicts(to: &answer, on: profile, counts)
        return answer
    }

    /// A few.
    private func examples(
        of omitted: [String: Int], _ channel: String
    ) async throws(LedgerError) -> [StatusAnswer.Feed.Omission] {
        var examples: [StatusAnswer.Feed.Omission] = []
        for kind in Gate.Kind.allCases where omitted[kind.rawValue] != nil {
            let limit = Self.named - examples.count
            guard limit > 0 else { break }
            examples += try await ledger.omissions(channel: channel, kind: kind, limit: limit)
                .map { StatusAnswer.Feed.Omission(sku: $0.sku, reason: $0.reason) }
        }
        return examples
    }
}

extension StatusAnswer.Feed {
    /// Why the channel is red.
    func trouble(on channel: String) -> String? {
        if let held, rewound != nil {
            return "the feed is held: \(held); what must go still leaves it; mend what was wrong, "
                + "then 'sluice feed diff \(channel)' shows what the next edition would change, and "
                + "'sluice release \(channel)' lets it go out"
        }
        return held.map {
            "the feed is held, the last edition stays: \($0); bring them back, or "
                + "'sluice release \(channel)'; 'sluice feed diff \(channel)' shows all that it would "
                + "change"
        }
    }

    /// What a person should look at soon.
    /// - Parameter live: pictures the channel has.
    func attention(on channel: String, live: Int) -> [StatusAnswer.Cause] {
        var reasons: [(String, String)] = []
        if items == 0, live > 0, publishedAt != nil {
            reasons.append(
                (
                    "no-items",
                    "the feed has no items, though \(Amount.count(live, "picture is", "pictures are")) "
                        + "live; 'sluice why SKU' says why of each"
                ))
        }
        if let first = omissions.first {
            let more = omitted - omissions.count
            reasons.append(
                (
                    "left-out",
                    "\(omitted) live and left out of \(held == nil ? "the feed" : "the edition that waits"): "
                        + omissions.map { "\($0.sku) (\($0.reason))" }.joined(separator: ", ")
                        + (more > 0 ? " and \(more) more" : "")
                        + "; whose turn it is says \"sluice why \(first.sku.shellWord)\", all of them "
                        + "'sluice list left-out --channel \(channel)'"
                ))
        }
        if let failed {
            reasons.append(
                (
                    "failed",
                    "the feed could not be published, it is tried again: \(failed); sooner: "
                        + "'sluice retry --channel \(channel)'"
                ))
        }
        return (reasons + verdictReasons()).map { subject, says in
            StatusAnswer.Cause(.feed, .yellow, on: channel, of: subject, says)
        }
    }
}
