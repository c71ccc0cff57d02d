import Bookkeeping
import Foundation
import Model
import Profiles
import Transports
import Wire

// What has taken longer than it should, by `alarm:` in sluice.yaml.
extension Daemon {
    func late(
        _ record: ChannelRecord, _ counts: Counts, _ feed: StatusAnswer.Feed?, _ now: Date
    ) -> [StatusAnswer.Cause] {
        var causes: [StatusAnswer.Cause] = []
        if let oldest = counts.oldestWaiting[record.name],
            hasPassed(settings.alarm.itemOlderThan, since: oldest, now, on: record.name)
        {
            causes.append(
                .init(
                    .waiting, .red, on: record.name,
                    "something has waited since \(oldest.plain(in: zone)): \(Self.lists(record.name))"
                ))
        }
        if isHanded(record.name, counts),
            let handed = counts.handed[record.name], let since = handed.since, isOverdue(handed)
        {
            causes.append(
                .init(
                    .handedOver, .red, on: record.name,
                    handedWords(handed, since, record.name)))
        }
        return causes + lateFeed(record, feed, now) + noSuccess(record, counts, feed, now)
    }

    /// One that cannot be published is as late as a picture that cannot be delivered.
    private func lateFeed(
        _ record: ChannelRecord, _ feed: StatusAnswer.Feed?, _ now: Date
    ) -> [StatusAnswer.Cause] {
        guard let failed = feed?.failed, record.held == nil, record.paused == nil,
            let since = record.feedChanged ?? feed?.publishedAt,
            hasPassed(settings.alarm.itemOlderThan, since: since, now, on: record.name)
        else { return [] }
        return [
            StatusAnswer.Cause(
                .waiting, .red, on: record.name, of: "feed",
                "the feed has waited since \(since.plain(in: zone)) and could not be published: \(failed); "
                    + "'sluice retry --channel \(record.name)' tries it now")
        ]
    }

    private static func lists(_ channel: String) -> String {
        "'sluice list waiting --channel \(channel)' shows what is to come, 'sluice list removing "
            + "--channel \(channel)' what is to go"
    }

    /// Outside its hours a channel is not late.
    private func hasPassed(
        _ limit: Double, since: Date, _ now: Date, on channel: String
    ) -> Bool {
        guard now.timeIntervalSince(since) > limit else { return false }
        guard let profile = active.profile(channel), let hours = profile.destination?.hours else {
            return true
        }
        return hours.wereOpen(longerThan: limit, from: since, until: now, in: profile.zone)
    }

    /// A channel on which nothing waits is quiet, and one that is held or paused is told as that.
    private func noSuccess(
        _ record: ChannelRecord, _ counts: Counts, _ feed: StatusAnswer.Feed?, _ now: Date
    ) -> [StatusAnswer.Cause] {
        guard let limit = settings.alarm.noSuccessFor, record.held == nil, record.paused == nil
        else { return [] }
        var causes: [StatusAnswer.Cause] = []
        if let oldest = counts.oldestWaiting[record.name] {
            let since = max(oldest, record.lastSuccess ?? .distantPast)
            if hasPassed(limit, since: since, now, on: record.name) {
                causes.append(
                    .init(
                        .noSuccess, .red, on: record.name,
                        "nothing has succeeded since \(since.plain(in: zone)), and work waits: "
                            + Self.lists(record.name)))
            }
        }
        let published = feed?.publishedAt ?? startedAt
        if feed?.failed != nil, hasPassed(limit, since: published, now, on: record.name) {
            causes.append(
                .init(
                    .noSuccess, .red, on: record.name, of: "feed",
                    "the feed could not be published since \(published.plain(in: zone)): 'sluice "
                        + "retry --channel \(record.name)' tries it now"))
        }
        return causes
    }
}
