import Foundation
import Model

// A channel that stood still goes on, where it was or elsewhere.
extension Ledger {
    /// Ends hold, pause and the stop after the first few.
    /// - Parameters:
    ///   - elsewhere: nothing is known to be there: the destination changed, or was emptied.
    ///   - left: the other place where what must go still lies, for all that is known: a person takes it
    ///     down there. Nil: it is the same place, and is looked for.
    ///   - isHanded: that is only where a person fetches files: what they have brought to its place is
    ///     where it was.
    ///   - feedStays: it lies elsewhere, and is where it was: what comes next is held against what is out.
    ///   - holdsLists: the lists that told persons what to do lie where files are put now.
    package func resume(
        channel: String, elsewhere: Bool, left: String? = nil, isHanded: Bool = false,
        feedStays: Bool = false, holdsLists: Bool = false, by: String
    ) async throws(LedgerError) {
        let now = now()
        try await write("resume '\(channel)'") { database in
            try database.run(
                """
                UPDATE channel SET first_passed = IIF(held IS NULL, first_passed, 1),
                    held = NULL, doubt = NULL, everything = 0, unsure = 0, paused = NULL,
                    paused_until = NULL, cursor = IIF(unsure, '', cursor) WHERE name = ?
                """, [channel])
            try Loss.settle(in: database)
            // All has waited for this person; it waits for no time as well.
            try database.run(
                """
                UPDATE delivery SET next_try = 0 WHERE channel = ? AND state IN ('send', 'remove')
                    AND next_try > 0
                """, [channel])
            try Self.touchFeed(channel, at: now, in: database)
            if elsewhere, isHanded {
                try Self.handAgain(channel, at: now, in: database)
            } else if elsewhere {
                try Self.keepWhatMustGo(channel, left: left, in: database)
                try database.run(
                    """
                    UPDATE delivery SET \(DeliveryMove.doubted.moves),
                        held_key = NULL, held_sha256 = NULL, held_version = NULL,
                        there_since = NULL, touched = 0,
                        replaces = 0, attempts = 0, next_try = 0, error = NULL, since = ?,
                        object = NULL, processing_since = NULL,
                        drifted_at = NULL
                    WHERE channel = ? AND NOT \(DeliveryMove.disowned.applies)
                    """, [now.milliseconds, channel])
                try database.run(
                    """
                    DELETE FROM delivery
                    WHERE channel = ? AND \(DeliveryMove.disowned.applies) AND NOT (\(Self.mustGo))
                    """, [channel])
                try Self.yieldNames(of: channel, in: database)
                try Self.forgetLostAnswers(on: channel, in: database)
                try Self.emptyLists(of: channel, areThere: holdsLists, in: database)
                try Self.leaveEditions(of: channel, feedStays: feedStays, in: database)
            }
            try Self.log("resumed", channel, channel, "by \(by)", at: now, in: database)
        }
    }

    /// None of the pictures that they name is there. Nor is an edition, not even the same bytes, where they
    /// lay together.
    private static func leaveEditions(
        of channel: String, feedStays: Bool, in database: Connection
    ) throws {
        try database.run("DELETE FROM edition_image WHERE channel = ?", [channel])
        guard !feedStays else { return try dropUnconfirmed(channel, in: database) }
        try endRewind(of: channel, in: database)
        try database.run("DELETE FROM edition WHERE channel = ?", [channel])
    }

    /// No list tells of anything any more. Their numbers stay: a new list never has the name of one that a
    /// person may still have.
    private static func emptyLists(
        of channel: String, areThere: Bool, in database: Connection
    ) throws {
        try database.run("UPDATE delivery SET manifest = NULL WHERE channel = ?", [channel])
        try database.run(
            """
            UPDATE manifest SET changes = changes + 1, written = IIF(?, written, changes + 1)
            WHERE channel = ?
            """, [areThere, channel])
    }

    /// And may lie there.
    private static let mustGo =
        "urgent = 1 AND state IN ('remove', 'recalled') AND (held_key IS NOT NULL OR touched = 1)"

    /// Where nothing is known to be any more it is red until it is proven gone all the same.
    private static func keepWhatMustGo(
        _ channel: String, left: String?, in database: Connection
    ) throws {
        guard let left else {
            // That it is missing is what a person has just said, and no reason to doubt the place.
            return try database.run(
                """
                UPDATE delivery SET held_key = NULL, held_sha256 = NULL, held_version = NULL,
                    there_since = NULL, touched = 1, attempts = 0, next_try = 0, error = NULL
                WHERE channel = ? AND \(mustGo)
                """, [channel])
        }
        try database.run(
            """
            UPDATE delivery SET \(DeliveryMove.recalled.moves), object = NULL, attempts = 0,
                next_try = 0, error = NULL, processing_since = NULL, leased_until = 0,
                because = COALESCE(because, 'no longer wanted') || '; it was left at ' || ?
            WHERE channel = ? AND \(mustGo)
            """, ["'\(left)'", channel])
    }

    /// What waits for its person is put where they fetch it now, and every list is written there.
    private static func handAgain(
        _ channel: String, at now: Date, in database: Connection
    ) throws {
        try database.run(
            """
            UPDATE delivery SET \(DeliveryMove.doubted.moves), touched = 0, attempts = 0, next_try = 0,
                error = NULL, since = ?, object = NULL
            WHERE channel = ? AND state = 'handed'
            """, [now.milliseconds, channel])
        try database.run(
            "UPDATE manifest SET changes = changes + 1 WHERE channel = ?", [channel])
    }

    /// What another channel has at this place already is its own: these are asked for anew, and refused.
    private static func yieldNames(of channel: String, in database: Connection) throws {
        let skus = try database.all(
            String.self,
            """
            DELETE FROM delivery WHERE channel = ? AND folded IN (
                SELECT taken.folded FROM channel AS own
                JOIN channel AS other ON other.place = own.place AND other.name <> own.name
                JOIN delivery AS taken ON taken.channel = other.name
                WHERE own.name = ?)
            RETURNING sku
            """, [channel, channel])
        for sku in Set(skus) { try markDirty(sku, in: database) }
    }
}
