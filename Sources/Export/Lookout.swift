import Bookkeeping
import Foundation
import Host
import ServiceLifecycle

/// Looks at what no event tells: room on the disks, and whether a ledger that could not be written
/// can be again. Often while something is wrong, seldom otherwise.
struct Lookout: Service {
    private static let calm = 10.0
    private static let worried = 2.0
    /// The fact that is written to see whether anything can be.
    private static let probe = "probe"

    let ledger: Ledger
    let disk: Disk
    let bells: Bells
    let standstills: Standstills
    private let lane = Lane("lookout")

    init(ledger: Ledger, disk: Disk, bells: Bells, standstills: Standstills) {
        self.ledger = ledger
        self.disk = disk
        self.bells = bells
        self.standstills = standstills
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var wasLow = false
            while !Task.isCancelled {
                let (isWell, isLow) = await look()
                // Intake says so itself, and goes on.
                if isLow != wasLow { bells.intake.ring() }
                wasLow = isLow
                let pause = isWell ? Self.calm : Self.worried
                await bells.lookout.wait(until: Date().addingTimeInterval(pause))
            }
        }
    }

    func look() async -> (isWell: Bool, isLow: Bool) {
        let disk = disk
        let (full, spool, low) = await lane.run {
            disk.ballast.take()
            return (disk.full(), disk.spoolFull(), disk.low())
        }
        tell(.disk, full, disk.state)
        tell(.spool, spool, disk.spool)
        return (await writes() && full == nil && spool == nil, low != nil)
    }

    private func tell(_ part: Standstills.Part, _ reason: String?, _ path: String) {
        guard let reason else { return standstills.clear(part) }
        standstills.report(part, reason, remedy: disk.remedy(path))
    }

    /// Whoever had something to write may be asleep by now: somebody has to try.
    private func writes() async -> Bool {
        guard ledger.trouble != nil else {
            standstills.clear(.ledger)
            return true
        }
        do throws(LedgerError) {
            try await ledger.setFact(Self.probe, ledger.now().ISO8601Format())
        } catch {
            standstills.report(.ledger, error)
            return false
        }
        standstills.clear(.ledger)
        bells.ringAll()
        return true
    }
}
