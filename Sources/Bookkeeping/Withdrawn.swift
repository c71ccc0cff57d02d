package import Foundation
package import Model

/// What was taken away because it may not be there any more, and what its public address said since.
package struct WithdrawnFile: Codable, Sendable, Hashable {
    package var name: String
    package var url: String
    /// When it was proven absent where it was put.
    package var goneAt: Date
    package var askedAt: Date?
    /// It was still given out when it was asked for last.
    package var isThere = false

    package init(name: String, url: String, goneAt: Date) {
        (self.name, self.url, self.goneAt) = (name, url, goneAt)
    }
}

// A file can be gone from where it was put, and a cache before it goes on giving it out. So it stands here
// until its public address was asked.
extension Ledger {
    /// Told and asked at one time.
    package static let withdrawnAtOnce = 50

    /// A channel's name holds no space.
    static func withdrawnFact(_ channel: String, _ folded: String) -> String {
        "withdrawn \(channel) \(folded)"
    }

    static func note(
        _ file: WithdrawnFile, of delivery: Delivery, in database: Connection
    ) throws {
        try database.run(
            "INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)",
            [withdrawnFact(delivery.channel, delivery.name.folded), try Column.json(file)])
    }

    /// Something else is given out under its name from now on.
    static func forgetWithdrawn(under delivery: Delivery, in database: Connection) throws {
        try database.run(
            "DELETE FROM fact WHERE name = ?",
            [withdrawnFact(delivery.channel, delivery.name.folded)])
    }

    /// What is still to be asked for, or was still given out, and under whose name nothing else lies now.
    /// - Parameter isThere: only of the latter, those first that have been gone for longest.
    package func withdrawn(
        from channel: String, isThere: Bool = false
    ) async throws(LedgerError) -> [WithdrawnFile] {
        try await read("ask what was withdrawn from '\(channel)'") { database in
            try database.all(
                String.self,
                """
                SELECT value FROM fact WHERE name GLOB ?
                    AND (NOT ? OR json_extract(value, '$.isThere'))
                    AND NOT EXISTS (SELECT 1 FROM delivery
                        WHERE channel = ? AND folded = substr(fact.name, ?)
                            AND (held_key IS NOT NULL OR processing_since IS NOT NULL))
                ORDER BY json_extract(value, ?) LIMIT ?
                """,
                [
                    Self.withdrawnFact(channel, "*"), isThere, channel,
                    Self.withdrawnFact(channel, "").count + 1,
                    isThere ? "$.goneAt" : "$.askedAt", Self.withdrawnAtOnce,
                ]
            ).map { try Column.value(WithdrawnFile.self, $0) }
        }
    }

    /// - Parameters:
    ///   - file: as it is known now.
    ///   - isOver: nothing is to be asked any more.
    ///   - isNews: that it is there is told.
    package func record(
        _ file: WithdrawnFile, isOver: Bool, isNews: Bool, of channel: String
    ) async throws(LedgerError) {
        let now = now()
        let fact = Self.withdrawnFact(channel, file.name.lowercased())
        try await write("note what '\(file.url)' says") { database in
            guard !isOver else {
                return try database.run("DELETE FROM fact WHERE name = ?", [fact])
            }
            try database.run(
                "UPDATE fact SET value = ? WHERE name = ?", [try Column.json(file), fact])
            guard isNews else { return }
            try Self.log(
                "still public", channel, file.name, "'\(file.url)' still gives it out", at: now,
                in: database)
        }
    }
}
