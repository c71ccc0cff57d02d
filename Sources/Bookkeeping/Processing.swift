package import Foundation
package import Model

/// Something that is known to be on a channel, to find out whether the channel is where it was.
package struct Witness: Sendable, Hashable {
    package var name: RemoteName
    package var object: RemoteObject?
}

/// What a channel has and has not come to an end with.
package struct Processing: Sendable, Hashable {
    /// Counted up to a thousand.
    package var count: Int
    /// Of the one that has lasted longest.
    package var since: Date
}

// What the other side makes of that which was sent: its own number for it, and that it takes a while.
// A delivery that is being processed stays `send` and is asked for again.
extension Ledger {
    /// What the channel calls what was just put, before it is known whether it is as it should be.
    package func record(
        _ object: RemoteObject, for delivery: Delivery
    ) async throws(LedgerError) {
        try await write("note what '\(delivery.name)' is called there") { database in
            try database.run(
                "UPDATE delivery SET object = ? WHERE id = ?",
                [try Column.json(object), delivery.id])
        }
    }

    /// Where reconciling wanted something else meanwhile, that is not put off.
    /// - Parameter next: when to ask again.
    package func recordProcessing(
        _ delivery: Delivery, object: RemoteObject?, since: Date, next: Date
    ) async throws(LedgerError) {
        let now = now()
        try await write("note that '\(delivery.name)' is being processed") { database in
            try Self.free(delivery, in: database)
            try database.run(
                "UPDATE delivery SET object = ? WHERE id = ?",
                [try object.map(Column.json), delivery.id])
            try database.run(
                """
                UPDATE delivery SET processing_since = ?, next_try = ?, error = NULL
                WHERE id = ? AND key = ? AND state = ?
                """,
                [
                    since.milliseconds, next.milliseconds, delivery.id, delivery.key.rawValue,
                    delivery.state.rawValue,
                ])
            guard delivery.processingSince == nil else { return }
            try Self.log(
                "processing", delivery.channel, delivery.name.rawValue, "\(delivery.asset)",
                at: now,
                in: database)
        }
    }

    /// The channel has come to an end with it, and it is not what it should be.
    package func endProcessing(_ delivery: Delivery) async throws(LedgerError) {
        try await write("note the end of processing '\(delivery.name)'") { database in
            try database.run(
                "UPDATE delivery SET processing_since = NULL WHERE id = ? AND key = ?",
                [delivery.id, delivery.key.rawValue])
        }
    }

    static func processing(on channel: String, in database: Connection) throws -> Processing? {
        let row = try database.row(
            """
            SELECT COUNT(*) AS number, MIN(processing_since) AS since FROM (
                SELECT processing_since FROM delivery INDEXED BY delivery_processing
                WHERE channel = ? AND processing_since IS NOT NULL
                ORDER BY processing_since LIMIT 1000)
            """, [channel])
        guard let row, let since = row.date("since") else { return nil }
        return Processing(count: row["number"], since: since)
    }
}
