package import Foundation
package import Model

/// `GET /v1/handed?channel=…`: what a person has to bring to its place on a channel, or to take down there.
package struct HandedAnswer: Codable, Sendable {
    /// One list, as it stands now; a file of the same number lies where the pictures do.
    package struct Manifest: Codable, Sendable {
        package var number: Int
        package var madeAt: Date
        /// By what is to be done: all of it, also where `entries` ends before.
        package var tasks: [String: Int]
        /// The first few.
        package var entries: [Entry]

        package init(number: Int, madeAt: Date, tasks: [String: Int], entries: [Entry]) {
            self.number = number
            self.madeAt = madeAt
            self.tasks = tasks
            self.entries = entries
        }
    }

    package struct Entry: Codable, Sendable {
        package var task: HandedTask
        package var name: String
        package var asset: String
        package var slot: String
        package var sha256: String?
        package var since: Date
        /// May not be there any more, and why.
        package var mustGo: String?

        package init(
            task: HandedTask, name: String, asset: String, slot: String, sha256: String?,
            since: Date, mustGo: String?
        ) {
            self.task = task
            self.name = name
            self.asset = asset
            self.slot = slot
            self.sha256 = sha256
            self.since = since
            self.mustGo = mustGo
        }
    }

    /// Entries of one manifest in an answer, and manifests.
    package static let most = 200

    package var channel: String
    /// Nil where nobody has to do a last step there.
    package var who: String?
    package var say: String?
    /// Where the files lie.
    package var from: String?
    /// Oldest first; the first few.
    package var manifests: [Manifest]

    package init(channel: String, manifests: [Manifest]) {
        self.channel = channel
        self.manifests = manifests
    }
}
