/// What a declared column of product records holds. Everything stays text; the type says which
/// texts are mistakes.
package enum ColumnType: String, Codable, Sendable, CaseIterable {
    case text
    /// 8, 12, 13 or 14 digits with a right check digit.
    case gtin
    /// `19.99 EUR`
    case price
    /// An http or https address.
    case url
    /// `12`, `-3`, `1.5`; no thousands separators.
    case number
}
