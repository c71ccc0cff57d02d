import Feeds
import Foundation
import Host
import Testing

/// What one edition has otherwise than another, both on a real disk.
final class EditionChangesTests {
    private let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "changes-\(UUID().uuidString)"
        try Files.makeDirectory(directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func stage(
        _ name: String, _ items: [FeedItem], as format: String = "google-rss"
    ) throws -> String {
        let path = directory + "/" + name
        let staged = try Staging(path: path, format: try .sample(format)).stage(items)
        #expect(staged.omissions == [])
        return path
    }

    private func item(_ sku: String, _ title: String = "Mug", _ more: [String] = []) -> FeedItem {
        let pictures = more.map { FeedItem.Field.picture("additional_image_link", $0) }
        var item = FeedItem.sample(sku, also: pictures)
        item.fields[1] = .init("title", title)
        return item
    }

    @Test func eachItemIsCountedAndTheFirstOfAKindAreNamed() throws {
        let old = try stage("old", ["A1", "A2", "B1", "B2", "C1", "Z"].map { item($0) })
        let new = try stage(
            "new", [item("A1", "Cup"), item("A3"), item("B2"), item("C1", "Pot"), item("Z")])
        let changes = try EditionChanges(from: old, to: new, told: 1)
        #expect(changes.counts == [.removed: 2, .added: 1, .changed: 2])
        #expect(changes.same == 2)
        #expect(changes.named.map(\.sku) == ["A1", "A2", "A3"])
        #expect(changes.named.map(\.kind) == [.changed, .removed, .added])
        #expect(changes.named[0].attributes == [.init(name: "title", old: "Mug", new: "Cup")])
        let first = try EditionChanges(from: nil, to: new, told: 0)
        #expect(first.counts == [.added: 5] && first.named.isEmpty)
        let none = try EditionChanges(from: new, to: new, told: 9)
        #expect(none.counts.isEmpty && none.same == 5)
    }

    /// Read a page at a time, all of it is named once.
    @Test(arguments: [1, 2, 3, 7, 100]) func pagesGoOnWhereTheLastEnded(limit: Int) throws {
        let skus = (100..<140).map { "S\($0)" }
        let old = try stage("old", skus.filter { !$0.hasSuffix("3") }.map { item($0) })
        let new = try stage(
            "new",
            skus.filter { !$0.hasSuffix("9") }.map { item($0, $0.hasSuffix("5") ? "Cup" : "Mug") })
        var (named, place): ([ItemChange], EditionChanges.Place?) = ([], nil)
        repeat {
            let page = try EditionChanges(from: old, to: new, after: place, limit: limit)
            #expect(page.named.count <= limit)
            named += page.named
            place = page.next
        } while place != nil
        let all = try EditionChanges(from: old, to: new, told: 1000)
        #expect(named == all.named && named.count == 12)
    }

    @Test func ofSeveralOnlyThoseThatDifferAreShown() throws {
        let old = try stage("old", [item("A1", "Mug", ["1", "2", "3"]), item("A2", "Mug", ["4"])])
        let new = try stage("new", [item("A1", "Mug", ["1", "3", "5"]), item("A2")])
        let named = try EditionChanges(from: old, to: new, told: 9).named
        let base = "https://img.example.com/"
        let name = "additional_image_link"
        #expect(
            named.map(\.attributes) == [
                [.init(name: name, old: base + "2.jpg", new: base + "5.jpg")],
                [.init(name: name, old: base + "4.jpg", new: nil)],
            ])
    }

    @Test func aLongTextIsShortenedToWhereItDiffers() throws {
        let text = String(repeating: "word ", count: 20)
        let old = try stage("old", [item("A1", text + "red mug")])
        let new = try stage("new", [item("A1", text + "blue mug")])
        let attribute = try EditionChanges(from: old, to: new, told: 9).named[0].attributes[0]
        #expect(attribute.old == "…word word word red mug")
        #expect(attribute.new == "…word word word blue mug")
    }

    /// A profile that changes the format changes no item by that.
    @Test func theFormatsMayDiffer() throws {
        let old = try stage("old", [item("A1"), item("A2")])
        let new = try stage("new", [item("A1"), item("A2", "Cup")], as: "google-tsv")
        let changes = try EditionChanges(from: old, to: new, told: 9)
        #expect(changes.same == 1 && changes.named.map(\.sku) == ["A2"])
    }

    @Test func anEditionThatIsGoneIsSaid() throws {
        let new = try stage("new", [item("A1")])
        let error = #expect(throws: FeedError.self) {
            try EditionChanges(from: directory + "/gone", to: new, told: 9)
        }
        #expect(error?.message.contains("gone.items") == true)
    }

    /// A disk that lies, or a cursor that nobody was given: said, whatever the bytes tell of.
    @Test func whatIsDamagedIsSaidAndEndsNothing() throws {
        let edition = try stage("new", [item("A1"), item("A2"), item("A3")])
        let url = URL(filePath: edition + ".items")
        let whole = try Data(contentsOf: url)
        for place in 0...whole.count + 1 {
            _ = try? EditionChanges(
                from: nil, to: edition, after: .init(old: 0, new: place), limit: 9)
        }
        for index in whole.indices {
            var damaged = whole
            damaged[index] ^= [0x7F, 0x80, 0xFF][index % 3]
            try damaged.write(to: url)
            #expect(throws: FeedError.self, "byte \(index)") {
                try EditionChanges(from: edition, to: edition, told: 9)
            }
        }
        for length in 0..<whole.count {
            try whole.prefix(length).write(to: url)
            #expect(throws: FeedError.self, "\(length) bytes") {
                try EditionChanges(from: nil, to: edition, told: 9)
            }
        }
        // SKU 'Z' with 2^42 values, the first of them a group of 2^33.
        let huge: [UInt8] = [1, 0x5A, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 0]
        try (whole + huge + [0x80, 0x80, 0x80, 0x80, 0x20, 0]).write(to: url)
        #expect(throws: FeedError.self) { try EditionChanges(from: nil, to: edition, told: 9) }
    }
}
