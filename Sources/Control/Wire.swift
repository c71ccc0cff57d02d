package import Foundation

/// How values look on the socket: snake_case keys, ISO 8601 times, keys in alphabetical order so
/// that two answers can be compared as text.
package enum Wire {
    package static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    package static func decode<Value: Decodable>(
        _ type: Value.Type, from data: Data
    ) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(type, from: data)
    }

    /// `2027-02-01T00:00:00Z`
    static func date(_ text: String) -> Date? { try? Date(text, strategy: .iso8601) }

    /// An order from outside: an object that holds known keys only. An empty body is `{}`.
    static func order<Body: Order>(
        _ type: Body.Type, from data: Data
    ) throws(OperationError) -> Body {
        let data = data.isEmpty ? Data("{}".utf8) : data
        guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw OperationError(400, "the body is not a JSON object")
        }
        let known = Body.Keys.allCases.map(\.stringValue)
        if let stranger = object.keys.sorted().first(where: { !known.contains($0) }) {
            let list = known.isEmpty ? "no keys" : known.joined(separator: ", ")
            throw OperationError(400, "unknown key '\(stranger)'", next: "this order takes \(list)")
        }
        do {
            return try decode(type, from: data)
        } catch {
            throw OperationError(400, describe(error))
        }
    }

    private static func describe(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case DecodingError.valueNotFound(_, let context),
            DecodingError.typeMismatch(_, let context):
            "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is of another type"
        default: "the body cannot be read as this order"
        }
    }
}

/// Every answer that is not 200.
package struct ErrorAnswer: Codable, Hashable, Sendable {
    package var error: String
    package var next: String?

    package init(error: String, next: String? = nil) {
        self.error = error
        self.next = next
    }
}
