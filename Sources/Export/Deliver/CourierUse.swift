import Foundation
import Host
import Profiles
import Synchronization
import Transports
import Wire

// How near a channel is to each of its ceilings.
extension Courier {
    /// Above this share of it the bandwidth is what limits: the last part goes to waiting for answers.
    static let fullBandwidth = 0.8

    var use: StatusAnswer.Use? {
        guard let profile = context.active.profile(channel), let destination = profile.destination
        else { return nil }
        let (now, guarded) = (clock.now(), context.active.guarded(channel))
        // Where files wait for a session each, more of them are on their way.
        let borne = concurrency.withLock {
            destination.options.filesPerSession > 1
                ? $0.logins(destination.sessions) : $0.current(destination.sessions)
        }
        var use = StatusAnswer.Use(
            sessions: min(inHand.onTheWay, borne), borne: borne,
            atMost: destination.sessions)
        use.startsPerMinute = starts.withLock { $0.perMinute(now) }
        use.startsAtMost = destination.perMinute
        use.bytesPerSecond = guarded.bytes.perMinute(now).map { $0 / 60 }
        use.bytesAtMost = destination.bandwidth
        use.hours = destination.hours?.description
        use.opens = destination.hours?.opening(after: now, in: profile.zone)
        return use
    }
}
