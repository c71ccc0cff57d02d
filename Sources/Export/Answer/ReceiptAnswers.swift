import Bookkeeping
import Foundation
import Intake
package import Model
import Profiles
package import Wire

// What `sluice receipt` and `upcoming` say.
extension Daemon {
    package func receipts(sku: String, channel: String?) async throws -> ReceiptAnswer {
        guard try await ledger.knows(sku: sku) else {
            let known = try await ledger.skusLike(sku, limit: 20_000)
            return ReceiptAnswer(entries: [], nearest: Spelling.nearest(to: sku, among: known))
        }
        if let channel { try await mustServe(channel) }
        return try await answer(.sku(sku, channel: channel))
    }

    /// - Parameter text: a name on a channel, whole or without its folders, or the address under
    ///   which `live` shows it.
    package func receipts(named text: String) async throws -> ReceiptAnswer {
        let place = PublicName(text, on: active.profiles)
        var all = ReceiptAnswer(entries: [])
        for (channel, name) in place.readings {
            all.entries += try await answer(.name(name, channel: channel)).entries
        }
        if all.entries.isEmpty, let leaf = place.leaf {
            all = try await answer(.name(leaf, channel: nil))
        }
        return all
    }

    package func receipts(of hash: ContentHash) async throws -> ReceiptAnswer {
        try await answer(.hash(hash))
    }

    private func answer(_ question: ReceiptSelection) async throws -> ReceiptAnswer {
        var entries: [ReceiptAnswer.Entry] = []
        for record in try await ledger.receipts(question) {
            entries.append(entry(record, master: try await ledger.inspection(of: record.master)))
        }
        return ReceiptAnswer(entries: entries)
    }

    private func entry(_ record: ReceiptRecord, master: Inspection?) -> ReceiptAnswer.Entry {
        var entry = ReceiptAnswer.Entry(key: record.key, master: record.master, state: .kept)
        entry.approvedBy = record.approval?.by
        entry.approvedAt = record.approval?.at
        entry.receipt = record.receipt
        entry.judgements = record.judgements
        entry.attestations = record.attestations.isEmpty ? nil : record.attestations
        guard let delivery = record.delivery else { return unwanted(entry, record, master) }
        entry.asset = delivery.asset.description
        entry.channel = delivery.channel
        entry.slot = delivery.slot
        entry.name = delivery.name.rawValue
        entry.rendition = delivery.rendition
        entry.state = delivery.state.told
        guard let profile = active.profile(delivery.channel) else { return entry }
        entry.revision = profile.revision
        if let refusal = record.refusal {
            entry.refusal = profile.gate(for: refusal, rendition: delivery.rendition)
            entry.state = .refused
        }
        guard let receipt = record.receipt else { return entry }
        let checks = profile.checks(
            on: receipt, rendition: delivery.rendition, at: ledger.now(), master: master)
        if checks != record.judgements.first?.checks { entry.now = checks }
        if !checks.allSatisfy(\.passed), delivery.state == .render { entry.state = .refused }
        return entry
    }

    /// A file that nobody wants now is told of as it was judged last.
    private func unwanted(
        _ entry: ReceiptAnswer.Entry, _ record: ReceiptRecord, _ master: Inspection?
    ) -> ReceiptAnswer.Entry {
        var entry = entry
        guard let last = record.judgements.first else { return entry }
        entry.channel = last.channel
        entry.name = last.name
        entry.rendition = last.rendition
        guard let profile = active.profile(last.channel), let receipt = record.receipt else {
            return entry
        }
        entry.revision = profile.revision
        let checks = profile.checks(
            on: receipt, rendition: last.rendition, at: ledger.now(), master: master)
        if checks != last.checks { entry.now = checks }
        if !checks.allSatisfy(\.passed) { entry.state = .refused }
        return entry
    }

    /// Rules that begin until then, and live files that will not pass them although they pass now.
    package func upcoming(
        until horizon: Horizon, channel: String?
    ) async throws -> UpcomingAnswer {
        if let channel { try await mustServe(channel) }
        let now = ledger.now()
        let zone = settings.spool.zone
        let end = horizon.date(in: zone)
        var answer = UpcomingAnswer(until: end, zone: zone)
        for profile in active.profiles where channel == nil || profile.channel == channel {
            let rules = profile.rules(beginningAfter: now, through: end)
            guard !rules.isEmpty else { continue }
            answer.rules += rules.compactMap { rule in
                rule.from.map {
                    .init(
                        channel: profile.channel, id: rule.id, from: $0, source: rule.source,
                        place: rule.place)
                }
            }
            try await judge(profile, on: Set(rules.compactMap(\.from)).sorted(), now, &answer)
        }
        answer.rules.sort { ($0.from, $0.channel, $0.id) < ($1.from, $1.channel, $1.id) }
        answer.failing.sort { ($0.from, $0.channel, $0.asset) < ($1.from, $1.channel, $1.asset) }
        return answer
    }

    private func judge(
        _ profile: Profile, on dates: [Date], _ now: Date, _ answer: inout UpcomingAnswer
    ) async throws {
        var last: Int64 = 0
        while true {
            let records = try await ledger.liveReceipts(
                on: profile.channel, after: last, limit: 500)
            guard let end = records.last?.delivery?.id else { return }
            last = end
            for record in records {
                answer.live += 1
                let master = try await ledger.inspection(of: record.master)
                guard let failing = Self.first(record, profile, dates, now, master) else {
                    continue
                }
                answer.failingCount += 1
                if answer.failing.count < UpcomingAnswer.limit { answer.failing.append(failing) }
            }
        }
    }

    /// The first day on which it fails a rule that it does not fail today.
    private static func first(
        _ record: ReceiptRecord, _ profile: Profile, _ dates: [Date], _ now: Date,
        _ master: Inspection?
    ) -> UpcomingAnswer.Failing? {
        guard let receipt = record.receipt, let delivery = record.delivery else { return nil }
        func failed(at date: Date) -> [Check] {
            profile.checks(
                on: receipt, rendition: delivery.rendition, at: date, master: master
            ).filter { !$0.passed }
        }
        let today = Set(failed(at: now).map(\.rule))
        for date in dates {
            guard let check = failed(at: date).first(where: { !today.contains($0.rule) }) else {
                continue
            }
            return UpcomingAnswer.Failing(
                channel: profile.channel, asset: delivery.asset.description,
                name: delivery.name.rawValue, from: date, check: check)
        }
        return nil
    }
}
