// What the channels' answers add to the schema.
extension Schema {
    /// What each channel said last of each item that it was given.
    static let verdicts =
        """
        CREATE TABLE item_verdict (
            channel TEXT NOT NULL,
            sku TEXT NOT NULL,
            verdict TEXT NOT NULL,        -- rejected, pending, accepted
            status TEXT NOT NULL,         -- the channel's word
            message TEXT NOT NULL,
            since INTEGER NOT NULL,       -- when it was first said so
            PRIMARY KEY (channel, sku)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX item_verdict_kind ON item_verdict (channel, verdict, sku);

        """ + counting("item_verdict", scope: "'said ' || ROW.channel", name: "ROW.verdict")
}
