import Foundation
import Model

// How values become columns and come back.

extension Date {
    /// Milliseconds since 1970: what the ledger stores.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    init(milliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }
}

enum Column {
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    static func optional<Value: Decodable>(_ type: Value.Type, _ text: String?) throws -> Value? {
        try text.map { try value(type, $0) }
    }
}

extension Row {
    func date(_ column: String) -> Date? {
        (self[column] as Int64?).map(Date.init(milliseconds:))
    }

    func hash(_ column: String) -> ContentHash? {
        (self[column] as String?).flatMap(ContentHash.init(rawValue:))
    }

    var asset: Asset {
        Asset(
            sku: self["sku"], view: self["view"], number: self["number"], variant: self["variant"])
    }
}

extension Asset {
    /// For `WHERE sku = ? AND view = ? AND number = ? AND variant = ?`.
    var arguments: Arguments { [sku, view, number, variant] }
}

extension Delivery {
    init(row: Row) throws {
        guard let name = RemoteName(rawValue: row["name"]), let key = row.hash("key"),
            let state = State(rawValue: row["state"])
        else { throw Damage(description: "delivery \(row["id"] as Int64) is damaged") }
        self.init(
            id: row["id"], channel: row["channel"], name: name, asset: row.asset,
            slot: row["slot"], position: row["position"], version: row["version"],
            rendition: row["rendition"], key: key, state: state)
        replaces = row["replaces"]
        released = row["released"]
        urgent = row["urgent"]
        because = row["because"]
        heldKey = row.hash("held_key")
        heldVersion = row["held_version"]
        touched = row["touched"]
        confirmedAt = row.date("confirmed_at")
        confirmedBy = row["confirmed_by"]
        object = try Column.optional(RemoteObject.self, row["object"])
        processingSince = row.date("processing_since")
        attempts = row["attempts"]
        nextTry = row.date("next_try") ?? .distantPast
        error = row["error"]
        manifest = row["manifest"]
        since = row.date("since") ?? .distantPast
    }
}
