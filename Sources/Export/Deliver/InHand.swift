import Foundation
import Synchronization

/// What a courier has claimed. So much of it is on its way at one time as the channel allows; a little
/// more is claimed beforehand, since to go to the ledger for each file took longer than small files do.
final class InHand: Sendable {
    /// Deliveries claimed beforehand, at most; and never more than went in a second, so that what must
    /// go, or goes first, does not wait long behind them.
    private static let mostAhead = 64

    private struct State {
        /// One twice where it was claimed again before its last transfer had ended here.
        var ids: [Int64] = []
        var onTheWay = 0
        /// On their way no more, and not at their end.
        var left: Set<Int64> = []
        var limit = Int.max
        /// Claimed for each that is on its way.
        var files = 1
        var waiting: [CheckedContinuation<Void, Never>] = []
        var throughput = Throughput()

        /// Where looks are made together, those that wait for a session let looks gather meanwhile: of 200
        /// files, 40 ms away, 4 sessions, with one for each session a listing found two (13.9 s), with three
        /// it took 9.9 s, with six 9.3 s.
        var places: Int { files > 1 && limit < .max / 6 ? 6 * limit : limit }

        func ahead(_ now: Date) -> Int { min(throughput.lastSecond(now), InHand.mostAhead) }

        func isLow(_ now: Date) -> Bool { ids.count < limit * files + ahead(now) / 2 }

        mutating func remove(_ id: Int64) { ids.firstIndex(of: id).map { _ = ids.remove(at: $0) } }

        mutating func next() -> [CheckedContinuation<Void, Never>] {
            let count = min(waiting.count, max(places - onTheWay, 0))
            defer { waiting.removeFirst(count) }
            onTheWay += count
            return Array(waiting.prefix(count))
        }
    }

    private let state = Mutex(State())

    var ids: [Int64] { state.withLock(\.ids) }
    var count: Int { state.withLock(\.ids.count) }
    var isEmpty: Bool { count == 0 }
    var onTheWay: Int { state.withLock(\.onTheWay) }

    /// How many more to claim: none while there is enough, so that many are claimed at one time.
    /// - Parameters:
    ///   - limit: on their way at one time, from now on.
    ///   - files: to be claimed for each of them.
    func room(_ limit: Int, files: Int = 1, _ now: Date) -> Int {
        let (room, next) = state.withLock { state in
            (state.limit, state.files) = (limit, files)
            let room = state.isLow(now) ? limit * files + state.ahead(now) - state.ids.count : 0
            return (room, state.next())
        }
        for continuation in next { continuation.resume() }
        return room
    }

    func take(_ ids: [Int64]) { state.withLock { $0.ids += ids } }

    /// They never began.
    func putDown(_ ids: [Int64]) { state.withLock { state in ids.forEach { state.remove($0) } } }

    /// Waits until one more may be on its way; `end` says that it is not any more.
    /// - Parameter isFirst: before all that wait already.
    func begin(isFirst: Bool = false) async {
        await withCheckedContinuation { continuation in
            let mayBegin = state.withLock { state in
                guard state.onTheWay < state.places else {
                    state.waiting.insert(continuation, at: isFirst ? 0 : state.waiting.count)
                    return false
                }
                state.onTheWay += 1
                return true
            }
            if mayBegin { continuation.resume() }
        }
    }

    /// It is on its way no more; `end` is still to come.
    func leave(_ id: Int64) {
        let next = state.withLock { state in
            if state.left.insert(id).inserted { state.onTheWay -= 1 }
            return state.next()
        }
        for continuation in next { continuation.resume() }
    }

    /// - Returns: whether more is to be claimed.
    func end(_ id: Int64, at now: Date) -> Bool {
        let (isLow, next) = state.withLock { state in
            state.remove(id)
            if state.left.remove(id) == nil { state.onTheWay -= 1 }
            state.throughput.note(now)
            return (state.isLow(now), state.next())
        }
        for continuation in next { continuation.resume() }
        return isLow
    }
}

/// How many ended in the last whole second.
struct Throughput {
    private var second = 0
    private var count = 0
    private var before = 0

    mutating func note(_ now: Date) {
        let this = Self.second(now)
        if this != second { (second, before, count) = (this, lastSecond(now), 0) }
        count += 1
    }

    func lastSecond(_ now: Date) -> Int {
        switch Self.second(now) - second {
        case 0: before
        case 1: count
        default: 0
        }
    }

    private static func second(_ now: Date) -> Int { Int(now.timeIntervalSince1970) }
}
