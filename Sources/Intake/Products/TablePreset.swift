/// Where a known kind of file has its items and their values.
package enum TablePreset: String, Sendable, CaseIterable {
    case googleRSS = "google-rss"
    case bmecat = "bmecat-2005"

    package var item: [String] {
        switch self {
        case .googleRSS: ["rss", "channel", "item"]
        case .bmecat: ["BMECAT", "T_NEW_CATALOG", "PRODUCT"]
        }
    }

    /// Column → path within an item, where it is not the column's name.
    package var paths: [String: [String]] {
        switch self {
        case .googleRSS: ["sku": ["id"]]
        case .bmecat:
            [
                "sku": ["SUPPLIER_PID"], "title": ["PRODUCT_DETAILS/DESCRIPTION_SHORT"],
                "description": ["PRODUCT_DETAILS/DESCRIPTION_LONG"],
                "gtin": ["PRODUCT_DETAILS/INTERNATIONAL_PID[@type=gtin]"],
                "brand": ["PRODUCT_DETAILS/MANUFACTURER_NAME"],
                "mpn": ["PRODUCT_DETAILS/MANUFACTURER_PID"],
                "price": ["AMOUNT", "CURRENCY"].map {
                    "PRODUCT_PRICE_DETAILS/PRODUCT_PRICE/PRICE_\($0)"
                },
            ]
        }
    }

    package func columns(_ declared: [ProductColumn]) -> [ProductColumn] {
        declared.map { column in
            var column = column
            if column.from.isEmpty { column.from = paths[column.name] ?? [] }
            return column
        }
    }
}
