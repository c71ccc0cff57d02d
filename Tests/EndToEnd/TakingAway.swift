import Foundation
import GRDB
import Model
import Support
import Testing
import Wire

/// What leaves, and in which order.
@Suite(.serialized, .timeLimit(.minutes(5))) struct TakingAway {
    @Test func withdrawnIsGoneEverywhereAndFromTheFeed() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let done = try await site.sluice("withdraw", "A1", "--because", "the licence ended")
            #expect(done.status == 0)
            try await site.settle()
            for channel in Channel.allCases {
                #expect(try site.tree(channel).count == 1, "\(channel)")
                #expect(try site.state(channel, "A1") == [])
            }
            #expect(try site.feedIDs() == ["A2"])
            try await Oracle(site).check()
            // Known bytes that arrive again never undo it.
            try site.drop(Source(sku: "A1", seed: 1, file: "again.png"))
            try await site.settle()
            #expect(try site.tree(.folder).keys.sorted() == ["A2.jpg"])
            try await Oracle(site).check("after the same bytes again")
        }
    }

    @Test func statusIsRedUntilTheWithdrawnIsProvenGone() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            await site.servers.sftp.stop()
            try await site.sluice("withdraw", "A2", "--because", "the licence ended")
            try await site.wait(for: "the others to be gone, this one red") {
                let status = try await site.status()
                let sftp = status.channels.first { $0.name == "sftp" }
                return try site.state(.folder, "A2") == [] && site.state(.web, "A2") == []
                    && sftp?.light == .red && status.verdict == .stuck
                    && sftp?.reasons.contains { $0.contains("not proven absent") } == true
            }
            #expect(try site.tree(.sftp)["A2.jpg"] != nil)
            #expect(try site.state(.sftp, "A2") == ["remove"])
            try await site.wait(for: "the feed without it") { try site.feedIDs() == ["A1"] }
        }
    }

    /// An empty directory where the disk should be: nothing is proven by it.
    @Test func whatIsAbsentWithEverythingElseIsNotProvenGone() async throws {
        try await Site.with { site in
            try site.writeProducts(["A1", "A2", "B1"])
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let folder = site.root(of: .folder)
            let before = try site.tree(.folder)
            try site.move(folder, to: folder + "-aside")
            try site.home.makeDirectory("folder")
            // What arrives there meanwhile is no witness.
            try site.drop(Source(sku: "B1", seed: 9))
            try await site.wait(for: "the newcomer") { try site.state(.folder, "B1") == ["live"] }
            try await site.sluice("withdraw", "A2", "--because", "stolen")
            try await site.wait(for: "the folder to be doubted") {
                let folder = try await site.status().channels.first { $0.name == "folder" }
                return folder?.reasons.contains { $0.contains("lacks what was sent there") }
                    == true
            }
            try FileManager.default.removeItem(atPath: folder)
            try site.move(folder + "-aside", to: folder)
            #expect(try site.tree(.folder) == before)
            try await site.sluice("reload")
            try await site.wait(for: "it to be gone there too") {
                try site.tree(.folder)["A2.jpg"] == nil
            }
            try await site.settle()
            #expect(try site.tree(.folder).count == 2)
            // Emptied by a person who says so: it comes back.
            for name in try site.tree(.folder).keys { unlink("\(folder)/\(name)") }
            try await site.sluice("withdraw", "A1", "--view", "back", "--because", "stolen")
            // Red it is before, too: for what must go.
            try await site.wait(for: "the folder to be doubted again") {
                let folder = try await site.status().channels.first { $0.name == "folder" }
                return folder?.reasons.contains { $0.contains("lacks what was sent there") }
                    == true
            }
            try await site.sluice("resume", "folder")
            try await site.settle()
            #expect(try site.tree(.folder).keys.sorted() == ["A1.jpg", "B1.jpg"])
            try await Oracle(site).check()
        }
    }

    @Test func newerVersionTakesThePlaceOfTheOlder() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let before = try site.tree(.web)
            let old = try #require(before.keys.first { $0.hasSuffix("-A1.jpg") })
            try site.drop(Source(sku: "A1", seed: 11, seq: 2))
            try await site.wait(for: "the old one to go") {
                let gone = "SELECT COUNT(*) FROM event WHERE channel = 'web' AND kind = 'removed'"
                return try site.tree(.web)[old] == nil && site.books.number(gone) > 0
            }
            // Order: the new one confirmed, the edition without the old one, then its end.
            let events = try site.books.rows(
                """
                SELECT kind, subject FROM event WHERE channel = 'web'
                    AND kind IN ('confirmed', 'published', 'removed') ORDER BY id DESC LIMIT 3
                """
            ).map { $0["kind"] as String }
            #expect(events.reversed() == ["confirmed", "published", "removed"])
            try await site.settle()
            let after = try site.tree(.web)
            #expect(after.count == before.count)
            #expect(try site.tree(.folder)["A1.jpg"] != nil)
            try await Oracle(site).check()
        }
    }

    @Test func rightsThatEndTakeThePictureDown() async throws {
        try await Site.with { site in
            try site.start()
            try await site.ready()
            // On a machine that is busy with the other stories it takes a while to be live.
            let end = Date(timeIntervalSinceNow: 20).formatted(.iso8601)
            try site.drop(Site.usual + [Source(sku: "A3", seed: 4, rights: ["until: \(end)"])])
            try await site.wait(for: "A3 to be live") {
                try site.state(.folder, "A3") == ["live"]
            }
            try await site.wait(for: "A3 to be gone") {
                try Channel.allCases.allSatisfy { try site.state($0, "A3") == [] }
            }
            try await site.settle()
            #expect(try site.feedIDs() == ["A1", "A2"])
            try await Oracle(site).check()
        }
    }

    @Test func whatTheXMPBesideSaysIsObeyed() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            try site.writeXMP(
                "<plus:LicenseEndDate>2020-12-31</plus:LicenseEndDate>", beside: Site.usual[0])
            try await site.wait(for: "the front of A1 to be gone") {
                try Channel.allCases.allSatisfy { try site.state($0, "A1").count == 1 }
            }
            try await site.settle()
            #expect(
                try await site.sluice("why", "A1").output.contains("as the picture itself says"))
            try await Oracle(site).check()
            // One that cannot be read holds its picture, and says so.
            let held = Source(sku: "A3", seed: 4)
            try site.writeXMP("<plus:LicenseEndDate>", beside: held)
            try site.drop(held)
            try await site.settle()
            #expect(try site.state(.folder, "A3") == [])
            #expect(try await site.sluice("why", "A3").output.contains("no well-formed XML"))
            try await Oracle(site).check("while one is unreadable")
            try site.writeXMP("", beside: held)
            try await site.wait(for: "A3 to be live") {
                try site.state(.folder, "A3") == ["live"]
            }
            try await site.settle()
            #expect(try site.books.number("SELECT COUNT(*) FROM source WHERE reason <> ''") == 0)
            try await Oracle(site).check("after it was mended")
        }
    }

    @Test func guardHoldsTheSurplusUntilAPersonReleasesIt() async throws {
        try await Site.with { site in
            let twist = Twist(limits: "{withdraw: 1%, replace: 100%, at_least: 1, per: 1d}")
            try site.write(Channel.folder.profile(site, twist), as: .folder)
            let sources = (1...3).map { Source(sku: "A\($0)", seed: $0) }
            try site.drop(sources)
            try site.start()
            try await site.settle()
            // No slot takes them any longer.
            let deselected = Channel.folder.profile(site, twist)
                .replacing("view: front,", with: "view: lifestyle,")
            try site.write(deselected, as: .folder)
            try await site.sluice("reload")
            try await site.settle()
            #expect(try site.tree(.folder).count == 2)
            let status = try await site.status()
            #expect(status.channels.first { $0.name == "folder" }?.light == .red)
            #expect(status.channels.first { $0.name == "web" }?.light == .green)
            let held = try await site.sluice("list", "held", "--channel", "folder", "--json").output
            let sku = try #require(held.firstMatch(of: /"sku":"(A\d)"/)?.1)
            let why = try await site.sluice("why", "\(sku)", "--channel", "folder").output
            #expect(why.contains("more changes than 'limits' lets through"), "\(why)")
            #expect(try await site.sluice("release", "folder").status == 0)
            try await site.settle()
            #expect(try site.tree(.folder).isEmpty)
            try await Oracle(site).check()
        }
    }
}
