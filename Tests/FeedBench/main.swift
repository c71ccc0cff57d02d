// Makes an edition of the rows of an SQLite table for the benches: `feed-bench FORMAT TABLE FILE` prints
// the seconds of each part. The rows come out of the library itself, as the peers' do.

import Feeds
import Foundation
import GRDBSQLite
import Host
import Model

nonisolated func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("feed-bench: \(message)\n".utf8))
    exit(2)
}

/// Attribute → column; a picture's are the two that are addresses of one.
private nonisolated let columns: [String: [(name: String, column: Int32, isPicture: Bool)]] = [
    "google-rss": [
        ("id", 0, false), ("title", 1, false), ("description", 2, false), ("link", 3, false),
        ("image_link", 4, true), ("additional_image_link", 5, true), ("price", 6, false),
        ("availability", 7, false), ("brand", 8, false), ("gtin", 9, false),
    ],
    "yml": [
        ("id", 0, false), ("url", 3, false), ("price", 10, false), ("category", 11, false),
        ("picture", 4, true), ("picture", 5, true), ("name", 1, false), ("vendor", 8, false),
        ("description", 2, false), ("barcode", 9, false),
    ],
]

struct Rows {
    let statement: OpaquePointer

    init?(_ path: String) {
        var database: OpaquePointer?
        var statement: OpaquePointer?
        guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, nil) == SQLITE_OK,
            sqlite3_prepare_v2(
                database, "SELECT * FROM item ORDER BY sku", -1, &statement, nil) == SQLITE_OK,
            let statement
        else { return nil }
        self.statement = statement
    }

    func next() -> Bool { sqlite3_step(statement) == SQLITE_ROW }

    func text(_ column: Int32) -> String {
        sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
    }
}

nonisolated func seconds(_ duration: Duration) -> String {
    String(format: "%.2f", duration / .seconds(1))
}

/// No code of the main file's own: that belongs to the main actor, which each row would be asked about.
private nonisolated func run() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let attributes = columns[arguments[1]],
        var format = try FeedFormats.shipped.named(arguments[1])
    else { fail("FORMAT TABLE FILE, and a format of \(columns.keys.sorted())") }
    format.answer([
        "title": "Kontor", "link": "https://shop.example.com/", "description": "Everything",
        "name": "Kontor", "company": "Kontor", "url": "https://shop.example.com/",
        "currency": "EUR",
    ])
    guard let rows = Rows(arguments[2]) else { fail("cannot read '\(arguments[2])'") }
    let outline = attributes.reduce(into: FeedOutline()) { $0.add($1.name) }
    let staging = Staging(path: arguments[3], format: format)
    let staged = try staging.stage(outline) {
        guard rows.next() else { return nil }
        let fields = attributes.map { attribute in
            FeedItem.Field(
                attribute.name,
                attribute.isPicture
                    ? .picture(FeedPicture(rows.text(attribute.column)))
                    : .text(rows.text(attribute.column)))
        }
        return FeedItem(sku: rows.text(0), fields: fields)
    }
    print(
        staged.edition.items, staged.edition.bytes, seconds(staged.times.gathering),
        seconds(staged.times.writing), seconds(staged.times.reading), seconds(staged.times.waiting))
}

try run()
