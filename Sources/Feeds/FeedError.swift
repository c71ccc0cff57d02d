package import Model

/// Why no edition was staged. Whatever stood under the name before still does.
package struct FeedError: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String
    package var remedy: Remedy

    package init(_ message: String, remedy: Remedy) {
        self.message = message
        self.remedy = remedy
    }

    package var description: String { message }
}
