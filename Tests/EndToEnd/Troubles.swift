import Foundation
import GRDB
import Host
import Model
import Support
import Testing
import Wire

/// Channels that refuse, and the others that do not notice.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Troubles {
    @Test func aWrongHostKeyPausesItsChannelOnly() async throws {
        try await Site.with { site in
            let pin = "SHA256:" + String(repeating: "A", count: 43)
            try site.write(Channel.sftp.profile(site, Twist(hostKeys: [pin])), as: .sftp)
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            #expect(try site.tree(.folder).count == 3)
            #expect(try site.tree(.web).count == 3)
            #expect(try site.tree(.sftp).isEmpty)
            let sftp = try await site.status().channels.first { $0.name == "sftp" }
            #expect(sftp?.light == .red)
            let reasons = sftp?.reasons.joined() ?? ""
            #expect(site.servers.sftp.hostKeys.contains(where: reasons.contains), "\(reasons)")
            try site.write(Channel.sftp.profile(site), as: .sftp)
            try await site.sluice("reload")
            try await site.settle()
            #expect(try site.tree(.sftp).count == 3)
            #expect(try await site.status().verdict == .ok)
            try await Oracle(site).check()
        }
    }

    @Test func aMissingCredentialPausesItsChannelOnly() async throws {
        try await Site.with { site in
            let path = site.home.path("credentials/sftp-key")
            try site.move(path, to: site.home.path("aside/sftp-key"))
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            #expect(try site.tree(.web).count == 3)
            let sftp = try await site.status().channels.first { $0.name == "sftp" }
            #expect(sftp?.light == .red)
            #expect(sftp?.reasons.joined().contains("sftp-key") == true)
            try site.move(site.home.path("aside/sftp-key"), to: path)
            #expect(try await site.sluice("resume", "sftp").status == 0)
            try await site.settle()
            #expect(try site.tree(.sftp).count == 3)
            #expect(try await site.status().verdict == .ok)
            try await Oracle(site).check()
        }
    }

    @Test func aServerThatIsDownGetsEverythingWhenItIsBack() async throws {
        try await Site.with { site in
            let down = site.servers.http.root + "/down"
            try Data().write(to: URL(fileURLWithPath: down))
            try site.drop(Site.usual)
            try site.start()
            try await site.wait(for: "the others to be live, and failures on the web") {
                guard try site.unseen().isEmpty else { return false }
                return try site.tree(.folder).count == 3 && site.tree(.sftp).count == 3
                    && site.books.events("failed") > 0
            }
            #expect(try site.tree(.web).isEmpty)
            #expect(try await site.status().channels.last?.light != .green)
            unlink(down)
            try await site.sluice("retry", "--channel", "web")
            try await site.settle()
            #expect(try site.tree(.web).count == 3)
            #expect(try await site.status().verdict == .ok)
            try await Oracle(site).check()
        }
    }

    @Test func badInputStopsNothing() async throws {
        try await Site.with { site in
            try await Servers.draw(site.home.path("spool"))
            try site.drop(Site.usual)
            try site.start()
            try await site.ready()
            try await site.wait(seconds: 90, for: "the good ones to be live") {
                try site.state(.folder, "GOOD-1") == ["live"]
                    && site.state(.web, "A1") == ["live", "live"]
            }
            try await site.wait(seconds: 90, for: "nothing left to do") {
                try await site.status().idle
            }
            let reasons = try site.books.rows(
                "SELECT path, reason FROM source WHERE state = 'quarantined'")
            let refused = Set(reasons.map { $0["path"] as String })
            for name in [
                "empty.jpg", "truncated.jpg", "head-only.jpg", "bomb-50000.png",
                "svg-named.jpg", "ps-named.jpg", "mvg-named.jpg", "text-named.jpg",
                "batch/flipped.jpg",
            ] {
                #expect(refused.contains(name), "'\(name)' was not refused")
                #expect(try site.sidecars(of: name), "'\(name)' has lost its sidecar")
            }
            let all = try site.books.rows("SELECT state, name FROM delivery WHERE state <> 'live'")
            #expect(all.map { $0["name"] as String } == [])
            for channel in Channel.allCases {
                let names = try site.tree(channel).keys
                #expect(names.allSatisfy { !$0.contains("tmp") }, "\(channel)")
            }
            // Once refused, a file is left alone until it changes.
            let events = try site.books.events("quarantined")
            #expect(await site.stop() == 0)
            try site.start()
            try await site.ready()
            try await site.wait(for: "idle again") { try await site.status().idle }
            #expect(try site.books.events("quarantined") == events)
        }
    }
}

extension Servers {
    /// The corpus of what nobody should send.
    static func draw(_ directory: String) async throws {
        let status = await Lane("draw").run {
            (try? Child(Site.executable("draw-samples"), ["bad", directory]))?.waitForEnd()
        }
        guard status == 0 else { throw Failed("draw-samples ended with \(status ?? -1)") }
    }
}

extension Site {
    /// The source and what was said beside it are still there.
    func sidecars(of name: String) throws -> Bool {
        FileManager.default.fileExists(atPath: home.path("spool/\(name)"))
    }
}
