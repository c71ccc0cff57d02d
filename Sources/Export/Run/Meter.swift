import Foundation

/// How fast something goes: an average in which what is a minute old counts a third.
struct Meter: Hashable {
    private static let memory = 60.0

    private var began: Date?
    private var last = Date.distantPast
    private var weight = 0.0

    /// - Parameter amount: how much of it; one where things are counted.
    mutating func note(_ now: Date, _ amount: Double = 1) {
        // After a rest, or a clock that was set back, it begins anew: what was is no measure.
        if began == nil || !(0..<2 * Self.memory).contains(now.timeIntervalSince(last)) {
            (began, weight, last) = (now, 0, now)
            return
        }
        weight = weight * exp(-now.timeIntervalSince(last) / Self.memory) + amount
        last = now
    }

    /// Nil where too little has been seen.
    func perMinute(_ now: Date) -> Double? {
        guard let began, case let seen = now.timeIntervalSince(began), seen >= 20 else {
            return nil
        }
        let rest = weight * exp(-max(now.timeIntervalSince(last), 0) / Self.memory)
        return 60 / Self.memory * rest / (1 - exp(-seen / Self.memory))
    }
}
