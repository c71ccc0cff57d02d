import Foundation

/// Something the ledger holds cannot be read back: a disk or a hand has changed it.
struct Damage: Error, CustomStringConvertible {
    var description: String
}

// SKUs about which nothing can be decided, because something the ledger says of them is damaged.
// What a channel has of them stays as it is; everybody else's work goes on.
extension Ledger {
    /// Sets a SKU aside if what the ledger says of it cannot be read, until something new is said of
    /// it or `lookAgain` is asked for.
    /// - Returns: why it cannot be read; nil: it can.
    package func setAside(ifDamaged sku: String) async throws(LedgerError) -> String? {
        let now = now()
        return try await write("set '\(sku)' aside") { database in
            do {
                _ = try self.skuRecord(sku, in: database)
                return nil
            } catch  where LedgerError.isDamage(error) {
                let reason = LedgerError.words(of: error)
                try database.run("DELETE FROM dirty WHERE sku = ?", [sku])
                try database.run(
                    "INSERT OR REPLACE INTO aside (sku, reason, since) VALUES (?, ?, ?)",
                    [sku, reason, now.milliseconds])
                try Self.log("set aside", nil, sku, reason, at: now, in: database)
                return reason
            }
        }
    }

    /// - Returns: the first few, and how many there are.
    package func aside(
        limit: Int
    ) async throws(LedgerError) -> (first: [(sku: String, reason: String)], all: Int) {
        try await read("list what is set aside") { database in
            let rows = try database.rows(
                "SELECT sku, reason FROM aside ORDER BY sku LIMIT ?", [limit])
            let all = try database.first(Int.self, "SELECT COUNT(*) FROM aside") ?? 0
            return (rows.map { (sku: $0["sku"], reason: $0["reason"]) }, all)
        }
    }

    /// A person may have mended the ledger, or a newer program may read it.
    package func lookAgainAtWhatIsAside() async throws(LedgerError) {
        try await write("look again at what is set aside") { database in
            for sku in try database.all(String.self, "SELECT sku FROM aside") {
                try Self.markDirty(sku, in: database)
            }
        }
    }

    /// What waits to be rendered and is there: an older program left such, and nobody renders it.
    package func lookAgainAtWhatIsMade() async throws(LedgerError) {
        try await write("look again at what is made") { database in
            try database.run(
                """
                INSERT OR REPLACE INTO dirty (sku, stamp)
                SELECT DISTINCT sku, random() FROM delivery INDEXED BY delivery_render
                JOIN rendition ON rendition.key = delivery.key
                WHERE delivery.state = 'render' AND rendition.file IS NOT NULL
                """)
        }
    }

    /// It could be read.
    static func takeBack(_ sku: String, in database: Connection) throws {
        try database.run("DELETE FROM aside WHERE sku = ?", [sku])
    }
}

extension LedgerError {
    /// Nothing is wrong with SQLite, only with what was written.
    static func isDamage(_ error: any Error) -> Bool { error is Damage || error is DecodingError }

    /// A decoder's error in one line.
    static func words(of error: any Error) -> String {
        let context: DecodingError.Context
        switch error as? DecodingError {
        case .dataCorrupted(let found): context = found
        case .keyNotFound(_, let found), .typeMismatch(_, let found), .valueNotFound(_, let found):
            context = found
        default: return "\(error)"
        }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return "stored JSON is damaged" + (path.isEmpty ? "" : " at '\(path)'") + ": "
            + context.debugDescription
    }
}
