/// Answer to every other POST: what was done, to how many.
package struct DoneAnswer: Codable, Sendable {
    package var done: String
    package var count: Int
    /// The first few, where they have names.
    package var names: [String]?
    /// Of what was named: nothing there waits for this; nil: all of it did.
    package var unmatched: [String]?

    package init(
        done: String, count: Int, names: [String]? = nil, unmatched: [String]? = nil
    ) {
        self.unmatched = unmatched
        self.done = done
        self.count = count
        self.names = names
    }
}
