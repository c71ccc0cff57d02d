import Foundation

/// A document of JSON from a stranger, who was given a bound for its length before.
enum JSON: Decodable, Sendable, Hashable {
    case null
    case bool(Bool)
    /// As it is compared with what a profile says.
    case number(String)
    case text(String)
    case list([JSON])
    case object([String: JSON])

    /// An answer to a file is no tree; the deeper it goes the longer each value takes.
    private static let deepest = 32

    /// Nil for what is none, and for what is nested too deeply to be an answer.
    init?(_ document: Data) {
        guard Self.depth(of: document) <= Self.deepest,
            let json = try? JSONDecoder().decode(JSON.self, from: document)
        else { return nil }
        self = json
    }

    /// Brackets that are open at one time, at most.
    private static func depth(of document: Data) -> Int {
        var (depth, most) = (0, 0)
        var (isText, isEscaped) = (false, false)
        for byte in document {
            if isText {
                isText = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                most = max(most, depth)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return most
    }

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? value.decode(Int64.self) {
            self = .number("\(number)")
        } else if let number = try? value.decode(Double.self) {
            self = .number("\(number)")
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([JSON].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSON].self))
        }
    }

    /// Of what is one word; nil for lists, objects and nothing.
    var word: String? {
        switch self {
        case .bool(let flag): "\(flag)"
        case .number(let word), .text(let word): word
        case .null, .list, .object: nil
        }
    }
}

/// `/pictures/0/id` (RFC 6901).
package struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    package let description: String
    private let steps: [String]

    /// Nil for what is none, and for the whole document, of which nothing could be asked.
    package init?(_ text: String) {
        guard text.hasPrefix("/") else { return nil }
        let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ $0.firstMatch(of: /~(?![01])/) == nil }) else { return nil }
        // In this order, as `~01` is `~1`.
        steps = parts.map { String($0).replacing("~1", with: "/").replacing("~0", with: "~") }
        description = text
    }

    /// Nil where nothing is, and where `null` is.
    func value(in document: JSON) -> JSON? {
        var value = document
        for step in steps {
            switch value {
            case .object(let members):
                guard let member = members[step] else { return nil }
                value = member
            case .list(let items):
                guard let index = Int(step), "\(index)" == step, items.indices.contains(index)
                else { return nil }
                value = items[index]
            case .null, .bool, .number, .text: return nil
            }
        }
        return value == .null ? nil : value
    }
}
