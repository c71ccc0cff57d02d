/// What a channel's profile says of it, or that it is off for want of one. A word that this program does
/// not know, from a newer daemon, is kept as it came and shown.
package enum ChannelState: RawRepresentable, Codable, Hashable, Sendable {
    case draft, live, retired, off
    case other(String)

    package init(rawValue: String) {
        switch rawValue {
        case "draft": self = .draft
        case "live": self = .live
        case "retired": self = .retired
        case "off": self = .off
        default: self = .other(rawValue)
        }
    }

    package var rawValue: String {
        switch self {
        case .draft: "draft"
        case .live: "live"
        case .retired: "retired"
        case .off: "off"
        case .other(let word): word
        }
    }
}
