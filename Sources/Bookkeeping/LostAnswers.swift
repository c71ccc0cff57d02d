package import Foundation
package import Model

// A channel that names what it is given was sent something, and the answer with the name was lost: when it
// is sent again it may lie there twice, once under a name that nobody here knows. That is kept with the name
// it was sent under, until a person has looked.
extension Ledger {
    /// A channel's name holds no space.
    private static func fact(_ channel: String, _ name: String) -> String {
        "lost answer \(channel) \(name)"
    }

    package func noteLostAnswer(
        _ delivery: Delivery, error: String
    ) async throws(LedgerError) {
        let now = now()
        try await write("note that an answer about '\(delivery.name)' was lost") { database in
            try database.run(
                "INSERT OR IGNORE INTO fact (name, value) VALUES (?, ?)",
                [Self.fact(delivery.channel, delivery.name.folded), "\(now.milliseconds)"])
            try Self.log(
                "answer lost", delivery.channel, delivery.name.rawValue,
                "it may lie there twice: \(error)", at: now, in: database)
        }
    }

    /// When the first of them was lost; nil: none was.
    package func lostAnswer(_ delivery: Delivery) async throws(LedgerError) -> Date? {
        try await fact(Self.fact(delivery.channel, delivery.name.folded))
            .flatMap { Int64($0) }.map(Date.init(milliseconds:))
    }

    /// Somebody has looked.
    static func forgetLostAnswer(_ delivery: Delivery, in database: Connection) throws {
        try database.run(
            "DELETE FROM fact WHERE name = ?", [fact(delivery.channel, delivery.name.folded)])
    }

    /// The channel lies elsewhere, or is no more.
    static func forgetLostAnswers(on channel: String, in database: Connection) throws {
        try database.run("DELETE FROM fact WHERE name GLOB ?", [fact(channel, "*")])
    }
}
