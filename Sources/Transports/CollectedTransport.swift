import Model
private import Synchronization

/// A place whose owner picks files up at once (`collects: true`), over the transport that reaches it. A
/// file that was put without complaint and is gone has arrived; one that never was put is absent as
/// anywhere. What has been picked up is out of our reach, so that nobody can prove that it went away.
final class CollectedTransport: Transport {
    let place: any Transport
    private let address: DestinationAddress
    /// Put without complaint, and not asked for since: no more than are in hand.
    private let put = Mutex<[RemoteName: ContentHash]>([:])

    init(_ place: any Transport, _ address: DestinationAddress) {
        self.place = place
        self.address = address
    }

    func put(
        _ file: Outgoing, as name: RemoteName, replacing object: RemoteObject?
    ) async throws(DeliveryError) -> RemoteObject? {
        put.withLock { $0[name] = nil }
        let made = try await place.put(file, as: name, replacing: object)
        put.withLock { $0[name] = file.sha256 }
        return made
    }

    func look(
        for file: Outgoing, as name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Presence {
        let there = try await place.look(for: file, as: name, object: object)
        guard !there.isProcessing else { return there }
        let last = put.withLock { $0.removeValue(forKey: name) }
        return there == .absent && last == file.sha256 ? .confirmed(.collected) : there
    }

    func remove(_ name: RemoteName, object: RemoteObject?) async throws(DeliveryError) {
        guard try await place.isAbsent(name, object: object) else {
            return try await place.remove(name, object: object)
        }
        var error = Attempt(verb: "take away", name: name.rawValue, address: address).error(
            "the channel has collected it ('collects: true'), and what it did with it cannot be seen "
                + "from here; have it taken down there, and then say so with 'sluice attest'",
            .retry(after: nil))
        // The server did nothing wrong.
        error.origin = .here
        throw error
    }

    func isAbsent(
        _ name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Bool {
        try await place.isAbsent(name, object: object)
    }

    func sweep() async throws(DeliveryError) { try await place.sweep() }

    func markBatch(isWhole: Bool) async throws(DeliveryError) {
        try await place.markBatch(isWhole: isWhole)
    }

    func bear(_ sessions: Int) { place.bear(sessions) }

    func close() async { await place.close() }
}
