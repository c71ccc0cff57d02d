import Bookkeeping
import Foundation
import Host
import ServiceLifecycle

/// Looks at what no event tells: room on the disks, whether the ledger still lies under its name (if
/// not, the daemon ends) and its mark beside it, and whether one that could not be written can be
/// again. Often while something is wrong, seldom otherwise; one timer for all of it.
struct Lookout: Service {
    /// What was committed since is not missed when it is lost, unless a person decided it.
    private static let calm = 20.0
    private static let worried = 2.0
    /// The fact that is written to see whether anything can be.
    private static let probe = "probe"

    let ledger: Ledger
    let disk: Disk
    let signals: WakeSignals
    let standstills: Standstills
    private let lane = Lane("lookout")

    init(ledger: Ledger, disk: Disk, signals: WakeSignals, standstills: Standstills) {
        self.ledger = ledger
        self.disk = disk
        self.signals = signals
        self.standstills = standstills
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            var wasLow = false
            while !Task.isCancelled {
                try await ledger.keepUp()
                let (isWell, isLow) = await look()
                // Intake says so itself, and goes on.
                if isLow != wasLow { signals.intake.wake() }
                wasLow = isLow
                let pause = isWell ? Self.calm : Self.worried
                await signals.lookout.wait(until: ledger.clock.now(plus: pause))
            }
        }
    }

    private func look() async -> (isWell: Bool, isLow: Bool) {
        let disk = disk
        let (spool, low) = await lane.run {
            disk.ballast.take()
            return (disk.spoolFull(), disk.low())
        }
        tell(.spool, spool, disk.spool)
        let isFull = await lookAtTheState()
        return (await writes() && !isFull && spool == nil, low != nil)
    }

    /// Whoever asks for the status does not wait for the next look.
    /// - Returns: true when its disk is full.
    @discardableResult
    func lookAtTheState() async -> Bool {
        let disk = disk
        let full = await lane.run { disk.full() }
        tell(.disk, full, disk.state)
        return full != nil
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
        signals.wakeAll()
        return true
    }
}
