import Host
import Synchronization

/// The signals of all loops.
final class WakeSignals: Sendable {
    let clock: WallClock
    let intake: WakeSignal
    let reconcile: WakeSignal
    let render: WakeSignal
    let lookout: WakeSignal
    private let channels = Mutex<[String: [WakeSignal]]>([:])

    init(clock: WallClock = .system) {
        self.clock = clock
        intake = WakeSignal(clock: clock)
        reconcile = WakeSignal(clock: clock)
        render = WakeSignal(clock: clock)
        lookout = WakeSignal(clock: clock)
    }

    /// A new signal for a loop that works for one channel.
    func signal(channel: String) -> WakeSignal {
        let signal = WakeSignal(clock: clock)
        channels.withLock { $0[channel, default: []].append(signal) }
        return signal
    }

    func wake(channel: String) {
        for signal in channels.withLock({ $0[channel] ?? [] }) { signal.wake() }
    }

    /// What stood still may go on.
    func wakeAll() {
        intake.wake()
        reconcile.wake()
        wakeWork()
    }

    /// There may be something to render, send or publish.
    func wakeWork() {
        render.wake()
        for signal in channels.withLock({ $0.values.flatMap(\.self) }) { signal.wake() }
    }
}
