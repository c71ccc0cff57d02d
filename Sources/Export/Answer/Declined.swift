/// Why something cannot be done as it was asked for.
package struct Declined: Error, Hashable, Sendable {
    package enum Reason: Sendable {
        /// There is no such thing.
        case unknown
        /// Not in the present state.
        case conflict
    }

    package var reason: Reason
    /// Lower case, values quoted, no final stop.
    package var message: String
    /// What to do about it.
    package var next: String?

    static func unknown(_ message: String, next: String? = nil) -> Self {
        Self(reason: .unknown, message: message, next: next)
    }

    static func conflict(_ message: String, next: String? = nil) -> Self {
        Self(reason: .conflict, message: message, next: next)
    }
}
