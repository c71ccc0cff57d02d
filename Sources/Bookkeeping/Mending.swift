import Model

// Files of the store that were not any more what their names say. The picture is not at fault, so its
// verdict ends when the same bytes arrive again: staging has put them in the place of the bad ones.
extension Ledger {
    static func mend(_ arrival: Arrival, in database: Connection) throws {
        try database.run(
            "UPDATE master SET unusable = NULL, damaged = 0 WHERE sha256 = ? AND damaged = 1",
            [arrival.master.rawValue])
        if database.changes > 0 {
            try markDirty(versionsOf: arrival.master, in: database)
            try readmit("source.master", arrival.master, in: database)
        }
        guard let description = arrival.description else { return }
        try database.run(
            """
            UPDATE description SET unreadable = NULL, damaged = 0
            WHERE sha256 = ? AND damaged = 1
            """, [description.rawValue])
        if database.changes > 0 {
            try markDirty(xmp: description, in: database)
            try readmit("source.description", description, in: database)
        }
    }

    /// Sources of these bytes, unless something else is wrong with them.
    private static func readmit(
        _ column: String, _ file: ContentHash, in database: Connection
    ) throws {
        try database.run(
            """
            UPDATE source SET state = 'accepted', reason = NULL, code = NULL
            WHERE \(column) = ? AND state = 'quarantined'
                AND NOT EXISTS (SELECT 1 FROM master
                    WHERE sha256 = source.master AND unusable IS NOT NULL)
                AND NOT EXISTS (SELECT 1 FROM description
                    WHERE sha256 = source.description AND unreadable IS NOT NULL)
            """, [file.rawValue])
    }
}
