import Foundation
package import Profiles
import Synchronization

/// The profiles in force: each channel's last good revision.
package final class ActiveProfiles: Sendable {
    private let inForce = Mutex<[String: Profile]>([:])

    package init() {}

    package var profiles: [Profile] {
        inForce.withLock { $0.values.sorted { $0.channel < $1.channel } }
    }

    package func profile(_ channel: String) -> Profile? {
        inForce.withLock { $0[channel] }
    }

    package func put(_ profile: Profile) {
        inForce.withLock { $0[profile.channel] = profile }
    }

    /// No longer a channel.
    package func remove(_ channel: String) {
        inForce.withLock { $0[channel] = nil }
        waiting.withLock { $0[channel] = nil }
    }

    // MARK: What waits for a person

    /// Changes the guards of a channel hold back at this moment.
    struct Guarded {
        var sends = 0
        var leaving = 0
        /// What keeps a courier from sending more at once.
        var pace: RateLimiter.Limit?
        /// The mark of the last change that the newest edition shows, where that waits for a person.
        var feed: Date?
        /// What it has confirmed.
        var meter = Meter()
        /// The same, for a channel that takes a file in some minutes.
        var slowMeter = Meter(memory: 3600)
        var bytes = Meter()
        /// Until then not even what must go is tried: nobody answers, or nobody lets us in.
        var shut = Date.distantPast

        var changes: Int { sends + leaving }

        /// Files confirmed in a minute; nil where too little has been seen.
        func perMinute(_ now: Date) -> Double? {
            // Zero: nothing came within its memory. Almost zero: much did, and nothing comes any more.
            guard let fast = meter.perMinute(now), fast > 0 else { return slowMeter.perMinute(now) }
            return fast > 0.1 ? fast : nil
        }
    }

    private let waiting = Mutex<[String: Guarded]>([:])

    func guarded(_ channel: String) -> Guarded {
        waiting.withLock { $0[channel] ?? Guarded() }
    }

    func setGuarded(sends: Int, leaving: Int, _ channel: String) {
        waiting.withLock {
            $0[channel, default: Guarded()].sends = sends
            $0[channel, default: Guarded()].leaving = leaving
        }
    }

    func setPace(_ limit: RateLimiter.Limit?, _ channel: String) {
        waiting.withLock { $0[channel, default: Guarded()].pace = limit }
    }

    func noteConfirmed(_ bytes: Int64, at now: Date, _ channel: String) {
        waiting.withLock {
            $0[channel, default: Guarded()].meter.note(now)
            $0[channel, default: Guarded()].slowMeter.note(now)
            $0[channel, default: Guarded()].bytes.note(now, Double(bytes))
        }
    }

    func setShut(until: Date, _ channel: String) {
        waiting.withLock { $0[channel, default: Guarded()].shut = until }
    }

    func setFeedHeld(_ changed: Date?, _ channel: String) {
        waiting.withLock { $0[channel, default: Guarded()].feed = changed }
    }
}
