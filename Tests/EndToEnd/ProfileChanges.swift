import Foundation
import GRDB
import Model
import Support
import Testing
import Wire

/// Profiles that change, break and vanish under a running daemon.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ProfileChanges {
    @Test func aBrokenProfileKeepsItsLastGoodRevision() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            try site.write("channel: folder\nslots: [\n", as: .folder)
            let reload = try await site.sluice("reload")
            #expect(reload.status != 0)
            #expect(reload.output.contains("folder.yaml:"))
            // The last good revision goes on, also after a restart.
            try site.drop(Source(sku: "A3", seed: 4))
            try await site.settle()
            #expect(try site.tree(.folder)["A3.jpg"] != nil)
            #expect(await site.stop() == 0)
            try site.start()
            try await site.ready()
            try site.drop(Source(sku: "A3", view: "back", seed: 5))
            try await site.settle()
            #expect(try site.tree(.folder)["A3-back-1.jpg"] != nil)
            let status = try await site.status()
            #expect(status.channels.map(\.light) == [.red, .green, .green])
            try await Oracle(site).check("broken")
            try site.write(Channel.folder.profile(site), as: .folder)
            #expect(try await site.sluice("reload").status == 0)
            #expect(try await site.status().verdict == .ok)
        }
    }

    /// What a profile was read from besides its own text is kept with it.
    @Test func aBrokenFormatKeepsItsLastGoodForm() async throws {
        try await Site.with { site in
            let ours =
                "format: ours\ntitle: Ours\nsource: page\nseen: 2026-11-30\nlike: google-rss\n"
            try site.home.write(ours, to: "channels/feeds/ours.yaml")
            let profile = Channel.web.profile(site).replacing("google-rss", with: "ours")
            try site.write(profile, as: .web)
            try site.writeProducts(["A1", "A2", "A3", "A4"])
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            #expect(try site.feedIDs() == ["A1", "A2"])
            try site.home.write(ours + "fields: {title: none}\n", to: "channels/feeds/ours.yaml")
            let reload = try await site.sluice("reload")
            #expect(reload.output.contains("kept at its last good revision"))
            let mistakes = ["A3": "has no attribute 'title'", "A4": "not 'ours'"]
            for (sku, mistake) in mistakes.sorted(by: { $0.key < $1.key }) {
                try site.drop(Source(sku: sku, seed: 4))
                try await site.settle()
                #expect(try site.feedIDs().last == sku)
                let web = try await site.status().channels.first { $0.name == "web" }
                #expect(web?.light == .red)
                let why = web?.reasons.first ?? ""
                #expect(why.contains("not taken") && why.contains(mistake), "\(why)")
                #expect(!why.contains("off:"))
                // Also when it was gone altogether, and after a restart.
                unlink(site.home.path("channels/feeds/ours.yaml"))
                #expect(await site.stop() == 0)
                try site.start()
                try await site.ready()
            }
            try site.home.write(ours, to: "channels/feeds/ours.yaml")
            #expect(try await site.sluice("reload").status == 0)
            #expect(try await site.status().verdict == .ok)
            try await Oracle(site).check("mended")
        }
    }

    @Test func aDeletedProfileHoldsItsChannelAndWithdrawsNothing() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let stamps = try site.stamps()
            unlink(site.home.path("channels/folder.yaml"))
            try await site.sluice("reload")
            try site.drop(Source(sku: "A3", seed: 4))
            try await site.wait(for: "the others to go on") {
                try site.state(.sftp, "A3") == ["live"] && site.state(.web, "A3") == ["live"]
            }
            #expect(try site.tree(.folder).count == 3)
            #expect(try site.stamps().filter { stamps[$0.key] != nil } == stamps)
            let status = try await site.status()
            #expect(status.channels.first { $0.name == "folder" }?.light == .red)
            try site.write(Channel.folder.profile(site), as: .folder)
            let back = try await site.sluice("reload")
            #expect(back.output.contains("was gone and is back; 'sluice resume folder' goes on"))
            #expect(try await site.sluice("resume", "folder").status == 0)
            try await site.settle()
            #expect(try site.tree(.folder)["A3.jpg"] != nil)
            try await Oracle(site).check()
        }
    }

    @Test func whatWasNeverAProfileIsForgottenWithItsFile() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let stray = site.home.path("channels/stray.yaml")
            // Nobody will ever write into it: neither may wait for that.
            #expect(mkfifo(stray, 0o600) == 0)
            let first = try await site.sluice("reload")
            #expect(first.status != 0 && first.output.contains("it is no file"), "\(first.output)")
            #expect(try await site.status().channels.contains { $0.name == "stray" })
            unlink(stray)
            let second = try await site.sluice("reload")
            #expect(second.status == 0 && second.output.contains("forgotten"), "\(second.output)")
            #expect(try await !site.status().channels.contains { $0.name == "stray" })
            #expect(await site.stop() == 0)
        }
    }

    @Test func anotherPlaceWaitsForAPerson() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let old = try site.tree(.folder)
            let place = try site.home.makeDirectory("elsewhere")
            let twist = Twist(to: "file://\(place)/")
            try site.write(Channel.folder.profile(site, twist), as: .folder)
            let reload = try await site.sluice("reload")
            #expect(reload.output.contains("sluice resume folder"))
            try await site.settle()
            #expect(try FileManager.default.contentsOfDirectory(atPath: place) == [])
            // A slip that is mended before anybody resumed it is forgotten.
            try site.write(Channel.folder.profile(site), as: .folder)
            try await site.sluice("reload")
            try await site.settle()
            #expect(try await site.status().verdict == .ok)
            try site.write(Channel.folder.profile(site, twist), as: .folder)
            try await site.sluice("reload")
            #expect(try await site.sluice("resume", "folder").status == 0)
            try await site.settle()
            #expect(try FileManager.default.contentsOfDirectory(atPath: place).count == 3)
            #expect(try site.tree(.folder) == old)
            // What lies there is told until somebody says that it is seen to.
            let status = try await site.status()
            #expect(status.verdict == .attention)
            let reasons = status.channels.first { $0.name == "folder" }?.reasons ?? []
            #expect(reasons.joined().contains("from before the channel moved"), "\(reasons)")
            try await site.sluice("attest", "folder", "--because", "taken down", "--yes")
            #expect(try await site.status().verdict == .ok)
        }
    }

    @Test func aRetiredChannelIsEmptied() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            try site.write(Channel.web.profile(site, Twist(state: "retired")), as: .web)
            #expect(try await site.sluice("reload").status == 0)
            try await site.settle()
            #expect(try site.tree(.web).isEmpty)
            #expect(try site.feedImages().isEmpty)
            #expect(try site.tree(.folder).count == 3)
            try await Oracle(site).check()
        }
    }

    @Test func aFeedThatMovesIsPublishedThere() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let text = try String(contentsOfFile: site.feedPath, encoding: .utf8)
            let moved = Channel.web.profile(site).replacing("/feed/", with: "/other/")
            try site.write(moved, as: .web)
            try await site.sluice("reload")
            try await site.settle()
            let path = site.feedPath.replacing("/feed/", with: "/other/")
            #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
            // Nobody keeps the old one true any more; a person is told until they say it is gone.
            func told() async throws -> String? {
                try await site.status().channels.first { $0.name == "web" }?.reasons
                    .first { $0.hasPrefix("the old feed '") }
            }
            #expect(try await told()?.contains("/feed/products.xml' may still be public") == true)
            try await site.sluice("hold", "web")
            try await site.sluice("resume", "web")
            #expect(try await told() != nil, "that is about something else")
            try await site.sluice("attest", "web", "--because", "taken down", "--yes")
            #expect(try await told() == nil)
            var twist = Twist()
            twist.feed = false
            try site.write(Channel.web.profile(site, twist), as: .web)
            try await site.sluice("reload")
            #expect(try await told()?.contains("/other/products.xml'") == true)
            // Back again, it is kept true again.
            try site.write(moved, as: .web)
            try await site.sluice("reload")
            #expect(try await told() == nil)
        }
    }
}
