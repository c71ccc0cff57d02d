import Foundation
import GRDB
import Model
import Support
import Testing
import Wire

/// The end of a channel.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Forgetting {
    @Test func aRetiredAndEmptyChannelIsForgottenWithItsFile() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            try site.write(Channel.sftp.profile(site, Twist(state: "retired")), as: .sftp)
            #expect(try await site.sluice("reload").status == 0)
            try await site.settle()
            #expect(try site.tree(.sftp).isEmpty)
            unlink(site.home.path("channels/sftp.yaml"))
            let reload = try await site.sluice("reload")
            #expect(reload.status == 0 && reload.output.contains("forgotten"), "\(reload.output)")
            let status = try await site.status()
            #expect(status.channels.map(\.name) == ["folder", "web"])
            #expect(status.verdict == .ok)
            for table in ["delivery", "verdict", "channel"] {
                let column = table == "channel" ? "name" : "channel"
                #expect(
                    try site.books.number(
                        "SELECT COUNT(*) FROM \(table) WHERE \(column) = 'sftp'") == 0, "\(table)")
            }
            #expect(try site.books.events("forgotten") == 1)
            // It may come again, and begins anew.
            try site.write(Channel.sftp.profile(site), as: .sftp)
            #expect(try await site.sluice("reload").status == 0)
            try await site.settle()
            #expect(try site.tree(.sftp).count == 3)
            try await Oracle(site).check()
        }
    }

    @Test func aPersonForgetsAChannelAndSaysWhatStays() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let early = try await site.sluice("forget", "folder")
            #expect(early.status == 2 && early.output.contains("still has its profile"))
            unlink(site.home.path("channels/folder.yaml"))
            // Red, exit 1, at every reload.
            for _ in 1...2 { #expect(try await site.sluice("reload").status == 1) }
            let refused = try await site.sluice("forget", "folder")
            #expect(refused.status == 2)
            #expect(refused.output.contains("3 files of 'folder' may be there still"))
            #expect(refused.output.contains("sluice forget folder --leave"))
            let done = try await site.sluice("forget", "folder", "--leave")
            #expect(done.status == 0 && done.output.contains("3 files stay there unmanaged"))
            #expect(try site.tree(.folder).count == 3)
            #expect(try await site.sluice("reload").status == 0)
            let status = try await site.status()
            #expect(status.channels.map(\.name) == ["sftp", "web"])
            #expect(status.verdict == .ok)
            let said = try site.books.rows("SELECT text FROM event WHERE kind = 'forgotten'")
            #expect(said.map { $0["text"] as String }.first?.contains("unmanaged, by ") == true)
            // Not after a restart either.
            #expect(await site.stop() == 0)
            try site.start()
            try await site.ready()
            #expect(try await site.status().channels.map(\.name) == ["sftp", "web"])
        }
    }
}
