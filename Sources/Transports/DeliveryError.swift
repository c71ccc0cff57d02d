package import Model

package struct DeliveryError: Error, Sendable, CustomStringConvertible {
    /// What was tried on which name, why it failed and what to do; lower case, no secrets.
    package var message: String
    package var remedy: Remedy

    package init(_ message: String, remedy: Remedy) {
        self.message = message
        self.remedy = remedy
    }

    package var description: String { message }
}
