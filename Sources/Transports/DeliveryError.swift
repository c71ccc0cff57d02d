package import Model

package struct DeliveryError: Error, Sendable, CustomStringConvertible {
    /// What was tried on which name, why it failed and what to do; lower case, no secrets.
    package var message: String
    package var remedy: Remedy
    package var origin: Origin
    /// What was sent may lie there, under a name that was lost with the answer.
    package var mayLie = false
    /// The server has answered, and done nothing of what it was asked.
    package var isRefusal = false

    /// The other side answers and has no room.
    package var lacksRoom = false

    package enum Origin: Sendable, Hashable {
        /// The other side, or the way there.
        case there
        /// This machine.
        case here
        /// The connection was given up by us: nobody's failure.
        case ended
    }

    package init(_ message: String, remedy: Remedy, origin: Origin = .there) {
        self.message = message
        self.remedy = remedy
        self.origin = origin
    }

    package var description: String { message }
}
