import Foundation
import Host
import Synchronization

/// Whether each part takes its turns. A part at work has begun a turn and not ended it; one at rest
/// has said by when the next begins. Either may last only so long: then the part hangs.
final class Heartbeat: Sendable {
    enum Part: String, Sendable {
        case intake, reconciler, renderer, products, courier, publisher, transfer

        /// What systemd's watchdog asks about: without these nothing goes on at all.
        var isVital: Bool { [.intake, .reconciler, .renderer].contains(self) }

        /// A publisher sends within its turn; a transfer has its own deadlines, of many minutes.
        var timeouts: Duration {
            switch self {
            case .publisher, .transfer: .seconds(900)
            default: .seconds(120)
            }
        }

        var words: String {
            switch self {
            case .intake: "intake"
            case .reconciler: "the reconciler"
            case .renderer: "the feeder of the render workers"
            case .products: "the reader of product tables"
            case .courier: "the courier"
            case .publisher: "the publisher of the feed"
            case .transfer: "a transfer"
            }
        }
    }

    struct Key: Sendable, Hashable {
        var part: Part
        var channel: String?
        /// Of several that work side by side.
        var number: Int64 = 0
    }

    /// One that hangs, and for how long.
    struct Silence: Sendable {
        var key: Key
        var lasted: Duration
    }

    private let clock: WallClock
    private let due = Mutex<[Key: ContinuousClock.Instant]>([:])

    init(clock: WallClock = .system) { self.clock = clock }

    /// A turn begins, or is still going on well.
    func beat(_ part: Part, _ channel: String? = nil, number: Int64 = 0) {
        let now = ContinuousClock.now
        due.withLock { $0[Key(part: part, channel: channel, number: number)] = now }
    }

    /// The turn is over; the next begins by then, or when something happens.
    func rest(_ part: Part, _ channel: String? = nil, number: Int64 = 0, until next: Date? = nil) {
        let key = Key(part: part, channel: channel, number: number)
        // A signal rings after a day at the latest.
        let seconds = next.map { min(max($0.timeIntervalSince(clock.now()), 0), 86_400) }
        let instant = seconds.map { ContinuousClock.now.advanced(by: .seconds($0)) }
        due.withLock { $0[key] = instant }
    }

    /// Those that are late by more than `limit`, or than their own timeouts.
    func silent(
        for limit: Duration? = nil, at now: ContinuousClock.Instant = .now
    ) -> [Silence] {
        let late = due.withLock { due in due.map { Silence(key: $0.key, lasted: now - $0.value) } }
        return late.filter { $0.lasted > limit ?? $0.key.part.timeouts }
            .sorted { $0.lasted > $1.lasted }
    }
}
