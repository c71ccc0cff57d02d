/// What an operation is asked with. The keys of the type are the names that `declared` has: a test
/// holds one to the other, and a key that is not declared is refused in an order.
package protocol Arguments: Codable, Sendable {
    /// In the order in which they are shown.
    static var declared: [Parameter] { get }

    /// What the kinds of single arguments do not say.
    func check() throws(OperationError)
}

extension Arguments {
    package func check() throws(OperationError) {}
}

/// Of an operation that takes none.
package struct NoArguments: Arguments, Hashable {
    package static let declared: [Parameter] = []

    package init() {}
}
