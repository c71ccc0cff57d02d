package import Host
package import Model
private import Synchronization

/// Why a render worker gave no answer.
package enum WorkerFailure: Error, Hashable, Sendable, CustomStringConvertible {
    case couldNotStart(String)
    /// It ended while we waited, and not by our hand. `stderr` is its last words.
    case died(cause: String, stderr: String)
    /// No answer within `seconds`: we killed it.
    case hung(seconds: Double)
    /// An answer that is none.
    case nonsense(String)
    /// `stop()` was called while it worked, or before.
    case stopped

    package var description: String { "" }

    /// Only a death we did not cause can be the picture's fault.
    package var isDeath: Bool { if case .died = self { true } else { false } }
}

/// One `sluice-render` process and the thread that talks to it.
package final class RenderWorker: Sendable {
    package enum Role: Hashable, Sendable {
        case render(masters: String, output: String)
        case verify(finished: String)
    }

    package struct Usage: Hashable, Sendable {
        package var requests = 0
        /// Megabytes of the files it was asked about.
        package var megabytes = 0.0
    }

    package init(executable: String, role: Role, scratch: String? = nil) {}

    package func start() async throws(WorkerFailure) -> WorkerGreeting {
        throw .couldNotStart("not built yet")
    }

    package func ask(
        _ request: WorkerRequest, deadline seconds: Double
    ) async throws(WorkerFailure) -> WorkerReply {
        throw .couldNotStart("not built yet")
    }

    /// What it has done since it started, for whoever replaces it in time.
    package var usage: Usage { Usage() }

    package func stop() async {}
}
