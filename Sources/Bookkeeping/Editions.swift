package import Foundation
package import Model

/// One published, or about to be published, version of a channel's feed.
package struct EditionRecord: Sendable, Hashable {
    package enum State: String, Sendable { case staged, held, confirmed }

    package var channel: String
    package var number: Int
    /// Name in the channel's directory of editions.
    package var file: String
    package var sha256: ContentHash
    package var items: Int
    package var bytes: Int64
    package var state: State
    package var because: String?
    package var released: Bool
    package var madeAt: Date
    package var confirmedAt: Date?

    init(row: Row) throws {
        guard let sha256 = row.hash("sha256"), let state = State(rawValue: row["state"]) else {
            throw Damage(description: "edition \(row["number"] as Int) is damaged")
        }
        channel = row["channel"]
        number = row["number"]
        file = row["file"]
        self.sha256 = sha256
        items = row["items"]
        bytes = row["bytes"]
        self.state = state
        because = row["because"]
        released = row["released"]
        madeAt = row.date("made_at") ?? .distantPast
        confirmedAt = row.date("confirmed_at")
    }
}

// What a channel's publisher asks and tells.
extension Ledger {
    /// Images that the edition names and that have left the channel meanwhile.
    private static let left = named + " AND (\(gone))"
    private static let gone = "held_key IS NULL OR state IN ('remove', 'recalled')"
    private static let named = """
        FROM edition_image AS image LEFT JOIN delivery
            ON delivery.channel = image.channel AND delivery.folded = image.folded
        WHERE image.channel = ? AND image.edition = ?
        """

    /// False when an image that the edition names has left the channel meanwhile.
    package func stands(_ edition: EditionRecord) async throws(LedgerError) -> Bool {
        try await read("check an edition of '\(edition.channel)'") { database in
            try database.first(
                Bool.self, "SELECT NOT EXISTS (SELECT 1 \(Self.left))",
                [edition.channel, edition.number]) ?? false
        }
    }

    /// False when an image that the edition names has left the channel meanwhile, or is not proven there
    /// any more: it does not go out so.
    package func isConfirmed(_ edition: EditionRecord) async throws(LedgerError) -> Bool {
        try await read("check an edition of '\(edition.channel)'") { database in
            try database.first(
                Bool.self,
                """
                SELECT NOT EXISTS (SELECT 1 \(Self.named)
                    AND (\(Self.gone) OR confirmed_at IS NULL))
                """, [edition.channel, edition.number]) ?? false
        }
    }

    /// Names, folded, of the images the edition names: those that are there, and those that left.
    package func images(
        of edition: EditionRecord
    ) async throws(LedgerError) -> (there: Set<String>, gone: Set<String>) {
        try await read("list the images of an edition of '\(edition.channel)'") { database in
            let arguments: Arguments = [edition.channel, edition.number]
            let all = try database.set(
                String.self, "SELECT folded FROM edition_image WHERE channel = ? AND edition = ?",
                arguments)
            let gone = try database.set(String.self, "SELECT image.folded \(Self.left)", arguments)
            return (all.subtracting(gone), gone)
        }
    }

    /// Nothing is on its way: an edition made now would not be out of date at once. What failed
    /// before or waits for a person holds nobody up.
    /// - Parameter isGuarded: more is to be replaced than the channel's limits let through.
    package func isSettled(
        channel: String, isGuarded: Bool = false
    ) async throws(LedgerError) -> Bool {
        try await read("see whether '\(channel)' has settled") { database in
            try database.first(
                Bool.self,
                """
                SELECT NOT EXISTS (SELECT 1 FROM delivery WHERE channel = ?
                    AND state IN ('render', 'send', 'remove') AND error IS NULL
                    AND NOT (? AND \(Self.guarded)))
                """, [channel, isGuarded]) ?? true
        }
    }

    package func editions(channel: String) async throws(LedgerError) -> [EditionRecord] {
        try await read("list editions of '\(channel)'") { database in
            try database.rows("SELECT * FROM edition WHERE channel = ? ORDER BY number", [channel])
                .map(EditionRecord.init(row:))
        }
    }

    /// Records an edition before it is sent, with the images it names, in place of any other
    /// that has not been confirmed.
    /// - Parameters:
    ///   - images: hands out the names of its images, folded, one after the other; more than once where it
    ///     has to be tried again.
    ///   - standing: an earlier one whose images it names too, but for some. One that left since they were
    ///     listed is among them: it is named.
    ///   - isRewind: it is the earlier one that a person has put back.
    package func stageEdition(
        channel: String, file: String, sha256: ContentHash, items: Int, bytes: Int64,
        images: @escaping @Sendable (_ each: (String) throws -> Void) throws -> Void,
        standing: (edition: Int, but: [String])? = nil,
        madeAt: Date, hold: String?, isRewind: Bool = false
    ) async throws(LedgerError) -> EditionRecord {
        try await write("stage an edition for '\(channel)'") { database in
            let number =
                (try database.first(
                    Int.self, "SELECT MAX(number) FROM edition WHERE channel = ?", [channel]) ?? 0)
                + 1
            try Self.dropUnconfirmed(channel, in: database)
            let row = try database.row(
                """
                INSERT INTO edition (channel, number, file, sha256, items, bytes, state,
                    because, made_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *
                """,
                [
                    channel, number, file, sha256.rawValue, items, bytes,
                    hold == nil ? "staged" : "held", hold, madeAt.milliseconds,
                ])
            try images { image in
                try database.run(
                    """
                    INSERT OR IGNORE INTO edition_image (channel, folded, edition)
                    VALUES (?, ?, ?)
                    """, [channel, image, number])
            }
            if let standing {
                try database.run(
                    """
                    INSERT OR IGNORE INTO edition_image (channel, folded, edition)
                    SELECT channel, folded, ? FROM edition_image
                    WHERE channel = ? AND edition = ?
                        AND folded NOT IN (SELECT value FROM json_each(?))
                    """, [number, channel, standing.edition, try Column.json(standing.but)])
            }
            if let hold { try Self.log("held", channel, file, hold, at: madeAt, in: database) }
            if isRewind, var rewind = try Self.rewind(of: channel, in: database) {
                rewind.madeAs = number
                try Self.keep(rewind, of: channel, in: database)
            }
            guard let row else { throw Damage(description: "the new row did not come back") }
            return try EditionRecord(row: row)
        }
    }

    static func dropUnconfirmed(_ channel: String, in database: Connection) throws {
        try database.run(
            """
            DELETE FROM edition_image WHERE channel = ? AND edition IN (
                SELECT number FROM edition WHERE channel = ? AND state <> 'confirmed')
            """, [channel, channel])
        try database.run(
            "DELETE FROM edition WHERE channel = ? AND state <> 'confirmed'", [channel])
    }

    /// The edition is proven at its place: older ones' images need no more protection.
    /// - Parameters:
    ///   - changed: the channel's mark of its last change when the edition was made: a later one
    ///     stands. Times would not do, since two changes may fall into one millisecond.
    ///   - kept: confirmed editions that stay on record.
    /// - Returns: files of editions that may go.
    package func confirmEdition(
        _ edition: EditionRecord, showing changed: Date?, kept: Int
    ) async throws(LedgerError) -> [String] {
        let now = now()
        return try await write("confirm an edition of '\(edition.channel)'") { database in
            try database.run(
                """
                UPDATE edition SET state = 'confirmed', because = NULL, confirmed_at = ?
                WHERE channel = ? AND number = ?
                """, [now.milliseconds, edition.channel, edition.number])
            try Self.leaveOut(edition, at: now, in: database)
            try database.run(
                "DELETE FROM edition_image WHERE channel = ? AND edition < ?",
                [edition.channel, edition.number])
            let old = try Self.dropOld(edition, kept, in: database)
            try database.run(
                """
                UPDATE channel SET last_success = ?,
                    feed_changed = NULLIF(feed_changed, ?) WHERE name = ?
                """,
                [
                    now.milliseconds, changed?.milliseconds, edition.channel,
                ])
            try Self.log(
                "published", edition.channel, edition.file, "\(edition.items) items", at: now,
                in: database)
            return old
        }
    }

    /// Pictures that an edition has named until now, and that nobody asks for, stay for their time from now
    /// on: however long the edition without them was held, the channel reads it only now.
    private static func leaveOut(
        _ edition: EditionRecord, at now: Date, in database: Connection
    ) throws {
        let named = """
            EXISTS (SELECT 1 FROM edition_image AS image WHERE image.channel = delivery.channel
                AND image.folded = delivery.folded AND image.edition
            """
        try database.run(
            """
            UPDATE delivery SET since = ? WHERE channel = ? AND state = 'linger'
                AND \(named) < ?) AND NOT \(named) >= ?)
            """, [now.milliseconds, edition.channel, edition.number, edition.number])
    }

    /// Of confirmed ones; what a person has asked for again stays until it is out again.
    /// - Returns: their files.
    private static func dropOld(
        _ edition: EditionRecord, _ kept: Int, in database: Connection
    ) throws -> [String] {
        var rewind = try rewind(of: edition.channel, in: database)
        if rewind?.madeAs == edition.number, rewind?.isOut == false {
            rewind?.isOut = true
            if let rewind { try keep(rewind, of: edition.channel, in: database) }
        }
        let wanted = rewind.flatMap { $0.isOut ? nil : $0.edition }
        return try database.all(
            String.self,
            """
            DELETE FROM edition WHERE channel = ? AND state = 'confirmed' AND number IS NOT ?
                AND number NOT IN (
                    SELECT number FROM edition WHERE channel = ? AND state = 'confirmed'
                    ORDER BY number DESC LIMIT ?)
            RETURNING file
            """, [edition.channel, wanted, edition.channel, kept])
    }

    /// The edition made now has the same bytes as the one that is out: nothing to do.
    package func feedIsCurrent(
        channel: String, showing changed: Date?, madeAt made: Date
    ) async throws(LedgerError) {
        try await write("find the feed of '\(channel)' current") { database in
            try database.run(
                "UPDATE channel SET feed_changed = NULL WHERE name = ? AND feed_changed = ?",
                [channel, changed?.milliseconds])
            try database.run(
                """
                UPDATE edition SET made_at = ? WHERE channel = ? AND number = (
                    SELECT MAX(number) FROM edition
                    WHERE channel = ? AND state = 'confirmed')
                """, [made.milliseconds, channel, channel])
            // What was to follow it, or waited for a person, is out of date.
            try Self.dropUnconfirmed(channel, in: database)
        }
    }

    package func failEdition(
        _ edition: EditionRecord, because: String
    ) async throws(LedgerError) {
        let now = now()
        try await write("note a failed edition of '\(edition.channel)'") { database in
            try database.run(
                "UPDATE edition SET because = ? WHERE channel = ? AND number = ?",
                [because, edition.channel, edition.number])
            try Self.log(
                "failed", edition.channel, edition.file, because, at: now, in: database)
        }
    }
}
