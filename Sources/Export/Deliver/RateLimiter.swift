import Foundation

/// A token bucket: how many transfers may start, so that no minute sees more than the channel allows.
/// A tenth of them may start at once after a rest. What is claimed and waits for a session has its token
/// kept, and spends it when it starts.
struct RateLimiter {
    /// What more work than this meets first.
    enum Limit: Sendable, Hashable {
        case rate
        /// It is not the time of day.
        case hours
        /// File after file fails, and there is a rest between two of them.
        case failures
        /// So many at one time, of those that the profile allows.
        case sessions(Int)
    }

    private var tokens = 0.0
    private var filled: Date?
    private var perMinute: Int?
    /// Claimed, and not started yet.
    private var claimed = 0

    /// - Parameter perMinute: nil: no limit.
    mutating func free(_ perMinute: Int?, _ now: Date) -> Int {
        self.perMinute = perMinute
        guard let perMinute else {
            // What goes without a limit is not owed when there is one again.
            (filled, tokens) = (nil, 0)
            return .max
        }
        fill(perMinute, now)
        return max(Int(tokens) - claimed, 0)
    }

    /// When the next may start.
    mutating func next(_ perMinute: Int?, _ now: Date) -> Date {
        guard let perMinute, free(perMinute, now) < 1 else { return now }
        // Not a hair before it, or it would be asked for again at once.
        let missing = (1 + Double(claimed) - tokens) / Self.perSecond(perMinute) + 0.001
        return now.addingTimeInterval(missing)
    }

    mutating func claim(_ count: Int) { claimed += count }

    mutating func start(at now: Date) {
        claimed = max(claimed - 1, 0)
        guard let perMinute, filled != nil else { return }
        fill(perMinute, now)
        // What must go waits for none; what waits behind it does so for a minute at most.
        tokens = max(tokens - 1, -Double(perMinute))
    }

    private mutating func fill(_ perMinute: Int, _ now: Date) {
        // What lies ahead was written before the clock was set back.
        let since = filled.map { max(now.timeIntervalSince($0), 0) } ?? .infinity
        let most = Double(Self.burst(perMinute))
        tokens = min(tokens + since * Self.perSecond(perMinute), most)
        filled = now
    }

    private static func burst(_ perMinute: Int) -> Int { max(perMinute / 10, 1) }

    /// In any sixty seconds: a burst, and what comes after it.
    private static func perSecond(_ perMinute: Int) -> Double {
        Double(perMinute - burst(perMinute) + 1) / 60
    }
}
