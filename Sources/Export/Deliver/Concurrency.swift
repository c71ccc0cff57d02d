import Foundation

/// How many transfers at one time a channel bears, as far as it has shown: two after a start, twice as
/// many with every round that goes well, half when it has had enough, and one more with every round
/// from then on. One that fails file after file bears less than one: one goes after each rest, so that
/// however many wait there they cost the others next to nothing; the first that succeeds ends it.
struct Concurrency {
    private static let first = 2.0
    /// Seconds in which refusals are one: those that were on their way together.
    private static let together = 5.0
    /// Failures in a row that are no chance any more: of a server that fails three in ten, one in 200,000.
    private static let patience = 10
    /// Seconds between two files of a channel that fails all of them, at most.
    private static let longestRest = 64.0

    private var bears = first
    private var hasRefused = false
    private var refused = Date.distantPast
    private var failures = 0
    private var rests = 0
    private var restEnds: Date?

    /// - Parameter most: the profile's `sessions`.
    func current(_ most: Int) -> Int { max(min(Int(bears), most), 1) }

    /// Of servers that are logged in to, with a log-in for each: from the start as many as they let in, since
    /// four shake hands at one time at most, and fewer from the first refusal on.
    func logins(_ most: Int) -> Int { hasRefused ? current(most) : most }

    /// File after file, and none between.
    var fails: Bool { failures >= Self.patience }

    /// Until then only what must go is tried; nil: the next may go.
    func rest(_ now: Date) -> Date? {
        // Not of a clock that was set back.
        restEnds.flatMap { $0 > now && $0 <= now.addingTimeInterval(Self.longestRest) ? $0 : nil }
    }

    /// It does not fail any more, or a person says so.
    mutating func goOn() { (failures, rests, restEnds) = (0, 0, nil) }

    mutating func succeed(_ most: Int) {
        goOn()
        bears = min(bears + (hasRefused ? 1 / bears : 1), Double(most))
    }

    /// It was busy, did not answer, or broke off.
    mutating func refuse(_ most: Int, at now: Date) {
        failures += 1
        // Those that were on their way when it began to rest say nothing new.
        if failures >= Self.patience, rest(now) == nil {
            restEnds = now.addingTimeInterval(min(pow(2, Double(rests)), Self.longestRest))
            rests += 1
        }
        // Of a clock that was set back as well.
        guard abs(now.timeIntervalSince(refused)) > Self.together else { return }
        (hasRefused, refused) = (true, now)
        bears = max(min(bears, Double(most)) / 2, 1)
    }
}
