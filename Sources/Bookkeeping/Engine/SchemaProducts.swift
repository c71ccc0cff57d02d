// What the product tables' schema adds.
extension Schema {
    /// Rows of product tables that did not change are not read again.
    static let rows = """
        ALTER TABLE product ADD COLUMN digest INTEGER NOT NULL DEFAULT 0;  -- 0: to be read again
        ALTER TABLE product ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;  -- by a table of changes
        DROP INDEX product_source;
        CREATE INDEX product_source ON product (source, sku, digest);

        """

    /// Products that a table of changes took out.
    static let deletions = """
        CREATE TABLE product_deletion (
            sku TEXT PRIMARY KEY,
            at INTEGER NOT NULL           -- the age of that table: no older one brings it back
        ) STRICT, WITHOUT ROWID;

        """
}
