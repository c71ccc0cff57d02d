/// What a declared column of product records holds. Everything stays text; the type says which
/// texts are mistakes, and in which form the others are kept.
package enum ColumnType: String, Codable, Sendable, CaseIterable {
    /// As it is, with entities decoded.
    case text
    /// Kept without its tags.
    case html
    /// 8, 12, 13 or 14 digits with a right check digit, and one that is sold under.
    case gtin
    /// `19.99 EUR`
    case price
    /// `1.234,50 EUR` in the table, `1234.50 EUR` from there on.
    case priceComma = "price-comma"
    /// An http or https address.
    case url
    /// `12`, `-3`, `1.5`
    case number
    /// `2026-03-31`, with or without a time.
    case date
    /// Kept as `true` or `false`.
    case boolean
    /// Kept one a line.
    case list
    /// `1.5 kg`
    case unit
}
