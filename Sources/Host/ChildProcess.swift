private import CHost
package import Foundation
private import Synchronization

/// A program we started: its pipes, its last words and its end. Every call may block and belongs
/// on a lane; only `kill()` may come from anywhere. A child whose last reference goes is killed.
package final class ChildProcess: Sendable {
    package struct Program: Sendable {
        /// Full path; no search.
        package var path: String
        package var arguments: [String]
        /// All of it: nothing is inherited.
        package var environment: [String: String]
        package var nice: Int32
        /// What it prints is among its last words; nobody reads its standard output.
        package var mergesOutput = false

        package init(
            _ path: String, _ arguments: [String], environment: [String: String] = [:],
            nice: Int32 = 0
        ) {
            self.path = path
            self.arguments = arguments
            self.environment = environment
            self.nice = nice
        }
    }

    package enum End: Hashable, Sendable, CustomStringConvertible {
        case exited(Int32)
        case signalled(Int32)

        package var description: String {
            switch self {
            case .exited(let status): "exit status \(status)"
            case .signalled(let number): "signal \(number) (\(String(cString: strsignal(number))))"
            }
        }
    }

    /// Why reading or writing stopped short.
    package enum Silence: Error, Hashable, Sendable {
        /// The child closed its end, most likely because it ended.
        case closed
        case deadline
        case failed(call: String, errno: Int32)
    }

    /// How much of standard error is kept, in bytes: the end of it.
    private static let tailLimit = 4096
    /// Waits for the end of children nobody holds any more.
    private static let reaper = Lane("reaper")

    package let pid: Int32
    private let pidfd: Int32
    private let output: Int32
    private let errors: Int32
    private let input: Mutex<Int32?>
    private let tail = Mutex(Data())
    private let ended = Mutex<End?>(nil)

    /// Starts it with an empty signal mask, default signals, no descriptor but its standard three,
    /// in a session of its own.
    package init(_ program: Program) throws(HostError) {
        var pipes = try Pipes()
        pid = try pipes.spawn(program)
        pidfd = sluice_pidfd(pid)
        input = Mutex(pipes.input.ours)
        output = pipes.output.ours
        errors = pipes.errors.ours
        pipes.handOver()
        guard pidfd >= 0 else {
            Glibc.kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
            throw HostError("watch", program.path, -pidfd)
        }
        for descriptor in [pipes.input.ours, output, errors] { sluice_nonblocking(descriptor) }
    }

    deinit {
        closeInput()
        close(output)
        close(errors)
        guard pidfd >= 0 else { return }
        guard ended.withLock({ $0 }) == nil else {
            close(pidfd)
            return
        }
        sluice_signal(pidfd, SIGKILL)
        Self.reaper.submit { [pidfd] in
            var end = sluice_end()
            sluice_reap(pidfd, 1, &end)
            close(pidfd)
        }
    }

    /// Harmless when it has ended already; never hits another process of the same number.
    package func kill(_ signal: Int32 = SIGKILL) {
        sluice_signal(pidfd, signal)
    }

    /// The child sees the end of its standard input.
    package func closeInput() {
        input.withLock { descriptor in
            if let open = descriptor { close(open) }
            descriptor = nil
        }
    }

    /// The end of what it wrote to standard error, as far as it was read while we waited.
    package var lastWords: String {
        drainErrors()
        return String(decoding: tail.withLock { $0 }, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    package func write(_ data: Data, until deadline: Deadline) throws(Silence) {
        var rest = data[...]
        while !rest.isEmpty {
            guard let descriptor = input.withLock({ $0 }) else { throw .closed }
            let put = rest.withUnsafeBytes {
                sluice_write_quietly(descriptor, $0.baseAddress, $0.count)
            }
            if put > 0 {
                rest = rest.dropFirst(put)
                continue
            }
            try retry(Int32(-put), call: "write")
            try wait(descriptor, POLLOUT, until: deadline)
        }
    }

    /// Exactly `count` bytes of its standard output.
    package func read(_ count: Int, until deadline: Deadline) throws(Silence) -> Data {
        var data = Data(count: count)
        var filled = 0
        while filled < count {
            let got = data.withUnsafeMutableBytes {
                Glibc.read(output, $0.baseAddress! + filled, count - filled)
            }
            guard got != 0 else { throw .closed }
            if got > 0 {
                filled += got
                continue
            }
            try retry(errno, call: "read")
            try wait(output, POLLIN, until: deadline)
        }
        return data
    }

    /// Nil when it still runs at the deadline.
    package func waitForEnd(until deadline: Deadline) throws(HostError) -> End? {
        if let known = ended.withLock({ $0 }) { return known }
        while true {
            if let how = try reap() { return how }
            do throws(Silence) {
                try wait(pidfd, POLLIN, until: deadline)
            } catch {
                return nil
            }
        }
    }

    /// Under the lock: as long as it is not reaped, its number is nobody else's.
    private func reap() throws(HostError) -> End? {
        let (result, how) = ended.withLock { ended -> (Int32, End?) in
            if let ended { return (1, ended) }
            var end = sluice_end()
            let result = sluice_reap(pidfd, 0, &end)
            guard result == 1 else { return (result, nil) }
            ended = end.signal < 0 ? .exited(end.status) : .signalled(end.signal)
            return (1, ended)
        }
        guard result >= 0 else { throw HostError("wait for", "process \(pid)", -result) }
        return how
    }

    /// Ends it and whatever it started in its session; nothing once it has ended.
    package func killSession() {
        ended.withLock { if $0 == nil { _ = Glibc.kill(-pid, SIGKILL) } }
    }

    private func retry(_ failure: Int32, call: String) throws(Silence) {
        switch failure {
        case EAGAIN, EINTR: return
        case EPIPE: throw .closed
        default: throw .failed(call: call, errno: failure)
        }
    }

    /// Until `descriptor` is ready; meanwhile takes what comes on standard error, so that a talkative
    /// child never waits for us.
    private func wait(
        _ descriptor: Int32, _ events: Int32, until deadline: Deadline
    ) throws(Silence) {
        var listens = true
        while true {
            var polled = [
                pollfd(fd: descriptor, events: Int16(events), revents: 0),
                pollfd(fd: listens ? errors : -1, events: Int16(POLLIN), revents: 0),
            ]
            let left = deadline.milliseconds
            let ready = poll(&polled, 2, left)
            if ready < 0 && errno != EINTR { throw .failed(call: "poll", errno: errno) }
            if ready == 0 && left == 0 { throw .deadline }
            if polled[1].revents != 0 { listens = drainErrors() }
            if polled[0].revents != 0 { return }
        }
    }

    /// False once the child has closed it.
    @discardableResult
    private func drainErrors() -> Bool {
        var buffer = [UInt8](repeating: 0, count: Self.tailLimit)
        while true {
            let got = Glibc.read(errors, &buffer, buffer.count)
            guard got > 0 else { return got < 0 && (errno == EAGAIN || errno == EINTR) }
            tail.withLock { tail in
                tail.append(contentsOf: buffer.prefix(got))
                tail = Data(tail.suffix(Self.tailLimit))
            }
        }
    }
}
