package import Foundation
package import Model

/// What came of a person's word.
package struct Attested: Sendable, Hashable {
    package var arrived = 0
    package var gone = 0
    /// Known to lie there once, where an answer was lost.
    package var alone = 0
    /// Of the first few, on the channel.
    package var names: [String] = []
    /// Of what was asked for: nothing there waits for a person's word.
    package var unmatched: [String] = []

    package var count: Int { arrived + gone + alone }
}

// A person's word that something is at its place, or gone from there, where no question can prove it.
extension Ledger {
    /// Names an answer tells.
    private static let told = 20
    /// Files one word is about; for more it is given again.
    private static let most = 2000
    /// Of one file on one channel, older words than that many are forgotten.
    private static let kept = 5

    private struct Word: Sendable {
        var who: String
        var at: Date
        var because: String
        /// In the history.
        var kind: String
    }

    /// What a list told of is done. What it does not tell of any more is another's.
    /// - Parameter items: names and SKUs; nil: all of it.
    package func done(
        channel: String, manifest: Int, items: [String]?, by who: String
    ) async throws(LedgerError) -> Attested {
        let word = Word(
            who: who, at: now(), because: "manifest \(manifest) is done", kind: "done")
        return try await write("note what is done on '\(channel)'") { database in
            let rows = try database.rows(
                """
                SELECT * FROM delivery WHERE channel = ? AND manifest = ?
                    AND state IN ('handed', 'recalled') ORDER BY folded
                """, [channel, manifest])
            return try Self.note(rows, of: items, word, on: channel, in: database)
        }
    }

    /// What only a person can know: that something is gone, or there.
    /// - Parameter items: names, and SKUs for what goes; nil: all that must go. That something is there is
    ///   said of a file, never of all that has failed of a SKU.
    package func attest(
        channel: String, items: [String]?, because: String, by who: String
    ) async throws(LedgerError) -> Attested {
        let word = Word(who: who, at: now(), because: because, kind: "attested")
        return try await write("note what is attested on '\(channel)'") { database in
            guard let items else {
                let rows = try database.rows(
                    """
                    SELECT * FROM delivery INDEXED BY delivery_must_go
                    WHERE channel = ? AND state IN ('remove', 'recalled') AND urgent = 1
                    ORDER BY folded LIMIT ?
                    """, [channel, Self.most])
                return try Self.note(rows, of: nil, word, on: channel, in: database)
            }
            let rows = try items.flatMap { item in
                try database.rows(
                    """
                    SELECT * FROM delivery
                    WHERE sku = ? AND channel = ? AND \(DeliveryMove.saidGone.applies)
                        OR channel = ? AND folded = ? AND (\(DeliveryMove.saidGone.applies)
                            OR \(DeliveryMove.said.applies) AND touched = 1)
                    ORDER BY folded
                    """, [item.composed, channel, channel, item.lowercased()])
            }
            var result = try Self.note(rows, of: items, word, on: channel, in: database)
            for item in items
            where try Self.findLost(item.lowercased(), on: channel, in: database) {
                result.alone += 1
                result.unmatched.removeAll { $0 == item }
                try Self.log(
                    word.kind, channel, item, "lies there once, said by \(word.who): \(because)",
                    at: word.at, in: database)
            }
            return result
        }
    }

    private static func note(
        _ rows: [Row], of items: [String]?, _ word: Word, on channel: String,
        in database: Connection
    ) throws -> Attested {
        var result = Attested()
        var matched: Set<String> = []
        var noted: Set<Int64> = []
        for delivery in try rows.map(Delivery.init(row:)) where !noted.contains(delivery.id) {
            let own = items?.filter {
                $0.composed == delivery.asset.sku || $0.lowercased() == delivery.name.folded
            }
            guard own?.isEmpty != true else { continue }
            matched.formUnion(own ?? [])
            noted.insert(delivery.id)
            if delivery.state.leaves {
                try vanish(delivery, word, in: database)
                result.gone += 1
            } else {
                try arrive(delivery, word, in: database)
                result.arrived += 1
            }
            if result.names.count < told { result.names.append(delivery.name.rawValue) }
        }
        result.unmatched = items?.filter { !matched.contains($0) } ?? []
        if result.count > 0 { try succeed(channel, at: word.at, in: database) }
        return result
    }

    private static func arrive(
        _ delivery: Delivery, _ word: Word, in database: Connection
    ) throws {
        try database.run(
            """
            UPDATE delivery SET \(DeliveryMove.said.moves), held_key = key, held_version = version,
                held_sha256 = (SELECT sha256 FROM rendition WHERE rendition.key = delivery.key),
                confirmed_at = ?, confirmed_by = ?, touched = 0, processing_since = NULL,
                attempts = 0, error = NULL, replaces = 0, released = 0, next_try = 0,
                leased_until = 0, drifted_at = NULL, since = ?
            WHERE id = ?
            """,
            [
                word.at.milliseconds, "said by \(word.who)", word.at.milliseconds, delivery.id,
            ])
        _ = try lookAtOlder(than: delivery, in: database)
        try record("arrived", delivery.key, delivery, word, in: database)
    }

    private static func vanish(
        _ delivery: Delivery, _ word: Word, in database: Connection
    ) throws {
        try database.run("DELETE FROM delivery WHERE id = ?", [delivery.id])
        try findLost(delivery.name.folded, on: delivery.channel, in: database)
        try askAgain(for: delivery, in: database)
        try markDirty(delivery.asset.sku, in: database)
        try record("gone", delivery.heldKey ?? delivery.key, delivery, word, in: database)
    }

    private static func record(
        _ what: String, _ key: ContentHash, _ delivery: Delivery, _ word: Word,
        in database: Connection
    ) throws {
        try database.run(
            """
            INSERT INTO attestation (channel, name, sku, key, what, who, at, because)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                delivery.channel, delivery.name.rawValue, delivery.asset.sku, key.rawValue, what,
                word.who, word.at.milliseconds, word.because,
            ])
        try database.run(
            """
            DELETE FROM attestation WHERE key = ? AND channel = ? AND id NOT IN (
                SELECT id FROM attestation WHERE key = ? AND channel = ? ORDER BY id DESC LIMIT ?)
            """, [key.rawValue, delivery.channel, key.rawValue, delivery.channel, kept])
        try log(
            word.kind, delivery.channel, delivery.name.rawValue,
            "\(delivery.asset) \(what == "gone" ? "is gone" : "is there"), said by \(word.who): "
                + word.because, at: word.at, in: database)
    }

    /// What persons said of a file, newest first.
    static func attestations(
        of key: ContentHash, on channel: String?, in database: Connection
    ) throws -> [Attestation] {
        try database.rows(
            """
            SELECT * FROM attestation WHERE key = ? AND (? IS NULL OR channel = ?) ORDER BY id DESC
            """, [key.rawValue, channel, channel]
        ).map { row in
            Attestation(
                channel: row["channel"], name: row["name"],
                isGone: (row["what"] as String) == "gone", who: row["who"],
                at: row.date("at") ?? .distantPast, because: row["because"])
        }
    }
}
