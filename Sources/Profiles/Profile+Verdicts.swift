package import Foundation
package import Model

extension Profile {
    /// Where a channel answers about the items of its feed, and in which words.
    package struct Verdicts: Sendable, Hashable {
        package enum Format: String, CaseIterable, Sendable {
            case csv, json
            case jsonLines = "json-lines"
            case xml
        }

        /// On the feed's server, from its root; `*` stands for anything within a name.
        package var path: String
        package var format: Format
        /// The way to the items of JSON or XML.
        package var items: [String]
        /// What names the SKU, what the word is, and what explains it: columns, or ways within an item.
        package var item: String
        package var status: String
        package var message: [String]
        /// Words; all others are no decision.
        package var accepted: [String]
        package var rejected: [String]
        /// Seconds.
        package var every: TimeInterval

        package func verdict(of word: String) -> ItemVerdict {
            func has(_ words: [String]) -> Bool {
                words.contains { $0.lowercased() == word.lowercased() }
            }
            return has(rejected) ? .rejected : has(accepted) ? .accepted : .pending
        }
    }
}
