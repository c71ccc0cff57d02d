import Foundation
package import Model

// The history: what happened, newest last, bounded.
extension Ledger {
    /// Older events go when there are more than this.
    private static let kept = 200_000
    /// Seconds a guard's count is kept: longer than any window or edition.
    private static let spentKept = 100 * 86_400.0

    static func log(
        _ kind: String, _ channel: String?, _ subject: String, _ text: String, at now: Date,
        in database: Connection
    ) throws {
        try database.run(
            "INSERT INTO event (at, kind, channel, subject, text) VALUES (?, ?, ?, ?, ?)",
            [now.milliseconds, kind, channel, subject, text])
    }

    package func note(
        _ kind: String, channel: String? = nil, subject: String, _ text: String
    ) async throws(LedgerError) {
        let now = now()
        try await write("note an event") { database in
            try Self.log(kind, channel, subject, text, at: now, in: database)
        }
    }

    /// Events after `id`, oldest first.
    package func events(after id: Int64, limit: Int) async throws(LedgerError) -> [Event] {
        try await read("read events") { database in
            try database.rows("SELECT * FROM event WHERE id > ? ORDER BY id LIMIT ?", [id, limit])
                .map { row in
                    Event(
                        id: row["id"], at: row.date("at") ?? .distantPast, kind: row["kind"],
                        channel: row["channel"], subject: row["subject"], text: row["text"])
                }
        }
    }

    package func lastEvent() async throws(LedgerError) -> Int64 {
        try await read("find the last event") { database in
            try database.first(Int64.self, "SELECT MAX(id) FROM event") ?? 0
        }
    }

    /// Bounds the history, and what the guards remember.
    package func pruneEvents() async throws(LedgerError) {
        let due = now().addingTimeInterval(-Self.spentKept).milliseconds
        try await write("prune events") { database in
            try database.run(
                "DELETE FROM event WHERE id <= (SELECT MAX(id) FROM event) - ?", [Self.kept])
            try database.run("DELETE FROM spent WHERE at < ?", [due])
        }
    }
}
