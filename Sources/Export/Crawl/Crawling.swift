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
        // What is live is looked at when nothing else is to be done, and nothing is held.
        let isIdle = inHand.isEmpty && standing.withLock { $0 == .goes }
        if let next = crawling.withLock({ $0.begin(isIdle: isIdle, at: now) }) { return next }
        var next = now
        var isBegun = false
        defer {
            if !isBegun { crawling.withLock { $0.end(next: next) } }
        }
        let visit = try await nextVisit(profile, fetch, now, isIdle: isIdle)
        // Where nothing is live, what becomes so rings.
        next = visit.isDue ? now : visit.next
        guard !visit.pictures.isEmpty || !visit.withdrawn.isEmpty else { return visit.next }
        isBegun = true
        carrying.withLock { $0 += 1 }
        start { try await self.make(visit, profile, fetch.agent) }
        return visit.next
    }

    private struct Visit {
        /// A few of what is live, once a day.
        var pictures: [Crawler.Picture] = []
        var withdrawn: [WithdrawnFile]
        /// It is time for those that are live, or may be.
        var isDue = false
        /// When there is more, as far as that is known.
        var next: Date
    }

    private func nextVisit(
        _ profile: Profile, _ fetch: Profile.Fetch, _ now: Date, isIdle: Bool
    ) async throws(LedgerError) -> Visit {
        let last = try await context.ledger.crawl(of: channel)
        let isHurried = crawling.withLock { $0.takeHurry() }
        let (withdrawn, again) = try await withdrawnToAsk(isHurried ? .distantFuture : now)
        var visit = Visit(withdrawn: withdrawn, next: again)
        guard profile.state == .live else { return visit }
        guard isIdle else {
            visit.isDue = true
            return visit
        }
        if let last, last.agent == fetch.agent, !isHurried {
            let due = last.at.addingTimeInterval(last.findings.isEmpty ? Self.day : Self.soon)
            if due > now {
                visit.next = min(again, due)
                return visit
            }
        }
        visit.isDue = true
        visit.pictures = try await context.ledger.sample(
            of: channel, fetch.daily, isFirst: last == nil
        ).compactMap { picture($0, profile) }
        if !visit.pictures.isEmpty { visit.next = clock.now(plus: Self.soon) }
        return visit
    }

    private func picture(_ file: LiveFile, _ profile: Profile) -> Crawler.Picture? {
        let name = file.delivery.name
        guard let url = publicAddress(file.delivery, profile) else { return nil }
        return Crawler.Picture(
            name: name, url: url, sha256: file.sha256, bytes: file.bytes, format: file.format,
            size: file.size, transforms: profile.destination?.transforms)
    }

    private func make(_ visit: Visit, _ profile: Profile, _ agent: String) async throws {
        defer {
            carrying.withLock { $0 -= 1 }
            context.signals.wake(channel: channel)
        }
        let crawler = Crawler(
            agent: agent, allowPrivate: profile.destination?.options.target.allowPrivate == true)
        var isWhole = false
        do throws(LedgerError) {
            try await ask(visit.withdrawn, by: crawler)
            isWhole = try await look(visit.pictures, by: crawler)
        } catch {
            guard !error.isFatal else { throw error }
            context.standstills.report(.courier, on: channel, error)
        }
        context.heartbeat.rest(.transfer, channel, number: -1)
        await crawler.close()
        crawling.withLock { $0.end(next: isWhole ? .distantPast : clock.now(plus: Self.soon)) }
    }

    /// - Returns: false where the daemon stops.
    private func look(
        _ pictures: [Crawler.Picture], by crawler: Crawler
    ) async throws(LedgerError) -> Bool {
        var findings: [CrawlAnswer.Finding] = []
        for picture in pictures {
            guard !stopping.withLock(\.self), !Task.isCancelled else { return false }
            context.heartbeat.beat(.transfer, channel, number: -1)
            findings += await crawler.visit(picture)
        }
        guard !pictures.isEmpty, !stopping.withLock(\.self), !Task.isCancelled else {
            return pictures.isEmpty
        }
        let answer = CrawlAnswer(
            at: context.ledger.now(), agent: crawler.agent, asked: pictures.count,
            findings: findings)
        try await context.ledger.record(answer, of: channel)
        return true
    }
}

/// When the next visit may begin.
struct CrawlPace {
    /// Seconds between two visits beside other work.
    private static let pause = 60.0

    private(set) var next = Date.distantPast
    private var beside = Date.distantPast
    private var isUnderWay = false
    /// Something was taken away since it began.
    private var hasNews = false
    /// A person has mended something and wants to know.
    private var isHurried = false

    /// - Returns: when to ask again; nil: it has begun.
    mutating func begin(isIdle: Bool, at now: Date) -> Date? {
        // A visit that ends rings.
        guard !isUnderWay else { return .distantFuture }
        guard next <= now else { return next }
        if !isIdle, !hasNews, !isHurried {
            guard beside <= now || beside > now.addingTimeInterval(Self.pause) else {
                return beside
            }
            beside = now.addingTimeInterval(Self.pause)
        }
        (isUnderWay, hasNews) = (true, false)
        return nil
    }

    mutating func end(next: Date) {
        isUnderWay = false
        if !isHurried, !hasNews { self.next = next }
    }

    mutating func note() { (hasNews, next) = (true, .distantPast) }

    mutating func hurry() { (isHurried, next) = (true, .distantPast) }

    mutating func takeHurry() -> Bool {
        defer { isHurried = false }
        return isHurried
    }
}
