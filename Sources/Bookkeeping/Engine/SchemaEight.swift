// What the eighth schema adds to the seventh.
extension Schema {
    /// What persons bring to its place, the lists that tell them of it, and their word that it is done.
    static let handing = """
        ALTER TABLE delivery ADD COLUMN manifest INTEGER;
        CREATE INDEX delivery_handed ON delivery (channel, since)
            WHERE state IN ('handed', 'recalled');
        CREATE INDEX delivery_untold ON delivery (channel, since)
            WHERE manifest IS NULL AND state IN ('handed', 'recalled');
        CREATE INDEX delivery_manifest ON delivery (channel, manifest) WHERE manifest IS NOT NULL;
        CREATE INDEX delivery_must_go ON delivery (channel)
            WHERE state IN ('remove', 'recalled') AND urgent = 1;
        CREATE TABLE manifest (
            channel TEXT NOT NULL,
            number INTEGER NOT NULL,
            made_at INTEGER NOT NULL,
            changes INTEGER NOT NULL DEFAULT 1,
            written INTEGER NOT NULL DEFAULT 0,  -- which of its changes the file shows
            PRIMARY KEY (channel, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX manifest_unwritten ON manifest (channel, number) WHERE changes <> written;
        -- What goes another way is in no list any more. What is live keeps its number until its file is
        -- taken out of the folder.
        CREATE TRIGGER delivery_unlist AFTER UPDATE OF state ON delivery
        WHEN OLD.manifest IS NOT NULL AND NEW.state <> OLD.state BEGIN
            UPDATE manifest SET changes = changes + 1
                WHERE channel = OLD.channel AND number = OLD.manifest;
            UPDATE delivery SET manifest = NULL WHERE id = OLD.id AND NEW.state <> 'live';
        END;
        CREATE TRIGGER delivery_unlist_gone AFTER DELETE ON delivery
        WHEN OLD.manifest IS NOT NULL BEGIN
            UPDATE manifest SET changes = changes + 1
                WHERE channel = OLD.channel AND number = OLD.manifest;
        END;
        CREATE TABLE attestation (       -- a person's word for what no question can prove
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            channel TEXT NOT NULL,
            name TEXT NOT NULL,
            sku TEXT NOT NULL,
            key TEXT NOT NULL,
            what TEXT NOT NULL,           -- arrived, gone
            who TEXT NOT NULL,
            at INTEGER NOT NULL,
            because TEXT NOT NULL
        ) STRICT;
        CREATE INDEX attestation_key ON attestation (key, channel);

        """
}
