import Foundation

/// Transfers started per minute: one token bucket a channel.
struct RateLimiter {
    /// What more work than this meets first.
    enum Limit: Sendable { case rate, sessions }

    private var started: [Date] = []

    mutating func free(_ perMinute: Int?, _ now: Date) -> Int {
        guard let perMinute else { return .max }
        // What lies ahead was written before the clock was set back.
        started.removeAll { !(0..<60).contains(now.timeIntervalSince($0)) }
        return max(perMinute - started.count, 0)
    }

    /// When the next may start.
    mutating func next(_ perMinute: Int?, _ now: Date) -> Date {
        guard free(perMinute, now) <= 0, let first = started.min() else { return now }
        return first.addingTimeInterval(60)
    }

    mutating func spend(_ count: Int, at now: Date) {
        started += Array(repeating: now, count: count)
    }
}
