import Foundation
import Synchronization

/// When each part last took a turn. The watchdog is fed only while all of them do.
final class Pulse: Sendable {
    enum Part: String, CaseIterable, Sendable { case intake, reconciler, renderer }

    private let beats = Mutex<[Part: ContinuousClock.Instant]>([:])

    func beat(_ part: Part) {
        let now = ContinuousClock.now
        beats.withLock { $0[part] = now }
    }

    /// Parts that have been silent for longer than `limit`; one that never beat has not started.
    func silent(for limit: Duration) -> [Part] {
        let now = ContinuousClock.now
        return beats.withLock { beats in
            Part.allCases.filter { part in beats[part].map { now - $0 > limit } ?? false }
        }
    }
}
