import Bookkeeping
import Foundation
import Host
import Model
import Profiles
import Synchronization
import Transports

// Files that nobody here has sent, where a channel's own lie: an old picture put there by hand, what was
// delivered by a ledger that is lost. A folder is listed once a day at most, when a file in it is asked
// for, on the same budget. Only names that the profile could give are told: whatever else lies there
// is other people's, and so may these be. They are never touched, and no reason for a light: a person decides.
extension Courier {
    /// Told of one folder: enough to see that there are many.
    private static let mostStrangers = 1000

    /// - Returns: false where the others are not to be asked for now.
    func lookForStrangers(
        beside file: LiveFile, at place: Place, _ destination: Destination
    ) async throws(LedgerError) -> Bool {
        guard let transport = place.transport as? any ListingTransport,
            let profile = context.active.profile(channel)
        else { return true }
        let segments = file.delivery.name.rawValue.split(separator: "/").dropLast()
        // The channel's own first: what nobody knows of may lie in folders that nobody knows of.
        for folder in Set(["", segments.map { "\($0)/" }.joined()]).sorted() {
            let address = place.address.description + folder
            guard let shape = profile.names(in: folder),
                listings.withLock({ $0.isDue(address, at: clock.now()) })
            else { continue }
            guard mayAsk(place, destination.perMinute) else { return false }
            let known = try await known(in: folder, place)
            let search = StrangerSearch(
                folder, most: Self.mostStrangers, fits: shape.fits, isKnown: known.contains,
                goesOn: { [self] in goesOnListing })
            switch await list(search, transport, destination.patrol) {
            case .failure(let error) where error.origin == .ended: return false
            case .failure(let error): log("the patrol cannot list", error.message)
            case .success(let found):
                guard isCurrent(place) else { return false }
                try await record(found, in: folder, place)
            }
            listings.withLock { $0.note(address, at: clock.now()) }
        }
        return true
    }

    /// Nobody waits for its end.
    private var goesOnListing: Bool {
        context.heartbeat.beat(.transfer, channel)
        return inHand.isEmpty && standing.withLock { $0 == .goes } && !stopping.withLock(\.self)
    }

    private func list(
        _ search: StrangerSearch, _ transport: any ListingTransport, _ perHour: Int
    ) async -> Result<Strangers, DeliveryError> {
        await inHand.begin()
        defer {
            context.heartbeat.rest(.transfer, channel)
            _ = inHand.end(0, at: clock.now())
        }
        do throws(DeliveryError) {
            let found = try await transport.strangers(search)
            patrols.withLock { $0.owe(found.questions, perHour) }
            return .success(found)
        } catch {
            patrols.withLock { $0.owe(1, perHour) }
            return .failure(error)
        }
    }

    private func known(
        in folder: String, _ place: Place
    ) async throws(LedgerError) -> KnownNames {
        try await context.ledger.known(
            in: folder, of: channel, at: place.address.description)
    }

    private func record(
        _ found: Strangers, in folder: String, _ place: Place
    ) async throws(LedgerError) {
        var names = found.names
        if !names.isEmpty {
            // What was wanted meanwhile is none.
            let known = try await known(in: folder, place)
            names.removeAll(where: known.contains)
        }
        let address = place.address.description
        try await context.ledger.recordStrangers(
            names, in: address + folder, at: address, on: channel)
    }
}

/// When each folder was listed last. Not in the ledger: after a start they are listed once more.
struct FolderListings {
    /// So that a channel with a folder for each product does not fill the memory.
    private static let most = 10_000

    private var last: [String: Date] = [:]

    /// - Parameter folder: its whole address.
    func isDue(_ folder: String, at now: Date) -> Bool {
        // Of a clock that was set back as well.
        last[folder].map { abs(now.timeIntervalSince($0)) >= Courier.round } ?? true
    }

    mutating func note(_ folder: String, at now: Date) {
        if last.count >= Self.most { last = [:] }
        last[folder] = now
    }
}
