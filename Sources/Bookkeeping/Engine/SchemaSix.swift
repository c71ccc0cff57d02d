// What the sixth schema adds to the fifth.
extension Schema {
    /// What the other side calls a thing, and since when it has not come to an end with it.
    static let objects = """
        ALTER TABLE delivery ADD COLUMN object TEXT;
        ALTER TABLE delivery ADD COLUMN processing_since INTEGER;
        CREATE INDEX delivery_processing ON delivery (channel, processing_since)
            WHERE processing_since IS NOT NULL;

        """

    /// Of the twelfth: whose file is called so.
    static let objectNames = """
        CREATE INDEX delivery_object ON delivery (channel, json_extract(object, '$.id'))
            WHERE object IS NOT NULL AND json_valid(object);

        """
}
