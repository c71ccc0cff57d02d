import Bookkeeping
import Foundation
import Host
import Intake
import Model
import Testing

@testable import Export

/// What takes the place of the last good product table, and what does not.
final class ProductTakingTests {
    private let directory: String
    private let shop: Shop
    private var columns: [String: ColumnType] = ["sku": .text, "title": .text, "price": .price]
    private var named: [TableForms.Named] = []
    private var outcome = ProductTaking.Outcome()

    init() throws {
        directory = NSTemporaryDirectory() + "taking-\(UUID().uuidString)"
        try Files.makeDirectory(directory + "/in")
        shop = try Shop()
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func write(_ name: String, _ rows: [String], head: String = "sku,title,price") throws {
        try write(name, text: ([head] + rows).joined(separator: "\n") + "\n")
    }

    private func write(_ name: String, text: String) throws {
        try Files.write(Data(text.utf8), to: "\(directory)/in/\(name)")
    }

    private func remove(_ name: String) throws { try Files.remove("\(directory)/in/\(name)") }

    private static func rows(_ numbers: some Sequence<Int>, price: String = "5 EUR") -> [String] {
        numbers.map { "A\($0),Mug \($0),\(price)" }
    }

    /// Looks once; a file counts as whole at once unless said otherwise.
    @discardableResult
    private func take(settle: TimeInterval = 0, drop: Double = 0.05) async throws -> Int {
        let settings = ProductTaking.Settings(
            directory: directory + "/in",
            forms: TableForms(columns.map { ProductColumn($0.key, $0.value) }, named), drop: drop,
            settle: settle,
            scratch: directory + "/scratch")
        let ledger = shop.ledger
        outcome = try await Lane("products").run { () throws(any Error) in
            // Whatever the files' times are, they lie before the ledger's.
            let found = try ProductTables.find(
                in: settings.directory, as: settings.forms, at: Date())
            return try ProductTaking.take(found, settings, ledger: ledger)
        }
        #expect(try Files.names(in: settings.scratch) == [])
        return outcome.changes
    }

    private func product(_ sku: String) async throws -> [String: String]? {
        try await shop.ledger.skuState(sku).product?.fields
    }

    private func skus() async throws -> [String] {
        let ledger = shop.ledger
        return try await Lane("products").run { () throws(any Error) in
            try ledger.productSources().flatMap { source in
                try ledger.productSKUs(in: source, after: "", limit: 10_000)
            }.sorted()
        }
    }

    @Test func aTableIsTakenAndWhatIsGoneFromItGoes() async throws {
        try write("p.csv", Self.rows(1...40))
        #expect(try await take() == 40)
        #expect(try await take() == 0)
        try write("p.csv", Self.rows(2...40, price: "6 EUR"))
        #expect(try await take() == 40)
        #expect(outcome.refusals == [] && outcome.remarks == [])
        #expect(try await product("A1") == nil)
        #expect(try await product("A2")?["price"] == "6 EUR")
        #expect(outcome.tables.map(\.rows) == [39])
    }

    @Test func aTableThatLostTooMuchIsRefusedWithNumbersAndNames() async throws {
        try write("p.csv", Self.rows(1...40))
        try await take()
        try write("p.csv", Self.rows(8...40, price: "6 EUR"))
        #expect(try await take() == 0)
        #expect(
            outcome.refusals == [
                "the product table 'p.csv' is not taken, its last good state (40 products) stays: "
                    + "7 of 40 products would be gone (17.5 %, more than 5 %): 'A1', 'A2', 'A3', "
                    + "'A4', 'A5' and 2 more; mend it, or if it is meant: 'sluice release products'"
            ])
        #expect(try await skus().count == 40)
        #expect(try await product("A9")?["price"] == "5 EUR")
        // The same with a larger share.
        #expect(try await take(drop: 0.2) == 40)
        #expect(outcome.refusals == [])
    }

    @Test func aReleaseLetsTheVeryContentPassOnce() async throws {
        try write("p.csv", Self.rows(1...40))
        try await take()
        try write("p.csv", Self.rows(20...40))
        try await take()
        #expect(try await shop.ledger.releaseProducts(by: "anna") == ["p.csv"])
        // Other bytes than she was asked about.
        try write("p.csv", Self.rows(30...40))
        try await take()
        #expect(outcome.refusals.count == 1)
        #expect(try await skus().count == 40)
        #expect(try await shop.ledger.releaseProducts(by: "anna") == ["p.csv"])
        try await take()
        #expect(outcome.refusals == [])
        #expect(try await skus().count == 11)
        #expect(try await shop.ledger.releaseProducts(by: "anna") == [])
        // The next one is guarded again.
        try write("p.csv", Self.rows(40...40))
        try await take()
        #expect(outcome.refusals.count == 1)
    }

    /// What stands in the way of taking products out is no reason to ask for the decision again.
    @Test func aReleaseLastsUntilItIsCarriedOut() async throws {
        try write("p.csv", Self.rows(1...40))
        try write("q.csv", ["B1,Mug,5 EUR"])
        try await take()
        try write("p.csv", Self.rows(20...40))
        try write("q.csv", ["B1,Mug,5 EUR", ",no SKU,5 EUR"])
        try await take()
        #expect(try await shop.ledger.releaseProducts(by: "anna") == ["p.csv"])
        for _ in 1...2 {
            try await take()
            #expect(outcome.refusals == [])
            #expect(try await skus().count == 41)
        }
        try write("q.csv", ["B1,Mug,5 EUR"])
        try await take()
        #expect(try await skus().count == 22)
        try write("p.csv", Self.rows(40...40))
        try await take()
        #expect(outcome.refusals.count == 1)
    }

    @Test(arguments: [
        "", "sku,title,price\n", "sku,title,price\nA1,Mug 1,5 EUR\nA2,Mu", "nonsense\n",
        "sku,title,price\nA1,\"Mug", "\u{FEFF}title,price\nMug,5 EUR\n",
    ]) func aTableWithoutRowsIsNeverAnEmptyShop(text: String) async throws {
        try write("p.csv", Self.rows(1...3))
        try await take()
        try write("p.csv", text: text)
        try await take()
        #expect(outcome.refusals.count == 1)
        #expect(try await skus().count == 3)
    }

    @Test func ofThreeProductsOneMayGo() async throws {
        try write("p.csv", Self.rows(1...3))
        try await take()
        try write("p.csv", Self.rows(2...3))
        try await take()
        #expect(outcome.refusals == [])
        #expect(try await skus() == ["A2", "A3"])
        try write("p.csv", Self.rows(4...4))
        try await take()
        #expect(outcome.refusals.count == 1)
        #expect(try await skus() == ["A2", "A3"])
    }

    @Test func aColumnThatIsLostOrEmptiedIsMissed() async throws {
        try write("p.csv", Self.rows(1...40))
        try await take()
        try write("p.csv", (1...40).map { "A\($0),Mug" }, head: "sku,title")
        try await take()
        #expect(
            outcome.refusals.joined().contains(
                "the declared column 'price' is missing (40 products have it)"))
        try write("p.csv", Self.rows(1...30) + (31...40).map { "A\($0),Mug," })
        try await take()
        #expect(
            outcome.refusals.joined().contains(
                "'price' would be empty in 10 of 40 products that have it: 'A31', 'A32', 'A33', "
                    + "'A34', 'A35' and 5 more"))
        #expect(try await product("A31") == ["sku": "A31", "title": "Mug 31", "price": "5 EUR"])
        try write("p.csv", Self.rows(1...39) + ["A40,Mug,"])
        try await take()
        #expect(outcome.refusals == [])
        #expect(try await product("A40") == ["sku": "A40", "title": "Mug"])
    }

    /// A sale has ended: one column of few values empties, and nobody is asked.
    @Test func aColumnOfFewMayEmpty() async throws {
        let gtins = ["A1,Mug,5 EUR,4006381333931", "A2,Mug,5 EUR,96385074"]
        let head = "sku,title,price,gtin"
        columns["gtin"] = .gtin
        let others = (3...100).map { "A\($0),Mug,5 EUR," }
        try write("p.csv", gtins + others, head: head)
        try await take()
        try write("p.csv", ["A1,Mug,5 EUR,", "A2,Mug,5 EUR,"] + others, head: head)
        #expect(try await take() == 2)
        #expect(outcome.refusals == [])
    }

    @Test func aBadCellLeavesTheLastGoodValue() async throws {
        try write("p.csv", Self.rows(1...3))
        try await take()
        try write("p.csv", ["A1,Mug new,\"5,95 EUR\"", "A4,Mug 4,x"] + Self.rows(2...3))
        try await take()
        #expect(outcome.refusals == [])
        #expect(
            try await product("A1") == ["sku": "A1", "title": "Mug new", "price": "5 EUR"])
        #expect(try await product("A4") == ["sku": "A4", "title": "Mug 4"])
        let remark = outcome.remarks.joined()
        #expect(
            remark.hasPrefix(
                "2 bad cells in 'p.csv': the last good value stays in 1, 1 had none; "
                    + "2:12: price '5,95 EUR' of sku 'A1' has a decimal comma"), "\(remark)")
        // Again, and the value is still there, and all of it is said.
        try await take()
        #expect(outcome.remarks.joined() == remark)
        #expect(try await product("A1")?["price"] == "5 EUR")
        try write("p.csv", Self.rows(1...3) + ["A4,Mug 4,4 EUR"])
        try await take()
        #expect(outcome.remarks == [])
    }

    @Test func aBrokenRowLeavesItsProductAndTakesNoneAway() async throws {
        try write("p.csv", Self.rows(1...100))
        try await take()
        try write("p.csv", Self.rows(3...100, price: "6 EUR") + ["A1,\"Mug \"1,6 EUR"])
        try await take()
        #expect(outcome.refusals == [])
        #expect(outcome.remarks.joined().contains("1 row of 'p.csv' cannot be used"))
        #expect(try await product("A1")?["price"] == "5 EUR")
        #expect(try await product("A2") != nil)
        #expect(try await product("A3")?["price"] == "6 EUR")
    }

    // MARK: Several files

    @Test func datedExportsOfOneNameAreOneTable() async throws {
        try write("export-2025-11-27.csv", Self.rows(1...30))
        try await take()
        try write("export-2025-11-28.csv", Self.rows(2...31, price: "6 EUR"))
        try await take()
        #expect(outcome.refusals == [])
        #expect(
            outcome.notes == [
                "'export-2025-11-27.csv' is not read: 'export-2025-11-28.csv' counts as the newest"
            ])
        #expect(try await product("A1") == nil)
        #expect(try await product("A2")?["price"] == "6 EUR")
        // The older one may go.
        try remove("export-2025-11-27.csv")
        #expect(try await take() == 0)
        #expect(outcome.refusals == [])
        // The newest is no good: the last good one stays, not the oldest.
        try write("export-2025-11-29.csv", text: "sku,title,price\nA2,Mug")
        try await take()
        #expect(outcome.refusals.count == 1)
        #expect(try await skus().count == 30)
    }

    @Test func filesOfOtherProductsAreOneShopAndTheNewerRowCounts() async throws {
        try write("a-2025-11-28.csv", Self.rows(1...10))
        try write("b-2025-11-27.csv", Self.rows(10...20, price: "9 EUR"))
        try await take()
        #expect(try await skus().count == 20)
        #expect(try await product("A10")?["price"] == "5 EUR")
        #expect(
            outcome.notes == [
                "1 product of 'b-2025-11-27.csv' stands in 'a-2025-11-28.csv' too, which is newer "
                    + "and counts"
            ])
        // What one drops the other still has.
        try write("a-2025-11-28.csv", Self.rows(1...9))
        try await take()
        #expect(try await product("A10")?["price"] == "9 EUR")
        // While the newer is refused its rows are not taken from the older.
        try write("b-2025-11-27.csv", Self.rows(9...20, price: "9 EUR"))
        try write("a-2025-11-28.csv", text: "sku,title,price\nA1,Mug")
        try await take()
        #expect(try await product("A9")?["price"] == "5 EUR")
        #expect(try await skus().count == 20)
    }

    @Test func aFileThatIsGoneIsMissedUnlessOthersHaveItsProducts() async throws {
        try write("p.csv", Self.rows(1...10))
        try await take()
        try remove("p.csv")
        try await take()
        #expect(
            outcome.refusals.joined().contains("'p.csv' is not taken, its last good state"))
        #expect(outcome.refusals.joined().contains("the file is gone: 10 of 10 products"))
        #expect(try await skus().count == 10)
        // Renamed.
        try write("products.csv", Self.rows(1...10))
        try await take()
        #expect(outcome.refusals == [])
        #expect(outcome.tables.map(\.file) == ["products.csv"])
        try write("more.csv", Self.rows(11...12))
        try await take()
        try remove("products.csv")
        try await take()
        #expect(outcome.refusals.count == 1)
        #expect(try await shop.ledger.releaseProducts(by: "anna") == ["products.csv"])
        try await take()
        #expect(outcome.refusals == [])
        #expect(try await skus() == ["A11", "A12"])
    }

    @Test func whatWasTakenBeforeTablesHadNamesIsGuardedToo() async throws {
        try write("p.csv", Self.rows(1...10))
        try await take()
        let ledger = shop.ledger
        try await Lane("products").run { () throws(LedgerError) in
            _ = try ledger.record(
                (1...10).map {
                    RecordedProduct(Product(sku: "A\($0)", fields: ["sku": "A\($0)"]))
                }, in: "")
            try ledger.forget(productTable: "p.csv")
        }
        try write("p.csv", Self.rows(1...5))
        try await take()
        #expect(outcome.refusals.count == 1)
        #expect(try await skus().count == 10)
        try write("p.csv", Self.rows(1...10))
        try await take()
        #expect(outcome.refusals == [])
    }

    @Test func aFileThatWasTouchedJustNowIsLeftAlone() async throws {
        try write("p.csv", Self.rows(1...3))
        try await take()
        try write("p.csv", Self.rows(1...1))
        // The ledger's clock stands before the file's time, by less than that.
        try await take(settle: 10 * 365 * 86_400)
        #expect(outcome.due != nil)
        #expect(outcome.refusals == [])
        #expect(try await skus().count == 3)
    }
}
