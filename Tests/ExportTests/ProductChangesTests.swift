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

    private func write(_ name: String, _ rows: String...) throws {
        let text = rows.joined(separator: "\n") + "\n"
        try Files.write(Data(text.utf8), to: "\(directory)/in/\(name)")
    }

    private func take() async throws {
        var changes = TableForm(.delimited(.init()), Self.columns)
        changes.extent = .changes
        let settings = ProductTaking.Settings(
            directory: directory + "/in",
            forms: TableForms(Self.columns, [TableForms.Named("delta-*", changes)]), drop: 0.05,
            settle: 0, scratch: directory + "/scratch")
        let ledger = shop.ledger
        outcome = try await Lane("products").run { () throws(any Error) in
            let found = try ProductTables.find(
                in: settings.directory, as: settings.forms, at: Date())
            return try ProductTaking.take(found, settings, ledger: ledger)
        }
        #expect(outcome.refusals == [])
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
