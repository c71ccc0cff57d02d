private import Foundation
package import Glibc

/// A process we started: its output is collected by a thread of its own, so that it never blocks
/// and can be waited for without sleeping.
package final class Child: Sendable {
    // A class, because a condition has to be waited for; `text`, `ended` and `status` are touched
    // only while it is locked.
    private final class State: @unchecked Sendable {
        let condition = NSCondition()
        var text = ""
        var ended = false
        var status: Int32?
    }

    package let pid: pid_t
    private let state = State()

    /// With an empty signal mask and default signals: children of a Swift task would otherwise be
    /// born deaf to SIGTERM.
    package init(_ path: String, _ arguments: [String]) throws {
        var ends: [Int32] = [-1, -1]
        // Not a pipe: Swift cannot reach pipe2, and without close-on-exec from birth a child that is
        // started meanwhile would keep the other end open.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw SupportError("cannot make a socket pair: \(String(cString: strerror(errno)))")
        }
        defer { close(ends[1]) }
        do {
            pid = try Self.spawn(path, arguments, output: ends[1])
        } catch {
            close(ends[0])
            throw error
        }
        let (state, pid, input) = (state, pid, ends[0])
        let thread = Thread { Self.collect(input, pid, state) }
        thread.name = "child \(pid)"
        thread.start()
    }

    deinit { killTree() }

    package var output: String {
        state.condition.withLock { state.text }
    }

    package var hasEnded: Bool {
        state.condition.withLock { state.status != nil }
    }

    /// Waits until the output contains `line`; false when it ended or time was up before.
    package func waitForOutput(_ line: String, seconds: Double = 20) -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        return state.condition.withLock {
            while !state.text.contains(line) {
                if state.ended || !state.condition.wait(until: deadline) { return false }
            }
            return true
        }
    }

    /// One that does not end by itself is killed when time is up, and shows by its status.
    /// - Returns: exit status, or 128 + signal.
    @discardableResult
    package func waitForEnd(seconds: Double = 60) -> Int32 {
        let deadline = ContinuousClock.now + .seconds(seconds)
        let status = state.condition.withLock { () -> Int32? in
            while state.status == nil, state.condition.wait(until: deadline) {}
            return state.status
        }
        if let status { return status }
        killTree()
        return state.condition.withLock {
            while state.status == nil { state.condition.wait() }
            return state.status ?? 0
        }
    }

    /// SIGKILL for it and everything it has started, and waits for its end.
    package func stop() {
        killTree()
        waitForEnd()
    }

    /// SIGKILL for everything it has started, itself left alive.
    package func killDescendants() {
        for descendant in Self.descendants(of: pid) { kill(descendant, SIGKILL) }
    }

    private func killTree() {
        let gone = state.condition.withLock { state.status != nil }
        if gone { return }
        // The parent first, stopped, so that it cannot start another one meanwhile.
        kill(pid, SIGSTOP)
        killDescendants()
        kill(pid, SIGKILL)
    }

    private static func collect(_ input: Int32, _ pid: pid_t, _ state: State) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let got = read(input, &buffer, buffer.count)
            if got < 0 && errno == EINTR { continue }
            if got <= 0 { break }
            state.condition.withLock {
                state.text += String(decoding: buffer[..<got], as: UTF8.self)
                state.condition.broadcast()
            }
        }
        close(input)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        state.condition.withLock {
            state.ended = true
            let signal = status & 0x7F
            state.status = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
            state.condition.broadcast()
        }
    }

    private static func spawn(
        _ path: String, _ arguments: [String], output: Int32
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        defer { for word in words { free(word) } }
        words.append(nil)
        var pid: pid_t = 0
        let result = posix_spawn(&pid, path, &actions, &attributes, words, environ)
        guard result == 0 else {
            throw SupportError("cannot start '\(path)': \(String(cString: strerror(result)))")
        }
        return pid
    }

    /// From /proc: a server's sessions put themselves into groups of their own.
    private static func descendants(of root: pid_t) -> [pid_t] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        var children: [pid_t: [pid_t]] = [:]
        for pid in entries.compactMap({ pid_t($0) }) {
            guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let name = stat.lastIndex(of: ")")
            else { continue }
            let fields = stat[name...].split(separator: " ")
            if fields.count > 2, let parent = pid_t(fields[2]) {
                children[parent, default: []].append(pid)
            }
        }
        var found: [pid_t] = []
        var rest = [root]
        while let next = rest.popLast() {
            let below = children[next] ?? []
            found += below
            rest += below
        }
        return found
    }
}

extension NSCondition {
    /// Whatever becomes of the wall's clock meanwhile.
    fileprivate func wait(until deadline: ContinuousClock.Instant) -> Bool {
        let left = (deadline - .now) / .seconds(1)
        guard left > 0 else { return false }
        _ = wait(until: Date(timeIntervalSinceNow: min(left, 1)))
        return true
    }
}
