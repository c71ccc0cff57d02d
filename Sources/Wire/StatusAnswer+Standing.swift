package import Foundation

extension StatusAnswer {
    /// Something that stands still, though nobody said so.
    package struct Standing: Codable, Sendable, Hashable {
        /// `intake stands still`; the reason follows.
        package var what: String
        /// Nil: it concerns all of them.
        package var channel: String?
        package var reason: String
        package var since: Date
        /// What to do about it.
        package var next: String

        package init(what: String, channel: String?, reason: String, since: Date, next: String) {
            self.what = what
            self.channel = channel
            self.reason = reason
            self.since = since
            self.next = next
        }
    }
}
