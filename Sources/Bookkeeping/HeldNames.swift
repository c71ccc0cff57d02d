import Model

// Who has a name at a place. The holder stays; who was refused it is asked again when it is free.
extension Ledger {
    /// Who has the name on another channel that lies at the same place: two files of one name would
    /// overwrite each other, and the end of one would take the other down.
    static func neighbour(
        _ wanted: Wanted, in database: Connection
    ) throws -> (channel: String, asset: Asset)? {
        // In this order: left to itself SQLite goes through all deliveries, for each name that is wanted.
        try database.row(
            """
            SELECT delivery.* FROM channel AS own
            CROSS JOIN channel AS other ON other.place = own.place AND other.name <> own.name
            CROSS JOIN delivery ON delivery.channel = other.name AND delivery.folded = ?
            WHERE own.name = ? LIMIT 1
            """, [wanted.name.folded, wanted.channel]
        ).map { ($0["channel"], $0.asset) }
    }

    /// - Parameter channel: another one, at the same place.
    static func taken(
        _ wanted: Wanted, by holder: Asset, of channel: String?
    ) -> Refused {
        let gate = NameClash.gate(
            wanted.name, of: wanted.asset, on: wanted.channel, heldBy: holder, of: channel)
        return Refused(
            channel: wanted.channel, asset: wanted.asset, gates: [gate], waitsFor: wanted.name)
    }

    /// A name became free: who was refused it is looked at again. One of them gets it, so a few
    /// are enough.
    static func askAgain(for gone: Delivery, in database: Connection) throws {
        let waiting = try database.all(
            String.self,
            """
            SELECT DISTINCT sku FROM verdict WHERE name = ? AND channel IN (
                SELECT ? UNION SELECT other.name FROM channel AS own
                JOIN channel AS other ON other.place = own.place WHERE own.name = ?)
            LIMIT 8
            """, [gone.name.folded, gone.channel, gone.channel])
        for sku in waiting { try markDirty(sku, in: database) }
    }
}
