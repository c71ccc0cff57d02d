import Foundation
import Model
import Testing
import TransportsSupport

@testable import Bookkeeping
@testable import Export

/// No question that is asked of every picture goes through all that the ledger knows: one that did made
/// a channel of a hundred thousand files slower with each of them, and all other channels with it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct WholeTableTests {
    private static let pictures = 200
    /// Rows of small tables, channels among them, that a statement may go through each time it is run.
    private static let few = 20

    @Test func nothingGoesThroughAWholeTable() async throws {
        try await Stall.open(PublisherTests.feed) { stall in
            let names = try await stall.ready(Self.pictures)
            try await stall.record(names.map { String($0.dropLast(4)) })
            stall.remote.next(.put, .fail(.fixInput), .fail(.retry(after: nil)), .loseAnswer)
            try await stall.ready(3)
            for number in 10...30 {
                try await stall.wanted("S\(number)", "newer \(number)", replaces: true)
            }
            for number in 40...50 {
                try await stall.drop("S\(number)", urgent: number.isMultiple(of: 2))
            }
            await stall.pass(3 * 86_400)
            _ = try await stall.ledger.counts(of: ["shop"])
            let scans: @Sendable (Connection) throws -> [String] = { try Self.scans(of: $0) }
            let found =
                try await stall.ledger.write("see what was gone through", scans)
                + stall.ledger.read("see what was gone through", scans)
            #expect(found.isEmpty, "\(found.joined(separator: "\n\n"))")
        }
    }

    /// Statements that the connection has kept, and the rows each has gone through without an index.
    private static func scans(of database: Connection) throws -> [String] {
        let rows = try database.rows(
            "SELECT sql, nscan, run FROM sqlite_stmt WHERE nscan > run * ? ORDER BY sql", [few])
        return rows.map {
            "\($0["nscan"] as Int) rows in \($0["run"] as Int) runs: \($0["sql"] as String)"
        }
    }
}
