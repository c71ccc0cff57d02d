import Foundation
import Host
import Transports

/// One transport a channel and purpose, made anew when where it goes or the credentials change: on
/// a reused connection a wrong key and a wrong pin would both succeed.
actor Connections {
    private struct Entry {
        var destination: Destination
        var revision: String
        var transport: any Transport
    }

    private var open: [String: Entry] = [:]
    private let means: TransportMeans
    private let lane = Lane("credentials")

    init(means: TransportMeans) { self.means = means }

    /// - Parameter name: the channel, or the channel's feed.
    func transport(
        _ name: String, _ destination: Destination
    ) async throws(DeliveryError) -> any Transport {
        var means = means
        (means.sessions, means.bandwidth) = (destination.sessions, destination.bandwidth)
        let (given, options) = (means, destination.options)
        let revision = await lane.run { given.credentials.revision(for: options) }
        if let entry = open[name], entry.destination.isSamePlace(as: destination),
            entry.revision == revision
        {
            return entry.transport
        }
        if let old = open.removeValue(forKey: name) { await old.transport.close() }
        let made = try await lane.run { () throws(DeliveryError) in
            try destination.makeTransport(given)
        }
        try await made.sweep()
        open[name] = Entry(destination: destination, revision: revision, transport: made)
        return made
    }

    func close(_ name: String) async {
        if let old = open.removeValue(forKey: name) { await old.transport.close() }
    }
}
