import Bookkeeping
import Foundation
import Model
import Wire

// What has taken longer than it should, by `alarm:` in sluice.yaml.
extension Daemon {
    func late(
        _ record: ChannelRecord, _ counts: Counts, _ feed: StatusAnswer.Feed?, _ now: Date
    ) -> [StatusAnswer.Cause] {
        var causes: [StatusAnswer.Cause] = []
        if let oldest = counts.oldestWaiting[record.name],
            now.timeIntervalSince(oldest) > settings.alarm.itemOlderThan
        {
            causes.append(
                .init(
                    .waiting, .red, on: record.name,
                    "something has waited since \(oldest.plain(in: zone)): 'sluice list waiting "
                        + "--channel \(record.name)'"))
        }
        return causes + noSuccess(record, counts, feed, now)
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
            if now.timeIntervalSince(since) > limit {
                causes.append(
                    .init(
                        .noSuccess, .red, on: record.name,
                        "nothing has succeeded since \(since.plain(in: zone)), and work waits: "
                            + "'sluice list waiting --channel \(record.name)'"))
            }
        }
        let published = feed?.publishedAt ?? startedAt
        if feed?.failed != nil, now.timeIntervalSince(published) > limit {
            causes.append(
                .init(
                    .noSuccess, .red, on: record.name, of: "feed",
                    "the feed could not be published since \(published.plain(in: zone)): 'sluice "
                        + "retry --channel \(record.name)' tries it now"))
        }
        return causes
    }
}
