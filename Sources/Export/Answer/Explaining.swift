import Bookkeeping
import Foundation
import Intake
import Model
import Profiles
package import Wire

// What `sluice why`, `live` and `watch` say.
extension Daemon {
    package func why(sku: String, channel: String?) async throws -> WhyAnswer {
        let quarantined = try await quarantined(naming: sku)
        guard try await ledger.knows(sku: sku) else {
            let known = try await ledger.skusLike(sku, limit: 20_000)
            return WhyAnswer(
                sku: sku, known: false,
                nearest: Spelling.nearest(to: sku, among: known).map { [$0] } ?? [], entries: [],
                quarantined: quarantined)
        }
        if let channel { try await mustServe(channel) }
        var state = try await ledger.skuState(sku)
        state.quarantined = quarantined
        state.locate(below: settings.spool.path)
        let profiles = active.profiles.filter { channel == nil || $0.channel == channel }
        var entries: [WhyAnswer.Entry] = []
        for profile in profiles {
            let record = try await ledger.channel(profile.channel)
            let crawl = try await crawl(on: profile)
            entries += try await self.entries(state, profile, record).map { entry in
                guard entry.state == Delivery.State.live.told,
                    let finding = crawl?.findings.first(where: { $0.name == entry.name })
                else { return entry }
                var entry = entry
                entry.next = "the channel's crawler does not get it so: \(finding.says)"
                return entry
            }
        }
        let omissions = try await ledger.omissions(sku: sku)
            .filter { channel == nil || $0.channel == channel }
            .map { WhyAnswer.Omission(channel: $0.channel, gate: $0.gate, since: $0.since) }
        var answer = WhyAnswer(
            sku: sku, known: true, nearest: [], entries: entries, quarantined: quarantined,
            omissions: omissions)
        let held = try await heldFeeds(sku, profiles)
        answer.heldFeeds = held.isEmpty ? nil : held
        let said = try await verdicts(of: sku, profiles)
        answer.verdicts = said.isEmpty ? nil : said
        return answer
    }

    private func entries(
        _ state: SKUState, _ profile: Profile, _ record: ChannelRecord?
    ) async throws -> [WhyAnswer.Entry] {
        let rows = state.deliveries(on: profile.channel)
        let decisions = profile.want(state, at: ledger.now())
        let verdicts = try await ledger.verdicts(of: state.sku)
        var told: Set<Int64> = []
        var entries: [WhyAnswer.Entry] = []
        for decision in decisions {
            let names = Set(decision.wanted.map(\.name.folded))
            let own = rows.filter { $0.asset == decision.asset }
            for row in own where names.contains(row.name.folded) {
                told.insert(row.id)
                entries.append(entry(row, gates: [], profile, record))
            }
            let clash = verdicts.first {
                $0.channel == profile.channel && $0.asset == decision.asset
            }
            entries += waiting(decision, clash?.gates ?? [], state, profile)
        }
        entries += rows.filter { !told.contains($0.id) }
            .map { entry($0, gates: [], profile, record) }
        return entries
    }

    private func entry(
        _ row: Delivery, gates: [Gate], _ profile: Profile, _ record: ChannelRecord?
    ) -> WhyAnswer.Entry {
        var gates = gates
        let goes = row.urgent && record?.hold == .ordinary && record?.paused == nil
        if row.state != .live, !goes, let stop = record?.held ?? record?.paused {
            gates.append(
                Gate(
                    .channel, stop, turn: "ops", next: "sluice resume \(profile.channel)"))
        } else if isGuarded(row) {
            gates.append(
                Gate(
                    .pace,
                    "more changes than 'limits' lets through" + (row.error.map { ": \($0)" } ?? ""),
                    turn: "ops",
                    next: "sluice release \(profile.channel) --dry-run"))
        } else if row.state == .stuck {
            gates.append(
                Gate(
                    .channel, row.error ?? "the channel does not take it", turn: "ops",
                    next: "sluice retry --channel \(profile.channel)"))
        }
        return WhyAnswer.Entry(
            asset: row.asset.description, channel: profile.channel, slot: row.slot,
            name: row.name.rawValue, state: row.state.told, gates: gates,
            next: gates.isEmpty ? next(for: row) : behind(row))
    }

    /// A guard of the channel holds something, and this is of what it holds.
    private func isGuarded(_ row: Delivery) -> Bool {
        let guarded = active.guarded(row.channel)
        return switch row.state {
        case .send: guarded.sends > 0 && row.replaces && !row.released && row.attempts == 0
        case .linger:
            guarded.leaving > 0 && !row.released
                && row.since.addingTimeInterval(active.profile(row.channel)?.lingers ?? 0)
                    <= ledger.now()
        default: false
        }
    }

    /// What is to become of it once the gate is open.
    private func behind(_ row: Delivery) -> String? {
        switch row.state {
        case .handed, .recalled: handedWords(row)
        case .remove: "to be taken away: \(row.because ?? "")"
        case .linger: "to be taken away: \(row.because ?? "no longer wanted")"
        case .send where row.processingSince != nil && row.error == nil: next(for: row)
        case .send: row.error.map { "to be sent again, after: \($0)" }
        case .live, .stuck, .render: nil
        }
    }

    private func next(for row: Delivery) -> String? {
        switch row.state {
        case .live, .stuck: nil
        case .handed, .recalled: handedWords(row)
        case .render: "waits to be rendered"
        case .send where row.processingSince != nil && row.error == nil:
            row.processingSince.map {
                "being processed by the channel since \($0.plain(in: zone)); asked again "
                    + row.nextTry.plain(in: zone)
            }
        case .send where row.attempts == 0 && row.error != nil:
            row.error.map { "\($0); it is sent again" }
        case .send, .remove:
            row.error.map { "next try \(row.nextTry.plain(in: zone)), after: \($0)" }
                ?? (row.state == .send ? "on its way" : "being taken away: \(row.because ?? "")")
        case .linger: "stays for a while: \(row.because ?? "no longer wanted")"
        }
    }

    package func live(sku: String) async throws -> LiveAnswer {
        guard try await ledger.knows(sku: sku) else {
            let known = try await ledger.skusLike(sku, limit: 20_000)
            return LiveAnswer(
                sku: sku, known: false, nearest: Spelling.nearest(to: sku, among: known),
                entries: [])
        }
        let state = try await ledger.skuState(sku)
        let entries = state.deliveries.compactMap { liveEntry($0, in: state) }
        return LiveAnswer(sku: sku, entries: entries)
    }

    private func liveEntry(_ row: Delivery, in state: SKUState) -> LiveAnswer.Entry? {
        // Nobody said whether it was brought to its place before it had to go.
        let mayBeThere = row.state == .recalled
        guard let key = row.heldKey ?? (mayBeThere ? row.key : nil),
            let since = row.confirmedAt ?? (mayBeThere ? row.since : nil)
        else { return nil }
        let version = state.version(row.heldVersion ?? row.version)
        let place = active.profile(row.channel)?.publicPlaces.first
        var entry = LiveAnswer.Entry(
            asset: row.asset.description, channel: row.channel, slot: row.slot,
            name: row.name.rawValue, url: (place ?? "") + row.name.rawValue,
            sha256: state.receipts[key]?.sha256.rawValue ?? "",
            master: version?.master.rawValue ?? "", approvedBy: version?.approval?.by ?? "",
            since: since, confirmedBy: row.confirmedBy ?? "", superseded: row.state != .live)
        if mayBeThere { entry.task = handedWords(row) }
        return entry
    }

    /// Events as they happen, read when somebody asks for the next one: a slow reader costs nothing.
    package func events(after: Int64?) async -> AsyncStream<Event> {
        let cursor = EventCursor(ledger: ledger, last: after)
        return AsyncStream { await cursor.next() }
    }
}

/// Where one reader stands in the history.
private actor EventCursor {
    private static let page = 500

    private let ledger: Ledger
    private let commits: AsyncStream<Void>
    private var last: Int64?
    private var read: ArraySlice<Event> = []

    init(ledger: Ledger, last: Int64?) {
        self.ledger = ledger
        commits = ledger.commits.listen()
        self.last = last
    }

    /// Nil when the reader is gone or the ledger does not answer.
    func next() async -> Event? {
        while !Task.isCancelled {
            if let event = read.popFirst() { return event }
            do throws(LedgerError) {
                if last == nil { last = try await ledger.lastEvent() }
                read = try await ledger.events(after: last ?? 0, limit: Self.page)[...]
            } catch {
                return nil
            }
            last = read.last?.id ?? last
            // Listened to before it was read: nothing falls between the two.
            if read.isEmpty { for await _ in commits { break } }
        }
        return nil
    }
}
