import Model

/// Everything that moves a delivery from one state to the next, and who does it. The statements that
/// carry a move out take their condition and their result from here; a test makes each move in each
/// state and compares.
///
/// ```
///           wanted        made          confirmed       superseded        let go         absent
///   no row ───────▶ render ─────▶ send ──────────▶ live ──────────▶ linger ──────▶ remove ──────▶ no row
///                      ◀───────── ◀ ─ ▶ ◀─────────                                   ▲
///                      bytes gone   │ ▲ doubted, drifted  barred, from anywhere ─────┘
///                         given up  ▼ │ retried
///                                 stuck
/// ```
/// Where a person does the last step, `handed` stands between `send` and `live`, and `recalled` between
/// `remove` and no row. What is wanted again goes back to `render`, `send` or `live` from wherever it is.
enum DeliveryMove: CaseIterable, Hashable {
    /// Reconciling finds it wanted; its rendition does not exist or has not passed yet.
    case wanted
    /// The same, and its rendition has passed.
    case wantedAndMade
    /// The same, and it is there already.
    case wantedAndThere
    /// Reconciling finds it wanted no longer, and it is there.
    case superseded
    /// May not be there any more.
    case barred
    /// Wanted no longer, or barred, before anything was sent.
    case unsent
    /// What was to take its place does not come: what is there stays.
    case kept
    /// May be there although the ledger, which was lost once, does not know it, and may not be.
    case sought
    /// Its rendition exists and passed.
    case made
    /// The store has lost its rendition's bytes.
    case unmade
    /// Proven at its final name.
    case confirmed
    /// Not there any more, or not what was put there.
    case drifted
    /// Proven absent.
    case absent
    /// Lies where a person fetches it.
    case handedOver
    /// Lies there no more; where it was brought, a person takes it down.
    case recalled
    /// A person says that it is at its final name.
    case said
    /// A person says that it is gone from there.
    case saidGone
    /// The channel will not have it as it is.
    case givenUp
    /// Its row cannot be read.
    case damaged
    /// A person says: again.
    case retried
    /// It has lingered long enough, no edition names it, and the guard or a person lets it pass.
    case letGo
    /// The channel lies elsewhere, or the ledger is an older one: nothing is known to be there.
    case doubted
    /// Nothing is known to be there, and nothing shall be.
    case disowned

    enum Actor { case reconciler, renderer, courier, guardian, person }

    typealias State = Delivery.State

    /// - Returns: `from`: nil among them: no row. `to`: nil: the row goes.
    var transition: (from: [State?], to: State?, by: Actor) {
        switch self {
        case .wanted: ([nil] + Self.all, .render, .reconciler)
        case .wantedAndMade: ([nil] + Self.all, .send, .reconciler)
        case .wantedAndThere: (Self.all, .live, .reconciler)
        case .superseded: ([.render, .send, .handed, .live, .stuck], .linger, .reconciler)
        case .barred: (Self.all, .remove, .reconciler)
        case .unsent: ([.render, .send, .stuck], nil, .reconciler)
        case .kept: (Self.underWay + [.handed], .live, .reconciler)
        case .sought: ([nil], .remove, .reconciler)
        case .made: ([.render], .send, .renderer)
        case .unmade: ([.send], .render, .courier)
        case .confirmed: ([.send], .live, .courier)
        case .drifted: ([.live], .send, .courier)
        case .absent: ([.remove], nil, .courier)
        case .handedOver: ([.send], .handed, .courier)
        case .recalled: ([.remove], .recalled, .courier)
        case .said: ([.send, .handed, .stuck], .live, .person)
        case .saidGone: ([.remove, .recalled], nil, .person)
        case .givenUp: ([.send], .stuck, .courier)
        case .damaged: ([.send, .remove], .stuck, .courier)
        case .retried: ([.stuck], .send, .person)
        case .letGo: ([.linger], .remove, .guardian)
        case .doubted: ([.handed, .live, .stuck], .send, .person)
        case .disowned: ([.linger, .remove, .recalled], nil, .person)
        }
    }

    private static let all: [State?] = State.allCases
    /// Something else than what is there is wanted under the name.
    static let underWay: [State?] = [.render, .send, .stuck]

    /// Whether it can be made from a state; nil: no row.
    func applies(to state: State?) -> Bool { transition.from.contains(state) }

    /// A condition on the row.
    var applies: String {
        let states = transition.from.compactMap(\.self).map { "'\($0.rawValue)'" }
        return states.count == 1
            ? "state = \(states[0])" : "state IN (\(states.joined(separator: ", ")))"
    }

    /// The value for the column.
    var result: String { transition.to.map { "'\($0.rawValue)'" } ?? "NULL" }

    /// An assignment that moves the rows it applies to, and leaves others where they are.
    var moves: String { "state = IIF(\(applies), \(result), state)" }
}
