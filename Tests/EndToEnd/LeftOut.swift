import Foundation
import Model
import Support
import Testing
import Wire

/// What is live and not in the feed is said for as long as it lasts.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LeftOut {
    private static let sources = (1...4).map { Source(sku: "A\($0)", seed: $0) }

    private static func row(
        _ sku: String, description: String = "It is blue", price: String = "12.00 EUR",
        availability: String = "in_stock"
    ) -> String {
        "\(sku),Product \(sku),\(description),https://shop.example.com/\(sku),\(price),"
            + availability
    }

    @Test func omissionsAreShownUntilTheItemIsBack() async throws {
        try await Site.with { site in
            try site.writeTable([
                Self.row("A1"), Self.row("A2", price: "0.00 EUR"),
                Self.row("A3", availability: "in stock"), Self.row("A4", description: ""),
            ])
            try site.drop(Self.sources)
            try site.start()
            try await site.settle()
            #expect(try site.feedIDs() == ["A1"])
            var status = try await site.status()
            let web = try #require(status.channels.first { $0.name == "web" })
            #expect(web.light == .yellow)
            #expect(status.verdict == .attention)
            #expect(web.feed?.omitted == 3)
            #expect(web.feed?.omissions.map(\.sku) == ["A2", "A3", "A4"])
            let reasons = web.reasons.joined()
            #expect(
                reasons.contains(
                    "3 live and left out of the feed: A2 ('price' is '0.00 EUR'; it must be more "
                        + "than 0)"), "\(reasons)")
            let listed = try await site.sluice("list", "left-out", "--channel", "web")
            #expect(listed.output.split(separator: "\n").count == 3, "\(listed.output)")
            let why = try await site.sluice("why", "A4", "--channel", "web")
            #expect(why.status == 1)
            #expect(why.output.contains("live, but not in the feed"), "\(why.output)")
            #expect(why.output.contains("'description' needs"), "\(why.output)")
            #expect(try await site.sluice("why", "A1", "--channel", "web").status == 0)
            // The same after a restart: it is state, not news.
            #expect(await site.stop() == 0)
            try site.start()
            try await site.ready()
            #expect(try await site.status().channels.first { $0.name == "web" }?.feed?.omitted == 3)

            try site.writeProducts(["A1", "A2", "A3", "A4"])
            try await site.wait(for: "all in the feed") {
                try site.feedIDs() == ["A1", "A2", "A3", "A4"]
            }
            try await site.settle()
            status = try await site.status()
            #expect(status.verdict == .ok)
            #expect(status.channels.allSatisfy { $0.feed?.omitted ?? 0 == 0 })
            #expect(try await site.sluice("why", "A4").status == 0)
            try await Oracle(site).check()
        }
    }

    /// A decision that was carried out is settled; a feed that names nothing is told.
    @Test func whatAPersonTookOutIsNoNews() async throws {
        try await Site.with { site in
            try site.writeTable((1...2).map { Self.row("A\($0)") })
            try site.drop(Self.sources.prefix(2) + [Source(sku: "A1", view: "back", seed: 9)])
            try site.start()
            try await site.settle()
            try await site.sluice("withdraw", "A1", "--view", "front", "--because", "stolen")
            try await site.wait(for: "the feed without it") { try site.feedIDs() == ["A2"] }
            try await site.settle()
            #expect(try await site.status().verdict == .ok)
            let end = Date().addingTimeInterval(1800).formatted(.iso8601)
            var source = Self.sources[1]
            source.rights = ["until: \(end)"]
            try site.writeSidecar(source)
            try await site.wait(for: "the feed without items") { try site.feedIDs() == [] }
            try await site.settle()
            let web = try await site.status().channels.first { $0.name == "web" }
            #expect(web?.reasons.first?.contains("the feed has no items, though 2") == true)
            let why = try await site.sluice("why", "A2", "--channel", "web").output
                .replacing(/\s+/, with: " ")
            #expect(why.contains("('at_least_every'): it is left out before"), "\(why)")
        }
    }

    /// What a person is asked about waits; what may not be there does not.
    @Test func aHeldFeedLosesWhatMustGo() async throws {
        try await Site.with { site in
            try site.writeTable((1...4).map { Self.row("A\($0)") })
            try site.drop(Self.sources + [Source(sku: "A4", view: "back", seed: 9)])
            try site.start()
            try await site.settle()
            try site.writeTable([
                Self.row("A1"), Self.row("A2"), Self.row("A3", availability: "in stock"),
                Self.row("A4", availability: "in stock"),
            ])
            func isHeld() async throws -> Bool {
                try await site.status().channels.first { $0.name == "web" }?.feed?.held != nil
            }
            try await site.wait(for: "the feed to be held", isHeld)
            try await site.sluice("withdraw", "A3", "--because", "stolen")
            try await site.sluice("withdraw", "A4", "--view", "back", "--because", "stolen")
            try await site.wait(for: "the feed without them") {
                let feed = try String(contentsOfFile: site.feedPath, encoding: .utf8)
                return try site.feedIDs() == ["A1", "A2", "A4"] && !feed.contains("additional")
            }
            try await site.wait(for: "the question to be asked again", isHeld)
            let dry = try await site.sluice("release", "web", "--dry-run")
            #expect(
                dry.output.contains("products.xml") && dry.output.contains("held"), "\(dry.output)")
            try await site.sluice("release", "web")
            try await site.wait(for: "the rest to go") { try site.feedIDs() == ["A1", "A2"] }
        }
    }

    @Test func aHeldFeedNamesTheItemsAndTheCommand() async throws {
        try await Site.with { site in
            try site.writeTable((1...4).map { Self.row("A\($0)") })
            try site.drop(Self.sources)
            try site.start()
            try await site.settle()
            #expect(try site.feedIDs().count == 4)
            try site.writeTable([
                Self.row("A1"), Self.row("A2"), Self.row("A3", availability: "in stock"),
                Self.row("A4", availability: "in stock"),
            ])
            try await site.wait(for: "the feed to be held") {
                try await site.status().channels.first { $0.name == "web" }?.feed?.held != nil
            }
            let said = try await site.sluice("status").output.replacing(/\s+/, with: " ")
            #expect(said.contains("2 of 4 items would be gone"), "\(said)")
            #expect(
                said.contains("'A3', 'A4'; bring them back, or 'sluice release web'"), "\(said)")
            #expect(!said.contains("sluice resume"), "\(said)")
            #expect(said.contains("'sluice feed diff web'"), "\(said)")
            let diff = try await site.sluice("feed", "diff", "web")
            #expect(diff.status == 1 && diff.output.contains("2 removed, 0 added, 0 changed"))
            #expect(diff.output.contains("'sluice release web'"), "\(diff.output)")
            let all = try await site.sluice("feed", "diff", "web", "--all", "--json").output
            #expect(
                all.split(separator: "\n")
                    == ["A3", "A4"].map {
                        #"{"change":"removed","sku":"\#($0)"}"#
                    }, "\(all)")
            let why = try await site.sluice("why", "A3", "--channel", "web")
            #expect(why.status == 1 && why.output.contains("that waits takes it out"))
            #expect(!(try await site.sluice("why", "A1").output.contains("that waits")))
            let list = try await site.sluice("feed", "list", "web")
            #expect(list.status == 0 && list.output.contains("4 items  published"))
            #expect(try site.feedIDs().count == 4)
            #expect(try await site.sluice("release", "web").status == 0)
            try await site.wait(for: "the edition without them") {
                try site.feedIDs() == ["A1", "A2"]
            }
        }
    }
}
