// What tells a feed which of its items to ask about again.
extension Schema {
    /// Each product once, by its last change. Written by triggers, so that nobody who writes to a delivery, or
    /// marks a product as changed, can forget it. Not by `OR REPLACE`: the conflict clause of the statement
    /// that fires a trigger is that of the trigger's own too.
    static let itemChanges = """
        CREATE TABLE item_change (
            -- Never used again: an edition knows what it has seen by the last one.
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            sku TEXT NOT NULL UNIQUE
        ) STRICT;
        \(noting("dirty_made", "INSERT ON dirty", "NEW"))
        \(noting("dirty_marked", "UPDATE ON dirty", "NEW"))
        \(noting("delivery_made", "INSERT ON delivery", "NEW"))
        \(noting("delivery_gone", "DELETE ON delivery", "OLD"))
        \(noting(
            "delivery_moved",
            """
            UPDATE OF state, held_key, held_version, version, confirmed_at, name, slot, position
                ON delivery
            """, "NEW"))

        """

    private static func noting(_ name: String, _ event: String, _ row: String) -> String {
        """
        CREATE TRIGGER item_\(name) AFTER \(event) BEGIN
            DELETE FROM item_change WHERE sku = \(row).sku;
            INSERT INTO item_change (sku) VALUES (\(row).sku);
        END;
        """
    }
}
