package import Foundation

/// What a channel's crawler would have found, when it was last tried.
package struct CrawlAnswer: Codable, Hashable, Sendable {
    package struct Finding: Codable, Hashable, Sendable {
        /// The file's, on the channel.
        package var name: String
        package var url: String
        /// What is wrong, and what to do about it.
        package var says: String
        /// False: it may be over by itself, as a server that does not answer.
        package var isSure: Bool

        package init(name: String, url: String, says: String, isSure: Bool) {
            (self.name, self.url, self.says, self.isSure) = (name, url, says, isSure)
        }
    }

    package var at: Date
    package var agent: String
    package var asked: Int
    package var findings: [Finding]

    package init(at: Date, agent: String, asked: Int, findings: [Finding]) {
        (self.at, self.agent, self.asked, self.findings) = (at, agent, asked, findings)
    }

    /// Files that the crawler did not get as they were delivered.
    package var bad: Int { Set(findings.map(\.name)).count }
}
