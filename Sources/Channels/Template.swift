package import Model

/// `{product.asin}.PT{position:02}.{ext}`: literal text and fields.
package struct Template: Sendable, Hashable {
    package enum Part: Sendable, Hashable {
        case literal(String)
        case field(Field)
    }

    package struct Field: Sendable, Hashable {
        /// `sku`, `position`, `product.asin`.
        package var name: String
        /// Digits to pad a number to: `{position:02}`.
        package var width: Int?
        /// `gtin14` or a table of codes: `{view|gs1}`.
        package var filter: String?
    }

    /// As written.
    package var text: String
    package var parts: [Part]
    package var place: Place
}
