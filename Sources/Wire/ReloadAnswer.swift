package import Model

/// `POST /v1/reload`
package struct ReloadAnswer: Codable, Sendable {
    /// Channel → what happened: `unchanged`, `taken (3 renditions change)`, `kept at its last good
    /// revision` ...
    package var channels: [String: String]
    package var problems: [Problem]
    /// Channels among them that wait for a person.
    package var waiting: [String]

    package init(channels: [String: String], problems: [Problem], waiting: [String] = []) {
        self.channels = channels
        self.problems = problems
        self.waiting = waiting
    }
}
