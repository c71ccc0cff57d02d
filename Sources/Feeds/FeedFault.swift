/// What is wrong with one attribute of an item.
package struct FeedFault: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable, Comparable {
        case missing, unknown, repeated, duplicate
        case tooLong = "too-long"
        case characters
        case notListed = "not-listed"
        case format
        case checkDigit = "check-digit"
        case notBuilt = "not-built"

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    package var attribute: String
    package var code: Code
    /// What, and what would be right; lower case, no final stop.
    package var message: String

    package init(_ attribute: String, _ code: Code, _ message: String) {
        self.attribute = attribute
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
