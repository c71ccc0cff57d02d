import Bookkeeping
import Foundation
import GRDB
import Host
import Model
import Support
import Testing
import Wire

/// Somebody takes the daemon's memory away. What was withdrawn must not come back.
@Suite(.serialized, .timeLimit(.minutes(10))) struct LostLedger {
    enum Harm: String, CaseIterable {
        case everything, everythingAndTheMark, wal, cutWAL, olderCopy
    }

    /// A1 and A2 were live, A1 is withdrawn; a snapshot is from before that.
    private func withdraw(_ site: Site) async throws -> String {
        try site.drop(Site.usual)
        try site.start()
        try await site.settle()
        let snapshot = site.home.path("state/snapshots/ledger-2026-01-02.sqlite")
        try site.books.snapshot(to: snapshot)
        try await site.sluice("withdraw", "A1", "--because", "the licence ended")
        try await site.settle()
        #expect(try site.tree(.folder).keys.sorted() == ["A2.jpg"])
        return snapshot
    }

    private func harm(_ harm: Harm, _ site: Site, snapshot: String) throws {
        let ledger = site.home.path("state/ledger.sqlite")
        let wal = ledger + "-wal"
        switch harm {
        case .everything, .everythingAndTheMark:
            for ending in ["", "-wal", "-shm"] { try Files.remove(ledger + ending) }
            if harm == .everythingAndTheMark {
                try Files.remove(site.home.path("state/high-water"))
            }
        case .wal: try Files.remove(wal)
        case .cutWAL: truncate(wal, off_t(Files.size(of: wal) / 3))
        case .olderCopy:
            for ending in ["-wal", "-shm"] { try Files.remove(ledger + ending) }
            try Files.copy(snapshot, to: ledger)
        }
    }

    @Test(arguments: Harm.allCases)
    func nothingWithdrawnComesBack(_ harm: Harm) async throws {
        try await Site.with { site in
            let snapshot = try await withdraw(site)
            await site.kill()
            let before = try Channel.allCases.map(site.tree)
            let feed = try site.feedIDs()
            try self.harm(harm, site, snapshot: snapshot)
            try site.start()
            try await site.settle()
            // Known or not, everything has been looked at again, and nothing has moved.
            #expect(try Channel.allCases.map(site.tree) == before)
            #expect(try site.feedIDs() == feed)
            let status = try await site.status()
            #expect(status.verdict == .stuck)
            #expect(status.channels.map(\.light) == [.red, .red, .red])
            let said = status.problems.joined(separator: "\n")
            #expect(said.contains("'sluice ledger restore \(snapshot)'"), "\(said)")
            #expect(said.contains("withdrawn 'A1'") == (harm != .everythingAndTheMark), "\(said)")
            // Not while it runs.
            let early = try await site.sluice("ledger", "restore", snapshot)
            #expect(early.status == 2 && early.output.contains("systemctl stop sluice"))
            await site.stop()
            let restored = try await site.sluice("ledger", "restore", snapshot)
            #expect(restored.status == 0, "\(restored.output)")
            try site.start()
            try await site.settle()
            #expect(try Channel.allCases.map(site.tree) == before)
            #expect(try await site.status().problems.joined().contains("brought back"))
            try await site.sluice("withdraw", "A1", "--because", "the licence ended")
            #expect(try await site.sluice("resume", "ledger").status == 0)
            try await site.settle()
            #expect(try Channel.allCases.map(site.tree) == before)
            #expect(try await site.status().problems == [])
            try await Oracle(site).check()
        }
    }

    /// A snapshot knows what was there, and not what is.
    @Test func whatASnapshotCallsLiveIsAskedForAgain() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let snapshot = site.home.path("state/snapshots/ledger-2026-01-02.sqlite")
            try site.books.snapshot(to: snapshot)
            await site.stop()
            let before = try Channel.allCases.map(site.tree)
            try Files.remove(site.root(of: .folder) + "/A2.jpg")
            try await site.sluice("ledger", "restore", snapshot)
            try site.start()
            try await site.ready()
            #expect(try await site.status().channels.allSatisfy { $0.deliveries[.live] == nil })
            try await site.sluice("resume", "ledger")
            try await site.settle()
            #expect(try Channel.allCases.map(site.tree) == before)
            #expect(try await site.status().verdict == .ok)
            try await Oracle(site).check()
        }
    }

    /// It lies there, the ledger has never heard of it, and it may not be used any more.
    @Test func whatCameSinceASnapshotIsLookedFor() async throws {
        try await Site.with { site in
            try site.writeProducts(["A1", "A2", "N1", "N2", "N3"])
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let snapshot = site.home.path("state/snapshots/ledger-2026-01-02.sqlite")
            try site.books.snapshot(to: snapshot)
            var ended = Source(sku: "N1", seed: 7)
            try site.drop(ended, Source(sku: "N2", seed: 8), Source(sku: "N3", seed: 9))
            try await site.settle()
            await site.stop()
            for channel in Channel.allCases { #expect(try site.tree(channel).count == 6) }
            try await site.sluice("ledger", "restore", snapshot)
            ended.rights = ["until: 2026-01-31"]
            try site.writeSidecar(ended)
            try site.start()
            try await site.ready()
            try await site.wait(for: "the SKU to be known") {
                try await site.sluice("withdraw", "N2", "--because", "stolen").status == 0
            }
            try await site.sluice("resume", "ledger")
            try await site.wait(for: "what has no right to be gone") {
                try Channel.allCases.allSatisfy { try site.tree($0).count == 4 }
            }
            try await site.settle()
            for channel in Channel.allCases {
                #expect(try site.state(channel, "N1") == [] && site.state(channel, "N2") == [])
                #expect(try site.state(channel, "N3") == ["live"])
            }
            #expect(try await site.status().verdict == .ok)
            try await Oracle(site).check()
        }
    }

    @Test func aPersonMaySayThatItIsANewStart() async throws {
        try await Site.with { site in
            _ = try await withdraw(site)
            await site.stop()
            try harm(.everything, site, snapshot: "")
            try site.start()
            try await site.settle()
            for channel in Channel.allCases {
                #expect(try await site.sluice("resume", "\(channel)").status == 0)
            }
            try await site.settle()
            #expect(try site.tree(.folder).keys.sorted() == ["A1-back-1.jpg", "A1.jpg", "A2.jpg"])
            #expect(try await site.status().verdict == .ok)
            try await Oracle(site).check()
        }
    }

    @Test(arguments: [true, false])
    func aLedgerTakenFromUnderTheDaemonIsSaved(replaced: Bool) async throws {
        try await Site.with { site in
            let snapshot = try await withdraw(site)
            let before = try Channel.allCases.map(site.tree)
            let ledger = site.home.path("state/ledger.sqlite")
            if replaced { try Files.copy(snapshot, to: ledger) } else { try Files.remove(ledger) }
            // A person's order finds out at once, where the daemon has not by itself.
            _ = try await site.sluice("hold", "folder")
            let said = site.log
            #expect(await site.waitForEnd() == 2)
            let saved = try #require(Ledger.newestSnapshot(in: site.home.path("state")))
            #expect(saved != snapshot, "\(said)")
            try site.start()
            try await site.settle()
            #expect(try await site.status().problems.joined().contains(saved))
            #expect(try Channel.allCases.map(site.tree) == before)
            await site.stop()
            let restored = try await site.sluice("ledger", "restore", saved)
            #expect(restored.status == 0 && !restored.output.contains("missing"))
            try site.start()
            try await site.ready()
            try await site.sluice("resume", "ledger")
            try await site.settle()
            // It knows of the withdrawal by itself.
            #expect(try Channel.allCases.map(site.tree) == before)
            #expect(try await site.status().verdict == .ok)
            try await Oracle(site).check()
        }
    }

    @Test func garbageIsNamedWithTheCommandThatMendsIt() async throws {
        try await Site.with { site in
            let snapshot = try await withdraw(site)
            await site.stop()
            let ledger = site.home.path("state/ledger.sqlite")
            try Data(repeating: 7, count: 8192).write(to: URL(fileURLWithPath: ledger))
            let run = try await site.sluice("run")
            #expect(run.status == 2)
            #expect(run.output.contains("the ledger is damaged"))
            #expect(run.output.contains("'sluice ledger restore \(snapshot)'"), "\(run.output)")
            #expect(try site.tree(.folder).keys.sorted() == ["A2.jpg"])
        }
    }
}

extension Books {
    func snapshot(to path: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        try DatabaseQueue(path: self.path, configuration: configuration)
            .writeWithoutTransaction { database in
                try database.execute(sql: "VACUUM INTO ?", arguments: [path])
            }
    }
}
