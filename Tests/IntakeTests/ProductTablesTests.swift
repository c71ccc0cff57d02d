import Foundation
import Host
import Model
import Testing

@testable import Intake

/// Which files are product tables, and which of them count.
final class ProductTablesTests {
    private let directory: String
    private let now: Date

    init() throws {
        now = try Date("2026-11-29T12:00:00Z", strategy: .iso8601)
        directory = NSTemporaryDirectory() + "tables-\(UUID().uuidString)"
        try Files.makeDirectory(directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func write(_ name: String, _ text: String = "sku\n", changed: Double = 0) throws {
        try Files.write(Data(text.utf8), to: "\(directory)/\(name)")
        try FileManager.default.setAttributes(
            [.modificationDate: now.addingTimeInterval(changed)],
            ofItemAtPath: "\(directory)/\(name)")
    }

    private func find() throws -> [ProductTable] {
        try ProductTables.find(in: directory, as: TableForms([]), at: now)
    }

    @Test(arguments: [
        ("export-2026-11-28.csv", "export-*.csv", "2026-11-28T00:00:00Z"),
        ("export_20261128_143000.csv", "export_*.csv", "2026-11-28T14:30:00Z"),
        ("2026-11-28T1430 products.csv", "* products.csv", "2026-11-28T14:30:00Z"),
        ("artikel_28.11.2026.csv", "artikel_*.csv", "2026-11-28T00:00:00Z"),
        ("products.csv", "products.csv", nil), ("2026-11-31.csv", "2026-11-31.csv", nil),
        ("order-120261128.csv", "order-120261128.csv", nil), ("20.csv", "20.csv", nil),
    ]) func namesMaySayADay(name: String, series: String, day: String?) throws {
        let dated = DatedName(name)
        #expect(dated.series == series)
        #expect(dated.date == (try day.map { try Date($0, strategy: .iso8601) }))
    }

    @Test func datedExportsAreOneTableAndTheNewestCounts() throws {
        try write("export-2026-11-27.csv", changed: 100)
        try write("export-2026-11-28.csv")
        try write("export-2026-11-26.csv", changed: 50)
        try write("stock.csv")
        let found = try find()
        #expect(found.map(\.name) == ["export-*.csv", "stock.csv"])
        #expect(found[0].file == "export-2026-11-28.csv")
        #expect(found[0].older == ["export-2026-11-27.csv", "export-2026-11-26.csv"])
        #expect(found[1].older == [])
    }

    @Test func ofOneDayTheLaterIsTheNewer() throws {
        try write("products.csv")
        try write("stock-2026-11-29.csv", changed: 60)
        try write("price-2026-11-29.csv", changed: -60)
        // Copied days later.
        try write("old-2026-11-28.csv", changed: 90)
        let ages = try Dictionary(uniqueKeysWithValues: find().map { ($0.file, $0.age) })
        #expect(ages["stock-2026-11-29.csv"] == now.addingTimeInterval(60))
        #expect(ages["price-2026-11-29.csv"] == now.addingTimeInterval(-60))
        #expect(
            ages["old-2026-11-28.csv"] == (try Date("2026-11-28T23:59:59Z", strategy: .iso8601)))
    }

    /// A slip, or another time zone: what is written after it is newer.
    @Test func whatIsDatedTomorrowIsAsOldAsItsFile() throws {
        let now = Date()
        let tomorrow = now.addingTimeInterval(86_400).ISO8601Format().prefix(10)
        try Files.write(Data("sku\n".utf8), to: "\(directory)/stock-\(tomorrow).csv")
        let found = try ProductTables.find(
            in: directory, as: TableForms([]), at: now.addingTimeInterval(60))
        #expect(found.first?.age == found.first?.touched)
        #expect(found.first?.isAhead == false)
    }

    /// The newest of a series is the one whose name says so, whatever was copied last.
    @Test func aSlipInAYearHidesNoLaterTable() throws {
        try write("export-2062-11-28.csv", changed: -7200)
        try write("export-2026-11-29.csv")
        #expect(try find().map(\.file) == ["export-2026-11-29.csv"])
    }

    @Test func aDayToComeDoesNotCount() throws {
        try write("export-2062-11-28.csv", changed: -1000)
        try write("export-2062-11-29.csv", changed: -2000)
        let found = try find()
        #expect(found.map(\.file) == ["export-2062-11-28.csv"])
        #expect(found[0].isAhead)
        #expect(abs(found[0].age.timeIntervalSince(now.addingTimeInterval(-1000))) < 0.01)
    }

    @Test func aTableSettlesLikeAPicture() throws {
        try write("p.csv")
        let table = try find()[0]
        #expect(!table.isSettled(at: table.touched.addingTimeInterval(9.9), settle: 10))
        #expect(table.isSettled(at: table.touched.addingTimeInterval(10), settle: 10))
        #expect(!table.isSettled(at: table.touched.addingTimeInterval(-5), settle: 10))
        // A clock that was set.
        #expect(table.isSettled(at: table.touched.addingTimeInterval(-11), settle: 10))
    }

    @Test func aFileThatChangesAfterItWasFoundIsNotTaken() throws {
        try write("p.csv")
        let table = try find()[0]
        try write("p.csv", "sku\nA1\n")
        let fault = #expect(throws: StagingFault.self) {
            try ProductTables.stage(table, to: directory + "/copy")
        }
        guard case .unsettled = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        let sha256 = try ProductTables.stage(try find()[0], to: directory + "/copy")
        #expect(sha256 == ContentHash.of(Data("sku\nA1\n".utf8)))
    }

    @Test func whatIsNoPlainFileIsNoTable() throws {
        #expect(mkfifo(directory + "/fifo.csv", 0o600) == 0)
        #expect(symlink("/etc/hostname", directory + "/link.csv") == 0)
        #expect(mkdir(directory + "/dir.csv", 0o700) == 0)
        try write("ok.csv")
        try write(".half.csv")
        try write("notes.txt")
        let big = try OpenFile.open(directory + "/big.csv", O_WRONLY | O_CREAT)
        #expect(ftruncate(big.descriptor, Int(ProductReader.limit) + 1) == 0)
        let found = try find()
        #expect(
            found.map(\.name) == ["big.csv", "dir.csv", "fifo.csv", "link.csv", "ok.csv"])
        #expect(
            found.map(\.fault) == [
                "it is over 1024 MB; split it", "it is not a regular file",
                "it is not a regular file", "it is not a regular file", nil,
            ])
    }

    @Test func forALookTheNewestRowCounts() throws {
        try write("a.csv", "sku,title\nA1,old\nA2,only\n", changed: -10)
        try write("b.csv", "sku,title\nA1,new\n")
        try write("c.csv", "nothing\n")
        let all = ProductTables.products(
            in: directory, as: TableForms([ProductColumn("title", .text)]))
        #expect(all.map(\.fields["title"]) == ["new", "only"])
    }
}
