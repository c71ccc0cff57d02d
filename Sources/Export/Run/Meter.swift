import Foundation

/// How fast something goes: an average in which what is as old as its memory counts a third.
struct Meter: Hashable {
    /// Seconds.
    private let memory: Double
    private var began: Date?
    private var last = Date.distantPast
    private var weight = 0.0

    init(memory: Double = 60) { self.memory = memory }

    /// - Parameter amount: how much of it; one where things are counted.
    mutating func note(_ now: Date, _ amount: Double = 1) {
        // After a rest, or a clock that was set back, it begins anew: what was is no measure.
        if began == nil || !(0..<2 * memory).contains(now.timeIntervalSince(last)) {
            (began, weight, last) = (now, 0, now)
            return
        }
        weight = weight * exp(-now.timeIntervalSince(last) / memory) + amount
        last = now
    }

    /// Nil where too little has been seen.
    func perMinute(_ now: Date) -> Double? {
        guard let began, case let seen = now.timeIntervalSince(began), seen >= memory / 3 else {
            return nil
        }
        let rest = weight * exp(-max(now.timeIntervalSince(last), 0) / memory)
        return 60 / memory * rest / (1 - exp(-seen / memory))
    }
}
