/// How much a claim may still take.
struct ClaimRoom {
    var claims: Int
    var sends: Int
    var replacements: Int
}

/// What is due on a channel, by who comes when. Each is a walk along one index that ends when enough
/// was found: what a guard holds, or what has just failed, is in nobody's way.
enum ClaimQueue: CaseIterable {
    case urgent, removals
    /// What a person wants first; guards hold it all the same.
    case bumped, bumpedGuarded
    /// What failed before, what has waited longest and what is newest.
    case again, oldest, newest
    /// A retry has been counted when it was tried first.
    case guarded

    /// In their order, and among how many what there is room for is shared. Those that take turns
    /// leave to each other what they do not need.
    /// - Parameter isProbe: one finds out whether the channel works again. That it takes nothing away
    ///   must not keep files from being tried, so that in one of three turns they come first.
    static func takings(_ turn: Int, isProbe: Bool) -> [(ClaimQueue, share: Int)] {
        let sends: [ClaimQueue] = [.again, .oldest, .newest]
        let turns = (0..<sends.count).map { sends[(turn + $0) % sends.count] }
        let first = turns.enumerated().map { ($1, share: turns.count - $0) }
        let removals: [(ClaimQueue, share: Int)] = [(.urgent, 1), (.removals, 1)]
        let puts =
            [(.bumped, 1), (.bumpedGuarded, 1)] + first + turns.map { ($0, share: 1) }
            + [(.guarded, 1)]
        return isProbe && turn == 1 ? puts + removals : removals + puts
    }

    private static let free = "state = 'send' AND (replaces = 0 OR released = 1 OR attempts > 0)"

    var condition: String {
        switch self {
        case .urgent: "state = 'remove' AND urgent = 1"
        case .removals: "state = 'remove' AND urgent = 0"
        case .bumped: "bumped = 1 AND \(Self.free)"
        case .bumpedGuarded: "bumped = 1 AND \(Ledger.guarded)"
        case .again: "\(Self.free) AND next_try > 0"
        case .oldest, .newest: "\(Self.free) AND next_try = 0"
        case .guarded: Ledger.guarded
        }
    }

    var index: String {
        switch self {
        case .urgent: "delivery_urgent"
        case .removals: "delivery_work"
        case .bumped, .bumpedGuarded: "delivery_bumped"
        case .again, .oldest, .newest: "delivery_free"
        case .guarded: "delivery_guarded"
        }
    }

    /// What was never tried is found by equality: with the plus SQLite does not walk, and sort, the
    /// whole range instead.
    var isDue: String {
        self == .oldest || self == .newest ? "+next_try <= ?" : "next_try <= ?"
    }

    var order: String { self == .newest ? "id DESC" : "next_try, id" }

    /// It takes the place of something live, and the guard counts it.
    var isGuarded: Bool { self == .guarded || self == .bumpedGuarded }

    /// - Parameter share: among how many, this one counted.
    func most(_ room: ClaimRoom, _ share: Int) -> Int {
        let all =
            switch self {
            case .urgent, .removals: room.claims
            case .bumped, .again, .oldest, .newest: min(room.claims, room.sends)
            case .guarded, .bumpedGuarded:
                min(room.claims, room.sends, room.replacements)
            }
        return (max(all, 0) + share - 1) / share
    }
}
