import Foundation
import Support
import Testing
import Wire

/// What a channel says of the items that its feed has, read back from where it says it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Verdicts {
    private static let sources = (1...3).map { Source(sku: "A\($0)", seed: $0) }

    /// A report in JSON beside the feed, on nginx.
    @Test func aReportOnAWebServerIsToldItemByItem() async throws {
        try await Site.with { site in
            let report = URL(filePath: site.feedPath).deletingLastPathComponent()
                .appending(path: "report.json")
            let path = report.path().dropFirst(site.servers.http.root.count)
            try site.write(
                Channel.web.profile(site) + """
                      verdicts: {from: \(path), format: json, items: items, item: id, status: state,
                        message: why, accepted: [OK], rejected: [BAD], every: 10m}

                    """, as: .web)
            try site.drop(Self.sources)
            try site.start()
            try await site.settle()
            try await site.says(["could not be read", "404"])

            try Data(
                """
                {"items": [{"id": "A1", "state": "ok"}, {"id": "X9", "state": "BAD"},
                  {"id": "A2", "state": "BAD", "why": "the brand is missing"},
                  {"id": "A3", "state": "IN_REVIEW"}]}
                """.utf8
            ).write(to: report)
            try await site.sluice("retry", "--channel", "web")
            try await site.says([
                "1 item is rejected by the channel: A2 (BAD: the brand is missing)",
                "1 accepted, 1 rejected, 1 pending",
                "its last answer speaks of 1 item that nobody knows here: 'X9'",
            ])
            let list = try await site.sluice("list", "rejected", "--channel", "web")
            #expect(list.output.contains("A2"), "\(list.output)")
            #expect(list.output.contains("BAD: the brand is missing"), "\(list.output)")
            #expect(!list.output.contains("X9"))
            let web = try await site.status().channels.first { $0.name == "web" }
            #expect(web?.light == .yellow && web?.feed?.verdicts?.trouble == nil)
            let why = try await site.sluice("why", "A2", "--channel", "web")
            #expect(why.status == 1 && why.output.contains("rejected by the channel"))
            #expect(why.output.contains("BAD: the brand is missing"), "\(why.output)")
            #expect(try await site.sluice("why", "A1").output.contains("accepted by the channel"))

            // Another file is there, and what was said before stands.
            try Data("<html>one moment, please".utf8).write(to: report)
            #expect(await site.stop() == 0)
            try site.start()
            try await site.says(["report.json', line 1:", "A2 (BAD: the brand is missing)"])
            try Data(#"{"items": [{"id": "A2", "state": "OK"}]}"#.utf8).write(to: report)
            try await site.sluice("retry", "--channel", "web")
            try await site.says(["2 accepted, 0 rejected, 1 pending"])
            #expect(try await site.sluice("why", "A2").status == 0)
        }
    }

    /// eBay's way: a folder for each day, and in it a table for each feed.
    @Test func tablesInFoldersByTheirDaysAreReadOnce() async throws {
        try await Site.with { site in
            let root = site.root(of: .sftp)
            try site.write(
                Channel.sftp.profile(site) + """
                    feed:
                      format: google-tsv
                      file: products.tsv
                      image_base: https://img.example.com/
                      items: {id: "{sku}", title: "{product.title}", image_link: slot:main,
                        description: "{product.description}", link: "{product.link}",
                        price: "{product.price}", availability: in_stock, condition: new}
                      publish: {quiet: 0s}
                      verdicts: {from: \(root)/output/*/*.csv, format: csv, item: SKU,
                        status: Status, message: Error Message, accepted: [SUCCESS, WARNING],
                        rejected: [FAILURE], every: 1m}

                    """, as: .sftp)
            try site.drop(Self.sources)
            try site.start()
            try await site.settle()
            try site.answer(
                "Nov-29-2026/first.csv", "A1,FAILURE,The title is too long", "A2,SUCCESS,")
            // Of several markets the worst counts.
            try site.answer(
                "Nov-30-2026/second.csv", "A1,SUCCESS,", "A2,SUCCESS,",
                "A2,FAILURE,No price in EUR", "A2,WARNING,x")
            try await site.sluice("retry", "--channel", "sftp")
            try await site.says([
                "1 item is rejected by the channel: A2 (FAILURE: No price in EUR)"
            ])
            let channel = try await site.status().channels.first { $0.name == "sftp" }
            #expect(channel?.feed?.verdicts?.accepted == 1)
        }
    }
}

extension Site {
    /// Waits until `status` has all of these in it.
    fileprivate func says(_ texts: [String]) async throws {
        try await wait(for: "\(texts)") {
            let text = try await sluice("status").output.replacing(/\s+/, with: " ")
            return texts.allSatisfy { text.contains($0) }
        }
    }

    fileprivate func answer(_ name: String, _ rows: String...) throws {
        let url = URL(filePath: "\(root(of: .sftp))/output/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        let text = (["SKU,Status,Error Message"] + rows).joined(separator: "\n") + "\n"
        try Data(text.utf8).write(to: url)
    }
}
