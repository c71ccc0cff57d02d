import Bookkeeping
import Foundation
import Model
import Profiles
import Wire

// What channels say of the items of their feeds.
extension Daemon {
    /// Rejections that are named.
    private static let namedRejections = 3

    func verdicts(
        of sku: String, _ profiles: [Profile]
    ) async throws(LedgerError) -> [WhyAnswer.Verdict] {
        var verdicts: [WhyAnswer.Verdict] = []
        for said in try await ledger.saidOfItem(sku) {
            let profile = profiles.first { $0.channel == said.channel }
            guard profile?.feed?.verdicts != nil else { continue }
            let out = try await ledger.editions(channel: said.channel)
                .last { $0.state == .confirmed }
            verdicts.append(
                WhyAnswer.Verdict(
                    channel: said.channel, verdict: said.verdict, says: said.words,
                    since: said.since,
                    isOld: out?.confirmedAt.map { $0 > said.since } ?? false))
        }
        return verdicts
    }

    /// Adds them to what status says of a feed.
    func addVerdicts(
        to answer: inout StatusAnswer.Feed, on profile: Profile, _ counts: Counts
    ) async throws(LedgerError) {
        guard profile.feed?.verdicts != nil,
            let read = try await ledger.verdictsRead(of: profile.channel)
        else { return }
        let said = counts.said[profile.channel] ?? [:]
        func count(_ verdict: ItemVerdict) -> Int { said[verdict.rawValue] ?? 0 }
        answer.verdicts = StatusAnswer.Feed.Verdicts(
            accepted: count(.accepted), rejected: count(.rejected), pending: count(.pending),
            readAt: read.at, trouble: read.trouble)
        if read.unknown > 0 {
            answer.verdicts?.unknown = read.unknown
            answer.verdicts?.strangers = read.strangers
        }
        guard count(.rejected) > 0 else { return }
        answer.rejections = try await ledger.rejected(
            by: profile.channel, limit: Self.namedRejections
        ).map { StatusAnswer.Feed.Omission(sku: $0.sku, reason: $0.words) }
    }
}

extension SaidOfItem {
    fileprivate var words: String {
        message.isEmpty ? status : "\(status): \(message)"
    }
}

extension StatusAnswer.Feed {
    /// What a person should look at soon, by subject.
    func verdictReasons() -> [(String, String)] {
        guard let verdicts else { return [] }
        var reasons: [(String, String)] = []
        if verdicts.rejected > 0, let rejections, let first = rejections.first {
            let more = verdicts.rejected - rejections.count
            reasons.append(
                (
                    "rejected",
                    "\(Amount.count(verdicts.rejected, "item is", "items are")) rejected by the channel: "
                        + rejections.map { "\($0.sku) (\($0.reason))" }.joined(separator: ", ")
                        + (more > 0 ? " and \(more) more: \"sluice list rejected\"" : "")
                        + "; \"sluice why \(first.sku.shellWord)\" says since when"
                ))
        }
        if let trouble = verdicts.trouble {
            reasons.append(
                (
                    "unread",
                    "what the channel says of the items could not be read, it is tried again: \(trouble)"
                ))
        }
        return reasons
    }
}
