import Curl
import Foundation
import Host
import Model
import Transports

/// One transport a channel and purpose, made anew when where it goes or the credentials change: on
/// a reused connection a wrong key and a wrong pin would both succeed.
actor Connections {
    enum Purpose { case pictures, feed }

    private struct Use: Hashable {
        var channel: String
        var purpose: Purpose
    }

    private struct Entry {
        var destination: Destination
        var revision: String
        var transport: any Transport
    }

    /// To one server, which pictures and feed share.
    private struct Line: Hashable {
        var channel: String
        var host: String
        var bytesPerSecond: Int64
    }

    private var open: [Use: Entry] = [:]
    /// One at a time makes a transport: a second would sweep away what the first has under way.
    private var making: Set<Use> = []
    private var waiting: [Use: [CheckedContinuation<Void, Never>]] = [:]
    private var bandwidths: [Line: Bandwidth] = [:]
    private let means: TransportMeans
    private let lane = Lane("credentials")

    init(means: TransportMeans) { self.means = means }

    func transport(
        _ channel: String, for purpose: Purpose = .pictures, _ destination: Destination
    ) async throws(DeliveryError) -> any Transport {
        let use = Use(channel: channel, purpose: purpose)
        await begin(use)
        defer { end(use) }
        var means = means
        means.sessions = destination.sessions
        means.bandwidth = bandwidth(of: channel, destination)
        let (given, options) = (means, destination.options)
        let revision = await lane.run { given.credentials.revision(for: options) }
        if let entry = open[use], entry.destination.isSamePlace(as: destination),
            entry.revision == revision
        {
            return entry.transport
        }
        await close(channel, for: purpose)
        let made = try await lane.run { () throws(DeliveryError) in
            try destination.makeTransport(given)
        }
        try await made.sweep()
        open[use] = Entry(destination: destination, revision: revision, transport: made)
        return made
    }

    private func begin(_ use: Use) async {
        while making.contains(use) {
            await withCheckedContinuation { waiting[use, default: []].append($0) }
        }
        making.insert(use)
    }

    private func end(_ use: Use) {
        making.remove(use)
        waiting.removeValue(forKey: use)?.forEach { $0.resume() }
    }

    func close(_ channel: String, for purpose: Purpose = .pictures) async {
        let use = Use(channel: channel, purpose: purpose)
        if let old = open.removeValue(forKey: use) { await old.transport.close() }
    }

    private func bandwidth(of channel: String, _ destination: Destination) -> Bandwidth? {
        guard let limit = destination.bandwidth else { return nil }
        let line = Line(
            channel: channel, host: destination.address.host, bytesPerSecond: limit)
        if let shared = bandwidths[line] {
            shared.expect(sharers: destination.sessions + 1)
            return shared
        }
        // All sessions of pictures, and the one document of a feed.
        let made = Bandwidth(bytesPerSecond: limit, sharers: destination.sessions + 1)
        bandwidths[line] = made
        return made
    }
}
