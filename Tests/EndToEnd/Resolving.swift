import Foundation
import GRDB
import Host
import Support
import Testing
import Wire

/// A channel's server is found by its name, or is not. The daemon sees a `/etc/resolv.conf` of its own.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Resolving {
    @Test(
        .enabled(if: getuid() == 0, "takes root, to answer for names"),
        arguments: [NameServer.Manner.fails, .knowsNone, .saysNothing])
    func aNameThatIsNotFoundIsTriedAgain(_ manner: NameServer.Manner) async throws {
        let names = try NameServer(manner)
        defer { names.stop() }
        try await Site.with { site in
            let url = site.webBase.replacing("127.0.0.1", with: "shop.example.com")
            let twist = Twist(to: url + "img/", feed: false)
            try site.write(Channel.web.profile(site, twist), as: .web)
            try site.drop(Site.usual)
            try site.start(resolving: names.configuration)
            try await site.ready()
            try await site.wait(for: "the others to be served") {
                try site.tree(.folder).count == 3 && site.tree(.sftp).count == 3
            }
            let failed =
                "SELECT error FROM delivery WHERE channel = 'web' AND error IS NOT NULL"
            try await site.wait(for: "a failure to be noted") {
                try !site.books.rows(failed).isEmpty
            }
            #expect(names.questions > 0)
            let web = try #require(
                try await site.status().channels.first { $0.name == "web" })
            #expect(web.light != .red, "\(web.reasons)")
            for row in try site.books.rows(failed) {
                let error: String = row["error"]
                #expect(error.contains("resolve host: shop.example.com"), "\(error)")
            }
            names.now(.loopback)
            try await site.sluice("retry", "--channel", "web")
            try await site.settle()
            #expect(try site.tree(.web).count == 3)
        }
    }
}
