import Bookkeeping
import Foundation
import Host
import Model
import Profiles
import Synchronization
import Transports
import Wire

// Whether the channel's crawler would get what was delivered, where the profile says `fetch`. The first
// files of a channel, then a few a day; beside all other work, which never waits for it.
extension Courier {
    private static let day = 86_400.0
    /// Where something was wrong that may be over soon.
    private static let soon = 3600.0

    /// - Returns: when to ask again if nobody rings.
    func crawl(
        _ profile: Profile, _ start: (@escaping Work) -> Void
    ) async throws(LedgerError) -> Date {
        guard let fetch = profile.fetch, fetch.daily > 0 else { return .distantFuture }
        let now = clock.now()
        let isFree = crawling.withLock { crawling in
            guard !crawling.isUnderWay, crawling.next <= now else { return false }
            crawling.isUnderWay = true
            return true
        }
        // A visit that ends rings.
        guard isFree else { return crawling.withLock { $0.isUnderWay ? .distantFuture : $0.next } }
        var next = now
        var isBegun = false
        defer {
            if !isBegun { crawling.withLock { $0 = (next, false) } }
        }
        let last = try await context.ledger.crawl(of: channel)
        if let last, last.agent == fetch.agent {
            next = last.at.addingTimeInterval(last.findings.isEmpty ? Self.day : Self.soon)
            guard next <= now else { return next }
        }
        next = clock.now(plus: Self.soon)
        let files = try await context.ledger.sample(of: channel, fetch.daily, isFirst: last == nil)
        let pictures = files.compactMap { picture($0, profile) }
        guard !pictures.isEmpty else {
            next = now
            return .distantFuture
        }
        isBegun = true
        carrying.withLock { $0 += 1 }
        start { try await self.visit(pictures, profile, fetch.agent) }
        return next
    }

    private func picture(_ file: LiveFile, _ profile: Profile) -> Crawler.Picture? {
        let name = file.delivery.name
        guard
            let url = profile.publicBase.map({ $0 + name.rawValue }) ?? file.delivery.object?.url,
            url.hasPrefix("http://") || url.hasPrefix("https://")
        else { return nil }
        return Crawler.Picture(
            name: name, url: url, sha256: file.sha256, bytes: file.bytes, format: file.format,
            size: file.size, transforms: profile.destination?.transforms)
    }

    private func visit(
        _ pictures: [Crawler.Picture], _ profile: Profile, _ agent: String
    ) async throws {
        defer {
            carrying.withLock { $0 -= 1 }
            context.signals.wake(channel: channel)
        }
        let crawler = Crawler(
            agent: agent, allowPrivate: profile.destination?.options.target.allowPrivate == true)
        var findings: [CrawlAnswer.Finding] = []
        var asked = 0
        for picture in pictures where !stopping.withLock(\.self) && !Task.isCancelled {
            context.heartbeat.beat(.transfer, channel, number: -1)
            findings += await crawler.visit(picture)
            asked += 1
        }
        context.heartbeat.rest(.transfer, channel, number: -1)
        await crawler.close()
        let isWhole = asked == pictures.count && !stopping.withLock(\.self) && !Task.isCancelled
        crawling.withLock { $0 = (isWhole ? .distantPast : clock.now(plus: Self.soon), false) }
        guard isWhole else { return }
        let answer = CrawlAnswer(
            at: context.ledger.now(), agent: agent, asked: asked, findings: findings)
        do throws(LedgerError) {
            try await context.ledger.record(answer, of: channel)
        } catch {
            guard !error.isFatal else { throw error }
            crawling.withLock { $0.next = clock.now(plus: Self.soon) }
            context.standstills.report(.courier, on: channel, error)
        }
    }
}
