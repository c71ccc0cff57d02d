/// Is everything all right?
package enum Verdict: String, Codable, Sendable {
    case ok
    /// Some time, by a person.
    case attention
    /// Now, by a person.
    case stuck

    /// What a newer daemon may say beyond these is not fine: somebody has to look.
    package init(from decoder: any Decoder) throws {
        let word = try decoder.singleValueContainer().decode(String.self)
        self = Self(rawValue: word) ?? .stuck
    }

    package var light: Light {
        switch self {
        case .ok: .green
        case .attention: .yellow
        case .stuck: .red
        }
    }
}

package enum Light: String, Codable, Sendable {
    case green
    /// Work waits, or a person is needed soon.
    case yellow
    case red

    /// As with a verdict.
    package init(from decoder: any Decoder) throws {
        let word = try decoder.singleValueContainer().decode(String.self)
        self = Self(rawValue: word) ?? .red
    }
}
