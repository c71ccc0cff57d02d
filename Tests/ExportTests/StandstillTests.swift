import Foundation
import Host
import Logging
import Model
import Synchronization
import Testing

@testable import Bookkeeping
@testable import Export

@Suite struct StandstillTests {
    private static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func aPartStandsStillSinceItsFirstFailure() throws {
        let standstills = Standstills(logger: Self.silence)
        standstills.report(.courier, on: "web", "one", remedy: "wait")
        standstills.report(.reconciler, "two", remedy: "mend")
        let since = try #require(standstills.all.last?.since)
        standstills.report(.courier, on: "web", "three", remedy: "wait")
        #expect(standstills.all.map(\.reason) == ["two", "three"])
        #expect(standstills.all.last?.since == since)
        standstills.clear(.courier, on: "other")
        standstills.clear(.reconciler)
        standstills.clear(.courier, on: "web")
        #expect(standstills.all.isEmpty)
    }

    @Test func whatIsNotSaidAgainIsOver() {
        let standstills = Standstills(logger: Self.silence)
        standstills.report(.rendering, "no room", remedy: "wait", lasts: -1)
        #expect(standstills.all.isEmpty)
        standstills.report(.rendering, "no room", remedy: "wait", lasts: 60)
        #expect(standstills.all.count == 1)
    }

    @Test func theLogHearsOfItOnce() {
        let lines = Lines()
        let standstills = Standstills(logger: Logger(label: "test") { _ in lines })
        for number in 1...100 {
            standstills.report(.reconciler, "the disk is full", remedy: "free some")
            // Another reason as often, and a good turn between.
            standstills.report(.intake, "reason \(number)", remedy: "mend")
            standstills.report(.publisher, on: "web", "down", remedy: "wait")
            standstills.clear(.publisher, on: "web")
        }
        #expect(lines.count == 4, "three begin, one is over")
    }
}

/// Counts what is logged.
private final class Lines: LogHandler {
    private let number = Mutex(0)
    var count: Int { number.withLock(\.self) }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
    func log(event: LogEvent) { number.withLock { $0 += 1 } }
}

@Suite struct HeartbeatTests {
    @Test func whoWorksTooLongHangs() {
        let heartbeat = Heartbeat()
        heartbeat.beat(.reconciler)
        heartbeat.beat(.transfer, "web", number: 7)
        #expect(heartbeat.silent().isEmpty)
        #expect(
            heartbeat.silent(for: .zero).map(\.key.part).sorted { $0.rawValue < $1.rawValue }
                == [.reconciler, .transfer])
        heartbeat.rest(.transfer, "web", number: 7)
        heartbeat.rest(.reconciler, until: .distantFuture)
        #expect(heartbeat.silent(for: .zero).isEmpty)
    }

    @Test func whoOversleepsHangs() {
        let heartbeat = Heartbeat()
        heartbeat.rest(.intake, until: .distantPast)
        #expect(heartbeat.silent(for: .zero).map(\.key.part) == [.intake])
        heartbeat.beat(.courier, "web")
        heartbeat.rest(.courier, "web")
        #expect(heartbeat.silent(for: .zero).map(\.key.part) == [.intake])
    }
}

@Suite struct LooksTests {
    @Test func onlyALookThatBeganAfterTheQuestionAnswersIt() {
        let looks = Looks()
        let first = looks.begin()
        let asked = looks.next
        looks.end(first)
        #expect(looks.ended < asked)
        looks.end(looks.begin())
        #expect(looks.ended >= asked)
    }

    @Test func aQuestionComesBackAsItWas() {
        let question = Question(daemon: 4711, intake: 12, products: 3)
        #expect(Question(question.text) == question)
        for text in ["", "new", "1.2", "1.2.x", "1.2.3.4"] { #expect(Question(text) == nil) }
    }
}
