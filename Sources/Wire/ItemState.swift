package import Model

/// Where a picture, or a file of it, is on its way, as people read it. A word that this program does
/// not know, from a newer daemon, is kept as it came and shown.
package enum ItemState: RawRepresentable, Codable, Hashable, Sendable {
    /// A delivery's.
    case rendering, sending, live, lingering, removing, stuck
    /// To a person, who does the last step.
    case handedOver, toTakeDown
    /// By a guard; by the channel, from its feed.
    case held, rejected
    /// A picture of a SKU that is in no table, a product that no channel has.
    case noProduct, onNoChannel
    /// On no channel, and why.
    case refused, withdrawn, notAskedFor, waitsForApproval, setAside
    /// A file that nobody wants now.
    case kept
    /// A file in the spool. What is described is an `.xmp`, and `dismissed` may lie there.
    case accepted, described, quarantined, dismissed, settling, misnamed, notLookedInto
    /// Stopped by one.
    case gate(Gate.Kind)
    case other(String)

    private static let known: [ItemState] = [
        .rendering, .sending, .handedOver, .live, .lingering, .removing, .toTakeDown, .stuck,
        .held, .rejected, .refused, .withdrawn, .notAskedFor, .waitsForApproval, .setAside, .kept,
        .accepted,
        .described, .quarantined, .dismissed, .settling, .misnamed, .notLookedInto,
        .noProduct, .onNoChannel,
    ]

    private static let states = Dictionary(
        known.map { ($0.rawValue, $0) }, uniquingKeysWith: { first, _ in first })

    /// `withdrawn` is a state, though there is a gate of that name.
    package init(rawValue: String) {
        self =
            Self.states[rawValue] ?? Gate.Kind(rawValue: rawValue).map(Self.gate)
            ?? .other(rawValue)
    }

    package var rawValue: String {
        switch self {
        case .notAskedFor: "not asked for"
        case .handedOver: "handed over"
        case .toTakeDown: "to take down"
        case .waitsForApproval: "waits for approval"
        case .setAside: "set aside"
        case .noProduct: "no product"
        case .onNoChannel: "on no channel"
        case .notLookedInto: "not looked into yet"
        case .gate(let kind): kind.rawValue
        case .other(let word): word
        case .rendering, .sending, .live, .lingering, .removing, .stuck, .held, .rejected, .refused,
            .withdrawn, .kept, .accepted, .described, .quarantined, .dismissed, .settling,
            .misnamed:
            "\(self)"
        }
    }
}

extension Delivery.State {
    /// As people read it.
    package var told: ItemState {
        switch self {
        case .render: .rendering
        case .send: .sending
        case .handed: .handedOver
        case .live: .live
        case .linger: .lingering
        case .remove: .removing
        case .recalled: .toTakeDown
        case .stuck: .stuck
        }
    }
}
