import Bookkeeping
import Foundation
import Model
import Profiles
package import Wire

// What `sluice list` says: the things behind the numbers of `status`.
extension Daemon {
    /// Changes a guard holds that are counted one by one.
    static let counted = 1000

    package func list(_ question: ListQuestion) async throws -> ListAnswer {
        if let channel = question.channel { try await mustKnow(channel) }
        if let sku = question.sku { try await mustKnow(sku: sku) }
        try mustFit(question)
        if let entries = noticed(question.kind) { return ListAnswer(entries: entries, after: nil) }
        let (parts, start) = try rest(of: try await parts(question), after: question.after)
        let limit = min(max(question.limit, 1), ListQuestion.most)
        var key = start
        var entries: [ListAnswer.Entry] = []
        for part in parts {
            let page = try await ledger.list(
                part, sku: question.sku, after: key, limit: limit - entries.count)
            key = nil
            entries += page.map { dated($0.entry) }
            if entries.count == limit, let last = page.last {
                return ListAnswer(entries: entries, after: Self.cursor(part, last.key))
            }
        }
        return ListAnswer(entries: entries, after: nil)
    }

    /// How many changes of a channel wait for `release`, counted up to a limit: the length of its
    /// list.
    func held(_ channel: String) async throws(LedgerError) -> Int {
        var count = 0
        for part in held(on: channel) {
            count += try await ledger.count(part, limit: Self.counted)
        }
        return count
    }

    /// What the last walk through the spool has seen and the ledger does not know.
    private func noticed(_ kind: ListAnswer.Kind) -> [ListAnswer.Entry]? {
        switch kind {
        case .settling:
            spool.condition.unsettled.map { path, because in
                var entry = ListAnswer.Entry(state: .settling)
                (entry.file, entry.because) = (path, because)
                return entry
            }
        case .misnamed:
            spool.condition.hints.map { hint in
                var entry = ListAnswer.Entry(state: .misnamed)
                (entry.because, entry.turn) = (hint, "studio")
                return entry
            }
        default: nil
        }
    }

    /// A list that leaves out a condition would be taken for what meets it.
    private func mustFit(_ question: ListQuestion) throws(Declined) {
        let kind = question.kind
        let odd =
            question.channel != nil && kind.isOfNoChannel
            ? "channel" : question.sku != nil && kind.isUnread ? "SKU" : nil
        guard let odd else { return }
        throw Declined.conflict(
            "what is listed as '\(kind.rawValue)' is of no \(odd)",
            next: "'sluice list \(kind.rawValue)' lists all of it")
    }

    // MARK: Parts

    private func parts(_ question: ListQuestion) async throws -> [ListPart] {
        let known = try await ledger.channels().map(\.name)
        let channels = question.channel.map { [$0] } ?? known
        func of(_ states: Delivery.State...) -> [ListPart] {
            channels.flatMap { channel in
                states.map { .deliveries(channel: channel, state: $0) }
            }
        }
        func refused(_ gates: [Gate.Kind]) -> [ListPart] {
            channels.flatMap { channel in gates.map { .verdicts(channel: channel, gate: $0) } }
        }
        return switch question.kind {
        case .refused:
            refused(question.gate.map { [$0] } ?? Gate.Kind.allCases.filter { !$0.isSettled })
        case .withdrawn: refused([.withdrawn])
        case .notAskedFor: refused([.selection])
        case .waiting: of(.render, .send)
        case .rendering: of(.render)
        case .sending: of(.send)
        case .live: of(.live)
        case .lingering: of(.linger)
        case .removing: of(.remove)
        case .stuck: of(.stuck)
        case .handedOver: of(.handed, .recalled)
        case .mustGo: channels.map { .mustGo(channel: $0) }
        case .held: channels.flatMap(held(on:))
        case .due: channels.flatMap { [.replacements(channel: $0), .leaving(channel: $0)] }
        case .leftOut:
            channels.flatMap { channel in
                Gate.Kind.allCases.filter { !Self.asMeant.contains($0.rawValue) }
                    .map { .omissions(channel: channel, gate: $0) }
            }
        case .rejected: channels.map { .rejected(channel: $0) }
        case .unpictured: channels.map { .unpictured(channel: $0) }
        case .orphans: [.orphans]
        case .nowhere: [.nowhere]
        case .sources: [.sources]
        case .quarantined: [.quarantined]
        case .uninspected: [.uninspected, .unread]
        case .setAside: [.setAside]
        case .settling, .misnamed: []
        }
    }

    /// Nothing is held while a guard lets through.
    private func held(on channel: String) -> [ListPart] {
        let guarded = active.guarded(channel)
        var parts: [ListPart] = []
        if guarded.sends > 0 { parts.append(.guardedSends(channel: channel)) }
        if guarded.leaving > 0, let profile = active.profile(channel) {
            parts.append(
                .guardedRemovals(
                    channel: channel, oldStays: profile.lingers, hasFeed: profile.feed != nil))
        }
        return parts
    }

    // MARK: Pages

    private static func cursor(_ part: ListPart, _ key: String) -> String? {
        (try? JSONEncoder().encode(["\(part)", key])).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The parts that are not read yet, and where to go on in the first of them.
    private func rest(
        of parts: [ListPart], after cursor: String?
    ) throws -> ([ListPart], key: String?) {
        guard let cursor else { return (parts, nil) }
        let words = try? JSONDecoder().decode([String].self, from: Data(cursor.utf8))
        let rest = parts.drop { "\($0)" != words?.first }
        guard words?.count == 2, !rest.isEmpty else {
            throw Declined.conflict("the list has changed meanwhile", next: "begin it again")
        }
        return (Array(rest), words?.last)
    }

    /// What lingers goes when its time is over.
    private func dated(_ entry: ListAnswer.Entry) -> ListAnswer.Entry {
        guard entry.state == Delivery.State.linger.told, let since = entry.since,
            let profile = entry.channel.flatMap(active.profile)
        else { return entry }
        var entry = entry
        entry.due = since.addingTimeInterval(profile.lingers)
        return entry
    }
}
