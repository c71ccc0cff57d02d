package import Foundation

/// Arguments as they came.
package enum RawArguments: Sendable {
    /// Of the path and behind it, percent-decoded.
    case address([String: String])
    /// A JSON object; nothing is an empty one.
    case body(Data)
}

// Both ways, for both sides.
extension Endpoint {
    /// - Throws: what is missing, superfluous or of another kind.
    package func read<Asked: Arguments>(
        _ type: Asked.Type, from request: RawArguments
    ) throws(OperationError) -> Asked {
        let asked: Asked =
            switch request {
            case .address(let texts): try decode(type, try encode(try values(of: texts)))
            case .body(let data): try decode(type, try checkKeys(data))
            }
        try asked.check()
        return asked
    }

    /// The address and the body to ask with.
    package func write(_ asked: some Arguments) throws -> (address: String, body: Data?) {
        let body = try SocketFormat.encode(asked)
        let values = try JSONDecoder().decode([String: ParameterValue].self, from: body)
        let address = address { values[$0.name].map { SocketFormat.escape($0.text) } }
        return (address, method == .post ? body : nil)
    }

    /// What the table does not name is left alone, as it always was.
    private func values(
        of texts: [String: String]
    ) throws(OperationError) -> [String: ParameterValue] {
        var values: [String: ParameterValue] = [:]
        for argument in arguments {
            guard let text = texts[argument.name], !(argument.required && text.isEmpty) else {
                guard !argument.required else {
                    throw OperationError(400, "'\(argument.name)' is missing", next: shortest)
                }
                continue
            }
            // Where a path ends there is nothing of the name.
            values[argument.name] = try argument.value(
                of: text, orElse: isInPath(argument) ? 404 : 400)
        }
        return values
    }

    private func checkKeys(_ data: Data) throws(OperationError) -> Data {
        let data = data.isEmpty ? Data("{}".utf8) : data
        guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw OperationError(400, "the body is not a JSON object")
        }
        let known = arguments.map(\.name)
        if let stranger = object.keys.sorted().first(where: { !known.contains($0) }) {
            let list = known.isEmpty ? "no keys" : known.joined(separator: ", ")
            throw OperationError(400, "unknown key '\(stranger)'", next: "this order takes \(list)")
        }
        return data
    }

    private func encode(_ values: [String: ParameterValue]) throws(OperationError) -> Data {
        do {
            return try SocketFormat.encode(values)
        } catch {
            throw OperationError(500, "\(error)")
        }
    }

    private func decode<Asked: Arguments>(
        _ type: Asked.Type, _ data: Data
    ) throws(OperationError) -> Asked {
        do {
            return try SocketFormat.decode(type, from: data)
        } catch {
            throw OperationError(400, Self.describe(error))
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
