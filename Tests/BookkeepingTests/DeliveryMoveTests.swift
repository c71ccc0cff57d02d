import Foundation
import Model
import Testing
import Wire

@testable import Bookkeeping

/// Makes each move in each state with a real ledger, and holds what comes of it against the table.
@Suite struct DeliveryMoveTests {
    typealias State = Delivery.State

    @Test(arguments: DeliveryMove.allCases, State.allCases)
    func theTableSaysWhatHappens(_ move: DeliveryMove, _ state: State) async throws {
        let book = try Book()
        try await begin(in: state, before: move, book)
        try await make(move, book)
        let now = try await book.text("SELECT state FROM delivery").flatMap(State.init(rawValue:))
        if move.applies(to: state) {
            #expect(now == move.transition.to)
        } else {
            #expect(now == state)
        }
    }

    @Test(arguments: DeliveryMove.allCases.filter { $0.applies(to: nil) })
    func theTableSaysHowItBegins(_ move: DeliveryMove) async throws {
        let book = try Book()
        try await book.takeProfile()
        try await book.inspected("old", [Asset(sku: "A1", view: "front")])
        if move == .wantedAndMade { try await exist("new", book) }
        try await make(move, book)
        #expect(try await book.row("a.jpg")?.state == move.transition.to)
    }

    @Test func everyStateHasAWayInAndAWayOut() {
        for state in State.allCases {
            #expect(DeliveryMove.allCases.contains { $0.transition.to == state })
            #expect(
                DeliveryMove.allCases.contains {
                    $0.applies(to: state) && $0.transition.to != state && $0 != .barred
                })
        }
        #expect(Set(State.allCases.map(\.told)).count == State.allCases.count)
    }

    /// A row as it stands before a move: `old` is there where the move says so.
    private func begin(in state: State, before move: DeliveryMove, _ book: Book) async throws {
        try await book.takeProfile()
        try await book.inspected("old", [Asset(sku: "A1", view: "front")])
        try await book.live("old", as: "a.jpg")
        if [.wantedAndMade, .made, .confirmed].contains(move) { try await exist("new", book) }
        let isThere = move != .unsent
        // Something else than what is there is on its way, except where the very same is wanted.
        let key = move == .wantedAndThere ? Book.key("old") : Book.key("new")
        try await book.execute(
            """
            UPDATE delivery SET state = '\(state.rawValue)', key = '\(key.rawValue)',
                held_key = \(isThere ? "held_key" : "NULL"), urgent = 0, touched = 0
            """)
    }

    /// A rendition whose bytes are in the store.
    private func exist(_ seed: String, _ book: Book) async throws {
        try await book.settle([try book.wish(seed, as: "other.jpg")])
        try await book.render(seed)
        try await book.execute("DELETE FROM delivery WHERE name = 'other.jpg'")
    }

    private func make(_ move: DeliveryMove, _ book: Book) async throws {
        let (ledger, row) = (book.ledger, try await book.row("a.jpg"))
        func drop(urgent: Bool) async throws {
            // Reconciling does not ask for what has been decided.
            guard let row, urgent || move.applies(to: row.state) else { return }
            try await book.settle([.drop(row, because: "", urgent: urgent)])
        }
        switch move {
        case .wanted, .wantedAndThere, .wantedAndMade:
            let seed = move == .wantedAndThere ? "old" : "new"
            try await book.settle(
                [try book.wish(seed, as: "a.jpg", passed: move == .wantedAndMade, old: row)])
        case .superseded, .unsent: try await drop(urgent: false)
        case .barred: try await drop(urgent: true)
        case .kept: if let row { try await book.settle([.keep(row)]) }
        case .sought:
            try await book.settle([.seek(try book.wanted("new", as: "a.jpg"))])
        case .made:
            let made = MadeRendition(
                key: Book.key("new"), file: "ab/new.jpg", receipt: Book.receipt("new"))
            try await ledger.recordRendition(made, passing: row.map { [$0.id] } ?? [])
        case .unmade: try await ledger.forgetBytes(of: Book.key("new"))
        case .letGo:
            _ = try await ledger.letGo(channel: "shop", oldStays: 0, hasFeed: false, budget: 9)
        case .retried: _ = try await ledger.retry(channel: "shop", cause: nil)
        case .doubted, .disowned:
            // Both are one decision, and what the other concerns is its business.
            let other: DeliveryMove = move == .doubted ? .disowned : .doubted
            guard !other.applies(to: row?.state) else { return }
            try await ledger.resume(channel: "shop", elsewhere: true, by: "anna")
        default: try await carry(move, try #require(row), book)
        }
    }

    /// What the courier tells of a claim.
    private func carry(_ move: DeliveryMove, _ row: Delivery, _ book: Book) async throws {
        let claim = Claim(
            delivery: row, file: "ab/new.jpg", sha256: Book.hash("bytes of new"), bytes: 90_000,
            format: .jpeg)
        switch move {
        case .confirmed: try await book.ledger.confirm(claim, by: .hash)
        case .absent: try await book.ledger.recordAbsence(row)
        case .handedOver: try await book.ledger.handOver(claim)
        case .recalled: try await book.ledger.recall(row)
        case .said, .saidGone:
            // One word for both, and only of what may be there or gone.
            let other: DeliveryMove = move == .said ? .saidGone : .said
            guard !other.applies(to: row.state) else { return }
            try await book.execute("UPDATE delivery SET touched = 1")
            _ = try await book.ledger.attest(
                channel: "shop", items: ["a.jpg"], because: "seen", by: "anna")
        case .drifted: try await book.ledger.recordDrift(.lost, of: row, because: "it is gone")
        case .givenUp: try await book.ledger.recordFailure(row, error: "no", next: nil)
        case .damaged:
            // Only what is claimed is read.
            try await book.execute("UPDATE delivery SET key = 'nonsense'")
            _ = try await book.claim()
        default: Issue.record("nobody makes this move")
        }
    }
}
