import Foundation
import GRDB
import Model
import Support
import Testing

/// The daemon dies at a durable step, the hardest way; the next one finishes the work, and nobody
/// can tell the difference afterwards.
@Suite(.serialized, .timeLimit(.minutes(30))) struct CrashTests {
    /// Every step there is a name for; a step that the story below does not reach fails the test.
    private static let steps = [
        "profile.taken", "stage.copied", "stage.renamed", "intake.accepted", "render.counted",
        "render.verified", "render.kept", "send.claimed", "send.put", "send.confirmed",
        "folder.written", "folder.renamed", "http.uploaded", "http.removed", "server.uploaded",
        "server.renamed", "server.removed", "remove.done", "remove.proven", "edition.written",
        "edition.staged", "edition.recorded", "edition.put", "edition.confirmed",
    ]

    @Test func everyStepByItsName() async throws {
        try await Servers.with { servers in
            let whole = try await Story(servers).tell(crashAt: nil)
            for step in Self.steps {
                let ending = try await Story(servers).tell(crashAt: "\(step):1")
                #expect(ending.crashed, "the story never reaches '\(step)'")
                #expect(ending.trees == whole.trees, "after a crash at '\(step)'")
            }
        }
    }

    /// Step by step: `SLUICE_CRASH_STEP=1` leaves none out and takes long.
    @Test func anyStep() async throws {
        let text = ProcessInfo.processInfo.environment["SLUICE_CRASH_STEP"] ?? ""
        let stride = Int(text) ?? 17
        try await Servers.with { servers in
            let whole = try await Story(servers).tell(crashAt: nil)
            var number = 1
            while true {
                let ending = try await Story(servers).tell(crashAt: "\(number)")
                #expect(ending.trees == whole.trees, "after a crash at step \(number)")
                guard ending.crashed else { break }
                number += stride
            }
            print("the story has fewer than \(number) steps; every \(stride). was tried")
            #expect(number > 100)
        }
    }

    /// SIGKILL at moments nobody chose, several times a run.
    @Test func anyMoment() async throws {
        let text = ProcessInfo.processInfo.environment["SLUICE_SEED"] ?? ""
        let seed = UInt64(text) ?? UInt64.random(in: 1...999_999)
        print("SLUICE_SEED=\(seed)")
        var chance = Chance(seed)
        try await Servers.with { servers in
            let whole = try await Story(servers).tell(crashAt: nil)
            for _ in 0..<4 {
                let moments = (0..<4).map { _ in Double.random(in: 0.02...0.6, using: &chance) }
                let ending = try await Story(servers).tell(killAfter: moments)
                #expect(ending.trees == whole.trees, "seed \(seed), \(moments)")
                #expect(ending.essence == whole.essence, "seed \(seed), \(moments)")
            }
        }
    }
}

/// Two products go live; one gets a newer picture, the other is withdrawn.
private struct Story {
    struct Ending {
        var crashed: Bool
        var trees: [Channel: [String: String]]
        var essence: [String]
    }

    private let site: Site

    init(_ servers: Servers) throws { site = try Site(servers) }

    func tell(crashAt step: String?) async throws -> Ending {
        var ending: Ending?
        try await site.live { site in
            try site.drop(Site.usual)
            try site.start(crashAt: step)
            let crashed = try await !goesWell()
            if crashed {
                #expect(await site.waitForEnd() == 128 + SIGKILL, "\(step ?? "")")
                try site.start()
                #expect(try await goesWell(), "\(step ?? "")")
            }
            ending = try await end(crashed: crashed, "crash at '\(step ?? "no step")'")
        }
        return try #require(ending)
    }

    func tell(killAfter moments: [Double]) async throws -> Ending {
        var ending: Ending?
        try await site.live { site in
            try site.drop(Site.usual)
            for moment in moments {
                try site.start()
                try await Task.sleep(for: .seconds(moment))
                await site.kill()
            }
            try site.start()
            #expect(try await goesWell())
            ending = try await end(crashed: true, "killed after \(moments)")
        }
        return try #require(ending)
    }

    /// - Returns: false when the daemon died on the way.
    private func goesWell() async throws -> Bool {
        do {
            try await catchUp()
            try site.drop(Source(sku: "A1", seed: 11, seq: 2))
            try await site.sluice("withdraw", "A2", "--because", "the licence ended")
            try await catchUp()
            // Once more: the first order may have come too early for a slow start.
            try await site.sluice("withdraw", "A2", "--because", "the licence ended")
            try await catchUp()
            return true
        } catch {
            // A command may hear of the end before we do.
            guard await site.endsSoon() else { throw error }
            return false
        }
    }

    /// What a crash interrupted waits for its next try; a person is in a hurry.
    private func catchUp() async throws {
        try await site.ready()
        for channel in Channel.allCases {
            try await site.sluice("retry", "--channel", "\(channel)")
        }
        try await site.settle()
    }

    private func end(crashed: Bool, _ comment: String) async throws -> Ending {
        try await Oracle(site).check(comment)
        let trees = try Channel.allCases.map { ($0, try site.tree($0)) }
        return Ending(
            crashed: crashed, trees: Dictionary(uniqueKeysWithValues: trees),
            essence: try site.books.essence())
    }
}

/// Random numbers that come again with the same seed (SplitMix64).
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
