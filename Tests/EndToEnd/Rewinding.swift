import Foundation
import Support
import Testing
import Wire

/// A wrong table was published, and at three in the morning one command puts the last good edition back.
@Suite(.serialized, .timeLimit(.minutes(10))) struct Rewinding {
    private static let sources = (1...4).map { Source(sku: "A\($0)", seed: $0) }
    private static let skus = ["A1", "A2", "A3", "A4"]

    /// A good edition of four products is out, and then one with nonsense in it.
    private func live(
        _ body: (Site, _ good: String) async throws -> Void
    ) async throws {
        try await Site.with { site in
            try site.writeProducts(Self.skus)
            try site.drop(Self.sources)
            try site.start()
            try await site.settle()
            let good = try #require(try await site.editions().first { $0.state == .published })
            try await site.publish("0.01 EUR")
            try await body(site, "\(good.number)")
        }
    }

    @Test func oneCommandPutsTheGoodEditionBack() async throws {
        try await live { site, good in
            let dry = try await site.sluice("feed", "rewind", "web", good, "--dry-run")
            #expect(dry.status == 0, "\(dry.output)")
            #expect(dry.output.contains("price: '0.01 EUR' → '12.00 EUR'"), "\(dry.output)")
            #expect(dry.output.contains("'sluice feed rewind web \(good)'"), "\(dry.output)")
            #expect(try site.prices() == ["0.01 EUR"])
            let done = try await site.sluice("feed", "rewind", "web", good)
            #expect(done.status == 0 && done.output.contains("is put back"), "\(done.output)")
            try await site.wait(for: "the good edition") { try site.prices() == ["12.00 EUR"] }
            try await site.settle()

            let status = try await site.status()
            let web = try #require(status.channels.first { $0.name == "web" })
            #expect(web.light == .red && "\(web.feed?.rewound ?? 0)" == good)
            let cause = try #require(status.causes.first { $0.kind == .feedHeld })
            #expect(cause.says.contains("edition \(good) was put back by "), "\(cause.says)")
            #expect(cause.says.contains("'sluice release web' lets it go out"), "\(cause.says)")
            // What a release would bring.
            let diff = try await site.sluice("feed", "diff", "web")
            #expect(diff.status == 1, "\(diff.output)")
            #expect(diff.output.contains("price: '12.00 EUR' → '0.01 EUR'"), "\(diff.output)")
            let release = try await site.sluice("release", "web", "--dry-run")
            #expect(release.output.contains("was put back by"), "\(release.output)")

            #expect(await site.stop() == 0)
            try site.start()
            try await site.ready()
            try site.writeProducts(Self.skus, price: "13.00 EUR")
            try await site.wait(for: "the mended table to be taken") {
                try await site.sluice("feed", "diff", "web").output.contains("→ '13.00 EUR'")
            }
            #expect(try site.prices() == ["12.00 EUR"])
            try await site.sluice("release", "web")
            try await site.wait(for: "the mended edition") { try site.prices() == ["13.00 EUR"] }
            try await site.settle()
            #expect(try await site.status().verdict == .ok)
            try await Oracle(site).check()
        }
    }

    /// Whatever it was doing when it was killed.
    @Test(arguments: ["edition.written", "edition.staged", "edition.recorded", "edition.put"])
    func aCrashOnTheWayLosesNothing(_ step: String) async throws {
        try await live { site, good in
            #expect(await site.stop() == 0)
            // A start makes none, as nothing has changed.
            try site.start(crashAt: "\(step):1")
            try await site.ready()
            _ = try await site.sluice("feed", "rewind", "web", good)
            #expect(await site.waitForEnd() == 128 + SIGKILL)
            try site.start()
            try await site.wait(for: "the good edition") { try site.prices() == ["12.00 EUR"] }
            try await site.settle()
            #expect(try site.prices() == ["12.00 EUR"])
            #expect(try await site.status().causes.contains { $0.kind == .feedHeld })
        }
    }

    @Test func anEditionWhosePictureIsGoneIsRefusedAndNamed() async throws {
        try await live { site, good in
            try await site.sluice("withdraw", "A2", "--because", "stolen")
            try await site.wait(for: "the feed without it") { try site.feedIDs().count == 3 }
            try await site.settle()
            let refused = try await site.sluice("feed", "rewind", "web", good)
            let text = refused.output.replacing(/\s+/, with: " ")
            #expect(refused.status == 2, "\(text)")
            #expect(text.contains("may not show, in 1 item: 'A2'"), "\(text)")
            #expect(text.contains("'sluice feed rewind web \(good) --reduced'"), "\(text)")
            let dry = try await site.sluice("feed", "rewind", "web", good, "--dry-run")
            #expect(dry.status == 1 && dry.output.contains("A2"), "\(dry.output)")
            #expect(try await site.status().channels.allSatisfy { $0.feed?.held == nil })
            let done = try await site.sluice("feed", "rewind", "web", good, "--reduced")
            #expect(done.status == 0 && done.output.contains("without 1 item"), "\(done.output)")
            try await site.wait(for: "the rest of it") { try site.prices() == ["12.00 EUR"] }
            #expect(try site.feedIDs() == ["A1", "A3", "A4"])
            try await site.sluice("withdraw", "A3", "--because", "stolen as well")
            try await site.wait(for: "what must go") { try site.feedIDs() == ["A1", "A4"] }
            #expect(try site.prices() == ["12.00 EUR"])
        }
    }

    @Test func whatCannotBePutBackIsSaid() async throws {
        try await live { site, _ in
            let unknown = try await site.sluice("feed", "rewind", "web", "99")
            #expect(unknown.status == 2 && unknown.output.contains("no edition 99"))
            let list = try await site.editions()
            let out = try #require(list.first { $0.state == .published })
            let same = try await site.sluice("feed", "rewind", "web", "\(out.number)")
            #expect(same.status == 2 && same.output.contains("is the one that 'web' has"))
            let none = try await site.sluice("feed", "rewind", "folder", "1")
            #expect(none.status == 2 && none.output.contains("has no feed"))
        }
    }
}

extension Site {
    fileprivate func prices() throws -> Set<String> {
        guard FileManager.default.fileExists(atPath: feedPath) else { return [] }
        let text = try String(contentsOfFile: feedPath, encoding: .utf8)
        return Set(text.matches(of: /<g:price>([^<]*)</).map { String($0.1) })
    }

    fileprivate func publish(_ price: String) async throws {
        try writeProducts(["A1", "A2", "A3", "A4"], price: price)
        try await wait(for: "the feed with \(price)") { try prices() == [price] }
        try await settle()
    }

    fileprivate func editions() async throws -> [FeedEdition] {
        let text = try await sluice("feed", "list", "web", "--json").output
        return try SocketFormat.decode(FeedEditionsAnswer.self, from: Data(text.utf8)).editions
    }
}
