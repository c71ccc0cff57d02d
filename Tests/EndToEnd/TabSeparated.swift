import Foundation
import Model
import Support
import Testing
import Wire

/// Another format than usual is published, held and compared as the usual one is.
@Suite(.serialized, .timeLimit(.minutes(5))) struct TabSeparated {
    private static func row(_ sku: String, price: String = "12.00 EUR") -> String {
        "\(sku),Product \(sku),\"It is blue, and new\",https://shop.example.com/\(sku),\(price),in_stock"
    }

    private static func profile(_ site: Site) -> String {
        Channel.web.profile(site).replacing("format: google-rss", with: "format: google-tsv")
            .replacing("file: products.xml", with: "file: products.tsv")
            .replacing("  link: https://shop.example.com/\n", with: "")
    }

    @Test func aFeedChangesItsFormat() async throws {
        try await Site.with { site in
            try site.writeTable([Self.row("A1"), Self.row("A2")])
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            #expect(try site.feedIDs() == ["A1", "A2"])

            try site.write(Self.profile(site), as: .web)
            try await site.sluice("reload")
            try await site.settle()
            let rows = try site.feedRows()
            #expect(rows.map { $0["id"] } == ["A1", "A2"])
            #expect(
                rows.map { $0["description"] } == ["It is blue, and new", "It is blue, and new"])
            let there = try site.tree(.web)
            let named = rows.flatMap { row in
                ["image_link", "additional_image_link"].compactMap { row[$0] }
            }.filter { !$0.isEmpty }.map { $0.replacing("\(site.webBase)img/", with: "") }
            #expect(named.count == 3 && named.allSatisfy { there[$0] != nil })

            // A product that would be gone holds it.
            try site.writeTable([Self.row("A1"), Self.row("A2", price: "0.00 EUR")])
            try await site.wait(for: "the feed to be held") {
                try await site.status().channels.first { $0.name == "web" }?.feed?.held != nil
            }
            let held = try await site.status().channels.first { $0.name == "web" }?.feed?.held
            #expect(held?.contains("1 of 2 items would be gone") == true, "\(held ?? "")")
            #expect(held?.hasSuffix(": 'A2'") == true)
            #expect(try site.feedRows() == rows)

            // What had to go goes all the same, and nothing else does.
            try await site.sluice("withdraw", "A1", "--view", "front", "--because", "stolen")
            try await site.wait(for: "the feed without it") { try site.feedRows() == [rows[1]] }

            try site.writeTable([Self.row("A1"), Self.row("A2")])
            try await site.settle()
            #expect(try site.feedRows() == [rows[1]])
        }
    }

    /// The edition that is out is in one format, the next in another: they are compared all the same.
    @Test func aChangeOfFormatIsNoWayAroundTheGuard() async throws {
        try await Site.with { site in
            try site.writeTable([Self.row("A1"), Self.row("A2")])
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            #expect(await site.stop() == 0)
            try site.writeTable([Self.row("A1"), Self.row("A2", price: "0.00 EUR")])
            try site.write(Self.profile(site), as: .web)
            try site.start()
            try await site.ready()
            try await site.wait(for: "the feed to be held") {
                try await site.status().channels.first { $0.name == "web" }?.feed?.held != nil
            }
            let held = try await site.status().channels.first { $0.name == "web" }?.feed?.held
            #expect(held?.hasSuffix(": 'A2'") == true, "\(held ?? "")")
            #expect(try await site.sluice("release", "web").status == 0)
            try await site.wait(for: "the feed without it") {
                (try? site.feedRows().map { $0["id"] }) == ["A1"]
            }
        }
    }
}

extension Site {
    /// Of the tab-separated feed: each line by the names at its head.
    fileprivate func feedRows() throws -> [[String: String]] {
        let path = feedPath.replacing(".xml", with: ".tsv")
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }
}
