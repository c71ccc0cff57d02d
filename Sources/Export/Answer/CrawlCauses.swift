import Bookkeeping
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
                    + "\(first.says); tried again in an hour")
        ]
    }
}
