internal import Model
internal import SocketClient

/// Why a command could not do what it was asked, and the exit status that says so.
struct Failure: Error, Hashable, CustomStringConvertible {
    /// 2 could not do it, 78 bad configuration.
    var status: Int32
    /// Lower case, values quoted, no final stop.
    var message: String
    var next: String?
    /// The message is a compiler's: `file:line:col: error: …`, for editors to jump by.
    var isBare = false

    static func couldNot(_ message: String, next: String? = nil) -> Self {
        Self(status: 2, message: message, next: next)
    }

    static func badConfiguration(_ message: String, next: String? = nil) -> Self {
        Self(status: 78, message: message, next: next)
    }

    static func badConfiguration(_ problems: Problems) -> Self {
        var failure = Self(status: 78, message: problems.description)
        failure.isBare = true
        return failure
    }

    init(status: Int32, message: String, next: String? = nil) {
        self.status = status
        self.message = message
        self.next = next
    }

    init(_ failure: Client.Failure) {
        self = .couldNot(failure.description, next: failure.next)
    }

    var description: String { next.map { "\(message)\n  \($0)" } ?? message }
}
