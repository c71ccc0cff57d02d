import GRDB

/// The tables. Times are milliseconds since 1970 in UTC; hashes are hexadecimal text; what only the
/// program reads is JSON. All are STRICT: GRDB traps on a column of another type than was declared.
/// A table with counting triggers never sees `INSERT OR REPLACE`, which fires no delete trigger.
enum Schema {
    /// Brings a database up to date. One with a newer schema than any this program writes is refused:
    /// do not guess.
    static func migrate(_ database: some DatabaseWriter) throws {
        guard try !database.read(migrator.hasBeenSuperseded) else {
            throw LedgerError(
                message: "the ledger was written by a newer sluice; install that version again, or "
                    + "restore the snapshot from before the upgrade", isNewer: true)
        }
        try migrator.migrate(database)
    }

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: spool + work + channels + counts)
        }
        migrator.registerMigration("2") { database in
            try database.execute(sql: pixels + judgements + aside)
        }
        migrator.registerMigration("3") { database in
            for subject in third { try database.execute(sql: subject) }
            try composeSKUs(in: Connection(database))
        }
        // Masters are parted from their backgrounds now, and colours said outside ICC are read: all that were
        // inspected before are looked at again.
        migrator.registerMigration("4") { database in
            try database.execute(sql: "UPDATE master SET inspection = NULL")
        }
        migrator.registerMigration("5") { database in
            try database.execute(sql: leases)
        }
        migrator.registerMigration("6") { database in
            try database.execute(sql: objects)
        }
        migrator.registerMigration("7") { database in
            try database.execute(sql: bumps)
        }
        migrator.registerMigration("8") { database in
            try database.execute(sql: handing)
        }
        migrator.registerMigration("9") { database in
            try database.execute(sql: patrol)
        }
        migrator.registerMigration("10") { database in
            try database.execute(sql: rows)
        }
        migrator.registerMigration("11") { database in
            try database.execute(sql: verdicts)
        }
        migrator.registerMigration("12") { database in
            try database.execute(sql: objectNames)
        }
        // Of the last good revision: what it was read from besides its own text.
        migrator.registerMigration("13") { database in
            try database.execute(sql: "ALTER TABLE channel ADD COLUMN formats TEXT")
        }
        migrator.registerMigration("14") { database in
            try database.execute(sql: deletions)
        }
        migrator.registerMigration("15") { database in
            try database.execute(sql: itemChanges)
        }
        // Since when the bytes of a delivery have lain there, for all that is known: also where they are
        // confirmed anew later, found and not put.
        migrator.registerMigration("16") { database in
            try database.execute(
                sql: """
                    ALTER TABLE delivery ADD COLUMN there_since INTEGER;
                    UPDATE delivery SET there_since = confirmed_at WHERE confirmed_at IS NOT NULL;
                    """)
        }
        return migrator
    }

    /// Whoever has claimed a delivery has it until then.
    private static let leases = """
        ALTER TABLE delivery ADD COLUMN leased_until INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX delivery_leased ON delivery (channel) WHERE leased_until > 0;

        """

    /// Masters are measured now: those that were inspected before are looked at again.
    private static let pixels = """
        ALTER TABLE rendition ADD COLUMN particulars TEXT NOT NULL DEFAULT '{"kept":{}}';
        UPDATE master SET inspection = NULL;
        ALTER TABLE version ADD COLUMN focus TEXT;
        ALTER TABLE version ADD COLUMN description TEXT;  -- the `.xmp` beside the master
        ALTER TABLE source ADD COLUMN description TEXT;
        CREATE INDEX source_description ON source (description) WHERE description IS NOT NULL;
        CREATE INDEX version_description ON version (description) WHERE description IS NOT NULL;
        CREATE TABLE description (
            sha256 TEXT PRIMARY KEY,
            metadata TEXT,                -- what it says; NULL while nobody has read it
            unreadable TEXT,
            since INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX description_unread ON description (since)
            WHERE metadata IS NULL AND unreadable IS NULL;
        -- They were taken for pictures, and refused.
        DELETE FROM source WHERE path LIKE '%.xmp' AND state = 'quarantined';

        """

    /// Receipts: what a revision of a profile said to the bytes that were measured.
    private static let judgements = """
        CREATE TABLE judgement (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            channel TEXT NOT NULL,
            rendition TEXT NOT NULL,
            name TEXT NOT NULL,
            key TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            revision TEXT NOT NULL,
            at INTEGER NOT NULL,
            passed INTEGER NOT NULL,
            checks TEXT NOT NULL
        ) STRICT;
        CREATE INDEX judgement_key ON judgement (key, channel);
        CREATE INDEX judgement_sha256 ON judgement (sha256);
        CREATE INDEX rendition_sha256 ON rendition (sha256) WHERE sha256 IS NOT NULL;

        """

    /// SKUs of which something cannot be read.
    private static let aside = """
        CREATE TABLE aside (
            sku TEXT PRIMARY KEY,
            reason TEXT NOT NULL,
            since INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        """

    private static let spool = """
        CREATE TABLE source (
            path TEXT PRIMARY KEY,
            fingerprint TEXT NOT NULL,
            state TEXT NOT NULL,          -- accepted, described, quarantined, dismissed
            master TEXT,
            skus TEXT NOT NULL DEFAULT '',
            reason TEXT,
            seen INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX source_quarantined ON source (path) WHERE state = 'quarantined';
        CREATE INDEX source_master ON source (master) WHERE master IS NOT NULL;

        CREATE TABLE master (
            sha256 TEXT PRIMARY KEY,
            bytes INTEGER NOT NULL,
            format TEXT NOT NULL,
            inspection TEXT,
            unusable TEXT,
            attempts INTEGER NOT NULL DEFAULT 0,
            since INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX master_unseen ON master (since)
            WHERE inspection IS NULL AND unusable IS NULL;

        CREATE TABLE version (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            sku TEXT NOT NULL,
            view TEXT NOT NULL,
            number INTEGER NOT NULL,
            variant TEXT NOT NULL,
            master TEXT NOT NULL REFERENCES master (sha256),
            source TEXT NOT NULL,
            batch TEXT,
            kind TEXT NOT NULL,
            audience TEXT NOT NULL,
            season TEXT,
            tags TEXT NOT NULL,
            approval TEXT,
            rights TEXT NOT NULL,
            barred TEXT NOT NULL DEFAULT '[]',  -- channels it was withdrawn from by a person
            withdrawn_at INTEGER,
            withdrawn_because TEXT,
            since INTEGER NOT NULL,
            UNIQUE (sku, view, number, variant, master)
        ) STRICT;
        CREATE INDEX version_master ON version (master);

        CREATE TABLE product (
            sku TEXT PRIMARY KEY,
            fields TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        """

    private static let work = """
        CREATE TABLE rendition (
            key TEXT PRIMARY KEY,
            master TEXT NOT NULL,
            recipe TEXT NOT NULL,
            file TEXT,                    -- below renditions/, NULL when there are no bytes
            sha256 TEXT,
            bytes INTEGER,
            receipt TEXT,
            refusal TEXT,
            attempts INTEGER NOT NULL DEFAULT 0,
            next_try INTEGER NOT NULL DEFAULT 0,
            since INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX rendition_master ON rendition (master);

        CREATE TABLE delivery (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            channel TEXT NOT NULL,
            name TEXT NOT NULL,
            folded TEXT NOT NULL,
            sku TEXT NOT NULL,
            view TEXT NOT NULL,
            number INTEGER NOT NULL,
            variant TEXT NOT NULL,
            slot TEXT NOT NULL,
            position INTEGER NOT NULL,
            version INTEGER NOT NULL,
            rendition TEXT NOT NULL,      -- the profile's name for it
            key TEXT NOT NULL,
            state TEXT NOT NULL,          -- render, send, live, linger, remove, stuck
            replaces INTEGER NOT NULL DEFAULT 0,
            urgent INTEGER NOT NULL DEFAULT 0,
            released INTEGER NOT NULL DEFAULT 0,
            because TEXT,
            held_key TEXT,
            held_sha256 TEXT,
            held_version INTEGER,
            -- Something was begun since the last confirmation: what is there is not known.
            touched INTEGER NOT NULL DEFAULT 0,
            confirmed_at INTEGER,
            confirmed_by TEXT,
            attempts INTEGER NOT NULL DEFAULT 0,
            next_try INTEGER NOT NULL DEFAULT 0,
            error TEXT,
            since INTEGER NOT NULL,
            UNIQUE (channel, folded)
        ) STRICT;
        CREATE INDEX delivery_sku ON delivery (sku, channel);
        CREATE INDEX delivery_work ON delivery (channel, state, next_try);
        CREATE INDEX delivery_age ON delivery (channel, state, since);
        CREATE INDEX delivery_key ON delivery (key);
        CREATE INDEX delivery_render ON delivery (since) WHERE state = 'render';
        CREATE INDEX delivery_held ON delivery (channel, sku) WHERE held_key IS NOT NULL;
        CREATE INDEX delivery_held_key ON delivery (held_key) WHERE held_key IS NOT NULL;
        -- Each queue of `claim` is a walk along its own index.
        CREATE INDEX delivery_free ON delivery (channel, next_try)
            WHERE state = 'send' AND (replaces = 0 OR released = 1 OR attempts > 0);
        CREATE INDEX delivery_guarded ON delivery (channel, next_try)
            WHERE state = 'send' AND replaces = 1 AND released = 0 AND attempts = 0;
        CREATE INDEX delivery_urgent ON delivery (channel) WHERE state = 'remove' AND urgent = 1;
        CREATE INDEX delivery_error ON delivery (channel, state) WHERE error IS NOT NULL;

        CREATE TABLE verdict (
            channel TEXT NOT NULL,
            sku TEXT NOT NULL,
            view TEXT NOT NULL,
            number INTEGER NOT NULL,
            variant TEXT NOT NULL,
            gate TEXT NOT NULL,
            gates TEXT NOT NULL,
            name TEXT,                    -- folded: held by another SKU; asked again when it goes
            PRIMARY KEY (channel, sku, view, number, variant)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX verdict_sku ON verdict (sku);
        CREATE INDEX verdict_name ON verdict (channel, name) WHERE name IS NOT NULL;

        CREATE TABLE dirty (sku TEXT PRIMARY KEY, stamp INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE boundary (sku TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX boundary_at ON boundary (at);

        """

    private static let channels = """
        CREATE TABLE channel (
            name TEXT PRIMARY KEY,
            file TEXT NOT NULL,
            text TEXT,                    -- last good revision; NULL: never loaded, so it is off
            revision TEXT,
            address TEXT,
            state TEXT NOT NULL,          -- draft, live, retired, off
            problems TEXT,                -- why the newest file was not taken
            held TEXT,                    -- a person or a guard says: stand still
            paused TEXT,                  -- credentials or host key
            paused_until INTEGER,
            first_passed INTEGER NOT NULL DEFAULT 0,
            cursor TEXT,                  -- a pass over all SKUs stands here; NULL: none under way
            feed_changed INTEGER,         -- last change no confirmed edition shows
            last_success INTEGER
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE edition (
            channel TEXT NOT NULL,
            number INTEGER NOT NULL,
            file TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            items INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            state TEXT NOT NULL,          -- staged, held, confirmed
            because TEXT,
            released INTEGER NOT NULL DEFAULT 0,
            made_at INTEGER NOT NULL,
            confirmed_at INTEGER,
            PRIMARY KEY (channel, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE edition_image (
            channel TEXT NOT NULL,
            folded TEXT NOT NULL,
            edition INTEGER NOT NULL,
            PRIMARY KEY (channel, folded, edition)
        ) STRICT, WITHOUT ROWID;

        -- What the guards have let through, to count it within their window.
        CREATE TABLE spent (channel TEXT NOT NULL, what TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
        CREATE INDEX spent_at ON spent (channel, what, at);

        CREATE TABLE event (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            channel TEXT,
            subject TEXT NOT NULL,
            text TEXT NOT NULL
        ) STRICT;

        CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

        """

    /// Kept by triggers within the writer's own transaction, so that status never aggregates.
    private static let counts = """
        CREATE TABLE count (
            scope TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL,
            PRIMARY KEY (scope, name)
        ) STRICT, WITHOUT ROWID;

        """
        + counting("delivery", scope: "'delivery ' || ROW.channel", name: "ROW.state")
        + counting(
            "delivery", as: "held", scope: "'held ' || ROW.channel",
            name: "IIF(ROW.held_key IS NULL, 'no', 'yes')")
        + counting("verdict", scope: "'verdict ' || ROW.channel", name: "ROW.gate")
        + counting("source", scope: "'source'", name: "ROW.state")

    static func counting(
        _ table: String, as what: String? = nil, scope: String, name: String
    ) -> String {
        let trigger = what ?? table

        func add(_ row: String, _ number: String) -> String {
            """
            INSERT INTO count (scope, name, number) VALUES (
                \(scope.replacing("ROW", with: row)), \(name.replacing("ROW", with: row)), \(number))
            ON CONFLICT (scope, name) DO UPDATE SET number = number + (\(number));

            """
        }
        return """
            CREATE TRIGGER \(trigger)_count_insert AFTER INSERT ON \(table) BEGIN
            \(add("NEW", "1"))END;
            CREATE TRIGGER \(trigger)_count_delete AFTER DELETE ON \(table) BEGIN
            \(add("OLD", "-1"))END;
            CREATE TRIGGER \(trigger)_count_update AFTER UPDATE ON \(table)
            WHEN \(name.replacing("ROW", with: "OLD")) <> \(name.replacing("ROW", with: "NEW")) BEGIN
            \(add("OLD", "-1"))\(add("NEW", "1"))END;

            """
    }
}
