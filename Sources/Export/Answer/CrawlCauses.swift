import Bookkeeping
import Foundation
import Model
import Profiles
import Wire

// What a channel's crawler would say, among the reasons why not all is well.
extension Daemon {
    /// Nil where the profile does not ask for it any more.
    func crawl(on profile: Profile?) async throws(LedgerError) -> CrawlAnswer? {
        guard let profile, let fetch = profile.fetch, fetch.daily > 0 else { return nil }
        return try await ledger.crawl(of: profile.channel)
    }

    /// Nothing waits for it: it is for a person to mend.
    func fetching(_ crawl: CrawlAnswer?, on channel: String) -> [StatusAnswer.Cause] {
        guard let crawl, let first = crawl.findings.first(where: \.isSure) ?? crawl.findings.first
        else { return [] }
        let files = "\(crawl.bad) of \(Amount.count(crawl.asked, "file"))"
        return [
            StatusAnswer.Cause(
                .fetch, first.isSure ? .red : .yellow, on: channel, amount: crawl.bad,
                "as '\(crawl.agent)', \(files) could not be fetched as delivered: '\(first.url)': "
                    + "\(first.says); mended, 'sluice retry --channel \(channel)' tries it again at once"
            )
        ]
    }

    /// Taken away where it was put, and still given out: as public as before, by a cache or another host.
    func stillPublic(_ profile: Profile?) async throws(LedgerError) -> [StatusAnswer.Cause] {
        guard let profile, profile.fetch?.daily ?? 0 > 0 else { return [] }
        let files = try await ledger.withdrawn(from: profile.channel, isThere: true)
        let unanswered = try await unanswered(profile.channel)
        guard let first = files.first else { return unanswered }
        let isLong = ledger.now().timeIntervalSince(first.goneAt) > Self.cacheTime
        let more = files.count < Ledger.withdrawnAtOnce ? "" : " or more"
        let count = Amount.count(files.count, "file", "files") + more
        return [
            StatusAnswer.Cause(
                .fetch, isLong ? .red : .yellow, on: profile.channel, of: "withdrawn",
                amount: files.count,
                "\(count) that may not be public any more still given out, gone from the channel since "
                    + "\(first.goneAt.plain(in: zone)): \(Self.named(files)): have the cache before it (a CDN) "
                    + "forget it, then 'sluice retry --channel \(profile.channel)' asks again at once"
            )
        ] + unanswered
    }

    /// No answer is none that it is gone.
    private func unanswered(_ channel: String) async throws(LedgerError) -> [StatusAnswer.Cause] {
        let files = try await ledger.withdrawn(from: channel).filter {
            $0.askedAt != nil && !$0.isThere
        }
        guard !files.isEmpty else { return [] }
        let count = Amount.count(files.count, "file")
        return [
            StatusAnswer.Cause(
                .fetch, .yellow, on: channel, of: "unanswered", amount: files.count,
                "\(count) that may not be public any more: nobody could say whether still given out (a "
                    + "redirect, a refusal, no answer): \(Self.named(files)): look there; it is asked "
                    + "again every hour for a week"
            )
        ]
    }

    /// Whoever empties the cache needs the addresses.
    private static func named(_ files: [WithdrawnFile]) -> String {
        let named = files.prefix(10).map { "'\($0.url)'" }.joined(separator: ", ")
        return files.count > 10 ? "\(named) and \(files.count - 10) more" : named
    }

    /// Seconds for which caches keep what they have, as a rule.
    private static var cacheTime: Double { 3600 }
}
