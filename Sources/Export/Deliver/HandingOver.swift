import Bookkeeping
import Foundation
import Host
import Model
import Profiles
import Synchronization
import Transports

// Where a person does the last step, the place is only where they fetch what they bring to the next: it
// holds what is still to be done and nothing else, and lists that say what that is. Each list is written
// from the ledger whenever it changed, so a crash at any point is repaired by writing it again.
extension Courier {
    /// Seconds that files which are ready wait for others that are being made: one list for all.
    private static let patience = 600.0

    /// Nothing is left to carry: time to say what was brought.
    /// - Parameter atOnce: whatever is still being made.
    /// - Returns: false where the channel pauses now.
    func tellThePerson(
        _ destination: Destination, atOnce: Bool = false
    ) async throws(LedgerError) -> Bool {
        guard destination.hand != nil else { return try await takeListsAway(destination) }
        let ledger = context.ledger
        let counts = try await ledger.counts(of: [channel])
        guard let handed = counts.handed[channel] else { return true }
        let renders = counts.deliveries[channel]?["render"] ?? 0
        let isMaking = renders + counts.uninspected > 0
        let isDue =
            handed.untoldSince.map {
                atOnce || !isMaking || ledger.now().timeIntervalSince($0) > Self.patience
            } ?? false
        guard isDue || handed.isStale else { return true }
        if isDue { while try await ledger.beginManifest(channel: channel) {} }
        let number = pausing.withLock(\.number)
        do throws(DeliveryError) {
            let transport = try await context.connections.transport(channel, destination)
            let stale = try await inLedger { () async throws(LedgerError) in
                try await ledger.staleManifests(channel: channel)
            }
            for number in stale {
                context.heartbeat.beat(.courier, channel)
                try await write(number, transport)
            }
            // After that: a file that cannot be taken out keeps nobody from being told.
            try await takeOut(transport, sessions: destination.sessions)
            await wentWell(since: number)
            return true
        } catch {
            // What must be told is tried again after the pause, and nothing else before it.
            let most = atOnce ? Self.longestSilence : Self.longestPause
            try await pause(because: error.message, most: most, isShut: atOnce)
            return false
        }
    }

    /// No person does the last step any more, and what lies where they fetched it is where it shall be.
    /// - Returns: false where the channel pauses now.
    private func takeListsAway(_ destination: Destination) async throws(LedgerError) -> Bool {
        let stale = try await context.ledger.staleManifests(channel: channel)
        guard !stale.isEmpty else { return true }
        do throws(DeliveryError) {
            let transport = try await context.connections.transport(channel, destination)
            for number in stale { try await write(number, transport) }
            return true
        } catch {
            try await pause(because: error.message, isShut: false)
            return false
        }
    }

    /// What may not be there any more, and the person has not been told: that waits for no backlog.
    /// - Returns: false where the channel pauses now.
    func tellWhatMustGo(_ destination: Destination) async throws(LedgerError) -> Bool {
        guard destination.hand != nil, try await context.ledger.hasUntoldMustGo(on: channel) else {
            return true
        }
        return try await tellThePerson(destination, atOnce: true)
    }

    /// What was fetched and brought to its place would only be brought there again.
    private func takeOut(
        _ transport: any Transport, sessions: Int
    ) async throws(DeliveryError) {
        while !stopping.withLock(\.self) {
            let rows = try await inLedger { () async throws(LedgerError) in
                try await context.ledger.fetched(channel: channel, limit: sessions)
            }
            guard !rows.isEmpty else { return }
            // Thousands of files on a server far away take longer than a turn may.
            context.heartbeat.beat(.courier, channel)
            let (gone, failed) = await remove(rows, transport)
            try await inLedger { () async throws(LedgerError) in
                try await context.ledger.recordTakenOut(gone)
            }
            if let failed { throw failed }
        }
    }

    /// All of them at one time.
    private func remove(
        _ rows: [Delivery], _ transport: any Transport
    ) async -> (gone: [Delivery], failed: DeliveryError?) {
        await withTaskGroup(of: (Delivery, DeliveryError?).self) { group in
            for row in rows {
                group.addTask {
                    do throws(DeliveryError) {
                        try await transport.remove(row.name, object: row.object)
                        return (row, nil)
                    } catch {
                        return (row, error)
                    }
                }
            }
            var (gone, failed): ([Delivery], DeliveryError?) = ([], nil)
            for await (row, error) in group {
                if let error { failed = failed ?? error } else { gone.append(row) }
            }
            return (gone, failed)
        }
    }

    private func write(_ number: Int, _ transport: any Transport) async throws(DeliveryError) {
        let read = try await inLedger { () async throws(LedgerError) in
            try await context.ledger.manifest(number, on: channel)
        }
        guard let manifest = read, let name = RemoteName(rawValue: ManifestText.fileName(number))
        else { return }
        if manifest.entries.isEmpty {
            try await transport.remove(name, object: nil)
        } else {
            try await put(Data(ManifestText.text(manifest).utf8), as: name, transport)
        }
        CrashPoint.reach("manifest.put")
        try await inLedger { () async throws(LedgerError) in
            try await context.ledger.recordWritten(manifest)
        }
    }

    private func put(
        _ text: Data, as name: RemoteName, _ transport: any Transport
    ) async throws(DeliveryError) {
        let path = "\(context.store.editions)/\(channel)-\(name)"
        do throws(HostError) {
            try Files.write(text, to: path, durable: false)
        } catch {
            throw DeliveryError("\(error)", remedy: .fixHost, origin: .here)
        }
        defer { unlink(path) }
        let outgoing = Outgoing(
            path: path, sha256: ContentHash.of(text), bytes: Int64(text.count),
            mediaType: "text/csv")
        let object = try await transport.put(outgoing, as: name, replacing: nil)
        let there = try await transport.look(for: outgoing, as: name, object: object)
        guard there.confirmation != nil else {
            throw DeliveryError(
                "'\(name)' was taken without complaint and is not what was sent: \(there)",
                remedy: .retry(after: nil))
        }
    }
}
