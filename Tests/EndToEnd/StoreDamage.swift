import Foundation
import GRDB
import Host
import Model
import Support
import Testing
import Wire

/// Somebody, or a disk, changes a master in the store: what was approved were other bytes.
@Suite(.serialized, .timeLimit(.minutes(5))) struct StoreDamage {
    @Test func aChangedMasterIsNotPublishedAndMendsWhenItArrivesAgain() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let before = try site.stamps()
            let master = try site.master(of: "A2")
            let path = site.home.path("state/masters/\(master.prefix(2))/\(master)")
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            bytes[bytes.count - 1] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
            // Everything is to be made anew.
            let better = Twist(quality: "60..75")
            try site.write(Channel.folder.profile(site, better), as: .folder)
            #expect(try await site.sluice("reload").status == 0)
            try await site.settle()
            // What is live stays; what is whole is made anew.
            let after = try site.stamps()
            let kept = try site.tree(.folder).keys.filter { $0.hasPrefix("A2") }
            #expect(!kept.isEmpty)
            for path in kept.map({ "\(site.root(of: .folder))/\($0)" }) {
                #expect(after[path] == before[path])
            }
            #expect(after != before)
            let why = try await site.sluice("why", "A2", "--channel", "folder").output
            #expect(why.contains("the master in the store is not what was approved"), "\(why)")
            #expect(why.contains("deliver the file again"), "\(why)")
            let status = try await site.sluice("status")
            #expect(status.status == 1 && status.output.contains("quarantined"))
            // The good bytes again, under the same name.
            try site.drop(try #require(Site.usual.last))
            try await site.wait(for: "the store to be mended") {
                try Files.digest(path: path).sha256.rawValue == master
            }
            try await site.settle()
            #expect(try site.stamps() != after)
            #expect(try await site.status().verdict == .ok)
            try await Oracle(site).check()
        }
    }

    /// Whoever runs as the daemon's account, a worker above all, reads neither its memory nor its
    /// environment.
    @Test(.enabled(if: geteuid() == 0, "takes root, to run it as another"))
    func theDaemonAndItsWorkersAreClosedToTheirOwnAccount() async throws {
        try await Site.with { site in
            let account: uid_t = 65534
            try site.drop(Site.usual)
            try Tool.run(
                "chown", ["-R", "\(account):\(account)", site.home.path], package: "coreutils")
            try site.start(as: account)
            try await site.ready()
            try await site.wait(for: "workers") { Site.children(of: site.pid).count == 2 }
            for pid in [site.pid] + Site.children(of: site.pid) {
                let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
                #expect(status.contains("Uid:\t\(account)\t"))
                // Of a process that may be looked into they belong to its account. A worker has
                // just been started, and closes itself before it reads anything.
                for file in ["mem", "environ", "maps", "fd"] {
                    try await site.wait(for: "\(file) of \(pid) to be closed") {
                        var about = stat()
                        return stat("/proc/\(pid)/\(file)", &about) == 0 && about.st_uid == 0
                    }
                }
            }
        }
    }

    /// Work goes on without it, but not as if nothing were missing.
    @Test func aMissingWallIsAttention() async throws {
        try await Site.with { site in
            let worker = Site.executable("sluice-render")
            let script = try site.home.write(
                script: "exec '\(worker)' \"$@\" --landlock 0", to: "worker")
            let configuration = try String(contentsOfFile: site.configuration, encoding: .utf8)
            try site.home.write(
                configuration.replacing(
                    "render: {workers: 1}", with: "render: {workers: 1, executable: \(script)}"),
                to: "sluice.yaml")
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            #expect(try await site.status().verdict == .attention)
            let told = try await site.sluice("status")
            #expect(told.status == 1)
            #expect(told.output.contains("the workers run without landlock"), "\(told.output)")
            #expect(told.output.contains("lsm="), "\(told.output)")
        }
    }
}

extension Site {
    fileprivate func master(of sku: String) throws -> String {
        try #require(
            try books.rows("SELECT master FROM version WHERE sku = ?", [sku]).first?["master"])
    }
}
