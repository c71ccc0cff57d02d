import Foundation
import GRDB
import Model
import Support
import Testing

/// What is done is not done again, whatever happens around it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct NothingTwice {
    private struct Work: Equatable {
        var rendered: Int
        var confirmed: Int
        var published: Int
        var stamps: [String: String]

        init(_ site: Site) throws {
            rendered = try site.books.events("rendered")
            confirmed = try site.books.events("confirmed")
            published = try site.books.events("published")
            stamps = try site.stamps()
        }
    }

    @Test func restartRendersAndSendsNothingAgain() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let work = try Work(site)
            // Three channels of one recipe: each picture is rendered once.
            #expect(work.rendered == 3)
            #expect(work.confirmed == 9)
            for _ in 0..<2 {
                #expect(await site.stop() == 0)
                try site.start()
                try await site.ready()
                try await site.settle()
                #expect(try Work(site) == work)
            }
            try await Oracle(site).check()
        }
    }

    @Test func theSameBytesAgainChangeNothing() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let work = try Work(site)
            let versions = try site.books.number("SELECT COUNT(*) FROM version")
            for source in Site.usual {
                utimes(site.home.path("spool/\(source.name)"), nil)
                var copy = source
                copy.file = "copy-of-\(source.name)"
                try site.drop(copy)
            }
            try await site.settle()
            #expect(try Work(site) == work)
            #expect(try site.books.number("SELECT COUNT(*) FROM version") == versions)
            try await Oracle(site).check()
        }
    }

    @Test func aCommentInAProfileIsNoChange() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let work = try Work(site)
            for channel in Channel.allCases {
                try site.write(channel.profile(site, Twist(comment: "says nothing")), as: channel)
            }
            let reload = try await site.sluice("reload")
            #expect(reload.status == 0, "\(reload.output)")
            try await site.settle()
            #expect(try Work(site) == work)
        }
    }

    @Test func aChangedRenditionIsMadeForItsChannelOnly() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let work = try Work(site)
            try site.write(Channel.folder.profile(site, Twist(quality: "40..50")), as: .folder)
            try await site.sluice("reload")
            try await site.settle()
            let now = try Work(site)
            #expect(now.rendered == work.rendered + 3)
            #expect(now.confirmed == work.confirmed + 3)
            let changed = now.stamps.filter { work.stamps[$0.key] != $0.value }.keys
            let folder = site.root(of: .folder)
            #expect(changed.count == 3)
            #expect(changed.allSatisfy { $0.hasPrefix(folder) })
            try await Oracle(site).check()
        }
    }

    @Test func approvalMakesAPendingPictureLive() async throws {
        try await Site.with { site in
            let pending = Source(sku: "A3", seed: 4, seq: nil)
            try site.drop(Site.usual + [pending])
            try site.start()
            try await site.settle()
            #expect(try site.tree(.folder)["A3.jpg"] == nil)
            let why = try await site.sluice("why", "A3", "--channel", "folder")
            #expect(why.status == 1)
            #expect(why.output.contains("not approved"))
            try await Oracle(site).check("pending")
            let file = site.home.path("spool/\(pending.name)")
            let approved = try await site.sluice("approve", file, "--by", "maria.k")
            #expect(approved.status == 0, "\(approved.output)")
            try await site.wait(for: "A3 to be live") { try site.state(.web, "A3") == ["live"] }
            try await site.settle()
            #expect(try site.feedIDs() == ["A1", "A2", "A3"])
            try await Oracle(site).check()
        }
    }
}
