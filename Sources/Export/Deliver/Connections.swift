import Foundation
import Host
import Model
import Transports

/// One destination a channel and purpose, made anew when the address or the credentials change: on
/// a reused connection a wrong key and a wrong pin would both succeed.
actor Connections {
    private struct Entry {
        var address: DestinationAddress
        var revision: String
        var transport: any Transport
    }

    private var open: [String: Entry] = [:]
    private let credentials: Credentials
    private let lane = Lane("credentials")

    init(credentials: Credentials) { self.credentials = credentials }

    /// - Parameter name: the channel, or the channel's feed.
    func transport(
        _ name: String, _ address: DestinationAddress
    ) async throws(DeliveryError) -> any Transport {
        let credentials = credentials
        let revision = await lane.run { credentials.revision(for: address) }
        if let entry = open[name], entry.address == address, entry.revision == revision {
            return entry.transport
        }
        if let old = open.removeValue(forKey: name) { await old.transport.close() }
        let made = try await lane.run { () throws(DeliveryError) in
            try makeTransport(address, credentials: credentials)
        }
        try await made.sweep()
        open[name] = Entry(address: address, revision: revision, transport: made)
        return made
    }

    func close(_ name: String) async {
        if let old = open.removeValue(forKey: name) { await old.transport.close() }
    }
}
