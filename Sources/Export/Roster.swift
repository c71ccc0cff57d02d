package import Channels
import Synchronization

/// The bells of all loops.
final class Bells: Sendable {
    let intake = Bell()
    let reconcile = Bell()
    let render = Bell()
    private let channels = Mutex<[String: [Bell]]>([:])

    /// A new bell for a loop that works for one channel.
    func bell(channel: String) -> Bell {
        let bell = Bell()
        channels.withLock { $0[channel, default: []].append(bell) }
        return bell
    }

    func ring(channel: String) {
        for bell in channels.withLock({ $0[channel] ?? [] }) { bell.ring() }
    }

    /// There may be something to render, send or publish.
    func ringWork() {
        render.ring()
        for bell in channels.withLock({ $0.values.flatMap(\.self) }) { bell.ring() }
    }
}

/// The profiles in force: each channel's last good revision.
package final class Roster: Sendable {
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

    // MARK: What waits for a person

    private let waiting = Mutex<[String: (changes: Int, feed: String?)]>([:])

    /// Changes the guards of a channel hold back at this moment.
    func guarded(_ channel: String) -> Int { waiting.withLock { $0[channel]?.changes ?? 0 } }

    func setGuarded(_ number: Int, _ channel: String) {
        waiting.withLock { $0[channel, default: (0, nil)].changes = number }
    }

    /// Why the newest edition waits for a person.
    func feedHeld(_ channel: String) -> String? { waiting.withLock { $0[channel]?.feed } }

    func setFeedHeld(_ reason: String?, _ channel: String) {
        waiting.withLock { $0[channel, default: (0, nil)].feed = reason }
    }
}
