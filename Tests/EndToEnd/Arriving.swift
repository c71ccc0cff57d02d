import Foundation
import Host
import Model
import Support
import Testing
import Wire

/// From the spool to the ledger: what waits, what need not, and who waits for it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Arriving {
    @Test func waitingIsForWhatLiesThereNow() async throws {
        try await Site.with { site in
            try site.setSettle("1s")
            try site.start()
            try await site.ready()
            for seed in 1...4 {
                // Nobody has told the daemon of it when the question comes.
                try site.drop(Source(sku: "A\(seed)", seed: seed))
                let waited = try await site.sluice("status", "--wait", "--timeout", "30")
                #expect(waited.status < 2, "\(waited.output)")
                #expect(try site.state(.folder, "A\(seed)") == ["live"])
            }
            try site.writeProducts(["A1", "A2", "A3", "A4"], price: "13.00 EUR")
            #expect(try await site.sluice("status", "--wait", "--timeout", "30").status < 2)
            #expect(
                try String(contentsOfFile: site.feedPath, encoding: .utf8).contains("13.00 EUR"))
            #expect(try site.feedIDs() == ["A1", "A2", "A3", "A4"])
        }
    }

    @Test func aBatchThatIsProvenWholeWaitsForNothing() async throws {
        try await Site.with { site in
            try site.setSettle("1h")
            try site.start()
            try await site.ready()
            try site.dropBatch([Source(sku: "A1", seed: 1), Source(sku: "A2", seed: 2)])
            try await site.wait(for: "both to be live") {
                try site.state(.folder, "A1") == ["live"] && site.state(.folder, "A2") == ["live"]
            }
            try await site.wait(for: "the manifest as well") {
                try await site.status().spool.settling == 0
            }
        }
    }

    /// A copy that is under way looks like one that went wrong: there is no verdict before the time.
    @Test func aBatchThatIsNotWholeYetIsNotRefused() async throws {
        try await Site.with { site in
            try site.setSettle("1h")
            try site.start()
            try await site.ready()
            try site.dropBatch([Source(sku: "A1", seed: 1)], saying: ContentHash.of(Data()))
            try await site.wait(for: "two files that settle") {
                try await site.status().spool.settling >= 1
            }
            #expect(
                try site.books.number("SELECT COUNT(*) FROM source WHERE state = 'quarantined'")
                    == 0)
            #expect(try site.state(.folder, "A1").isEmpty)
        }
    }
}

extension Site {
    /// Before it is started.
    func setSettle(_ text: String) throws {
        let old = try String(contentsOfFile: configuration, encoding: .utf8)
        try home.write(old.replacing("settle: 0s", with: "settle: \(text)"), to: "sluice.yaml")
    }

    /// A directory with a manifest that names every hash, renamed in whole.
    func dropBatch(_ sources: [Source], saying hash: ContentHash? = nil) throws {
        let batch = try home.makeDirectory("aside/batch")
        var lines = ["defaults: {approval: {by: maria.k, at: 2026-11-03T09:12:00Z}}", "files:"]
        for source in sources {
            try Self.picture(source.seed, at: batch + "/" + source.name)
            let sha256 = try hash ?? Files.digest(path: batch + "/" + source.name).sha256
            lines.append(
                "  - {file: \(source.name), sku: \(source.sku), view: \(source.view), "
                    + "sha256: \(sha256)}")
        }
        try home.write(lines.joined(separator: "\n") + "\n", to: "aside/batch/manifest.yaml")
        try move(batch, to: home.path("spool/batch"))
    }
}
