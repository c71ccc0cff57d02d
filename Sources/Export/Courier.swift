import Bookkeeping
import Channels
import Destinations
import Foundation
import Host
import Logging
import Model
import Synchronization

/// Carries one channel's deliveries: puts, confirms, takes away, proves absent. Everything it knows
/// is in the ledger; a new courier goes on where a killed one stopped.
final class Courier: Sendable {
    /// What all channels share.
    struct Office: Sendable {
        var ledger: Ledger
        var store: Store
        var roster: Roster
        var bells: Bells
        var connections: Connections
        var pulse: Pulse
        var standstills: Standstills
        var logger: Logger
    }

    /// Seconds transfers in hand may go on after the daemon was asked to stop.
    private static let grace = 12.0
    /// Where nobody answered; to ask again costs little.
    private static let longestSilence = 900.0
    /// Seconds between two looks when nobody rings, for clocks that are set.
    private static let longestWait = 600.0

    let channel: String
    let office: Office
    private let bell: Bell
    private let inHand = Mutex<Set<Int64>>([])
    let stopping = Mutex(false)
    let pauses = Mutex(0)
    /// Files in a row that the channel would not have, or not as they were sent.
    let refusals = Mutex(0)
    /// Failures in a row that were this machine's.
    let hostFailures = Mutex(0)
    private let pace = Mutex(Pace())

    init(channel: String, office: Office) {
        self.channel = channel
        self.office = office
        bell = office.bells.bell(channel: channel)
    }

    /// Runs until the daemon stops; then transfers in hand get a little time to end well.
    func run() async throws {
        // Discarding: a daemon that runs for months must not keep what every transfer returned.
        try await withThrowingDiscardingTaskGroup { group in
            // A carrier that fails for good cancels the group and rings.
            while !stopping.withLock(\.self), !Task.isCancelled, !group.isCancelled {
                do throws(LedgerError) {
                    office.pulse.beat(.courier, channel)
                    let next = try await turn { claim, place in
                        group.addTask { try await self.carry(claim, to: place) }
                    }
                    office.standstills.clear(.courier, on: channel)
                    office.pulse.rest(.courier, channel, until: next)
                    await bell.wait(until: next)
                } catch {
                    guard !error.isFatal else { throw error }
                    office.standstills.report(.courier, on: channel, error)
                    // Not for a ring: others ring all the time.
                    try? await Task.sleep(for: Standstills.pause)
                }
            }
            let end = Date().addingTimeInterval(Self.grace)
            while inHand.withLock({ !$0.isEmpty }), Date() < end, !Task.isCancelled {
                await bell.wait(until: end)
            }
            group.cancelAll()
        }
        office.pulse.rest(.courier, channel)
        await office.connections.close(channel)
    }

    var isAtWork: Bool { inHand.withLock { !$0.isEmpty } }

    func stop() {
        stopping.withLock { $0 = true }
        bell.ring()
    }

    // MARK: One turn

    /// A destination, and the address it stands for.
    struct Place {
        var address: DestinationAddress
        var destination: any Destination
    }

    /// - Returns: when there is something to do next if nobody rings.
    private func turn(
        _ start: (Claim, Place) -> Void
    ) async throws(LedgerError) -> Date? {
        guard let profile = office.roster.profile(channel), let address = profile.address,
            let record = try await office.ledger.channel(channel),
            record.hold == nil || record.hold == .ordinary
        else { return nil }
        let pause = record.pausedUntil.flatMap { $0 > office.ledger.now() ? $0 : nil }
        if let pause, office.roster.guarded(channel).shut > office.ledger.now() { return pause }
        // What must go goes from a channel that stands still as well.
        let standsStill = record.hold != nil || profile.state == .draft || pause != nil
        let allowance = try await Allowance(profile: profile, ledger: office.ledger)
        let leaving = standsStill ? 0 : try await letGo(profile, allowance)
        let now = Date()
        let (sessions, starts) = room(address, now)
        let free = min(sessions, starts)
        guard free > 0 else {
            office.roster.setPace(sessions > 0 ? .rate : .sessions, channel)
            // A transfer that ends rings.
            return sessions > 0 ? pace.withLock { $0.next(address.perMinute, now) } : nil
        }
        let asked = office.ledger.now()
        // While it is unknown whether the pause is over, one item goes first.
        let limit = record.paused == nil ? free : min(free, inHand.withLock(\.isEmpty) ? 1 : 0)
        let (claims, guarded) = try await office.ledger.claim(
            channel: channel, limit: limit, inHand: inHand.withLock(\.self),
            replacements: allowance.replacements,
            sends: standsStill ? 0 : try await firstOnes(profile, record), urgent: standsStill,
            delay: Backoff.delay(attempts:))
        if pause == nil {
            office.roster.setGuarded(sends: guarded, leaving: leaving, channel)
        }
        CrashPoint.reach("send.claimed")
        // What is due and was not claimed waits for a ring: a person, or a transfer in hand.
        func later() async throws(LedgerError) -> Date {
            let next = try await office.ledger.nextDue(
                channel: channel, after: asked, oldStays: profile.oldStays)
            return min(
                next ?? .distantFuture, pause ?? .distantFuture,
                Date().addingTimeInterval(Self.longestWait))
        }
        if claims.count < limit { office.roster.setPace(nil, channel) }
        guard !claims.isEmpty else { return try await later() }
        guard try await begin(claims, address, start) else { return Date().addingTimeInterval(1) }
        return claims.count < limit ? try await later() : now
    }

    /// - Returns: how much waits for a person.
    private func letGo(
        _ profile: Profile, _ allowance: Allowance
    ) async throws(LedgerError) -> Int {
        let (moved, guarded) = try await office.ledger.letGo(
            channel: channel, oldStays: profile.oldStays, hasFeed: profile.feed != nil,
            allowance: allowance.withdrawals)
        if moved > 0 { office.bells.ring(channel: channel) }
        return guarded
    }

    /// - Returns: false where the channel is not to be reached.
    private func begin(
        _ claims: [Claim], _ address: DestinationAddress, _ start: (Claim, Place) -> Void
    ) async throws(LedgerError) -> Bool {
        let ids = claims.map(\.delivery.id)
        inHand.withLock { $0.formUnion(ids) }
        guard let destination = try await connect(address, claims) else {
            inHand.withLock { $0.subtract(ids) }
            return false
        }
        pace.withLock { $0.spend(claims.count) }
        for claim in claims { start(claim, Place(address: address, destination: destination)) }
        return true
    }

    /// How many transfers may begin now, by sessions and by the rate.
    private func room(_ address: DestinationAddress, _ now: Date) -> (sessions: Int, rate: Int) {
        (
            address.sessions - inHand.withLock(\.count),
            pace.withLock { $0.free(address.perMinute, now) }
        )
    }

    /// A cautious channel sends a few and waits for a person.
    private func firstOnes(
        _ profile: Profile, _ record: ChannelRecord
    ) async throws(LedgerError) -> Int? {
        guard let first = profile.first, !record.firstPassed else { return nil }
        let live = try await office.ledger.counts(of: []).deliveries[channel]?["live"] ?? 0
        let left = max(first - live - inHand.withLock(\.count), 0)
        if left == 0, inHand.withLock(\.isEmpty) {
            try await office.ledger.hold(
                channel: channel,
                because: "the first \(first) are there; look at them, then "
                    + "'sluice resume \(channel)'")
        }
        return left
    }

    private func connect(
        _ address: DestinationAddress, _ claims: [Claim]
    ) async throws(LedgerError) -> (any Destination)? {
        do throws(DeliveryError) {
            return try await office.connections.destination(channel, address)
        } catch {
            for claim in claims { try await office.ledger.unclaim(claim.delivery, tried: false) }
            var most = Self.longestPause
            if case .retry = error.remedy { most = Self.longestSilence }
            try await pause(because: error.message, most: most)
            return nil
        }
    }

    // MARK: One delivery

    private func carry(_ claim: Claim, to place: Place) async throws {
        office.pulse.beat(.transfer, channel, number: claim.delivery.id)
        defer {
            office.pulse.rest(.transfer, channel, number: claim.delivery.id)
            inHand.withLock { _ = $0.remove(claim.delivery.id) }
            // The publisher as well: with the last one in its place, an edition may be due.
            office.bells.ring(channel: channel)
        }
        do throws(LedgerError) {
            do throws(DeliveryError) {
                if claim.delivery.state == .remove {
                    try await takeAway(claim.delivery, from: place)
                } else {
                    try await put(claim, to: place)
                }
                hostFailures.withLock { $0 = 0 }
                office.standstills.clear(.folder, on: channel)
            } catch {
                try await settle(error, claim)
            }
        } catch {
            guard !error.isFatal else { throw error }
            office.standstills.report(.courier, on: channel, error)
        }
    }

    private func put(_ claim: Claim, to place: Place) async throws(DeliveryError) {
        let (delivery, destination) = (claim.delivery, place.destination)
        guard let file = claim.file, let sha256 = claim.sha256,
            Files.exists(office.store.renditions + "/" + file)
        else { return await makeAgain(delivery) }
        let outgoing = Outgoing(
            path: office.store.renditions + "/" + file, sha256: sha256, bytes: claim.bytes,
            mediaType: claim.format.mediaType)
        // An earlier try may have arrived although we never heard so.
        if delivery.attempts > 0 || delivery.touched,
            case .confirmed(let how) = try await destination.look(for: outgoing, as: delivery.name),
            how == .hash || delivery.heldKey == nil
        {
            return try await confirm(claim, at: place, by: how)
        }
        try await destination.put(outgoing, as: delivery.name)
        CrashPoint.reach("send.put")
        switch try await destination.look(for: outgoing, as: delivery.name) {
        case .confirmed(let how): try await confirm(claim, at: place, by: how)
        case .absent:
            throw DeliveryError(
                "'\(delivery.name)' was taken without complaint and is not there",
                remedy: .retry(after: nil))
        case .different(let what):
            let why =
                "'\(delivery.name)' was taken without complaint and is not what was sent: \(what)"
            await noteRefusal(why)
            throw DeliveryError(why, remedy: .retry(after: nil))
        }
    }

    private func confirm(
        _ claim: Claim, at place: Place, by how: Confirmation
    ) async throws(DeliveryError) {
        do throws(LedgerError) {
            // The channel lies elsewhere by now, so this proves nothing about it.
            guard isCurrent(place) else {
                return try await office.ledger.unclaim(claim.delivery, tried: true)
            }
            try await office.ledger.confirm(claim, by: how)
        } catch {
            throw DeliveryError("\(error)", remedy: .retry(after: nil))
        }
        CrashPoint.reach("send.confirmed")
        refusals.withLock { $0 = 0 }
        await endPause()
        office.bells.reconcile.ring()
    }

    private func isCurrent(_ place: Place) -> Bool {
        office.roster.profile(channel)?.address?.isSamePlace(as: place.address) ?? false
    }

    private func takeAway(
        _ delivery: Delivery, from place: Place
    ) async throws(DeliveryError) {
        let destination = place.destination
        let wasMissing = try await isMissing(delivery, at: place)
        try await destination.remove(delivery.name)
        CrashPoint.reach("remove.done")
        guard try await destination.isAbsent(delivery.name) else {
            throw DeliveryError(
                "'\(delivery.name)' was removed without complaint and is still there",
                remedy: .retry(after: nil))
        }
        let isPresent = try await isPresent(
            at: place, besides: delivery, wasMissing: wasMissing)
        do throws(LedgerError) {
            guard isCurrent(place) else {
                return try await office.ledger.unclaim(delivery, tried: true)
            }
            guard isPresent else {
                // First, or it is claimed again at once.
                try await doubt(place, over: delivery.name)
                return try await office.ledger.unclaim(delivery, tried: true)
            }
            try await office.ledger.recordAbsence(delivery)
        } catch {
            throw DeliveryError("\(error)", remedy: .retry(after: nil))
        }
        CrashPoint.reach("remove.proven")
        // That it takes files away does not say that it takes those it refused.
        if !isRefusing { await endPause() }
        office.bells.reconcile.ring()
    }

    func makeAgain(_ delivery: Delivery) async {
        log("a rendition is missing from the store and is made again", "\(delivery.name)")
        do throws(LedgerError) {
            try await office.ledger.forgetBytes(of: delivery.key)
        } catch {
            log("not recorded", "\(error)")
        }
        office.bells.render.ring()
    }
}
