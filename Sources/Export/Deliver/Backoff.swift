import Foundation

/// When to try again: doubling from five seconds to six hours, spread so that what failed together
/// does not come again together.
enum Backoff {
    private static let first = 5.0
    static let longest = 6 * 3600.0

    /// - Parameter attempts: made so far, from 0.
    /// - Returns: seconds.
    static func delay(attempts: Int) -> Double {
        min(first * pow(2, Double(min(attempts, 20))), longest) * Double.random(in: 0.75...1.25)
    }
}
