import Foundation
import Model
import Testing

@testable import Bookkeeping

@Suite struct DamageTests {
    let book: Book

    init() throws { book = try Book() }

    /// What a disk or a hand may do to what is known of one SKU.
    static let harm =
        declared + [
            "UPDATE rendition SET receipt = '{}' WHERE key IN "
                + "(SELECT key FROM delivery WHERE sku = 'bad')"
        ]

    /// To what a feed is made of.
    static let declared = [
        "UPDATE version SET rights = '{\"until\": 3' WHERE sku = 'bad'",
        "UPDATE version SET tags = '7' WHERE sku = 'bad'",
        "UPDATE delivery SET state = 'flying' WHERE sku = 'bad'",
        "UPDATE delivery SET key = 'nonsense' WHERE sku = 'bad'",
        "UPDATE product SET fields = '[]' WHERE sku = 'bad'",
    ]

    private func twoLive() async throws {
        for sku in ["bad", "good"] {
            try await book.accept(sku, [Asset(sku: sku, view: "front")])
            try await book.live(sku, as: "\(sku).jpg", sku: sku)
        }
        _ = try await book.record(["bad", "good"].map { Product(sku: $0, fields: ["title": $0]) })
    }

    @Test(arguments: harm)
    func isSetAsideAndComesBackWhenItIsMended(harm: String) async throws {
        try await twoLive()
        try await book.execute(harm)
        let error = await #expect(throws: LedgerError.self) {
            try await book.ledger.skuRecord("bad")
        }
        #expect(error?.isDamage == true && error?.isFatal == false)
        #expect(try await book.ledger.setAside(ifDamaged: "good") == nil)
        let reason = try #require(try await book.ledger.setAside(ifDamaged: "bad"))
        let aside = try await book.ledger.aside(limit: 9)
        #expect(aside.all == 1 && aside.first[0].sku == "bad" && aside.first[0].reason == reason)
        #expect(try await book.ledger.dirtySKUs(limit: 9) == ["good"])
        // Asked again, it is looked at again, and set aside again.
        try await book.ledger.lookAgainAtWhatIsAside()
        #expect(try await Set(book.ledger.dirtySKUs(limit: 9)) == ["bad", "good"])
        #expect(try await book.ledger.setAside(ifDamaged: "bad") == reason)
    }

    @Test func aSettledSKUIsNoLongerAside() async throws {
        try await twoLive()
        try await book.execute("UPDATE version SET tags = '7' WHERE sku = 'bad'")
        #expect(try await book.ledger.setAside(ifDamaged: "bad") != nil)
        try await book.execute("UPDATE version SET tags = '[]' WHERE sku = 'bad'")
        try await book.ledger.lookAgainAtWhatIsAside()
        try await book.settle([], sku: "bad")
        #expect(try await book.ledger.aside(limit: 9).all == 0)
    }

    @Test(arguments: declared)
    func aFeedLeavesItOutAndGoesOn(harm: String) async throws {
        try await twoLive()
        try await book.execute(harm)
        let items = try book.ledger.liveProducts(channel: "shop", after: "", limit: 9)
        // A row that flies is live nowhere.
        #expect(items.filter { $0.state != nil }.map(\.sku) == ["good"])
        #expect(items.allSatisfy { $0.state != nil || $0.images.isEmpty })
    }

    /// The name is taken by a row that cannot be read: that is a gate for the newcomer only.
    @Test func aNameHeldByADamagedRowIsTaken() async throws {
        try await twoLive()
        try await book.execute("UPDATE delivery SET key = 'nonsense' WHERE sku = 'bad'")
        try await book.inspected("new", [Asset(sku: "new", view: "front")])
        try await book.settle([try book.wish("new", as: "bad.jpg", sku: "new")], sku: "new")
        let verdicts = try await book.ledger.verdicts(of: "new")
        #expect(verdicts.flatMap(\.gates).map(\.kind) == [.name])
    }

    @Test func whatIsWrongWithTheDiskIsNoDamageOfOne() async throws {
        let error = await #expect(throws: LedgerError.self) {
            try await book.execute("INSERT INTO nowhere VALUES (1)")
        }
        #expect(error?.isDamage == false)
    }
}
