internal import Synchronization

/// How many may be connected at once. Some seats are kept for root and no user may take them all,
/// so that an unprivileged account cannot lock the administrator out.
package final class Seats: Sendable {
    package let total: Int
    package let perUser: Int
    package let keptForRoot: Int
    private let taken = Mutex<[UInt32: Int]>([:])

    package init(total: Int = 64, perUser: Int = 32, keptForRoot: Int = 8) {
        self.total = total
        self.perUser = perUser
        self.keptForRoot = keptForRoot
    }

    /// False when there is none for this user.
    package func take(_ uid: UInt32) -> Bool {
        taken.withLock { taken in
            let all = taken.values.reduce(0, +)
            let own = taken[uid, default: 0]
            let allowed =
                uid == 0 ? all < total : all < total - keptForRoot && own < perUser
            if allowed { taken[uid] = own + 1 }
            return allowed
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
