#if DEBUG
private import Foundation
private import Synchronization
#endif

/// A durable step has just been taken, or is about to be. Debug builds abort at the Nth one when
/// `SLUICE_CRASH_AT=N` is set, or at the Nth one of a name with `SLUICE_CRASH_AT=NAME:N`, so that a
/// test can try them all; at those called `SLUICE_STALL_AT=NAME` the thread goes no further. Release
/// builds hold nothing of it.
package enum CrashPoint {
    /// - Parameter name: `stage.renamed`, `send.confirmed` ...: what has been done by now.
    @inline(__always)
    package static func reach(_ name: StaticString) {
        #if DEBUG
        if let stalling, stalling == "\(name)" { stall() }
        count(name)
        #endif
    }

    /// True once, in a debug build with `SLUICE_FAIL_FSYNC=PART`: for the first path that has PART
    /// in it. Disks fail rarely, and never when somebody looks.
    @inline(__always)
    static func failsToSynchronize(_ path: String) -> Bool {
        #if DEBUG
        guard let failing, path.contains(failing) else { return false }
        return failed.withLock { failed in
            defer { failed = true }
            return !failed
        }
        #else
        return false
        #endif
    }

    #if DEBUG
    private static let stalling = ProcessInfo.processInfo.environment["SLUICE_STALL_AT"]
    private static let failing = ProcessInfo.processInfo.environment["SLUICE_FAIL_FSYNC"]
    private static let failed = Mutex(false)

    private static let target: (name: String?, number: Int) = {
        let text = ProcessInfo.processInfo.environment["SLUICE_CRASH_AT"] ?? ""
        let words = text.split(separator: ":")
        let name = words.count == 2 ? words.first.map(String.init) : nil
        return (name, words.last.flatMap { Int($0) } ?? 0)
    }()
    private static let reached = Mutex(0)

    private static func stall() {
        FileHandle.standardError.write(Data("stalled\n".utf8))
        while true { pause() }
    }

    private static func count(_ name: StaticString) {
        guard target.number > 0, target.name.map({ $0 == "\(name)" }) ?? true else { return }
        let number = reached.withLock { count in
            count += 1
            return count
        }
        guard number == target.number else { return }
        FileHandle.standardError.write(Data("crash point \(number): \(name)\n".utf8))
        // As hard as kill -9: no handler, no flush, no destructor.
        kill(getpid(), SIGKILL)
        while true { pause() }
    }
    #endif
}
