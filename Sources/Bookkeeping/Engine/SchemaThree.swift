import Model

// What the third schema adds to the second.
extension Schema {
    /// One subject a line.
    static let third: [String] = [
        decisions,
        omissions,
        refusees,
        productTables,
        damage,
        identity,
        lists,
    ]

    /// SKUs are held composed now: one that a Mac had decomposed would never be found again.
    static func composeSKUs(in database: Connection) throws {
        for table in ["version", "product", "delivery", "verdict", "boundary", "dirty", "aside"] {
            let skus = try database.all(
                String.self, "SELECT DISTINCT sku FROM \(table) WHERE sku GLOB '*[^ -~]*'")
            for sku in skus where !sku.utf8.elementsEqual(sku.composed.utf8) {
                try database.run(
                    "UPDATE OR IGNORE \(table) SET sku = ? WHERE sku = ?", [sku.composed, sku])
            }
        }
    }

    /// Why a source was refused, in a word, and those that a person lets lie.
    private static let refusees = """
        ALTER TABLE source ADD COLUMN code TEXT;
        CREATE INDEX source_dismissed ON source (path) WHERE state = 'dismissed';

        """

    /// What persons decided: why a version was barred from a channel, what a hold holds, to which
    /// bytes an approval was given first, and by which sources. Every licence is judged anew.
    private static let decisions = """
        ALTER TABLE version ADD COLUMN barrings TEXT NOT NULL DEFAULT '{}';  -- channel: at, because
        UPDATE version SET barrings = (
            SELECT json_group_object(value, json_object('at', version.since / 1000.0 - 978307200,
                'because', 'it was withdrawn there')) FROM json_each(barred))
            WHERE barred <> '[]';
        ALTER TABLE version DROP COLUMN barred;
        ALTER TABLE version ADD COLUMN approved_at INTEGER;  -- when its approval was first seen
        UPDATE version SET approved_at = since WHERE approval IS NOT NULL;
        ALTER TABLE version ADD COLUMN revoked TEXT;         -- why it is approved no more
        CREATE TABLE testimony (       -- what each source says of a version
            version INTEGER NOT NULL,
            path TEXT NOT NULL,
            words TEXT NOT NULL,
            description TEXT,              -- the `.xmp` beside it
            counts INTEGER NOT NULL DEFAULT 1,  -- it gives the approval that counts, or none does
            gone INTEGER NOT NULL DEFAULT 0,    -- moved: another speaks in its place
            PRIMARY KEY (path, version)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX testimony_version ON testimony (version);
        CREATE INDEX testimony_description ON testimony (description)
            WHERE description IS NOT NULL;
        INSERT INTO testimony (version, path, words, description) SELECT id, source, json_object(
            'kind', kind, 'audience', audience, 'season', season, 'tags', json(tags),
            'approval', json(approval), 'rights', json(rights), 'focus', json(focus),
            'documents', json('[]'), 'at', since / 1000.0 - 978307200), description FROM version;
        -- Where several files hold the same bytes, each is heard again.
        UPDATE source SET fingerprint = '' WHERE state = 'accepted' AND master IN (
            SELECT master FROM source WHERE state = 'accepted' GROUP BY master HAVING COUNT(*) > 1);
        ALTER TABLE channel ADD COLUMN doubt TEXT;           -- where it lies is not known for sure
        ALTER TABLE channel ADD COLUMN everything INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE channel ADD COLUMN place TEXT;           -- where `to` points; others may share it
        UPDATE channel SET doubt = held, held = NULL
            WHERE held LIKE 'its profile ''%' OR held LIKE 'its destination changed %';
        UPDATE channel SET cursor = '' WHERE state <> 'off';

        """

    /// Product tables: the last good ones, and what did not take their place.
    private static let productTables = """
        ALTER TABLE product ADD COLUMN source TEXT NOT NULL DEFAULT '';  -- product_table.name
        CREATE INDEX product_source ON product (source, sku);
        CREATE TABLE product_table (
            name TEXT PRIMARY KEY,        -- the file's, with * for its date
            file TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            age INTEGER NOT NULL,
            rows INTEGER NOT NULL,
            taken_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE product_refusal (
            name TEXT PRIMARY KEY,
            file TEXT NOT NULL,
            content TEXT NOT NULL,        -- its hash; 'gone': the file is
            reason TEXT NOT NULL,
            releasable INTEGER NOT NULL,
            released INTEGER NOT NULL DEFAULT 0,
            since INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        """

    /// Products with something live that the newest edition of the feed leaves out.
    private static let omissions =
        """
        CREATE TABLE omission (
            channel TEXT NOT NULL,
            sku TEXT NOT NULL,
            kind TEXT NOT NULL,
            gate TEXT NOT NULL,
            since INTEGER NOT NULL,
            edition INTEGER NOT NULL,     -- the making that left it out last
            PRIMARY KEY (channel, sku)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX omission_kind ON omission (channel, kind, sku);

        """ + counting("omission", scope: "'omission ' || ROW.channel", name: "ROW.kind")

    /// Each list `status` counts is a walk along an index.
    private static let lists = """
        CREATE INDEX verdict_gate ON verdict (channel, gate);
        CREATE INDEX delivery_let_go ON delivery (channel, since)
            WHERE state = 'linger' AND released = 1;
        CREATE INDEX delivery_due ON delivery (channel, since)
            WHERE released = 0 AND attempts = 0 AND replaces = 1 AND state IN ('render', 'send');

        """

    /// Verdicts on the store's copy: they end when the file arrives again.
    private static let damage = """
        ALTER TABLE master ADD COLUMN damaged INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE description ADD COLUMN damaged INTEGER NOT NULL DEFAULT 0;

        """

    /// Which ledger this is, how far it has come, and what it has lost: see `HighWater` and `Loss`.
    private static let identity = """
        CREATE TABLE identity (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            installation TEXT NOT NULL,
            generation INTEGER NOT NULL,
            loss TEXT
        ) STRICT;
        INSERT INTO identity (id, installation, generation)
            VALUES (1, lower(hex(randomblob(16))), 0);
        ALTER TABLE channel ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE channel ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;  -- it was unsure once
        CREATE TABLE sought (          -- what may have been there when it was lost, and was asked for
            channel TEXT NOT NULL,
            version INTEGER NOT NULL,
            folded TEXT NOT NULL,
            PRIMARY KEY (channel, version, folded)
        ) STRICT, WITHOUT ROWID;

        """
}
