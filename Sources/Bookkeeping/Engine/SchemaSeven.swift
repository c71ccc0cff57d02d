// What the seventh schema adds to the sixth.
extension Schema {
    /// What a person wants before all that waits. It ends with the work, however that ends.
    static let bumps = """
        ALTER TABLE delivery ADD COLUMN bumped INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX delivery_bumped ON delivery (channel, next_try) WHERE bumped = 1;
        CREATE TRIGGER delivery_bump_ends AFTER UPDATE OF state ON delivery
        WHEN NEW.bumped = 1 AND NEW.state NOT IN ('render', 'send') BEGIN
            UPDATE delivery SET bumped = 0 WHERE id = NEW.id;
        END;
        -- Nobody has looked into it yet; what is then wanted of it comes first as well.
        ALTER TABLE master ADD COLUMN bumped INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX master_bumped ON master (since) WHERE bumped = 1;

        """
}
