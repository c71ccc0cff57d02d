internal import Foundation
internal import Model
internal import Wire

/// How far the work is for which somebody waits, put together from answers one after the other. It
/// never runs backwards: work that comes while there is some adds to what is known of, and what was
/// done stays done.
struct Progress {
    /// Seconds that the rate is measured over, and those without which it is a guess.
    private static let window = (longest: 60.0, shortest: 3.0)

    /// Items known of so far.
    private(set) var known = 0
    private(set) var left = 0
    /// Pictures that came into the spool since the first answer.
    private(set) var arrived = 0
    private(set) var toRender = 0
    /// What the channel with the most work could go faster without.
    private(set) var limitedBy: String?
    private var sources: Int?
    private var samples: [(at: Date, done: Int)] = []

    /// The highest share that was done of what was known of then.
    private(set) var share = 0.0

    var done: Int { known - left }

    mutating func note(_ answer: StatusAnswer) {
        if answer.left > left { known += answer.left - left }
        left = answer.left
        share = max(share, known > 0 ? Double(done) / Double(known) : 0)
        arrived += max(0, answer.spool.sources - (sources ?? answer.spool.sources))
        sources = answer.spool.sources
        toRender = answer.render.waiting
        limitedBy =
            answer.channels.filter { $0.limitedBy != nil }
            .max { Work($0).waiting < Work($1).waiting }?.limitedBy
        samples.removeAll { answer.now.timeIntervalSince($0.at) > Self.window.longest }
        samples.append((answer.now, done))
    }

    /// Nil while it is too early to tell.
    var perMinute: Double? {
        guard let first = samples.first, let last = samples.last, last.done > first.done else {
            return nil
        }
        let seconds = last.at.timeIntervalSince(first.at)
        return seconds < Self.window.shortest ? nil : Double(last.done - first.done) / seconds * 60
    }

    /// Seconds until all that is known of is done, at that rate.
    var expected: TimeInterval? { perMinute.map { Double(left) / $0 * 60 } }
}
