import Foundation
import Model
import Testing
import Wire

@testable import Bookkeeping

/// Lists hold what the counts count, a page at a time, along an index.
@Suite struct ListTests {
    private static let parts: [ListPart] =
        Gate.Kind.allCases.map { .verdicts(channel: "shop", gate: $0) }
        + Gate.Kind.allCases.map { .omissions(channel: "shop", gate: $0) }
        + Delivery.State.allCases.map { .deliveries(channel: "shop", state: $0) } + [
            .mustGo(channel: "shop"), .guardedSends(channel: "shop"),
            .guardedRemovals(channel: "shop", oldStays: 0, hasFeed: false),
            .guardedRemovals(channel: "shop", oldStays: 0, hasFeed: true),
            .replacements(channel: "shop"), .leaving(channel: "shop"),
            .rejected(channel: "shop"), .unpictured(channel: "shop"), .orphans, .nowhere, .sources,
            .quarantined,
            .uninspected, .unread, .setAside,
        ]

    /// A channel with some of everything.
    private func book() async throws -> Book {
        let book = try Book()
        try await book.takeProfile()
        for number in 1...3 {
            try await book.live("live\(number)", as: "live\(number).jpg", sku: "L\(number)")
            try await book.accept(
                "new\(number)", [Asset(sku: "N\(number)", view: "front")])
            try await book.settle(
                [
                    try book.wish("new\(number)", as: "new\(number).jpg", sku: "N\(number)"),
                    try book.wish(
                        "next\(number)", as: "next\(number).jpg", sku: "N\(number)",
                        replaces: true),
                ], sku: "N\(number)",
                refused: [
                    Refused(
                        channel: "shop", asset: Asset(sku: "N\(number)", view: "back"),
                        gates: [.sample(.compliance), .sample(.pace)]),
                    Refused(
                        channel: "shop", asset: Asset(sku: "N\(number)", view: "detail"),
                        gates: [.sample(.selection)]),
                ])
            try await book.ledger.quarantine(
                path: "bad\(number).png", fingerprint: "", skus: ["N\(number)"], reason: "torn")
        }
        for (name, urgent) in [("live1.jpg", true), ("live2.jpg", false)] {
            let sku = name == "live1.jpg" ? "L1" : "L2"
            let row = try #require(try await book.row(name, sku: sku))
            try await book.settle([.drop(row, because: "so", urgent: urgent)], sku: sku)
        }
        try book.ledger.omit(
            [(sku: "L3", gate: .sample(.metadata, "no title"))], channel: "shop", edition: 1)
        _ = try await book.record(["L1", "N1", "P1"].map { Product(sku: $0, fields: ["sku": $0]) })
        _ = try await book.ledger.record(
            ["L1": ItemAnswer(.rejected, status: "FAILURE", message: "no brand")], of: "shop")
        try await book.settle(
            [], sku: "P1",
            refused: [
                Refused(
                    channel: "shop", asset: Asset(sku: "P1", view: "front"),
                    gates: [.sample(.metadata)])
            ])
        try await book.render("next1")
        return book
    }

    private func all(
        _ part: ListPart, of book: Book, sku: String? = nil, page: Int
    ) async throws -> [ListAnswer.Entry] {
        var entries: [ListAnswer.Entry] = []
        var key: String?
        while true {
            let read = try await book.ledger.list(part, sku: sku, after: key, limit: page)
            #expect(read.count <= page)
            entries += read.map(\.entry)
            guard read.count == page else { return entries }
            key = read.last?.key
        }
    }

    @Test func aListIsAsLongAsItsCount() async throws {
        let book = try await book()
        for part in Self.parts {
            let whole = try await all(part, of: book, page: 100)
            #expect(try await book.ledger.count(part, limit: 100) == whole.count, "\(part)")
            #expect(try await all(part, of: book, page: 1) == whole, "\(part)")
            #expect(try await all(part, of: book, page: 2) == whole, "\(part)")
        }
        let counts = try await book.ledger.counts(of: ["shop"])
        for (gate, number) in counts.gates["shop"] ?? [:] {
            let kind = try #require(Gate.Kind(rawValue: gate))
            #expect(
                try await all(.verdicts(channel: "shop", gate: kind), of: book, page: 2).count
                    == number)
        }
        for (word, number) in counts.deliveries["shop"] ?? [:] {
            let state = try #require(Delivery.State(rawValue: word))
            #expect(
                try await all(.deliveries(channel: "shop", state: state), of: book, page: 2).count
                    == number)
        }
        #expect(counts.gates["shop"] == ["compliance": 3, "selection": 3, "metadata": 1])
        #expect(try await all(.mustGo(channel: "shop"), of: book, page: 2).map(\.sku) == ["L1"])
        #expect(try await all(.leaving(channel: "shop"), of: book, page: 2).map(\.sku) == ["L2"])
        #expect(try await all(.guardedSends(channel: "shop"), of: book, page: 2).count == 1)
        #expect(try await all(.replacements(channel: "shop"), of: book, page: 2).count == 3)
        let omitted = ListPart.omissions(channel: "shop", gate: .metadata)
        #expect(try await all(omitted, of: book, page: 2).map(\.because) == ["no title"])
        #expect(try await all(.quarantined, of: book, page: 2).count == 3)
    }

    @Test func anEntrySaysWhatAndWhy() async throws {
        let book = try await book()
        let refused = try #require(
            try await all(
                .verdicts(channel: "shop", gate: .compliance), of: book, sku: "N2", page: 9
            ).first)
        #expect(refused.asset == "N2 back")
        #expect(refused.state == .gate(.compliance))
        #expect(refused.because == "closed")
        #expect(refused.turn == "ops")
        let bad = try await all(.quarantined, of: book, sku: "N2", page: 9)
        #expect(bad.map(\.file) == ["bad2.png"])
        #expect(bad.map(\.because) == ["torn"])
        let live = try await all(.deliveries(channel: "shop", state: .live), of: book, page: 9)
        #expect(live.map(\.name) == ["live3.jpg"])
    }

    /// At a million pictures a page costs what it costs at ten.
    @Test func everyPageIsAWalkAlongAnIndex() async throws {
        let book = try Book()
        for part in Self.parts {
            for sku in [nil, "A1"] {
                let plan = try await book.ledger.read("test") { database in
                    try Ledger.query(part, bySKU: sku != nil, at: book.now, in: database)
                        .plan(sku: sku, in: database)
                }
                let isWholeTable = [.sources, .setAside, .nowhere].contains(part)
                // One SKU's few rows may be sorted; nothing else is.
                let bad = plan.filter { step in
                    step.contains("SCAN") && !step.contains("INDEX") && !isWholeTable
                        || step.contains("TEMP B-TREE") && sku == nil
                }
                #expect(bad.isEmpty, "\(part) \(sku ?? ""): \(plan)")
            }
        }
    }

    @Test func releaseLetsPassWhatTheListShows() async throws {
        let book = try await book()
        let due =
            try await all(.replacements(channel: "shop"), of: book, page: 9)
            + all(.leaving(channel: "shop"), of: book, page: 9)
        let released = try await book.ledger.release(channel: "shop", by: "anna")
        #expect(released.names == due.compactMap(\.name))
        #expect(released.count == due.count)
        #expect(released.description == "3 replacements, 1 removal")
        #expect(try await book.ledger.release(channel: "shop", by: "anna").count == 0)
        #expect(try await all(.leaving(channel: "shop"), of: book, page: 9).isEmpty)
    }

    /// A month later the old file goes without being asked for again.
    @Test func whatAReplacementSupersedesIsReleasedWithIt() async throws {
        let book = try Book()
        try await book.takeProfile()
        let old = try await book.live("one", as: "one.jpg")
        try await book.settle([try book.wish("two", as: "two.jpg", version: 2, old: nil)])
        try await book.render("two")
        for claim in try await book.claim().claims {
            try await book.ledger.confirm(claim, by: .hash)
        }
        try await book.settle([.drop(old, because: "superseded", urgent: false)])
        book.clock.step(31 * 86_400)
        let gone = try await book.ledger.letGo(
            channel: "shop", oldStays: 30 * 86_400, hasFeed: false, budget: 0)
        #expect(gone.moved == 1 && gone.guarded == 0)
        #expect(
            try await book.ledger.spent("withdraw", channel: "shop", since: .distantPast) == 0)
        // What nothing takes the place of waits for a person.
        let two = try #require(try await book.row("two.jpg"))
        try await book.settle([.drop(two, because: "deselected", urgent: false)])
        book.clock.step(31 * 86_400)
        let held = try await book.ledger.letGo(
            channel: "shop", oldStays: 30 * 86_400, hasFeed: false, budget: 0)
        #expect(held.moved == 0 && held.guarded == 1)
    }

    @Test func aForgottenChannelLeavesItsHistoryOnly() async throws {
        let book = try await book()
        #expect(try await book.ledger.holdings(of: "shop").mustGo == 1)
        #expect(try await book.ledger.holdings(of: "shop").names == 3)
        try await book.ledger.forget(channel: "shop", because: "sold", by: "anna")
        #expect(try await book.ledger.channels().isEmpty)
        for table in ["delivery", "verdict", "omission", "edition", "edition_image", "spent"] {
            #expect(try await book.integer("SELECT COUNT(*) FROM \(table)") == 0, "\(table)")
        }
        let counts = try await book.counts()
        #expect(counts.kept == counts.true)
        let last = try await book.ledger.events(after: 0, limit: 1000).last
        #expect(last?.kind == "forgotten")
        #expect(last?.text == "sold, by anna")
    }

    @Test func picturesAndProductsThatDoNotMeetAreListed() async throws {
        let book = try await book()
        func skus(_ part: ListPart) async throws -> Set<String> {
            Set(try await all(part, of: book, page: 100).compactMap(\.sku))
        }
        #expect(try await skus(.orphans) == ["N2", "N3"])
        #expect(try await skus(.nowhere) == ["N1", "P1"])
        #expect(try await skus(.unpictured(channel: "shop")) == ["P1"])
    }
}
