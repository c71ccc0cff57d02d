import Foundation
import GRDB
import Support
import Testing
import Wire

/// Somebody works on the servers behind the daemon's back.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Patrolled {
    @Test func whatIsChangedOrTakenAwayIsPutBackOnEveryChannel() async throws {
        try await Site.with { site in
            for channel in Channel.allCases {
                let twist = Twist(deliver: ["patrol: 1000000/h"])
                try site.write(channel.profile(site, twist), as: channel)
            }
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let good = try Channel.allCases.map(site.tree)
            await site.stop()

            for channel in Channel.allCases {
                let root = site.root(of: channel)
                let names = try site.tree(channel).keys.sorted()
                try Data("not ours".utf8).write(to: URL(filePath: "\(root)/\(names[0])"))
                try FileManager.default.removeItem(atPath: "\(root)/\(names[1])")
            }
            try site.aDayPasses()
            try site.start()
            try await site.wait(seconds: 60, for: "everything to be as it was") {
                try Channel.allCases.map(site.tree) == good
            }
            try await site.settle()
            #expect(try site.books.events("drifted") == 6)
            let status = try await site.status()
            #expect(status.verdict == .ok, "\(status.causes)")
            for channel in status.channels {
                let patrol = try #require(channel.patrol)
                let round = try #require(patrol.last ?? patrol.round)
                #expect((round.changed, round.lost) == (1, 1), "\(channel.name)")
                #expect(patrol.open == 0)
            }
            #expect(try await site.sluice("status").output.contains("patrol: "))
        }
    }

    @Test func whatAChannelsCrawlerWouldSayIsTold() async throws {
        try await Site.with { site in
            let robots = URL(fileURLWithPath: site.servers.http.root + "/robots.txt")
            try Data("User-agent: *\nDisallow: /\n".utf8).write(to: robots)
            try site.write(
                Channel.web.profile(site) + "fetch: {agent: Googlebot-Image/1.0}\n", as: .web)
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            func found() async throws -> CrawlAnswer? {
                try await site.status().channels.first { $0.name == "web" }?.crawl
            }
            try await site.wait(seconds: 60, for: "the crawler") { try await found() != nil }
            let finding = try #require(try await found()?.findings.first)
            #expect(finding.says.contains("forbids it to 'Googlebot-Image/1.0'"))
            let text = try await site.sluice("status").output
            #expect(text.contains("could not be fetched as delivered"), "\(text)")
            let sku = try #require(finding.name.split(separator: "-").dropFirst().first)
            let why = try await site.sluice("why", String(sku.prefix { $0 != "." })).output
            #expect(why.contains("crawler"), "\(why)")
        }
    }
}

extension Site {
    /// As if nothing had been asked for since. The daemon must not run.
    fileprivate func aDayPasses() throws {
        try DatabaseQueue(path: home.path("state/ledger.sqlite")).write { database in
            try database.execute(sql: "UPDATE delivery SET seen_at = 1")
        }
    }
}
