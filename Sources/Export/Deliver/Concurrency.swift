import Foundation

/// How many transfers at one time a channel bears, as far as it has shown: two after a start, twice as
/// many with every round that goes well, half when it has had enough, and one more with every round
/// from then on.
struct Concurrency {
    private static let first = 2.0
    /// Seconds in which refusals are one: those that were on their way together.
    private static let together = 5.0

    private var bears = first
    private var hasRefused = false
    private var refused = Date.distantPast

    /// - Parameter most: the profile's `sessions`.
    func current(_ most: Int) -> Int { max(min(Int(bears), most), 1) }

    mutating func succeed(_ most: Int) {
        bears = min(bears + (hasRefused ? 1 / bears : 1), Double(most))
    }

    /// It was busy, did not answer, or broke off.
    mutating func refuse(_ most: Int, at now: Date) {
        // Of a clock that was set back as well.
        guard abs(now.timeIntervalSince(refused)) > Self.together else { return }
        (hasRefused, refused) = (true, now)
        bears = max(min(bears, Double(most)) / 2, 1)
    }
}
