internal import Foundation
internal import Model

/// One argument of an operation, as a caller has to know it.
package struct Parameter: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case text, number, flag
        /// A list of them.
        case texts
        /// 64 hexadecimal digits.
        case sha256
        /// A day or a time in UTC.
        case moment
        /// One of `words`.
        case word
    }

    package var name: String
    package var kind: Kind
    package var required: Bool
    /// In a line.
    package var what: String
    /// Stands for a value in what people read: `SKU`, `CHANNEL`.
    package var placeholder: String
    package var words: [String]?

    /// - Parameter placeholder: the name in capitals, unless said.
    package init(
        _ name: String, _ kind: Kind, required: Bool = false, _ what: String,
        placeholder: String? = nil, words: [String]? = nil
    ) {
        self.name = name
        self.kind = kind
        self.required = required
        self.what = what
        self.placeholder = placeholder ?? name.uppercased()
        self.words = words
    }
}

extension Parameter {
    /// A value as it stands in an address.
    /// - Parameter status: of the refusal when it is none.
    func value(of text: String, orElse status: Int = 400) throws(OperationError) -> ParameterValue {
        switch kind {
        case .text, .texts: return .text(text)
        case .flag:
            if let flag = Bool(text) { return .flag(flag) }
            throw refusal("is neither 'true' nor 'false'")
        case .number:
            if let number = Int64(text) { return .number(number) }
            throw refusal("is not a number")
        case .sha256:
            if ContentHash(rawValue: text) != nil { return .text(text) }
            throw refusal("is no SHA-256 (64 hexadecimal digits)")
        case .moment:
            if Horizon(text) != nil { return .text(text) }
            throw refusal("is neither a day nor a time", "2027-02-01, or 2027-02-01T00:00:00Z")
        case .word:
            let words = words ?? []
            if words.contains(text) { return .text(text) }
            let near = Spelling.nearest(to: text, among: words).map { "did you mean '\($0)'?" }
            throw OperationError(
                status, "there is no \(name) '\(text)'",
                next: near ?? "one of \(words.joined(separator: ", "))")
        }
    }

    private func refusal(_ why: String, _ next: String? = nil) -> OperationError {
        OperationError(400, "'\(name)' \(why)", next: next ?? "it is \(what)")
    }

    /// One that is right in form, to try the operation with.
    package var sample: ParameterValue {
        switch kind {
        case .text: .text(placeholder)
        case .texts: .texts([placeholder])
        case .number: .number(1)
        case .flag: .flag(true)
        case .sha256: .text(String(repeating: "0", count: 64))
        case .moment: .text("2027-02-01")
        case .word: .text(words?.first ?? placeholder)
        }
    }
}

/// What an argument may hold, between its place in an address or a body and the type that has it.
package enum ParameterValue: Codable, Hashable, Sendable {
    case text(String)
    case number(Int64)
    case flag(Bool)
    case texts([String])

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Int64.self) {
            self = .number(number)
        } else if let texts = try? container.decode([String].self) {
            self = .texts(texts)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .texts(let texts): try container.encode(texts)
        }
    }

    /// As it stands in an address.
    package var text: String {
        switch self {
        case .text(let text): text
        case .number(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .texts(let texts): texts.joined(separator: ",")
        }
    }
}
