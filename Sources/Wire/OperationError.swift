/// Why an operation could not be done, told to whoever asked.
package struct OperationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// HTTP status: 404 for what does not exist, 409 for what cannot be done in the present state,
    /// 503 for what may work later.
    package var status: Int
    /// Lower case, values quoted, no final stop.
    package var message: String
    /// What to do about it.
    package var next: String?

    package init(_ status: Int, _ message: String, next: String? = nil) {
        self.status = status
        self.message = message
        self.next = next
    }

    package static func notFound(_ message: String, next: String? = nil) -> Self {
        Self(404, message, next: next)
    }

    package static func conflict(_ message: String, next: String? = nil) -> Self {
        Self(409, message, next: next)
    }

    package static func unavailable(_ message: String, next: String? = nil) -> Self {
        Self(503, message, next: next)
    }

    package var description: String { next.map { "\(message); \($0)" } ?? message }
}

/// Every answer that is not 200.
package struct ErrorAnswer: Codable, Hashable, Sendable {
    package var error: String
    package var next: String?

    package init(error: String, next: String? = nil) {
        self.error = error
        self.next = next
    }
}
