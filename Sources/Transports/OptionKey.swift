package import YAML

/// A key of `deliver:` that a transport knows. Declared once, it is read and checked from here, and
/// the other transports know it for one that is spelled right.
package struct OptionKey<Value: Sendable>: AnyOptionKey {
    package let name: String
    private let shape: Shape<Value>
    private let takesMany: Bool

    /// - Parameter takesMany: one value or a list of them.
    package init(_ name: String, _ shape: Shape<Value>, takesMany: Bool = false) {
        self.name = name
        self.shape = shape
        self.takesMany = takesMany
    }

    /// Nil where it is not written, or not well: that has been reported.
    package func read(_ keys: Keys) -> Value? { keys.optional(name, shape) }

    package func list(_ keys: Keys) -> [Value] { keys.list(name, shape) }

    package func check(_ keys: Keys) -> Bool {
        takesMany ? !list(keys).isEmpty : read(keys) != nil
    }
}

package protocol AnyOptionKey: Sendable {
    var name: String { get }

    /// Reports a value that could never be one.
    /// - Returns: whether it is written, and well.
    @discardableResult
    func check(_ keys: Keys) -> Bool
}

extension Keys {
    /// Keys of other transports. What is wrong with one was told already.
    package func refuse(_ others: [any AnyOptionKey], _ why: (String) -> String) {
        for key in others where key.check(self) { refuse(why(key.name), at: key.name) }
    }

    package func refuse(_ message: String, _ code: String = "login", at key: String = "to") {
        reader.report(place(key), message, code: code)
    }

    /// None of them was written, well or not.
    package func lacks(_ keys: String...) -> Bool { keys.allSatisfy { node($0) == nil } }
}
