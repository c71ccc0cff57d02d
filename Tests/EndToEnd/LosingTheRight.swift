import Foundation
import GRDB
import Model
import Support
import Testing
import Wire

/// Every way to lose the right to be there, on a folder, over HTTP, over SFTP and in the feed: gone
/// and proven gone, whatever `limits` and `old_stays` say.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LosingTheRight {
    /// What would hold back anything that may wait.
    private static func tight(_ edit: (inout Twist) -> Void = { _ in }) -> Twist {
        var twist = Twist(
            limits: "{withdraw: 1%, replace: 1%, at_least: 1, per: 1d}", oldStays: "30d")
        twist.fit = "cover"
        edit(&twist)
        return twist
    }

    private static func write(_ twist: Twist, _ site: Site) throws {
        for channel in Channel.allCases {
            try site.write(channel.profile(site, twist), as: channel)
        }
    }

    /// SKU → what is written beside its picture, once it is live.
    private static let ways: [String: @Sendable (Site, Source) throws -> Void] = [
        "BEGINS": { try rewrite($0, $1) { $0.rights = ["from: 2060-01-01"] } },
        "ENDED": { try rewrite($0, $1) { $0.rights = ["until: 2026-01-31"] } },
        "NARROWED": { try rewrite($0, $1) { $0.rights = ["in: [FR]"] } },
        "NOT-ON": { try rewrite($0, $1) { $0.rights = ["not_on: [folder, web, sftp]"] } },
        "NO-CROP": { try rewrite($0, $1) { $0.rights = ["no_crop: true"] } },
        "INTERNAL": { try rewrite($0, $1) { $0.audience = "internal" } },
        "LAPSED": {
            try rewrite($0, $1) {
                $0.seq = 2
                $0.bound = String(repeating: "ab", count: 32)
            }
        },
        "REVOKED": { try rewrite($0, $1) { $0.seq = nil } },
        "FUTURE": { try rewrite($0, $1) { $0.approvedAt = "2062-11-20T09:00:00Z" } },
        "XMP-ENDS": {
            try $0.writeXMP("<plus:LicenseEndDate>2020-12-31</plus:LicenseEndDate>", beside: $1)
        },
        "XMP-BEGINS": {
            try $0.writeXMP(
                "<plus:LicenseStartDate>2060-01-01</plus:LicenseStartDate>", beside: $1)
        },
        "XMP-RIDDLE": {
            try $0.writeXMP("<plus:LicenseEndDate>sometime</plus:LicenseEndDate>", beside: $1)
        },
        "XMP-BROKEN": { try $0.writeXMP("<plus:LicenseEndDate>", beside: $1) },
    ]

    private static func rewrite(
        _ site: Site, _ source: Source, _ edit: (inout Source) -> Void
    ) throws {
        var source = source
        edit(&source)
        try site.writeSidecar(source)
    }

    private func gone(_ skus: [String], _ site: Site) async throws {
        try await site.wait(seconds: 90, for: "\(skus) to be gone everywhere") {
            for sku in skus {
                for channel in Channel.allCases where try site.state(channel, sku) != [] {
                    return false
                }
            }
            return true
        }
        for channel in Channel.allCases {
            let names = try site.tree(channel).keys
            for sku in skus {
                #expect(!names.contains { $0.contains("\(sku).jpg") }, "\(sku) on \(channel)")
            }
        }
        try await site.wait(for: "the feed without them") {
            Set(try site.feedIDs()).isDisjoint(with: skus)
        }
    }

    @Test func whateverThePictureSays() async throws {
        try await Site.with { site in
            try Self.write(Self.tight(), site)
            let skus = Self.ways.keys.sorted() + ["WITHDRAWN", "BARRED", "STAYS"]
            try site.writeProducts(skus)
            let sources = skus.enumerated().map { Source(sku: $1, seed: $0 + 1) }
            try site.drop(sources)
            try site.start()
            try await site.settle(seconds: 90)
            #expect(try site.feedIDs() == skus.sorted())
            for source in sources { try Self.ways[source.sku]?(site, source) }
            try await site.sluice("withdraw", "WITHDRAWN", "--because", "stolen")
            for channel in Channel.allCases {
                try await site.sluice(
                    "withdraw", "BARRED", "--channel", "\(channel)", "--because", "not here")
            }
            try await gone(skus.filter { $0 != "STAYS" }, site)
            #expect(try site.feedIDs() == ["STAYS"])
            for channel in Channel.allCases {
                #expect(try site.state(channel, "STAYS") == ["live"])
            }
            try await Oracle(site).check()
        }
    }

    @Test func whateverTheChannelSays() async throws {
        try await Site.with { site in
            let edits: [(inout Twist) -> Void] = [
                { $0.market = "[DE, AT]" }, { $0.market = nil }, { $0.audience = "trade" },
            ]
            for (round, edit) in edits.enumerated() {
                try Self.write(Self.tight(), site)
                let sku = "A\(round + 1)"
                var source = Source(sku: sku, seed: round + 1)
                source.rights = ["in: [DE]"]
                try site.drop(source)
                if round == 0 { try site.start() }
                try await site.ready()
                try await site.sluice("reload")
                try await site.wait(for: "\(sku) to be live") {
                    for channel in Channel.allCases where try site.state(channel, sku) != ["live"] {
                        return false
                    }
                    return true
                }
                try Self.write(Self.tight(edit), site)
                let reload = try await site.sluice("reload")
                #expect(reload.status == 0, "\(reload.output)")
                try await gone([sku], site)
                try await site.sluice("withdraw", sku, "--because", "the next round")
            }
        }
    }

    /// A hold stops what is new. What may not be there goes, and the feed is published without it.
    @Test func aHeldChannelStillTakesDownWhatMustGo() async throws {
        try await Site.with { site in
            try Self.write(Self.tight(), site)
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            for channel in Channel.allCases {
                let held = try await site.sluice("hold", "\(channel)", "--because", "a campaign")
                #expect(held.output.contains("what must go is still taken down"))
            }
            try site.drop(Source(sku: "A3", seed: 9))
            try await site.sluice("withdraw", "A1", "--because", "stolen")
            try await gone(["A1"], site)
            #expect(try site.feedIDs() == ["A2"])
            try await site.settle()
            for channel in Channel.allCases {
                #expect(try site.tree(channel).count == 1, "\(channel)")
            }
            let web = try await site.status().channels.first { $0.name == "web" }
            #expect(web?.light == .red)
            #expect(
                web?.reasons.first
                    == "held: a campaign (\(NSUserName())); 'sluice resume web' goes on; what must go "
                    + "is still taken down, and the feed is published again only to leave that out")
            #expect(web?.reasons.contains { $0.contains("must go and") } == false)
            for channel in Channel.allCases { try await site.sluice("resume", "\(channel)") }
            try await site.settle()
            #expect(try site.feedIDs() == ["A2", "A3"])
            try await Oracle(site).check()
        }
    }

    @Test func unlessEverythingIsHeld() async throws {
        try await Site.with { site in
            try Self.write(Self.tight(), site)
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let before = try site.tree(.web)
            try await site.sluice("hold", "web", "--everything", "--because", "the judge said so")
            try await site.sluice("withdraw", "A2", "--because", "stolen")
            try await site.wait(for: "the others to be without it, this one red") {
                let web = try await site.status().channels.first { $0.name == "web" }
                return try site.state(.folder, "A2") == [] && site.state(.sftp, "A2") == []
                    && web?.reasons.contains { $0.contains("1 file must go and cannot") } == true
            }
            #expect(try site.tree(.web) == before)
            #expect(try site.feedIDs() == ["A1", "A2"])
            try await site.sluice("resume", "web")
            try await gone(["A2"], site)
        }
    }

    /// It takes no new files, and is asked less and less often; it takes files away all the same.
    @Test func aChannelThatRefusesFilesStillTakesDownWhatMustGo() async throws {
        try await Site.with { site in
            try Self.write(Self.tight(), site)
            let refused = (1...12).map { Source(sku: "B\($0)", seed: $0 + 10) }
            try site.writeProducts(["A1", "A2"] + refused.map(\.sku))
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let full = "\(site.servers.http.root)/full"
            try site.home.write("", to: "aside/full")
            try site.move(site.home.path("aside/full"), to: full)
            try site.drop(refused)
            func isPaused() async throws -> Bool {
                try await site.status().channels.contains { channel in
                    channel.name == "web"
                        && channel.reasons.contains { $0.hasPrefix("paused: the last ") }
                }
            }
            try await site.wait(for: "the pause", isPaused)
            try await site.sluice("withdraw", "A2", "--because", "stolen")
            try await gone(["A2"], site)
            #expect(try await isPaused())
            unlink(full)
            try await site.sluice("retry", "--channel", "web")
            try await site.settle()
            try await Oracle(site).check()
        }
    }

    /// A draft sends nothing, and what it had when it was live is there still.
    @Test func aDraftLosesWhatEnds() async throws {
        try await Site.with { site in
            try Self.write(Self.tight(), site)
            for channel in [Channel.web, .sftp] {
                unlink(site.home.path("channels/\(channel).yaml"))
            }
            let source = Source(sku: "A1")
            try site.drop([source, Source(sku: "A2", seed: 2)])
            try site.start()
            try await site.settle()
            #expect(try site.state(.folder, "A1") == ["live"])
            try site.write(
                Channel.folder.profile(site, Self.tight { $0.state = "draft" }), as: .folder)
            try await site.sluice("reload")
            let end = Date().addingTimeInterval(8).formatted(.iso8601)
            try Self.rewrite(site, source) { $0.rights = ["until: \(end)"] }
            try await site.wait(for: "the one that ended to be gone") {
                try site.state(.folder, "A1") == []
            }
            #expect(try site.tree(.folder)["A1.jpg"] == nil)
            #expect(try site.state(.folder, "A2") == ["live"])
        }
    }

    /// Nobody takes away at an address that may be the wrong one.
    @Test func whereThePlaceIsInDoubtItIsRedAndSaysSo() async throws {
        try await Site.with { site in
            try Self.write(Self.tight(), site)
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            // Held by a person first: a doubt counts for more, and does not end the hold.
            try await site.sluice("hold", "folder", "--because", "a campaign")
            let place = try site.home.makeDirectory("elsewhere")
            try site.write(
                Channel.folder.profile(site, Self.tight { $0.to = "file://\(place)/" }), as: .folder
            )
            unlink(site.home.path("channels/sftp.yaml"))
            try await site.sluice("reload")
            try await site.sluice("withdraw", "A2", "--because", "stolen")
            try await site.wait(for: "the web to be without it, the others red") {
                let status = try await site.status()
                let red = ["folder", "sftp"].allSatisfy { name in
                    let channel = status.channels.first { $0.name == name }
                    return channel?.light == .red
                        && channel?.reasons.contains {
                            $0.contains("1 file must go and cannot: its ")
                        } == true
                }
                return try site.state(.web, "A2") == [] && red
            }
            #expect(try site.tree(.folder)["A2.jpg"] != nil)
            #expect(try site.tree(.sftp)["A2.jpg"] != nil)
            // Back at its place, it is what the person held: what must go goes.
            try site.write(Channel.folder.profile(site, Self.tight()), as: .folder)
            try await site.sluice("reload")
            try await site.wait(for: "the folder to be without it") {
                try site.tree(.folder)["A2.jpg"] == nil
            }
            let folder = try await site.status().channels.first { $0.name == "folder" }
            #expect(folder?.reasons.first?.hasPrefix("held: a campaign") == true)
        }
    }
}
