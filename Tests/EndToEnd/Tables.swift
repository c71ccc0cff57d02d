import Foundation
import Model
import Support
import Testing
import Wire

/// Product tables from the PIM: what is not whole or not plausible changes nothing that is live.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Tables {
    private static let skus = ["A1", "A2", "A3", "A4"]
    private static let sources = skus.enumerated().map { Source(sku: $1, seed: $0 + 1) }

    /// Four products, live and in the feed.
    private func shop(_ body: (Site) async throws -> Void) async throws {
        try await Site.with { site in
            try site.writeProducts(Self.skus)
            try site.drop(Self.sources)
            try site.start()
            try await site.settle()
            #expect(try site.feedIDs() == Self.skus)
            try await body(site)
        }
    }

    private func refusal(_ site: Site) async throws -> String {
        try await site.wait(for: "the table to be refused") {
            try await !site.status().problems.isEmpty
        }
        return try await site.status().problems.joined()
    }

    /// What was live and in the feed still is, with the old price.
    private func nothingChanged(_ site: Site) async throws {
        try await site.settle()
        #expect(try site.feedIDs() == Self.skus)
        #expect(try site.feedPrices() == ["12.00 EUR"])
        #expect(try site.tree(.web).count == Self.skus.count)
        let status = try await site.sluice("status")
        #expect(status.status == 1)
        #expect(status.output.contains("stuck"), "\(status.output)")
    }

    @Test func aTableCutOffInARowIsNotTaken() async throws {
        try await shop { site in
            try site.writeTable(
                text: """
                    sku,title,description,link,price,availability
                    A1,Product A1,What A1 is,https://shop.example.com/A1,99.00 EUR,in_stock
                    A2,Product A2,What A2
                    """)
            let said = try await refusal(site)
            #expect(said.contains("'products.csv' is not taken, its last good state (4 products)"))
            #expect(said.contains("it cannot be read whole: line 3: "), "\(said)")
            try await nothingChanged(site)
            // Nobody can let pass what is not whole.
            #expect(try await site.sluice("release", "products").status == 0)
            try await nothingChanged(site)
            // And the next start does not either.
            #expect(await site.stop() == 0)
            try site.start()
            try await site.ready()
            #expect(try await refusal(site).contains("line 3"))
            try await nothingChanged(site)
            try site.writeProducts(Self.skus, price: "13.00 EUR")
            try await site.wait(for: "the new price") { try site.feedPrices() == ["13.00 EUR"] }
            try await site.settle()
            #expect(try await site.status().verdict == .ok)
            try await Oracle(site).check()
        }
    }

    @Test func aTableThatLostRowsWaitsForRelease() async throws {
        try await shop { site in
            try site.writeProducts(["A1", "A2"], price: "99.00 EUR")
            let said = try await refusal(site)
            #expect(said.contains("2 of 4 products would be gone"), "\(said)")
            #expect(said.contains("'A3', 'A4'"), "\(said)")
            #expect(said.contains("'sluice release products'"), "\(said)")
            try await nothingChanged(site)
            let done = try await site.sluice("release", "products")
            #expect(done.status == 0 && done.output.contains("'products.csv'"), "\(done.output)")
            #expect(try await site.status().problems == [])
            // The feed has a guard of its own.
            try await site.wait(for: "the feed to be held") {
                try await site.status().channels.first { $0.name == "web" }?.feed?.held != nil
            }
            #expect(try await site.sluice("release", "web").status == 0)
            try await site.wait(for: "the edition without them") {
                try site.feedIDs() == ["A1", "A2"] && site.feedPrices() == ["99.00 EUR"]
            }
        }
    }

    @Test func anEmptyTableAndAMissingOneAreNoEmptyShop() async throws {
        try await shop { site in
            try site.writeTable([])
            #expect(try await refusal(site).contains("4 of 4 products would be gone"))
            try await nothingChanged(site)
            try FileManager.default.removeItem(atPath: site.home.path("products/products.csv"))
            try await site.wait(for: "the file to be missed") {
                try await site.status().problems.joined().contains("the file is gone")
            }
            try await nothingChanged(site)
            try FileManager.default.removeItem(atPath: site.home.path("products"))
            try await site.wait(for: "the directory to be missed") {
                _ = try await site.sluice("reload")
                return try await site.status().problems.joined().contains("cannot be read")
            }
            try await nothingChanged(site)
        }
    }

    @Test func aBadCellKeepsWhatIsLive() async throws {
        try await shop { site in
            let rows = Self.skus.map { sku in
                "\(sku),Product \(sku),New text,https://shop.example.com/\(sku),"
                    + (sku == "A2" ? "\"12,50 EUR\"" : "12.00 EUR") + ",in_stock"
            }
            try site.writeTable(rows)
            try await site.wait(for: "the new texts") {
                try String(contentsOfFile: site.feedPath, encoding: .utf8)
                    .components(separatedBy: "New text").count == 5
            }
            try await site.settle()
            #expect(try site.feedIDs() == Self.skus)
            #expect(try site.feedPrices() == ["12.00 EUR"])
            let status = try await site.status()
            #expect(status.verdict == .attention && status.problems == [])
            #expect(
                status.products?.remarks.joined().contains("3:52: price '12,50 EUR' of sku 'A2'")
                    == true, "\(status.products?.remarks ?? [])")
            #expect(try await site.sluice("status").output.contains("price-comma"))
        }
    }

    @Test func theNewestOfDatedExportsCounts() async throws {
        try await shop { site in
            try FileManager.default.removeItem(atPath: site.home.path("products/products.csv"))
            let head = "sku,title,description,link,price,availability\r"
            func rows(_ price: String) -> String {
                head
                    + Self.skus.map {
                        "\($0),Product \($0),Caf&eacute; &amp; Bar,https://shop.example.com/\($0),"
                            + "\(price),in_stock\r"
                    }.joined()
            }
            // Lines ended by CR alone, as well.
            try site.writeTable(text: rows("28.00 EUR"), as: "export-2025-11-28.csv")
            try site.writeTable(text: rows("27.00 EUR"), as: "export-2025-11-27.csv")
            try await site.wait(for: "the newer price") { try site.feedPrices() == ["28.00 EUR"] }
            try await site.settle()
            let feed = try String(contentsOfFile: site.feedPath, encoding: .utf8)
            #expect(feed.contains("<description>Café &amp; Bar</description>"))
            let status = try await site.status()
            #expect(status.verdict == .ok, "\(status.problems)")
            let notes = status.products?.notes.joined(separator: "\n") ?? ""
            #expect(notes.contains("'export-2025-11-27.csv' is not read"), "\(notes)")
            #expect(notes.contains("HTML entities were decoded in 4 texts"), "\(notes)")
            try await Oracle(site).check()
        }
    }

    @Test func jsonLinesTakeATablesPlaceAndReadyTellsWhoLacksWhom() async throws {
        try await shop { site in
            #expect(try await site.sluice("ready").status == 0)
            let lines = ["A1", "A2", "A3", "B1"].map { sku in
                #"{"SKU": "\#(sku)", "title": "Caf\u00e9 \#(sku)", "description": "What it is", "#
                    + #""link": "https://shop.example.com/\#(sku)", "price": "13.00 EUR", "#
                    + #""availability": "in_stock"}"#
            }
            try FileManager.default.removeItem(atPath: site.home.path("products/products.csv"))
            try site.writeTable(text: lines.joined(separator: "\n"), as: "products.jsonl")
            try await site.wait(for: "the picture to have no product") {
                try await site.sluice("list", "orphans").output.contains("A4")
            }
            let ready = try await site.sluice("ready")
            #expect(ready.status == 1)
            #expect(ready.output.contains("sluice list orphans"), "\(ready.output)")
            #expect(ready.output.contains("sluice list nowhere"), "\(ready.output)")
            #expect(try await site.sluice("list", "nowhere").output.contains("B1"))
            #expect(
                try site.books.number("SELECT COUNT(*) FROM product WHERE fields LIKE '%Café __%'")
                    == 4)
        }
    }

    /// However long the writer takes: an hour is longer than any test.
    @Test func aTableThatIsBeingWrittenIsLeftAlone() async throws {
        try await shop { site in
            #expect(await site.stop() == 0)
            let text = try String(contentsOfFile: site.configuration, encoding: .utf8)
            try site.home.write(
                text.replacing("settle: 0s", with: "settle: 1h"), to: "sluice.yaml")
            try site.writeProducts(["A1"])
            try site.start()
            try await site.ready()
            let status = try await site.status()
            #expect(status.products?.settling == true)
            #expect(status.problems == [] && !status.idle)
            #expect(
                try site.books.number("SELECT COUNT(*) FROM product") == Self.skus.count)
            #expect(try site.feedIDs() == Self.skus)
        }
    }
}

extension Site {
    /// Every price that the published feed names, once.
    func feedPrices() throws -> Set<String> {
        let text = try String(contentsOfFile: feedPath, encoding: .utf8)
        return Set(text.matches(of: /<g:price>([^<]*)</).map { String($0.1) })
    }
}
