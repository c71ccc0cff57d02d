import Bookkeeping
import Foundation
import Model
import Profiles
import Transports

/// What one channel should have of one SKU, held against what the ledger says it has. Pure.
struct Difference {
    private(set) var changes: [DeliveryChange] = []
    private(set) var refused: [Refused] = []

    private let profile: Profile
    private let record: SKURecord
    private let now: Date
    private let rows: [Delivery]
    private let versions: [Int64: Version]
    private var wanted: [String: Wanted] = [:]
    private var contested: Set<Asset> = []

    init(record: SKURecord, profile: Profile, now: Date) {
        self.record = record
        self.profile = profile
        self.now = now
        rows = record.state.deliveries(on: profile.channel)
        versions = Dictionary(uniqueKeysWithValues: record.state.versions.map { ($0.id, $0) })
        let decisions =
            profile.state == .retired ? [] : profile.want(record.state, at: now)
        contested = Set(decisions.filter(isContested).map(\.asset))
        for decision in decisions { claim(decision) }
        for decision in decisions { weigh(decision) }
        for row in rows where wanted[row.name.folded] == nil { part(with: row) }
        if record.lost.contains(profile.channel) { seek() }
    }

    /// Of two that want one name, who has it keeps it.
    private mutating func claim(_ decision: Decision) {
        guard !contested.contains(decision.asset) else { return }
        for wish in decision.wanted {
            let row = rows.first { $0.name.folded == wish.name.folded }
            let holds =
                row.map {
                    $0.heldKey != nil && $0.asset == wish.asset && $0.slot == wish.slot
                } ?? false
            if wanted[wish.name.folded] == nil || holds { wanted[wish.name.folded] = wish }
        }
    }

    private mutating func weigh(_ decision: Decision) {
        guard !contested.contains(decision.asset) else { return refuse(decision) }
        for wish in decision.wanted {
            if let holder = wanted[wish.name.folded], holder != wish {
                refused.append(
                    Refused(
                        channel: profile.channel, asset: decision.asset,
                        gates: [
                            NameClash.gate(
                                wish.name, of: wish.asset, in: wish.slot, heldBy: holder.asset,
                                in: holder.slot)
                        ]))
                continue
            }
            let row = rows.first { $0.name.folded == wish.name.folded }
            if let row, let reason = mustGo(row, before: wish) {
                takeAway(row, at: reason)
            } else if let row, isAsWished(row, wish) {
                continue
            } else {
                changes.append(.want(wish, replaces: replaces(wish, over: row), over: row))
            }
        }
        refuse(decision)
        warn(decision)
    }

    /// The file that is live was overwritten by one that may not be used here. Whether that is meant
    /// for both, only a person knows.
    private mutating func warn(_ decision: Decision) {
        guard let newest = decision.newest.flatMap({ versions[$0] }), newest.file != nil,
            case let licence = profile.licence(of: newest, at: now), !licence.has(.withdrawn),
            let loss = licence.objections.first(where: { !$0.ground.yields })
        else { return }
        let stays = rows.contains { row in
            guard row.asset == decision.asset, row.state == .live, let held = row.heldVersion,
                held != newest.id, let version = versions[held]
            else { return false }
            return version.file == nil && urgency(of: row) == nil
        }
        guard stays else { return }
        let gate = Gate(
            .metadata,
            "what is live has been overwritten in the spool by a picture that may not be used here "
                + "(\(loss.gate.message))", turn: "approver",
            next: "if that holds for what is live too: sluice withdraw "
                + "\(decision.asset.commandArguments) --channel \(profile.channel) --because REASON"
        )
        refused.append(Refused(channel: profile.channel, asset: decision.asset, gates: [gate]))
    }

    private mutating func refuse(_ decision: Decision) {
        let gates = contested.contains(decision.asset) ? decision.closed : decision.news
        guard !gates.isEmpty else { return }
        refused.append(Refused(channel: profile.channel, asset: decision.asset, gates: gates))
    }

    /// Two files claim the place of what is there: it stays until a person has decided, and is
    /// neither taken down nor put back to something older. A newer one is out of the question.
    private func isContested(_ decision: Decision) -> Bool {
        let chosen = decision.wanted.compactMap { versions[$0.version] }
        return rows.contains { row in
            guard row.asset == decision.asset,
                let version = row.heldVersion.flatMap({ versions[$0] }),
                profile.licence(of: version, at: now).isContested
            else { return false }
            return urgency(of: row) == nil
                && !chosen.contains { Version.precedes(version, $0) }
        }
    }

    /// What may not be there and may be, since the ledger was lost: under the names it would have.
    private mutating func seek() {
        let sought = record.soughtOn[profile.channel] ?? [:]
        for version in record.state.versions {
            var state = record.state
            state.deliveries = []
            state.versions.removeAll { $0.asset == version.asset }
            state.versions.append(version.unbound(for: profile.use()))
            for wish in profile.want(state, at: now).flatMap(\.wanted)
            where wish.version == version.id
                && sought[version.id]?.contains(wish.name.folded) != true
                && isLost(version, as: wish)
            {
                changes.append(.seek(wish))
            }
        }
    }

    /// A licence may allow the picture and not what was done to it.
    private func isLost(_ version: Version, as wish: Wanted) -> Bool {
        guard let rendition = profile.renditions[wish.rendition] else { return false }
        return profile.licence(of: version, as: rendition, at: now).loss != nil
    }

    /// What may no longer be there does not wait for what shall take its name: that comes when it
    /// is proven gone.
    private func mustGo(_ row: Delivery, before wish: Wanted) -> String? {
        guard row.heldKey != nil || row.touched, row.heldKey != wish.key else { return nil }
        return urgency(of: row)
    }

    private mutating func takeAway(_ row: Delivery, at reason: String) {
        guard !row.state.leaves || !row.urgent else { return }
        changes.append(.drop(row, because: reason, urgent: true))
    }

    private func isAsWished(_ row: Delivery, _ wish: Wanted) -> Bool {
        let same =
            row.key == wish.key && row.version == wish.version && row.asset == wish.asset
            && row.slot == wish.slot && row.position == wish.position
            && row.rendition == wish.rendition
        return switch row.state {
        case .live, .handed, .send, .stuck: same
        // Passed meanwhile: the row moves on.
        case .render: same && !wish.passed
        case .linger, .remove, .recalled: false
        }
    }

    private func replaces(_ wish: Wanted, over row: Delivery?) -> Bool {
        let inPlace = row?.heldKey != nil && row?.heldKey != wish.key
        let beside = rows.contains {
            $0.heldKey != nil && $0.name != wish.name && isPlace(of: $0, for: wish)
        }
        return inPlace || beside
    }

    /// A name that nothing wants any more.
    private mutating func part(with row: Delivery) {
        if let reason = urgency(of: row) { return takeAway(row, at: reason) }
        if row.heldKey != nil, contested.contains(row.asset) || isDamaged(row) { return keep(row) }
        if row.heldKey != nil, waitsForSuccessor(row) { return }
        guard !row.state.leaves, row.state != .linger else { return }
        changes.append(.drop(row, because: parting(row), urgent: false))
    }

    /// A successor that was wanted in its place is not any more.
    private mutating func keep(_ row: Delivery) {
        let isUntouched = [.render, .send, .stuck].contains(row.state) && !row.touched
        guard isUntouched || row.state == .handed, row.heldKey != row.key else { return }
        changes.append(.keep(row))
    }

    /// The store's copy is not what was approved, and only that stands in the way: what was made of
    /// it before is as good as ever, and stays until the file arrives again.
    private func isDamaged(_ row: Delivery) -> Bool {
        guard profile.state != .retired,
            let version = row.heldVersion.flatMap({ versions[$0] }),
            record.state.unusable[version.master] != nil
        else { return false }
        let gates = refused.filter { $0.asset == row.asset }.flatMap(\.gates)
        return !gates.isEmpty && gates.allSatisfy { $0.kind == .source }
    }

    /// The old one stays until the new one is confirmed.
    private func waitsForSuccessor(_ row: Delivery) -> Bool {
        guard profile.supersede == .whenPassed, row.state != .linger, !row.state.leaves else {
            return false
        }
        return wanted.values.contains { wish in
            guard isPlace(of: row, for: wish) else { return false }
            let successor = rows.first { $0.name.folded == wish.name.folded }
            return successor?.state != .live || successor?.key != wish.key
        }
    }

    /// The wish takes the place of the row: that of its asset, or of whatever has a slot of one.
    private func isPlace(of row: Delivery, for wish: Wanted) -> Bool {
        guard wish.slot == row.slot else { return false }
        let isSingle = profile.slots.first { $0.name == wish.slot }?.takesAll == false
        return wish.asset == row.asset || isSingle
    }

    /// Why the row must go at once, if it must. Asked of what is there, and of what may have
    /// arrived although we never heard so.
    private func urgency(of row: Delivery) -> String? {
        let held = row.heldVersion.map { ($0, row.heldKey) }
        let maybe = row.heldVersion == nil || row.touched ? (row.version, row.key) : nil
        return [held, maybe].compactMap(\.self).compactMap { version, key in
            profile.licence(of: version, as: key, in: record.state, at: now)?.loss?.message
        }.first
    }

    private func parting(_ row: Delivery) -> String {
        let successor = wanted.values.first { isPlace(of: row, for: $0) }
        if profile.state == .retired { return "'\(profile.channel)' is retired" }
        if let successor { return supersession(of: row, by: successor) }
        let gate = refused.first { $0.asset == row.asset }?.gates.first
        return gate?.message ?? "no longer wanted"
    }

    /// A newer picture, or the same one made or named differently.
    private func supersession(of row: Delivery, by successor: Wanted) -> String {
        let old = versions[row.heldVersion ?? row.version]
        guard old?.master == successor.master else {
            let by = versions[successor.version]?.approval.map { ", approved by \($0.by)" } ?? ""
            return "superseded by a newer version\(by) (master \(successor.master.short))"
        }
        guard row.heldKey ?? row.key == successor.key else {
            return "superseded: the same picture, but rendition '\(successor.rendition)' is made "
                + "differently since its profile or sidecar changed"
        }
        return "superseded: the profile calls it '\(successor.name)' now"
    }
}

extension Date {
    /// `2026-03-31 22:00`; what people read says times in one zone, the configured one.
    func plain(in zone: TimeZone) -> String {
        let style = Date.ISO8601FormatStyle(timeZone: zone).year().month().day()
            .dateTimeSeparator(.space).time(includingFractionalSeconds: false)
        return String(formatted(style).prefix(16))
    }
}
