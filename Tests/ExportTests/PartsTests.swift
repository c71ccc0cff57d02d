import Foundation
import Host
import Intake
import Logging
import Model
import Profiles
import Support
import Testing
import Transports
import TransportsSupport
import Wire

@testable import Bookkeeping
@testable import Export

/// A daemon of which a test lets single parts run, with time in its hand.
private final class House: Sendable {
    let home: TemporaryDirectory
    /// Files bear the wall's time.
    let clock = SteppedClock(at: Date())
    let fake = FakeReader()
    let daemon: Daemon

    init() async throws {
        home = try TemporaryDirectory()
        for name in ["state", "spool", "channels"] { _ = try home.makeDirectory(name) }
        try home.write(Stall.text, to: "channels/shop.yaml")
        daemon = try Daemon(
            settings: Settings(
                state: home.path("state"),
                spool: SpoolSettings(
                    path: home.path("spool"), settle: 1000, views: try Views([("front", [])]),
                    naming: try NamePattern("{sku}_{view}")), scanEvery: 300,
                channels: home.path("channels"), productDirectory: nil,
                productForms: TableForms([]),
                credentials: home.path("channels"),
                vocabulary: Vocabulary(
                    views: [(name: "front", aliases: [])], zone: .gmt,
                    transports: TransportRegistry([fake])), workers: 1, renderer: "/bin/false",
                keep: 1, reserve: 0),
            version: "1", notify: ServiceNotify(environment: [:]),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, clock: clock.clock)
        try await daemon.prepare()
    }

    /// Lets one of its loops run beside `body`.
    func run(_ part: @escaping @Sendable () async throws -> Void, _ body: () async throws -> Void)
        async throws
    {
        let life = Task { try await part() }
        do { try await body() } catch {
            life.cancel()
            throw error
        }
        life.cancel()
        try? await life.value
    }
}

@Suite(.timeLimit(.minutes(2))) struct SpoolWatchTests {
    /// Walks once more, and comes back when there is nothing to do before time goes on.
    private func look(_ house: House) async {
        let asked = house.daemon.spool.looks.next
        house.daemon.signals.intake.wake()
        while house.daemon.spool.looks.ended < asked || !house.daemon.signals.intake.isWaitedFor {
            if !house.daemon.signals.intake.isWaitedFor, let next = house.clock.next,
                next.timeIntervalSince(house.clock.now) < 1
            {
                house.clock.go(to: next)
            }
            try? await house.daemon.ledger.tick()
        }
    }

    /// With a watcher, and with one that was refused: then the timer goes on.
    @Test(arguments: [true, false]) func aFileIsTakenWhenItHasSettled(isWatched: Bool) async throws
    {
        let house = try await House()
        let daemon = house.daemon
        let watcher = Watcher([house.home.path("spool")])
        if !isWatched {
            watcher.close()
            for await _ in watcher.hints {}
        }
        try await house.run({ try await daemon.spool.run(watcher) }) {
            try house.home.write(
                Data([0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + Array("JFIF\0".utf8) + [1, 1, 0]),
                to: "spool/A1_front.jpg")
            await look(house)
            #expect(daemon.spool.condition.settling == 1)
            #expect(try await daemon.ledger.mastersToInspect(limit: 9).isEmpty)
            house.clock.step(6000)
            await look(house)
            #expect(daemon.spool.condition.settling == 0)
            let sources = try await daemon.ledger.counts(of: []).sources
            #expect(sources == ["accepted": 1])
            #expect(try await daemon.ledger.mastersToInspect(limit: 9).count == 1)
        }
        await daemon.close()
    }
}

@Suite(.timeLimit(.minutes(2))) struct ChannelSupervisorTests {
    @Test func aChannelIsServedFromTheFirstGoodProfileOn() async throws {
        let house = try await House()
        let daemon = house.daemon
        try house.home.write("channel: shop\nstate: lively\n", to: "channels/shop.yaml")
        let answer = try await daemon.supervisor.load(by: "anna")
        #expect(answer.problems.count >= 1)
        // The last good one goes on.
        #expect(daemon.active.profile("shop")?.state == .live)
        #expect(try await daemon.ledger.channel("shop")?.hold == nil)
        await daemon.close()
    }

    @Test func aProfileThatIsGoneHoldsItsChannel() async throws {
        let house = try await House()
        let daemon = house.daemon
        try FileManager.default.removeItem(atPath: house.home.path("channels/shop.yaml"))
        _ = try await daemon.supervisor.load(by: "anna")
        #expect(try await daemon.ledger.channel("shop")?.held?.contains("is gone") == true)
        try house.home.write(Stall.text, to: "channels/shop.yaml")
        _ = try await daemon.supervisor.load(by: "anna")
        #expect(try await daemon.ledger.channel("shop")?.held?.contains("is back") == true)
        await daemon.close()
    }

    @Test func anotherDestinationIsADoubtUntilAPersonHasSaidWhatIsMeant() async throws {
        let house = try await House()
        let daemon = house.daemon
        let text = Stall.text.replacing("fake://shop/", with: "fake://shop/elsewhere/")
        try house.home.write(text, to: "channels/shop.yaml")
        _ = try await daemon.supervisor.load(by: "anna")
        #expect(try await daemon.ledger.channel("shop")?.hold == .doubt)
        try house.home.write(Stall.text, to: "channels/shop.yaml")
        _ = try await daemon.supervisor.load(by: "anna")
        #expect(try await daemon.ledger.channel("shop")?.hold == nil)
        await daemon.close()
    }
}
