package import Foundation
package import Model

// A channel that names what it is given says the name in its answer. Where that is lost (a broken
// connection, a daemon that was killed) what is sent again lies there twice, once under a name that nobody
// here knows. So it is written down that something is being sent before it is, and what was not heard of is
// kept with the name it was sent under until a person has looked.
extension Ledger {
    private static func sending(_ delivery: Delivery) -> String {
        "sending \(delivery.channel) \(delivery.name.folded)"
    }

    /// A channel's name holds no space.
    private static func lost(_ channel: String, _ name: String) -> String {
        "lost answer \(channel) \(name)"
    }

    /// To a channel that names it.
    package func beginSending(_ delivery: Delivery) async throws(LedgerError) {
        let now = now()
        try await write("note that '\(delivery.name)' is being sent") { database in
            if try Self.isSending(delivery, in: database) {
                try Self.lose(
                    delivery, "the daemon was ended before it was heard of", at: now, in: database)
            }
            try database.run(
                "INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)",
                [Self.sending(delivery), "\(now.milliseconds)"])
        }
    }

    /// The answer came, or is known not to come.
    /// - Parameter loss: why it did not, although it may lie there.
    package func endSending(_ delivery: Delivery, loss: String?) async throws(LedgerError) {
        let now = now()
        try await write("note what was heard of '\(delivery.name)'") { database in
            if let loss { try Self.lose(delivery, loss, at: now, in: database) }
            try database.run("DELETE FROM fact WHERE name = ?", [Self.sending(delivery)])
        }
    }

    /// Whose file a channel calls so; nil: nobody else's.
    package func name(
        ofObject id: String, besides delivery: Delivery
    ) async throws(LedgerError) -> String? {
        try await read("see what '\(delivery.channel)' calls '\(id)'") { database in
            try database.first(
                String.self,
                """
                SELECT name FROM delivery INDEXED BY delivery_object
                WHERE channel = ? AND json_extract(object, '$.id') = ? AND object IS NOT NULL
                    AND json_valid(object) AND id <> ?
                LIMIT 1
                """, [delivery.channel, id, delivery.id])
        }
    }

    private static func isSending(_ delivery: Delivery, in database: Connection) throws -> Bool {
        try database.first(
            Int.self, "SELECT 1 FROM fact WHERE name = ?", [sending(delivery)]) != nil
    }

    private static func lose(
        _ delivery: Delivery, _ why: String, at now: Date, in database: Connection
    ) throws {
        try database.run(
            "INSERT OR IGNORE INTO fact (name, value) VALUES (?, ?)",
            [lost(delivery.channel, delivery.name.folded), "\(now.milliseconds)"])
        try log(
            "answer lost", delivery.channel, delivery.name.rawValue,
            "it may lie there twice: \(why)", at: now, in: database)
    }

    /// When the first of them was lost, or what is being sent was begun; nil: all were heard.
    package func lostAnswer(_ delivery: Delivery) async throws(LedgerError) -> Date? {
        let lost = Self.lost(delivery.channel, delivery.name.folded)
        return try await read("see whether an answer about '\(delivery.name)' was lost") {
            database in
            try database.first(
                String.self, "SELECT MIN(value) FROM fact WHERE name IN (?, ?)",
                [lost, Self.sending(delivery)])
        }.flatMap { Int64($0) }.map(Date.init(milliseconds:))
    }

    static func lostAnswers(on channel: String, in database: Connection) throws -> Int {
        try database.first(
            Int.self, "SELECT COUNT(*) FROM fact WHERE name GLOB ?", [lost(channel, "*")]) ?? 0
    }

    /// Somebody has looked.
    /// - Returns: whether one was lost.
    @discardableResult
    static func findLost(
        _ name: String, on channel: String, in database: Connection
    ) throws -> Bool {
        try database.run("DELETE FROM fact WHERE name = ?", [lost(channel, name)])
        return database.changes > 0
    }

    /// The channel lies elsewhere, or is no more.
    static func forgetLostAnswers(on channel: String, in database: Connection) throws {
        for fact in [lost(channel, "*"), "sending \(channel) *"] {
            try database.run("DELETE FROM fact WHERE name GLOB ?", [fact])
        }
    }
}
