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

    package func check(_ keys: Keys) {
        if takesMany { _ = list(keys) } else { _ = read(keys) }
    }
}

package protocol AnyOptionKey: Sendable {
    var name: String { get }

    /// Reports a value that could never be one.
    func check(_ keys: Keys)
}

extension Keys {
    package func refuse(_ message: String, _ code: String = "login", at key: String = "to") {
        reader.report(place(key), message, code: code)
    }

    /// None of them was written, well or not.
    package func lacks(_ keys: String...) -> Bool { keys.allSatisfy { node($0) == nil } }
}
