private import Foundation
private import Host
import Model
private import Synchronization
package import Wire

/// One `sluice-render` process and the thread that talks to it. Requests are answered in the order
/// in which they were asked. After any failure the process is gone and every further request fails:
/// make a new one.
package final class RenderWorker: Sendable {
    package enum Role: Hashable, Sendable {
        case render(masters: String, output: String)
        case verify(finished: String)

        fileprivate var arguments: [String] {
            switch self {
            case .render(let masters, let output):
                ["--role", "render", "--masters", masters, "--output", output]
            case .verify(let finished): ["--role", "verify", "--finished", finished]
            }
        }

        fileprivate func path(of request: WorkerRequest) -> String? {
            switch (self, request) {
            case (.render(let masters, _), .inspect(let request)): "\(masters)/\(request.master)"
            case (.render(let masters, _), .render(let request)): "\(masters)/\(request.master)"
            case (.verify(let finished), .verify(let request)): "\(finished)/\(request.file)"
            default: nil
            }
        }
    }

    /// What it has done since it started, for whoever replaces it in time.
    package struct Usage: Hashable, Sendable {
        package var requests = 0
        /// Megabytes of the files it was asked about.
        package var megabytes = 0.0
    }

    private struct State {
        var child: ChildProcess?
        var failure: WorkerFailure?
        var usage = Usage()
    }

    /// Seconds from the start to the greeting; loading libvips takes a tenth of one.
    private static let greetingDeadline = 30.0
    /// Seconds from the end of its input to its own end.
    private static let farewellDeadline = 2.0

    private let program: ChildProcess.Program
    private let role: Role
    private let lane = Lane("render worker")
    private let state = Mutex(State())

    /// - Parameters:
    ///   - executable: full path of `sluice-render`; the directories are full paths as well.
    ///   - scratch: a directory from which the worker may map machine code, its own alone.
    package init(executable: String, role: Role, scratch: String? = nil) {
        program = ChildProcess.Program(
            executable, role.arguments + (scratch.map { ["--scratch", $0] } ?? []),
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"], nice: 10)
        self.role = role
    }

    package var usage: Usage { state.withLock { $0.usage } }

    /// Nil before `start()`.
    package var pid: Int32? { state.withLock { $0.child?.pid } }

    /// Starts the process and waits for its greeting. Whatever keeps it from greeting is
    /// `couldNotStart`: no picture has been touched.
    package func start() async throws(WorkerFailure) -> WorkerGreeting {
        try await lane.run { [self] () throws(WorkerFailure) in
            let child = try launch()
            do throws(WorkerFailure) {
                let reply = try exchange(nil, with: child, within: Self.greetingDeadline)
                if case .hello(let greeting) = reply { return greeting }
                throw end(child, because: .nonsense("it did not greet"))
            } catch .stopped {
                throw .stopped
            } catch .died(let cause, let stderr) {
                throw .couldNotStart(stderr.isEmpty ? cause : "\(cause), saying '\(stderr)'")
            } catch {
                throw .couldNotStart("\(error)")
            }
        }
    }

    /// - Parameter seconds: how long the answer may take, counted from when its turn comes.
    package func ask(
        _ request: WorkerRequest, deadline seconds: Double
    ) async throws(WorkerFailure) -> WorkerReply {
        try await lane.run { [self] () throws(WorkerFailure) in
            let child = try running()
            count(request)
            return try exchange(request, with: child, within: seconds)
        }
    }

    /// Ends the process at once, even while it works, and returns when it is gone: it holds nothing
    /// that could not be made again.
    package func stop() async {
        let child = state.withLock { state in
            state.failure = state.failure ?? .stopped
            return state.child
        }
        // From here, because the lane may be waiting for an answer.
        child?.kill()
        await lane.run { [self] in
            guard let child = state.withLock({ $0.child }) else { return }
            _ = end(child, because: .stopped)
        }
    }

    // MARK: On the lane

    private func launch() throws(WorkerFailure) -> ChildProcess {
        let (before, failure) = state.withLock { ($0.child, $0.failure) }
        if let failure { throw failure }
        if let before { return before }
        do throws(HostError) {
            let child = try ChildProcess(program)
            state.withLock { $0.child = child }
            return child
        } catch {
            throw .couldNotStart("\(error)")
        }
    }

    private func running() throws(WorkerFailure) -> ChildProcess {
        let (child, failure) = state.withLock { ($0.child, $0.failure) }
        if let failure { throw failure }
        guard let child else { throw .couldNotStart("it was asked before it was started") }
        return child
    }

    private func count(_ request: WorkerRequest) {
        var about = stat()
        let known = role.path(of: request).map { stat($0, &about) == 0 } ?? false
        state.withLock { state in
            state.usage.requests += 1
            state.usage.megabytes += known ? Double(about.st_size) / 1_000_000 : 0
        }
    }

    private func exchange(
        _ request: WorkerRequest?, with child: ChildProcess, within seconds: Double
    ) throws(WorkerFailure) -> WorkerReply {
        let deadline = Deadline(seconds: seconds)
        do {
            if let request { try child.write(WorkerFrame.encode(request), until: deadline) }
            let length = try WorkerFrame.length(child.read(4, until: deadline))
            let body = try child.read(length, until: deadline)
            return try WorkerFrame.decode(WorkerReply.self, from: body)
        } catch ChildProcess.Silence.closed {
            throw end(child, because: nil)
        } catch ChildProcess.Silence.deadline {
            throw end(child, because: .hung(seconds: seconds))
        } catch {
            throw end(child, because: .nonsense("\(error)"))
        }
    }

    /// Sees the process off and remembers why.
    /// - Parameter reason: nil when it closed its pipes by itself, which is how a death looks.
    private func end(_ child: ChildProcess, because reason: WorkerFailure?) -> WorkerFailure {
        if reason != nil { child.kill() }
        var cause = try? child.waitForEnd(until: Deadline(seconds: Self.farewellDeadline))
        let left = cause == nil
        if left {
            child.kill()
            cause = try? child.waitForEnd(until: Deadline(seconds: Self.farewellDeadline))
        }
        let death =
            left
            ? WorkerFailure.nonsense("it closed its output and went on")
            : .died(cause: cause.map { "\($0)" } ?? "unknown cause", stderr: child.lastWords)
        return state.withLock { state in
            let failure = state.failure ?? reason ?? death
            state.child = nil
            state.failure = failure
            return failure
        }
    }
}
