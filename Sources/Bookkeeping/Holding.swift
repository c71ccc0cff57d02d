package import Foundation
package import Model

/// What a channel that is held does not do.
package enum Hold: Sendable, Hashable {
    /// Nothing new: what may not be there any more goes all the same.
    case ordinary
    /// Nothing at all, as a person said.
    case everything
    /// Nothing at all: nobody knows for sure where its files lie.
    case doubt
}

// Why a channel stands still.
extension Ledger {
    /// A person, or the stop after the first few, says: stand still.
    /// - Parameter everything: not even what must go may go.
    package func hold(
        channel: String, because: String, everything: Bool = false
    ) async throws(LedgerError) {
        let now = now()
        try await write("hold '\(channel)'") { database in
            try database.run(
                """
                UPDATE channel SET held = ?, everything = ?
                WHERE name = ? AND (held IS NOT ? OR everything <> ?)
                """, [because, everything, channel, because, everything])
            guard database.changes > 0 else { return }
            try Self.log("held", channel, channel, because, at: now, in: database)
        }
    }

    /// Nobody knows for sure where the channel's files lie: nothing moves until a person says.
    package func doubt(channel: String, because: String) async throws(LedgerError) {
        let now = now()
        try await write("doubt the place of '\(channel)'") { database in
            try database.run(
                "UPDATE channel SET doubt = ? WHERE name = ? AND doubt IS NOT ?",
                [because, channel, because])
            guard database.changes > 0 else { return }
            try Self.log("held", channel, channel, because, at: now, in: database)
        }
    }

    /// Nobody knows whether it is there: an earlier ledger, which was lost, may have known.
    package func isSought(_ delivery: Delivery) async throws(LedgerError) -> Bool {
        try await read("ask whether '\(delivery.name)' is looked for") { database in
            try database.first(
                Bool.self,
                """
                SELECT EXISTS (SELECT 1 FROM sought
                    WHERE channel = ? AND version = ? AND folded = ?)
                """, [delivery.channel, delivery.version, delivery.name.folded]) ?? false
        }
    }

    /// What has been on a channel for longest, besides one: a few.
    /// - Parameter before: none that was confirmed later; nil: whenever that was.
    package func witnesses(
        on channel: String, besides delivery: Delivery, before: Date? = nil
    ) async throws(LedgerError) -> [Witness] {
        try await read("list what is on '\(channel)'") { database in
            try database.rows(
                """
                SELECT name, object FROM delivery WHERE channel = ? AND id <> ? AND held_key IS NOT NULL
                    AND touched = 0 AND attempts = 0 AND state IN ('live', 'linger', 'remove')
                    AND confirmed_by IS NOT 'collected'
                    AND COALESCE(confirmed_by, '') NOT LIKE 'said by %'
                    AND COALESCE(there_since, confirmed_at) <= ?
                ORDER BY COALESCE(there_since, confirmed_at) LIMIT 3
                """, [channel, delivery.id, before?.milliseconds ?? Int64.max]
            ).compactMap { row in
                guard let name = RemoteName(rawValue: row["name"]) else { return nil }
                return Witness(
                    name: name, object: try Column.optional(RemoteObject.self, row["object"]))
            }
        }
    }

    /// Its files lie where they lay; what a person holds stays held.
    package func trust(channel: String, by: String) async throws(LedgerError) {
        let now = now()
        try await write("end the doubt about '\(channel)'") { database in
            try database.run(
                """
                UPDATE channel SET doubt = NULL, paused = NULL, paused_until = NULL
                WHERE name = ?
                """, [channel])
            try Self.touchFeed(channel, at: now, in: database)
            try Self.log("resumed", channel, channel, "by \(by)", at: now, in: database)
        }
    }
}
