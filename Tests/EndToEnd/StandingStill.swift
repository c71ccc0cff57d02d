import Foundation
import Model
import Support
import Testing
import Wire

/// What stands still says so within seconds, and goes on by itself.
@Suite(.serialized, .timeLimit(.minutes(5))) struct StandingStill {
    private static let isRoot = getuid() == 0

    @Test(.enabled(if: isRoot, "takes root, to mount a small disk"))
    func aFullDiskIsRedAndWithdrawalsStillGoThrough() async throws {
        try await Site.with { site in
            let disk = try TinyDisk(site.home.path("state"), "size=12m")
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            #expect(try await site.status().verdict == .ok)
            try disk.fill()
            try await site.wait(for: "a red light") {
                try await site.status().standing.contains { $0.what == "the disk is full" }
            }
            let red = try await site.sluice("status")
            #expect(red.status == 1)
            let words = red.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(words.hasPrefix("✗ stuck: the disk is full"))
            #expect(words.contains("next: free some space on the disk of"))
            #expect(words.contains("the disk of '\(disk.path)' is full: 0.0 MB"))
            try disk.fill()
            // What must go goes, from what was kept for this.
            let withdrawn = try await site.sluice("withdraw", "A1", "--because", "licence ended")
            #expect(withdrawn.status == 0, "\(withdrawn.output)")
            try await site.wait(for: "everything of A1 to be gone") {
                try Channel.allCases.allSatisfy { try site.tree($0).count == 1 }
            }
            #expect(!FileManager.default.fileExists(atPath: disk.path + "/ballast"))
            // And what a sidecar says of a picture that is known.
            var ended = Site.usual[2]
            ended.rights = ["until: 2026-01-31"]
            try site.writeSidecar(ended)
            try await site.wait(for: "A2 to be gone") {
                try Channel.allCases.allSatisfy { try site.tree($0).isEmpty }
            }
            // What can wait does, and nothing shouts about it.
            try site.drop(Source(sku: "A3", seed: 9))
            try await site.wait(for: "intake to say that it stands still") {
                try await site.status().standing.contains { $0.what == "intake stands still" }
            }
            #expect(try await site.status().verdict == .stuck)
            let complaints = site.log.split(separator: "\n").filter { $0.contains(" error ") }
            #expect(complaints.count < 12, "\(complaints.joined(separator: "\n"))")
            try disk.empty()
            try await site.wait(for: "nothing standing still") {
                try await site.status().standing.isEmpty
            }
            try await site.settle()
            #expect(try site.state(.folder, "A3") == ["live"])
            #expect(FileManager.default.fileExists(atPath: disk.path + "/ballast"))
            try await Oracle(site).check()
            await site.stop()
        }
    }

    @Test(.enabled(if: isRoot, "takes root, to mount a small disk"))
    func aDiskWithoutInodesIsRedToo() async throws {
        try await Site.with { site in
            let disk = try TinyDisk(site.home.path("state"), "size=64m,nr_inodes=500")
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            try disk.fillWithFiles()
            try await site.wait(for: "a red light") {
                try await site.status().standing.contains { $0.reason.contains("inodes") }
            }
            #expect(try await site.sluice("status").status == 1)
            let withdrawn = try await site.sluice("withdraw", "A1", "--because", "licence ended")
            #expect(withdrawn.status == 0, "\(withdrawn.output)")
            try await site.wait(for: "everything of A1 to be gone") {
                try Channel.allCases.allSatisfy { try site.tree($0).count == 1 }
            }
            try disk.empty()
            try await site.wait(for: "nothing standing still") {
                try await site.status().standing.isEmpty
            }
            try await site.settle()
            try await Oracle(site).check()
            await site.stop()
        }
    }

    @Test func aSpoolThatIsGoneIsRedUntilItIsBack() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let (spool, aside) = (site.home.path("spool"), site.home.path("aside/spool"))
            try site.move(spool, to: aside)
            try await site.wait(for: "a red light") {
                try await site.status().standing.contains { $0.what == "intake stands still" }
            }
            #expect(try await site.status().verdict == .stuck)
            #expect(try site.tree(.folder).count == 3)
            try site.move(aside, to: spool)
            try await site.wait(for: "green by itself") {
                try await site.status().verdict == .ok
            }
        }
    }

    @Test func aFolderThatIsGoneTurnsItsChannelRed() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let (root, aside) = (site.root(of: .folder), site.home.path("aside/folder"))
            try site.move(root, to: aside)
            try site.drop(Source(sku: "A3", seed: 9), Source(sku: "A3", view: "back", seed: 8))
            try await site.wait(for: "a red light") {
                let channels = try await site.status().channels
                return channels.first { $0.name == "folder" }?.reasons
                    .contains { $0.hasPrefix("sending stands still since ") } ?? false
            }
            try site.move(aside, to: root)
            #expect(try await site.sluice("retry", "--channel", "folder").status == 0)
            try await site.settle()
            #expect(try await site.status().verdict == .ok)
            try await Oracle(site).check()
        }
    }
}
