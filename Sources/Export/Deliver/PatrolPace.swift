import Foundation

/// When the next few questions of a patrol are due: a few at one time, so that a channel is not woken for
/// each. Not in the ledger: after a start the first come when their time has passed once, so that a
/// daemon that cannot stay up asks nothing.
struct PatrolPace {
    /// At one time.
    private static let most = 60

    private var next: Date?
    private(set) var isUnderWay = false
    /// Questions asked besides the last few.
    private var owed = 0

    static func batch(_ perHour: Int) -> Int { min(max(perHour / 6, 1), most) }

    /// Seconds.
    static func interval(_ perHour: Int) -> Double {
        max(seconds(batch(perHour), perHour), 1)
    }

    /// - Returns: when to ask again whether it is due; nil: it is, and has begun.
    mutating func begin(_ perHour: Int, at now: Date) -> Date? {
        // A walk that ends rings.
        guard !isUnderWay else { return .distantFuture }
        let interval = Self.interval(perHour) + Self.seconds(owed, perHour)
        // Of a clock that was set back, and of a slower rate, as well.
        let due = min(next ?? .distantFuture, now.addingTimeInterval(interval))
        guard due <= now else {
            next = due
            return due
        }
        (next, isUnderWay, owed) = (now.addingTimeInterval(Self.interval(perHour)), true, 0)
        return nil
    }

    mutating func end() { isUnderWay = false }

    /// The next few are due so much later.
    mutating func owe(_ questions: Int, _ perHour: Int) {
        owed += questions
        next?.addTimeInterval(Self.seconds(questions, perHour))
    }

    private static func seconds(_ questions: Int, _ perHour: Int) -> Double {
        Double(questions) * 3600 / Double(perHour)
    }
}
