import Bookkeeping
import Foundation
import Host
import Model
import Profiles
import Synchronization
import Transports

// Whether the channel still has what the ledger says, asked behind all other work: what nobody asks for
// may be gone for months. Only what is live is asked for, each file once a day at most, the one that was
// not asked for longest first. What is found changed or gone loses its confirmation, and is sent again as
// what takes the place of something is: as far as `limits` lets it.
extension Courier {
    /// Seconds in which a file is asked for once.
    static let round = 86_400.0
    /// One file in so many is read whole where its length would do, another with every day: a server that
    /// is only asked for lengths is believed for so many days.
    private static let wholeEvery: Int64 = 20

    /// What is done where nothing is to be delivered.
    /// - Returns: when to ask again if nobody rings.
    func patrol(
        _ profile: Profile, _ start: (@escaping Work) -> Void
    ) async throws(LedgerError) -> Date {
        guard profile.state == .live, let destination = profile.destination else {
            return .distantFuture
        }
        // What is collected or handed over is on its way to somebody: they say where it is.
        guard destination.patrol > 0, !destination.collects, destination.hand == nil, inHand.isEmpty
        else { return .distantFuture }
        let now = clock.now()
        if let next = patrols.withLock({ $0.begin(destination.patrol, at: now) }) { return next }
        var isBegun = false
        defer { if !isBegun { patrols.withLock { $0.end() } } }
        let files = try await context.ledger.patrolNext(
            on: channel, notSince: context.ledger.now().addingTimeInterval(-Self.round),
            limit: PatrolPace.batch(destination.patrol))
        let next = now.addingTimeInterval(PatrolPace.interval(destination.patrol))
        guard !files.isEmpty else {
            // What is confirmed meanwhile rings.
            let oldest = try await context.ledger.oldestSeen(on: channel) ?? .distantFuture
            return max(next, oldest.addingTimeInterval(Self.round))
        }
        guard let transport = try await connect(destination, []) else { return next }
        isBegun = true
        carrying.withLock { $0 += 1 }
        var place = Self.place(destination, transport)
        place.pause = pausing.withLock(\.number)
        start { [place] in try await self.walk(past: files, at: place, destination) }
        return next
    }

    private func walk(
        past files: [LiveFile], at place: Place, _ destination: Destination
    ) async throws {
        defer {
            carrying.withLock { $0 -= 1 }
            patrols.withLock { $0.end() }
            // What was found is sent, and what came meanwhile.
            context.signals.wake(channel: channel)
        }
        do throws(LedgerError) {
            for file in files {
                guard mayAsk(place, destination.perMinute), try await ask(for: file, at: place),
                    try await lookForStrangers(beside: file, at: place, destination)
                else { return }
            }
            if destination.options.marksBatches {
                try await lookForMarker(at: place, destination.perMinute)
            }
        } catch {
            guard !error.isFatal else { throw error }
            context.standstills.report(.courier, on: channel, error)
        }
    }

    func mayAsk(_ place: Place, _ perMinute: Int?) -> Bool {
        let now = clock.now()
        guard inHand.isEmpty, standing.withLock({ $0 == .goes }), isCurrent(place),
            !stopping.withLock(\.self), !Task.isCancelled
        else { return false }
        return rateLimiter.withLock { limiter in
            guard limiter.free(perMinute, now) > 0 else { return false }
            limiter.claim(1)
            limiter.start(at: now)
            return true
        }
    }

    /// - Returns: false where the others are not to be asked for now.
    private func ask(for file: LiveFile, at place: Place) async throws(LedgerError) -> Bool {
        await inHand.begin()
        context.heartbeat.beat(.transfer, channel)
        defer {
            context.heartbeat.rest(.transfer, channel)
            _ = inHand.end(0, at: clock.now())
        }
        let delivery = file.delivery
        let found: Found
        do throws(DeliveryError) {
            found = try await find(file, at: place)
        } catch {
            return try await leave(delivery, error, at: place)
        }
        guard isCurrent(place) else { return false }
        switch found {
        case .there(let object):
            try await context.ledger.recordSeen(delivery, object: object)
            await wentWell(since: place.pause)
        case .drifted(let drift, let what):
            try await context.ledger.recordDrift(drift, of: delivery, because: what)
            log("a file is not as it was delivered", what)
        case .elsewhere:
            try await doubt(place, over: delivery.name)
            return false
        }
        return true
    }

    private enum Found {
        case there(RemoteObject?)
        case drifted(Ledger.Drift, String)
        /// Nothing is.
        case elsewhere
    }

    private func find(
        _ file: LiveFile, at place: Place
    ) async throws(DeliveryError) -> Found {
        let delivery = file.delivery
        switch try await look(for: file, at: place) {
        case .confirmed(_, let object): return .there(object)
        case .processing: return .there(nil)
        case .different(let what):
            return .drifted(
                .changed,
                "'\(delivery.name)' was confirmed and is another file now: \(what)")
        case .absent: break
        }
        // Some say so as well of what they only do not show.
        guard try await place.transport.isAbsent(delivery.name, object: delivery.object) else {
            throw DeliveryError(
                "'\(delivery.name)' is there and cannot be looked at", remedy: .retry(after: nil))
        }
        guard try await isPresent(at: place, besides: delivery, wasMissing: true) else {
            return .elsewhere
        }
        return .drifted(.lost, "'\(delivery.name)' was confirmed and is gone")
    }

    private func look(
        for file: LiveFile, at place: Place
    ) async throws(DeliveryError) -> Presence {
        let delivery = file.delivery
        var outgoing = Outgoing(
            path: "", sha256: file.sha256, bytes: file.bytes, mediaType: file.format.mediaType)
        outgoing.wasConfirmed = true
        let day = Int64(clock.now().timeIntervalSince1970 / Self.round)
        let isDue = (delivery.id + day) % Self.wholeEvery == 0
        outgoing.isReadBack = place.transforms == nil && isDue
        let there = try await place.look(
            for: outgoing, as: delivery.name, object: delivery.object)
        if isDue, case .confirmed = there, let fault = try await transformed(file, at: place) {
            return .different(fault)
        }
        // Of the same length, and the server says that it is not what it was.
        guard case .confirmed(.size, let now?) = there, !outgoing.isReadBack,
            place.transforms == nil,
            let tag = now.entityTag, let before = delivery.object?.entityTag, tag != before
        else { return there }
        outgoing.isReadBack = true
        return try await place.look(for: outgoing, as: delivery.name, object: delivery.object)
    }

    /// What the channel has not made of it as the profile says; nil also where that cannot be seen, and
    /// where none is as the profile says: sent again, the channel would make the same of it.
    private func transformed(
        _ file: LiveFile, at place: Place
    ) async throws(DeliveryError) -> String? {
        guard let transforms = place.transforms, transforms.isSaid, !place.namesFiles,
            let transport = place.transport as? any FetchingTransport
        else { return nil }
        let path = place.address.path + file.delivery.name.rawValue
        let data = try await transport.fetch(path, limit: Int(Transformation.most))
        let fault =
            PictureHead(data).map { transforms.fault(in: $0, of: file.size) }
            ?? "it is \(ForeignFile(data).name), no picture"
        let isTheFiles = try await inLedger { () async throws(LedgerError) in
            try await context.ledger.recordMade(file.delivery, as: transforms, fault: fault)
        }
        return isTheFiles ? fault : nil
    }

    /// It could not be said. One file's trouble is in no other's way; the channel's ends the walk.
    private func leave(
        _ delivery: Delivery, _ error: DeliveryError, at place: Place
    ) async throws(LedgerError) -> Bool {
        guard error.origin != .ended, !stopping.withLock(\.self), !Task.isCancelled else {
            return false
        }
        try await context.ledger.recordUnanswered(delivery)
        switch error.remedy {
        case .fixInput: return true
        case .fixHost: log("the patrol cannot ask", error.message)
        case .fixChannel, .fixProfile:
            log("the patrol cannot ask", error.message)
            do throws(DeliveryError) {
                _ = try await isPresent(at: place, besides: delivery, wasMissing: true)
            } catch {
                // Others are refused as well; what must go is tried all the same.
                try await pause(because: error.message, isShut: false)
            }
        case .retry(let hint):
            if let hint, hint > 0 {
                try await pause(because: error.message, asked: hint, isShut: false)
            }
        }
        return false
    }
}
