import Foundation
import GRDB
import Model
import Support
import Testing
import Wire

/// What waits or was decided beside what is live: said, counted, and never in its place.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Beside {
    private func web(_ site: Site) async throws -> StatusAnswer.Channel {
        try #require(try await site.status().channels.first { $0.name == "web" })
    }

    /// However wide the terminal is.
    private func told(_ sku: String, _ site: Site) async throws -> (status: Int32, output: String) {
        let (status, output) = try await site.sluice("why", sku, "--channel", "web")
        return (status, output.replacing(/\s+/, with: " "))
    }

    /// A reason without the command that lists what it counts.
    private static func head(_ reason: String) -> String {
        String(reason.prefix { !":;".contains($0) })
    }

    /// Two pictures for one slot of one: both went live, and the feed dropped the product.
    @Test func theHolderOfASlotStaysAndTheFeedKeepsTheProduct() async throws {
        try await Site.with { site in
            try site.drop(Source(sku: "A1", view: "front-2", seed: 1), Site.usual[2])
            try site.start()
            try await site.settle()
            let before = try site.tree(.web)
            // One that would come first in the slot, and one with an equal claim to its asset.
            try site.drop(
                Source(sku: "A1", view: "front", seed: 5), Source(sku: "A2", seed: 6))
            try await site.settle()
            #expect(try site.tree(.web) == before)
            #expect(try site.feedIDs() == ["A1", "A2"])
            let why = try await told("A1", site)
            #expect(why.output.contains("live"))
            #expect(why.output.contains("has A1 front-2; A1 front waits"), "\(why.output)")
            let other = try await told("A2", site)
            #expect(
                other.output.contains("'A2-front-3.png' and 'A2-front-6.png'"), "\(other.output)")
            let status = try await web(site)
            #expect(status.light == .yellow)
            #expect(status.reasons.map(Self.head) == ["1 waits for approval", "refused"])
            #expect(status.reasons.last?.hasPrefix("refused: 1 name;") == true)
            try await Oracle(site).check()
            try await site.sluice(
                "withdraw", "A1", "--view", "front", "--number", "2", "--because", "the new one")
            try await site.wait(for: "the newcomer in its place") {
                try site.feedIDs() == ["A1", "A2"]
                    && site.tree(.web).keys.contains { before[$0] == nil }
            }
            try await site.settle()
            try await Oracle(site).check("after the other was let in")
        }
    }

    /// While a successor takes over both are there for a moment: the feed names one.
    @Test func aSuccessorNeverCostsTheFeedItsProduct() async throws {
        try await Site.with { site in
            try site.write(Channel.web.profile(site, Twist(oldStays: "30d")), as: .web)
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            for seq in 2...5 {
                try site.drop(Source(sku: "A1", seed: 10 + seq, seq: seq))
                try await site.settle()
                #expect(try site.feedIDs() == ["A1", "A2"])
            }
            #expect(try site.books.events("left out") == 0)
        }
    }

    @Test func anApprovalOfTheFutureIsHeldByName() async throws {
        try await Site.with { site in
            var slip = Source(sku: "A1", seed: 1)
            slip.approvedAt = "2062-11-20T09:00:00Z"
            try site.drop(slip, Site.usual[2])
            try site.start()
            try await site.settle()
            #expect(try site.state(.web, "A1") == [])
            let why = try await told("A1", site)
            #expect(why.status == 1)
            for text in [
                "waits for approval", "2062-11-20", "which is in the future", "correct the date",
                "sluice approve \(site.home.path("spool/A1-front-1.png"))",
            ] { #expect(why.output.contains(text), "\(why.output)") }
            #expect(try await web(site).light == .yellow)
            #expect(try await web(site).reasons.map(Self.head) == ["1 waits for approval"])
            // A newer one is not kept out by it.
            try site.drop(Source(sku: "A1", seed: 2))
            try await site.settle()
            #expect(try site.state(.web, "A1") == ["live"])
            // And the slip is mended by what the gate says.
            let done = try await site.sluice("approve", site.home.path("spool/A1-front-1.png"))
            #expect(done.status == 0, "\(done.output)")
            try await site.wait(for: "green again") { try await web(site).light == .green }
        }
    }

    @Test func whatWaitsForApprovalIsSeenBesideWhatIsLive() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            // An approved file overwritten with other bytes; a newcomer without approval.
            try site.drop(
                Source(sku: "A1", seed: 7, file: "A1-front-1.png"),
                Source(sku: "A2", seed: 8, seq: nil))
            try await site.wait(for: "two to wait") {
                try await web(site).reasons.map(Self.head) == ["2 wait for approval"]
            }
            for (sku, file, text) in [
                ("A1", "A1-front-1.png", "approval lapsed"),
                ("A2", "A2-front-8.png", "not approved yet"),
            ] {
                let why = try await told(sku, site)
                #expect(why.status == 1)
                #expect(why.output.contains("live"))
                #expect(why.output.matches(of: /waits for approval/).count == 1, "\(why.output)")
                #expect(why.output.contains(text), "\(why.output)")
                let command = "sluice approve \(site.home.path("spool/\(file)"))"
                #expect(why.output.contains(command), "\(why.output)")
                #expect(
                    try await site.sluice("approve", site.home.path("spool/\(file)")).status == 0)
            }
            try await site.wait(for: "both to be live and green") {
                let status = try await site.status()
                return status.idle && status.channels.allSatisfy { $0.light == .green }
            }
            try await Oracle(site).check()
        }
    }

    @Test func aNewerFileWithAnOlderApprovalIsSetAside() async throws {
        try await Site.with { site in
            try site.drop(Source(sku: "A1", seed: 1, seq: 2))
            try site.start()
            try await site.settle()
            try site.drop(Source(sku: "A1", seed: 2, seq: 1))
            try await site.settle()
            let why = try await told("A1", site)
            #expect(why.status == 0, "\(why.output)")
            #expect(why.output.contains("set aside"), "\(why.output)")
            #expect(why.output.contains("is older than that of what"), "\(why.output)")
            #expect(try await site.status().verdict == .ok)
        }
    }

    /// A decision is settled, and can be undone by one.
    @Test func aWithdrawalIsNoTroubleAndCanBeUndone() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let before = try site.tree(.web)
            try await site.sluice("withdraw", "A1", "--because", "mistyped")
            try await site.sluice("withdraw", "A2", "--channel", "web", "--because", "mistyped")
            try await site.settle()
            let status = try await site.status()
            #expect(status.verdict == .ok && status.channels.allSatisfy { $0.light == .green })
            #expect(try await web(site).gates == ["withdrawn": 3])
            #expect(try await site.sluice("status").output.contains("3 withdrawn"))
            let why = try await told("A1", site)
            #expect(why.status == 0)
            #expect(why.output.contains("withdrawn on") && why.output.contains("mistyped"))
            #expect(
                why.output.contains(
                    "sluice reinstate A1 --view front --number 1 --because REASON"))
            // The same bytes again do not undo it.
            try site.drop(Source(sku: "A1", seed: 1, file: "again.png"))
            try await site.settle()
            #expect(try site.state(.web, "A1") == [])
            let done = try await site.sluice("reinstate", "A1", "--because", "it was A3")
            #expect(done.status == 0 && done.output.contains("mistyped"), "\(done.output)")
            try await site.sluice(
                "reinstate", "A2", "--view", "front", "--number", "1", "--channel", "web",
                "--because", "it was A3")
            try await site.settle()
            #expect(try site.tree(.web) == before)
            #expect(try site.feedIDs() == ["A1", "A2"])
            let twice = try await site.sluice("reinstate", "A1", "--because", "again")
            #expect(twice.status == 2 && twice.output.contains("nothing of 'A1' is withdrawn"))
            #expect(try site.books.events("reinstated") == 2)
            try await Oracle(site).check()
        }
    }
}
