#if DEBUG
private import Foundation
private import Synchronization
#endif

/// A durable step has just been taken, or is about to be. Debug builds abort at the Nth one when
/// `SLUICE_CRASH_AT=N` is set, so that a test can try them all; release builds hold nothing of it.
package enum CrashPoint {
    /// - Parameter name: `stage.renamed`, `send.confirmed` ...: what has been done by now.
    @inline(__always)
    package static func reach(_ name: StaticString) {
        #if DEBUG
        count(name)
        #endif
    }

    #if DEBUG
    private static let target =
        ProcessInfo.processInfo.environment["SLUICE_CRASH_AT"].flatMap(Int.init) ?? 0
    private static let reached = Mutex(0)

    private static func count(_ name: StaticString) {
        guard target > 0 else { return }
        let number = reached.withLock { count in
            count += 1
            return count
        }
        guard number == target else { return }
        FileHandle.standardError.write(Data("crash point \(number): \(name)\n".utf8))
        // As hard as kill -9: no handler, no flush, no destructor.
        kill(getpid(), SIGKILL)
        while true { pause() }
    }
    #endif
}
