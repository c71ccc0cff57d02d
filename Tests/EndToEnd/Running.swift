import Foundation
import GRDB
import Host
import Model
import Support
import Testing
import Wire

/// The daemon as a process: alone, quiet when idle, gone when told.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Running {
    @Test func aSecondDaemonSaysThatThereIsOne() async throws {
        try await Site.with { site in
            try site.start()
            try await site.ready()
            let second = try await site.sluice("run")
            #expect(second.status == 2)
            #expect(second.output.contains("another daemon works on"))
            #expect(try await site.status().pid == Int(site.pid))
        }
    }

    @Test func idleMeansIdle() async throws {
        try await Site.with { site in
            // Something that waits for a person, and something that stays: neither is work.
            let twist = Twist(
                limits: "{withdraw: 1%, replace: 1%, at_least: 1, per: 1d}", oldStays: "1d")
            try site.write(Channel.folder.profile(site, twist), as: .folder)
            try site.write(Channel.web.profile(site, Twist(oldStays: "1d")), as: .web)
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            try site.drop(
                Source(sku: "A1", seed: 11, seq: 2), Source(sku: "A2", seed: 12, seq: 2))
            try await site.settle()
            #expect(
                try site.books.number("SELECT COUNT(*) FROM delivery WHERE state = 'send'") == 1)
            #expect(
                try site.books.number("SELECT COUNT(*) FROM delivery WHERE state = 'linger'") == 2)
            let before = try site.processorTime()
            try await Task.sleep(for: .seconds(4))
            // Hundredths of a second; a walk through the spool costs one or two.
            #expect(try site.processorTime() - before < 12)
            #expect(try await site.sluice("release", "folder").status == 0)
            try await site.settle()
            try await Oracle(site).check()
        }
    }

    @Test func aStopWithATransferInHandIsQuickAndForgetsNothing() async throws {
        let hanging = try RawServer([.readUntil("\r\n\r\n"), .hang])
        defer { hanging.stop() }
        try await Site.with { site in
            let profile = Channel.web.profile(site)
            let twist = Twist(to: hanging.url, feed: false)
            try site.write(Channel.web.profile(site, twist), as: .web)
            try site.drop(Site.usual)
            try site.start()
            try await site.wait(for: "two transfers that hang") { hanging.requests.count >= 2 }
            #expect(try await site.status().idle == false)
            let began = Date()
            #expect(await site.stop() == 0)
            #expect(Date().timeIntervalSince(began) < 25)
            // What was in hand may have arrived: it is on record as tried.
            #expect(
                try site.books.number(
                    "SELECT COUNT(*) FROM delivery WHERE channel = 'web' AND attempts > 0") >= 1)
            try site.write(profile, as: .web)
            try site.start()
            try await site.ready()
            try await site.sluice("resume", "web")
            try await site.settle()
            try await Oracle(site).check()
        }
    }

    @Test func statusAnswersWhileThereIsMuchToDo() async throws {
        try await Site.with { site in
            try site.drop((1...40).map { Source(sku: "B\($0)", seed: $0) })
            try site.start()
            try await site.ready()
            var answers = 0
            try await site.wait(for: "all to be live") {
                let status = try await site.status()
                answers += 1
                return status.channels.first?.deliveries[.live] == 40
            }
            // One that waited for the work would have answered once.
            #expect(answers > 3)
            try await site.settle()
        }
    }

    /// After a failed fsync nobody knows what is on the disk: it is never simply tried again.
    @Test func aFailedFsyncEndsTheDaemonAndTheNextOneRecovers() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start(failFsync: "/masters/")
            #expect(await site.waitForEnd() == 2)
            try site.start()
            try await site.settle()
            #expect(try site.tree(.folder).count == 3)
            try await Oracle(site).check()
        }
    }

    @Test func aKilledDaemonLeavesNoWorkers() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let workers = Site.children(of: site.pid)
            #expect(workers.count == 2)
            await site.kill()
            for _ in 0..<100 where workers.contains(where: Site.isAlive) {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(!workers.contains(where: Site.isAlive))
            // Nothing is locked either.
            try site.start()
            try await site.ready()
        }
    }

    /// A hundred image libraries have no business beside the secrets.
    @Test func theDaemonDoesNotLinkTheImageLibraries() async throws {
        let libraries = try await Lane("ldd").run { () throws(any Error) in
            try ["sluice", "sluice-render"].map {
                try Tool.run("ldd", [Site.executable($0)], package: "libc-bin")
            }
        }
        #expect(!libraries[0].contains("libvips"))
        #expect(libraries[1].contains("libvips"))
    }
}

extension Site {
    /// Hundredths of a second the daemon has worked so far.
    func processorTime() throws -> Int {
        let stat = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
        return (Int(fields[12]) ?? 0) + (Int(fields[13]) ?? 0)
    }

    static func children(of pid: pid_t) -> [pid_t] {
        let path = "/proc/\(pid)/task"
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return tasks.flatMap { task in
            let text = try? String(contentsOfFile: "\(path)/\(task)/children", encoding: .utf8)
            return (text ?? "").split(separator: " ").compactMap { pid_t($0) }
        }
    }

    static func isAlive(_ pid: pid_t) -> Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else {
            return false
        }
        return !stat.contains(") Z ")
    }
}
