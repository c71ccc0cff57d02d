// What the patrol's schema adds.
extension Schema {
    /// When each file that is live was last asked for, and since when one has been found to be another.
    static let patrol = """
        ALTER TABLE delivery ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE delivery ADD COLUMN drifted_at INTEGER;
        UPDATE delivery SET seen_at = COALESCE(confirmed_at, 0);
        CREATE INDEX delivery_seen ON delivery (channel, seen_at)
            WHERE state = 'live' AND held_key IS NOT NULL;
        CREATE INDEX delivery_drifted ON delivery (channel, drifted_at)
            WHERE drifted_at IS NOT NULL;

        """
}
