import Foundation
import GRDB
import Host
import Model
import Support
import Testing

/// A thousand deliveries to a server that fails every third request at a point nobody chose, while the
/// daemon is killed at moments nobody chose. What must hold whatever happens:
///
/// - every name ends confirmed, with exactly the bytes of its rendition;
/// - nothing but those bytes was ever sent to a name;
/// - the ledger has confirmed each name once;
/// - a file that is there, whole, is not sent again, even where nobody heard of it; but for the once
///   more that HTTP allows and libcurl takes, at once, where a connection that was used before breaks off;
/// - so there are no more uploads than files, faults, and what was on its way at each crash.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ThousandDeliveries {
    private static let masters = 10
    /// One picture serves at most so many.
    private static let products = 100
    private static let sessions = 8
    private static let crashes = 8

    @Test func endWithEveryByteInItsPlaceOnce() async throws {
        let text = ProcessInfo.processInfo.environment["SLUICE_SEED"] ?? ""
        let seed = UInt64(text) ?? 20_261_130
        let server = try FaultyServer(seed: seed)
        defer { server.stop() }
        var chance = Chance(seed)
        try await Site.with { site in
            try prepare(site, server)
            for _ in 1...Self.crashes {
                let moment = Double.random(in: 0.5...3, using: &chance)
                try await live(site, for: moment)
            }
            try site.start()
            try await finish(site, server)
            try check(site, server.diary, seed)
        }
    }

    /// Ten masters for a hundred products each, and one channel.
    private func prepare(_ site: Site, _ server: FaultyServer) throws {
        for channel in [Channel.folder, .sftp] {
            try Files.remove(site.home.path("channels/\(channel).yaml"))
        }
        let profile = Channel.web.profile(site, Twist(to: server.url, feed: false))
            .replacing("sessions: 2", with: "sessions: \(Self.sessions)")
        try site.write(profile, as: .web)
        for master in 0..<Self.masters {
            let skus = (0..<Self.products).map { "P\(master)-\($0)" }.joined(separator: ", ")
            try site.drop(Source(sku: "[\(skus)]", seed: master, file: "master-\(master).png"))
        }
    }

    /// A daemon that lives for a moment; a person is in a hurry meanwhile.
    private func live(_ site: Site, for moment: Double) async throws {
        try site.start()
        let end = Date(timeIntervalSinceNow: moment)
        while Date() < end {
            try await site.sluice("retry", "--channel", "web")
            try await Task.sleep(for: .milliseconds(100))
        }
        await site.kill()
    }

    private func finish(_ site: Site, _ server: FaultyServer) async throws {
        try await site.ready()
        try await site.wait(seconds: 240, for: "a thousand to be live") {
            // What is left then is what has failed again and again: the tail is not the story.
            if Self.isTold(server.diary) { server.beKind() }
            try await site.sluice("retry", "--channel", "web")
            return try site.books.number("SELECT COUNT(*) FROM delivery WHERE state = 'live'")
                == Self.masters * Self.products
        }
        await site.stop()
    }

    /// Half as many faults as files, and some of every kind.
    private static func isTold(_ diary: FaultyServer.Diary) -> Bool {
        diary.faults.values.reduce(0, +) > masters * products / 2
            && FaultyServer.Fault.allCases.allSatisfy { diary.faults[$0] != nil }
    }

    private func check(_ site: Site, _ diary: FaultyServer.Diary, _ seed: UInt64) throws {
        let all = Self.masters * Self.products
        let faults = diary.faults.values.reduce(0, +)
        print(
            "\(diary.requests) requests, \(faults) faults, \(diary.puts) whole uploads, "
                + "\(diary.repeated) by libcurl:",
            diary.faults.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", "))
        let rows = try site.books.rows("SELECT name, held_sha256 FROM delivery")
        #expect(rows.count == all && diary.files.count == all)
        var wrong: [String] = []
        for row in rows {
            let (name, sha256) = ("/\(row["name"] as String)", row["held_sha256"] as String?)
            let wanted = sha256.flatMap(ContentHash.init(rawValue:))
            if diary.files[name].map(ContentHash.of) != wanted { wrong.append("\(name) differs") }
            if diary.bodies[name] != wanted.map({ [$0] }) { wrong.append("\(name) got others") }
        }
        #expect(wrong == [], "SLUICE_SEED=\(seed)")
        #expect(try site.books.events("confirmed") == all, "SLUICE_SEED=\(seed)")
        #expect(
            try site.books.number(
                "SELECT COUNT(DISTINCT subject) FROM event WHERE kind = 'confirmed'") == all)
        #expect(diary.needless == [], "SLUICE_SEED=\(seed)")
        #expect(diary.puts <= all + faults + Self.crashes * Self.sessions)
        #expect(Self.isTold(diary), "it has not been tried: \(diary.faults)")
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        #expect(try site.books.rows(Unattended.sql(at: now)).isEmpty)
    }
}
