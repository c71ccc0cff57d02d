import Foundation
import GRDB
import Support
import Testing
import Wire

/// Somebody works on the servers behind the daemon's back.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Patrolled {
    @Test func onAFolderTheWebAndSFTP() async throws {
        try await Site.with { site in
            try await story(site, Channel.allCases.map { .below(site.root(of: $0), of: $0) })
        }
    }

    @Test(arguments: [FTPServer.Program.vsftpd, .proftpd])
    func onFTP(_ program: FTPServer.Program) async throws {
        let server = try await FTPServer.start(program)
        try await Site.with { site in
            let twist = try site.twist(server)
            try await story(site, [.below(server.root + "/img", of: .folder, twist)])
        }
        await server.stop()
    }

    @Test(arguments: S3Server.Kind.allCases)
    func onS3(kind: S3Server.Kind) async throws {
        let server = try await S3Server.start(kind)
        try await Site.with { site in
            let place = Place(
                channel: .folder, twist: try site.twist(server),
                tree: { try site.contents(server) },
                write: { try site.write($0, as: "img/\($1)", to: server) })
            try await story(site, [place])
        }
        await server.stop()
    }

    /// One file is changed, one taken away, one put beside them; and then more is changed than may be
    /// put right at one time.
    private func story(_ site: Site, _ places: [Place]) async throws {
        for place in places {
            var twist = place.twist
            twist.limits = "{withdraw: 100%, replace: 0%, at_least: 3, per: 30d}"
            twist.deliver.append("patrol: 1000000/h")
            try site.write(place.channel.profile(site, twist), as: place.channel)
        }
        try site.drop(Site.usual)
        try site.start()
        try await site.settle()
        let good = try places.map { try $0.tree() }
        await site.stop()

        for (place, names) in zip(places, good.map { $0.keys.sorted() }) {
            try place.write(Data("not ours".utf8), names[0])
            try place.write(nil, names[1])
            try place.write(Data("a stranger's".utf8), place.stranger)
        }
        try site.aDayPasses()
        try site.start()
        try await site.ready()
        try await site.wait(seconds: 60, for: "everything to be as it was") {
            try places.map { try $0.ours() } == good
        }
        try await told(site, places)

        await site.stop()
        for (place, names) in zip(places, good.map { $0.keys.sorted() }) {
            for name in names.prefix(2) { try place.write(Data("not ours".utf8), name) }
        }
        try site.aDayPasses()
        try site.start()
        try await site.ready()
        try await theRestWaitsForAPerson(site, places)
        try await site.wait(seconds: 60, for: "the rest to be as it was") {
            try places.map { try $0.ours() } == good
        }
        for place in places {
            #expect(try place.tree()[place.stranger] != nil, "a stranger was touched")
        }
    }

    private func told(_ site: Site, _ places: [Place]) async throws {
        try await site.wait(for: "a whole round, and its strangers") {
            let status = try await site.status()
            return places.allSatisfy { place in
                let patrol = status.channels.first { $0.name == place.channel.rawValue }?.patrol
                return patrol?.last != nil
                    && (place.channel == .web || patrol?.strangers?.isEmpty == false)
            }
        }
        try await site.settle()
        #expect(try site.books.events("drifted") == 2 * places.count)
        let status = try await site.status()
        #expect(status.verdict == .ok, "\(status.causes)")
        for place in places {
            let channel = try #require(
                status.channels.first { $0.name == place.channel.rawValue })
            let patrol = try #require(channel.patrol)
            let round = try #require(patrol.last)
            #expect((round.changed, round.lost) == (1, 1), "\(channel.name)")
            #expect(patrol.open == 0)
            // HTTP has no listing.
            let first = place.channel == .web ? nil : [[place.stranger]]
            #expect(patrol.strangers?.map(\.first) == first, "\(channel.name)")
        }
        let text = try await site.sluice("status").output
        #expect(text.contains("patrol: "))
        #expect(text.contains("strangers: "), "\(text)")
    }

    /// One of two is put right, the third of the window.
    private func theRestWaitsForAPerson(_ site: Site, _ places: [Place]) async throws {
        try await site.wait(seconds: 60, for: "one on each channel to wait for a person") {
            let status = try await site.status()
            return places.allSatisfy { place in
                status.channels.first { $0.name == place.channel.rawValue }?.patrol?.open == 1
            }
        }
        try await site.settle()
        let status = try await site.status()
        #expect(status.causes.count { $0.kind == .drift } == places.count, "\(status.causes)")
        for place in places {
            let (code, output) = try await site.sluice("release", place.channel.rawValue)
            #expect(code == 0 && output.contains("1 replacement"), "\(output)")
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

/// Where a channel's files are, as somebody sees them who works there.
private struct Place {
    var channel: Channel
    var twist = Twist()
    /// Name → SHA-256.
    var tree: () throws -> [String: String]
    /// Nil: takes it away.
    var write: (Data?, String) throws -> Void

    /// A name the channel could give.
    var stranger: String { channel == .web ? "0123456789abcdef-Z9.jpg" : "Z9.jpg" }

    func ours() throws -> [String: String] {
        var tree = try tree()
        tree[stranger] = nil
        return tree
    }

    static func below(_ root: String, of channel: Channel, _ twist: Twist = Twist()) -> Place {
        Place(
            channel: channel, twist: twist, tree: { try Site.tree(below: root) },
            write: { data, name in
                let file = URL(filePath: "\(root)/\(name)")
                if let data {
                    try data.write(to: file)
                } else {
                    try FileManager.default.removeItem(at: file)
                }
            })
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
