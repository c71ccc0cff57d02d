import Foundation
import Host
import Support
import Testing

/// A daemon that is asked to stop while another server takes its time.
@Suite(.serialized, .timeLimit(.minutes(2))) struct Stopping {
    @Test func aListingThatNeverEndsIsBrokenOff() async throws {
        let folder = try TemporaryDirectory()
        let filter = try SFTPFilter(in: folder, "drip=READDIR")
        let server = try await SFTPServer.start(filter.command)
        try await Site.with { site in
            try site.home.write(
                try Data(contentsOf: URL(fileURLWithPath: server.key)), to: "credentials/drip")
            let twist = Twist(
                to: server.url,
                deliver: [
                    "allow_private: true", "user: \(server.user)", "key: credential:drip",
                    "host_keys: [\(server.hostKeys.map { "\"\($0)\"" }.joined(separator: ", "))]",
                ])
            try site.write(Channel.folder.profile(site, twist), as: .folder)
            try site.drop(Site.usual)
            try site.start()
            try await site.wait(for: "the listing to begin") {
                filter.questions.contains { $0.hasPrefix("OPENDIR") }
            }
            let before = ContinuousClock.now
            #expect(await site.stop() == 0)
            #expect(ContinuousClock.now - before < .seconds(15))
        }
        await server.stop()
    }

    /// On a thread that nothing can break off: systemd need not end it the hard way.
    @Test func whatNeverEndsIsLeft() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start(environment: ["SLUICE_STALL_AT=folder.written"])
            try await site.wait(for: "a transfer to hang") { site.log.contains("stalled") }
            #expect(await site.stop() == 0)
            let words = site.saidBefore.split(separator: "\n").filter {
                $0.contains("still at work")
            }
            #expect(words.count == 1 && words[0].contains("ChannelSupervisor"))
            #expect(!words.joined().contains("SpoolWatch"), "which had ended before it")
            try site.start()
            try await site.settle()
            try await Oracle(site).check()
        }
    }
}
