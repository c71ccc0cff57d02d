import Bookkeeping
import Foundation
import Host
import Intake
import Model
import Testing

@testable import Export

/// Tables that say only what became different, beside whole ones.
final class ProductChangesTests {
    private let directory: String
    private let shop: Shop
    private var outcome = ProductTaking.Outcome()
    private static let columns = ["sku", "title", "price", "stock"]
        .map { ProductColumn($0, $0 == "price" ? .price : $0 == "stock" ? .number : .text) }

    init() throws {
        directory = NSTemporaryDirectory() + "changes-\(UUID().uuidString)"
        try Files.makeDirectory(directory + "/in")
        shop = try Shop()
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func write(_ name: String, _ rows: String...) throws { try write(name, rows) }

    private func write(_ name: String, _ rows: [String]) throws {
        let text = rows.joined(separator: "\n") + "\n"
        try Files.write(Data(text.utf8), to: "\(directory)/in/\(name)")
    }

    private func take(deletes: Bool = false, drop: Double = 0.05) async throws {
        var changes = TableForm(.delimited(.init()), Self.columns)
        changes.extent = .changes
        if deletes {
            changes.deletes(by: TableForm.Deletion(column: "Action", words: ["delete", "D"]))
        }
        let settings = ProductTaking.Settings(
            directory: directory + "/in",
            forms: TableForms(Self.columns, [TableForms.Named("delta-*", changes)]), drop: drop,
            settle: 0, scratch: directory + "/scratch")
        let ledger = shop.ledger
        outcome = try await Lane("products").run { () throws(any Error) in
            let found = try ProductTables.find(
                in: settings.directory, as: settings.forms, at: Date())
            return try ProductTaking.take(found, settings, ledger: ledger)
        }
        if !deletes { #expect(outcome.refusals == []) }
    }

    private func product(_ sku: String) async throws -> [String: String]? {
        try await shop.ledger.skuState(sku).product?.fields
    }

    @Test func whatItDoesNotNameStays() async throws {
        try write("all-2025-11-01.csv", "sku,title,price,stock", "A1,Mug,5 EUR,3", "A2,Cup,6 EUR,4")
        try await take()
        try write("delta-2025-11-02.csv", "sku,stock,price", "A1,0,", "A3,7,8 EUR")
        try await take()
        #expect(try await product("A1") == ["sku": "A1", "title": "Mug", "stock": "0"])
        #expect(try await product("A2")?["stock"] == "4")
        #expect(try await product("A3") == ["sku": "A3", "stock": "7", "price": "8 EUR"])
        // Looked at again, neither undoes the other.
        try write("more.csv", "sku,title", "B1,Bowl")
        try await take()
        #expect(try await product("A1")?["stock"] == "0")
        #expect(try await product("A3") != nil)
    }

    @Test func aWholeTableWithoutAColumnSaysNothingOfIt() async throws {
        try write("all-2025-11-01.csv", "sku,title,price", "A1,Mug,5 EUR", "A2,Cup,6 EUR")
        try await take()
        try write("delta-2025-11-02.csv", "sku,stock", "A1,3", "A2,4")
        try await take()
        #expect(outcome.remarks == [])
        for (day, price) in [("03", "7"), ("04", "8")] {
            try write(
                "all-2025-11-\(day).csv", "sku,title,price", "A1,Mug,\(price) EUR", "A2,Cup,6 EUR")
            try await take()
            #expect(try await product("A1")?["price"] == "\(price) EUR")
            #expect(try await product("A1")?["stock"] == "3")
            #expect(try await product("A2")?["stock"] == "4")
        }
    }

    @Test func allAreTakenTheOldestFirstAndTheirEndIsMissedByNobody() async throws {
        try write("all-2025-11-01.csv", "sku,title,price,stock", "A1,Mug,5 EUR,3")
        try write("delta-2025-11-03.csv", "sku,stock", "A1,1")
        try write("delta-2025-11-02.csv", "sku,stock,price", "A1,2,9 EUR")
        try await take()
        #expect(try await product("A1")?["stock"] == "1")
        #expect(try await product("A1")?["price"] == "9 EUR")
        for day in ["02", "03"] { try Files.remove("\(directory)/in/delta-2025-11-\(day).csv") }
        try await take()
        #expect(try await product("A1")?["stock"] == "1")
        #expect(outcome.tables.map(\.file) == ["all-2025-11-01.csv"])
    }

    // MARK: Rows that take a product out

    private static let whole = ["sku,title"] + (1...40).map { "A\($0),Mug \($0)" }

    private func writeWhole(_ day: String) throws {
        try Files.write(
            Data((Self.whole.joined(separator: "\n") + "\n").utf8),
            to: "\(directory)/in/all-2025-11-\(day).csv")
    }

    @Test func aRowTakesItsProductOutUntilSomethingNewerBringsItBack() async throws {
        try writeWhole("01")
        try write("delta-2025-11-02.csv", "sku,action,title", "A1,Delete,", "A2,update,Cup")
        for _ in 1...2 {
            try await take(deletes: true)
            #expect(outcome.refusals == [])
            #expect(try await product("A1") == nil)
            #expect(try await product("A2")?["title"] == "Cup")
        }
        // The second time nothing happens: the whole table does not bring it back in between.
        #expect(outcome.changes == 0)
        try write("delta-2025-11-03.csv", "sku,action,title", "A1,,Back")
        try await take(deletes: true)
        #expect(try await product("A1") == ["sku": "A1", "title": "Back"])
        try await take(deletes: true)
        #expect(outcome.changes == 0)
        try write("delta-2025-11-04.csv", "sku,action", "A1,d")
        try await take(deletes: true)
        #expect(try await product("A1") == nil)
        // Also when the table that said so is gone.
        for day in 2...4 { try Files.remove("\(directory)/in/delta-2025-11-0\(day).csv") }
        try await take(deletes: true)
        #expect(try await product("A1") == nil)
        try Files.remove("\(directory)/in/all-2025-11-01.csv")
        try writeWhole("05")
        try await take(deletes: true)
        #expect(try await product("A1")?["title"] == "Mug 1")
    }

    @Test func moreThanMayBeGoneWaitsForAPerson() async throws {
        try writeWhole("01")
        try await take(deletes: true)
        try write(
            "delta-2025-11-02.csv", ["sku,action"] + (1...3).map { "A\($0),D" })
        try await take(deletes: true)
        #expect(
            outcome.refusals.first?.contains(
                "3 of 40 products would be gone (7.5 %, more than 5 %): 'A1', 'A2', 'A3'") == true,
            "\(outcome.refusals)")
        #expect(try await product("A1") != nil)
        _ = try await shop.ledger.releaseProducts(by: "maria")
        try await take(deletes: true)
        #expect(outcome.refusals == [])
        #expect(try await product("A3") == nil)
        #expect(try await product("A4") != nil)
    }

    /// Without the column nobody knows which rows those are.
    @Test func aTableWithoutItsColumnIsNotTaken() async throws {
        try writeWhole("01")
        try write("delta-2025-11-02.csv", "sku,title", "A1,Cup")
        try await take(deletes: true)
        #expect(
            outcome.refusals.first?.contains(
                "the column 'Action' is missing, by which 'delete' knows what is gone") == true,
            "\(outcome.refusals)")
        #expect(try await product("A1")?["title"] == "Mug 1")
    }

    @Test func aWholeTableThatIsNewerSpeaksAgain() async throws {
        try write("all-2025-11-01.csv", "sku,title,price,stock", "A1,Mug,5 EUR,3", "A2,Cup,6 EUR,4")
        try write("delta-2025-11-02.csv", "sku,stock", "A1,0", "A3,7")
        try await take()
        try write(
            "all-2025-11-03.csv", "sku,title,price,stock", "A1,Mug,5 EUR,3", "A3,Jug,9 EUR,7")
        for _ in 1...2 {
            try await take()
            #expect(try await product("A1")?["stock"] == "3")
            #expect(try await product("A3")?["title"] == "Jug")
            #expect(try await product("A2") == nil)
        }
    }
}
