/// Answer to every other POST: what was done, to how many.
package struct DoneAnswer: Codable, Sendable {
    package var done: String
    package var count: Int
    /// The first few, where they have names.
    package var names: [String]?

    package init(done: String, count: Int, names: [String]? = nil) {
        self.done = done
        self.count = count
        self.names = names
    }
}
