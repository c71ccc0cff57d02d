/// Why a render worker gave no answer.
package enum WorkerFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// This machine would not let it run.
    case couldNotStart(String)
    /// It ended while we waited, and not by our hand. `stderr` is its last words.
    case died(cause: String, stderr: String)
    /// No answer within `seconds`: we killed it.
    case hung(seconds: Double)
    /// An answer that is none: we killed it.
    case nonsense(String)
    /// It needed more memory than it may have, and said so.
    case swelled(String)
    /// `stop()` was called before or while it worked.
    case stopped

    package var description: String {
        switch self {
        case .couldNotStart(let reason): "the render worker does not start: \(reason)"
        case .died(let cause, let stderr):
            "the render worker died of \(cause)" + (stderr.isEmpty ? "" : ", saying '\(stderr)'")
        case .hung(let seconds):
            "the render worker gave no answer within \(seconds) s and was killed"
        case .nonsense(let what): "the render worker gave no sensible answer: \(what)"
        case .swelled(let message): "the render worker ran out of its memory: \(message)"
        case .stopped: "the render worker was stopped"
        }
    }

    /// Only a death that we did not cause can be the picture's fault.
    package var isDeath: Bool { if case .died = self { true } else { false } }
}
