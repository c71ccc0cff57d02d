package import Foundation
import Model

/// An earlier edition that a person has put back. Until they let the feed go on, other editions wait for
/// them.
package struct Rewind: Codable, Hashable, Sendable {
    /// Which one, by its number.
    package var edition: Int
    package var by: String
    package var at: Date
    /// The number it goes out under; nil: it is still to be made.
    package var madeAs: Int?
    /// It is proven at its place.
    package var isOut = false
}

// Editions that go out once more. Told in one fact of a channel, so that nothing of it is lost with the
// daemon.
extension Ledger {
    static func rewindFact(_ channel: String) -> String { "feed rewind \(channel)" }

    package func rewind(of channel: String) async throws(LedgerError) -> Rewind? {
        try await read("ask which edition of '\(channel)' was put back") { database in
            try Self.rewind(of: channel, in: database)
        }
    }

    /// A person says: this one again, and nothing else until I say so.
    package func rewind(to edition: EditionRecord, by: String) async throws(LedgerError) {
        let (channel, now) = (edition.channel, now())
        try await write("put back an edition of '\(channel)'") { database in
            let rewind = Rewind(edition: edition.number, by: by, at: now)
            try Self.keep(rewind, of: channel, in: database)
            try Self.touchFeed(channel, at: now, in: database)
            try Self.log(
                "rewound", channel, edition.file, "edition \(edition.number), by \(by)", at: now,
                in: database)
        }
    }

    /// It cannot be put back any more.
    package func endRewind(of channel: String, because: String) async throws(LedgerError) {
        let now = now()
        try await write("let the feed of '\(channel)' go on") { database in
            try Self.endRewind(of: channel, in: database)
            try Self.log("failed", channel, channel, because, at: now, in: database)
        }
    }

    static func rewind(of channel: String, in database: Connection) throws -> Rewind? {
        try Column.optional(
            Rewind.self,
            try database.first(
                String.self, "SELECT value FROM fact WHERE name = ?", [rewindFact(channel)]))
    }

    static func keep(_ rewind: Rewind, of channel: String, in database: Connection) throws {
        try database.run(
            "INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)",
            [rewindFact(channel), try Column.json(rewind)])
    }

    static func endRewind(of channel: String, in database: Connection) throws {
        try database.run("DELETE FROM fact WHERE name = ?", [rewindFact(channel)])
    }

    /// The feed goes on. What was made before its last change would bring back what somebody may have
    /// mended since: it is made again.
    /// - Returns: nil: no edition was put back; else files of editions that go.
    static func endRewind(
        releasing channel: String, in database: Connection
    ) throws -> [String]? {
        guard try rewind(of: channel, in: database) != nil else { return nil }
        try endRewind(of: channel, in: database)
        let stale = try database.all(
            String.self,
            """
            SELECT file FROM edition WHERE channel = ? AND state = 'held' AND made_at <= (
                SELECT COALESCE(feed_changed, 0) FROM channel WHERE name = ?)
            """, [channel, channel])
        if !stale.isEmpty { try dropUnconfirmed(channel, in: database) }
        return stale
    }
}
