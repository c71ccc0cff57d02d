import Bookkeeping
import Feeds
import Foundation
import Host
import Model
import Profiles
import Transports

/// What a place was last given of a feed, kept across starts: asked for again while the channel is not
/// done with it, and replaced by the next edition.
struct FeedTaken: Codable, Hashable {
    /// As `FeedPlace` says it: what another place calls something means nothing here.
    var place: String
    var sha256: ContentHash
    var object: RemoteObject?
    var isProcessed: Bool
    /// File of the edition it was sent for, which asks before it sends it again.
    var edition: String?

    /// - Parameter part: of a feed of several documents; nil: the one that all others are found by.
    static func fact(_ channel: String, part: RemoteName? = nil) -> String {
        "feed taken \(channel)" + (part.map { " \($0)" } ?? "")
    }
}

// How a publisher brings an edition to its name, and finds out that it is there.
extension Publisher {
    typealias NamedDocument = (name: RemoteName, file: Outgoing)

    /// The documents of an edition in the order in which they go out: the one that all others are
    /// found by comes last.
    /// - Returns: nil where they are not what was written down of them.
    func outgoing(
        _ edition: EditionRecord, _ feed: Profile.Feed
    ) async throws(DeliveryError) -> [NamedDocument]? {
        let path = path(edition.file)
        do throws(HostError) {
            return try await lane.run { () throws(HostError) -> [NamedDocument]? in
                let parts = EditionParts.files(path)
                let names = EditionParts.names(
                    feed.file.rawValue, count: parts.count, of: feed.format)
                var all: [NamedDocument] = []
                for (name, file) in zip([feed.file.rawValue] + names, [path] + parts) {
                    guard let name = RemoteName(rawValue: name) else { continue }
                    let digest = try Files.digest(path: file)
                    all.append(
                        (
                            name,
                            Outgoing(
                                path: file, sha256: digest.sha256, bytes: digest.bytes,
                                mediaType: feed.format.mediaType)
                        ))
                }
                guard EditionParts.whole(all.map(\.file.sha256)) == edition.sha256 else {
                    return nil
                }
                return Array(all.dropFirst() + all.prefix(1))
            }
        } catch {
            throw DeliveryError("\(error)", remedy: .fixHost)
        }
    }

    /// A channel that takes its time with a feed is asked again, and not sent it again; nor is it sent
    /// a document twice for one edition, whoever was cut off between this and the next one.
    /// - Parameters:
    ///   - edition: its file.
    ///   - isLast: of an edition's documents.
    ///   - batch: the fact that the courier owes a marker to this very place, and closes the batch; nil:
    ///     the place is the feed's alone.
    func put(
        _ outgoing: Outgoing, as name: RemoteName, of edition: String,
        by transport: any Transport, at place: String, isLast: Bool,
        batch: (fact: String, place: String)?
    ) async throws(DeliveryError) {
        let fact = FeedTaken.fact(channel, part: isLast ? nil : name)
        let last = try await taken(fact, at: place)
        var object = last?.object
        var there = Presence.absent
        if let last, last.isProcessed || last.edition == edition, last.sha256 == outgoing.sha256 {
            there = try await transport.look(for: outgoing, as: name, object: object)
        }
        if !there.isProcessing, there.confirmation == nil {
            // First: a crash between them costs a marker too many, never one too few.
            if let batch { try await setFact(batch.fact, batch.place) }
            try await transport.markBatch(isWhole: false)
            object = try await transport.put(outgoing, as: name, replacing: object)
            CrashPoint.reach("edition.put")
            there = try await transport.look(for: outgoing, as: name, object: object)
        }
        if case .confirmed(_, let found?) = there { object = found }
        let now = FeedTaken(
            place: place, sha256: outgoing.sha256, object: object,
            isProcessed: there.isProcessing, edition: edition)
        // With the last one the edition is out, and nothing goes on.
        if now != last, !isLast || now.isProcessed || last != nil || object?.id != nil {
            try await note(now, as: fact)
        }
        guard !there.isProcessing else {
            throw DeliveryError(
                "the feed '\(name)' is being processed by the channel", remedy: .retry(after: nil))
        }
        guard there.confirmation != nil else {
            throw DeliveryError(
                "the feed '\(name)' was taken without complaint and is not what was sent: \(there)",
                remedy: .retry(after: nil))
        }
        // Again, where it had been put before: nobody knows whether that was marked.
        if isLast, batch == nil { try await transport.markBatch(isWhole: true) }
    }

    private func taken(
        _ fact: String, at place: String
    ) async throws(DeliveryError) -> FeedTaken? {
        let text = try await inLedger { () async throws(LedgerError) in
            try await context.ledger.fact(fact)
        }
        let taken = text.flatMap {
            try? JSONDecoder().decode(FeedTaken.self, from: Data($0.utf8))
        }
        return taken?.place == place ? taken : nil
    }

    private func note(_ taken: FeedTaken, as fact: String) async throws(DeliveryError) {
        guard let data = try? JSONEncoder().encode(taken) else { return }
        try await setFact(fact, String(decoding: data, as: UTF8.self))
    }

    private func setFact(_ fact: String, _ value: String) async throws(DeliveryError) {
        try await inLedger { () async throws(LedgerError) in
            try await context.ledger.setFact(fact, value)
        }
    }
}
