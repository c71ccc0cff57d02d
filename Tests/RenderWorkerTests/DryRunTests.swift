import Bookkeeping
import DryRun
import Foundation
import Host
import Model
import PictureSupport
import Profiles
import Rendering
import Testing

@testable import Export

/// What is said without a daemon is what the daemon does: the same pictures go through both, and the
/// same files, measurements and verdicts come out.
@Suite struct DryRunTests {
    /// `ring` lets no picture pass whose border is not white.
    private static let strict = """
          strict: {like: hero, size: 90x90, background: {color: "#FFFFFF", ring: 1%, tolerance: 0}}
        """

    private func shop() throws -> Workshop {
        try Workshop(
            slots: #"  strict: {view: front, rendition: strict, name: "{sku}-strict.{ext}"}"#,
            renditions: Self.strict)
    }

    @Test(arguments: [
        (color: UInt8(40), side: 200), (color: 90, side: 60), (color: 250, side: 1000),
    ])
    func saysWhatTheDaemonDoes(color: UInt8, side: Int) async throws {
        let shop = try shop()
        let hash = try await shop.arrives("a", color: color, side: side)
        let station = try shop.station()
        try await shop.work(station)
        await station.workers.close(forGood: true)
        let state = try await shop.ledger.skuState("a")
        let version = try #require(state.versions.first)

        let dryRun = DryRun(renderer: Workbench.executable, scratch: shop.folder["dry"])
        let master = try await dryRun.look(at: shop.folder["a.png"])
        #expect(master.hash == hash)
        #expect(master.inspection == state.inspections[hash])
        let renditions = shop.profile.renditions.values.sorted { $0.name < $1.name }
        let outcomes = try await dryRun.outcomes(
            master, renditions, of: shop.profile, version: version, at: shop.ledger.now())
        await dryRun.close()

        #expect(outcomes.map(\.rendition) == ["hero", "strict", "zoom"])
        for (rendition, outcome) in zip(renditions, outcomes) {
            let key = rendition.key(version, master.inspection)
            #expect(outcome.receipt == state.receipts[key], "\(rendition.name)")
            let isUnderWay = state.deliveries.contains {
                $0.rendition == rendition.name && $0.state == .send
            }
            #expect(outcome.gates.isEmpty == isUnderWay, "\(rendition.name): \(outcome.gates)")
            if let file = outcome.file {
                #expect(
                    ContentHash.of(try Data(contentsOf: URL(filePath: file)))
                        == outcome.receipt?.sha256)
            }
        }
        #expect(
            outcomes.contains { !$0.gates.isEmpty }, "one was to be refused, or this shows little")
    }

    @Test func aDamagedPictureIsRefusedInTheSameWords() async throws {
        let shop = try shop()
        let whole = try Drawing.noise(300, 300)
        try whole.save("pngsave", to: shop.folder["whole.png"])
        let cut = try shop.folder.read("whole.png").dropLast(40_000)
        try shop.folder.write(Data(cut), as: "cut.png")
        try await shop.arrives("cut", bytes: Data(cut))
        let station = try shop.station()
        try await shop.work(station)
        await station.workers.close(forGood: true)
        let reason = try #require(try await shop.unusable("cut"))

        let dryRun = DryRun(renderer: Workbench.executable, scratch: shop.folder["dry"])
        let failure = await #expect(throws: DryRun.Failure.self) {
            try await dryRun.look(at: shop.folder["cut.png"])
        }
        await dryRun.close()
        #expect(failure.map { "\($0)" } == reason)
    }
}
