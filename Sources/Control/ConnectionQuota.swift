internal import Host
internal import Synchronization

/// How many may be connected at once. No account may take all seats, and some are kept for operators
/// and more for root, so that nobody can lock out whoever has to put things right.
package final class ConnectionQuota: Sendable {
    package enum Rank: Sendable { case anyone, `operator`, root }

    package let total: Int
    package let perUser: Int
    /// Beyond those kept for root.
    package let keptForOperators: Int
    package let keptForRoot: Int
    private let taken = Mutex<[UInt32: Int]>([:])

    package init(
        total: Int = 64, perUser: Int = 16, keptForOperators: Int = 8, keptForRoot: Int = 8
    ) {
        self.total = total
        self.perUser = perUser
        self.keptForOperators = keptForOperators
        self.keptForRoot = keptForRoot
    }

    /// False when there is none for this user.
    package func take(_ uid: UInt32, as rank: Rank) -> Bool {
        let limit =
            switch rank {
            case .root: total
            case .operator: total - keptForRoot
            case .anyone: total - keptForRoot - keptForOperators
            }
        return taken.withLock { taken in
            let all = taken.values.reduce(0, +)
            let own = taken[uid, default: 0]
            guard all < limit, rank == .root || own < perUser else { return false }
            taken[uid] = own + 1
            return true
        }
    }

    package func leave(_ uid: UInt32) {
        taken.withLock { taken in
            let own = taken[uid, default: 0]
            taken[uid] = own > 1 ? own - 1 : nil
        }
    }

    package var count: Int { taken.withLock { $0.values.reduce(0, +) } }
}

extension Operators {
    /// Where somebody sits. The nameless are anyone, and are refused once they have asked.
    func rank(_ peer: Peer?) -> ConnectionQuota.Rank {
        guard let peer else { return .anyone }
        return peer.uid == 0 ? .root : admit(peer) ? .operator : .anyone
    }
}
