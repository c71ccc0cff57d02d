import Bookkeeping
import Foundation
import Host
import Logging
import Model
import Profiles
import Rendering
import Synchronization

/// A pair of workers, one that renders and one that never sees a master and verifies, and what is
/// done with their answers.
final class RenderStation: Sendable {
    /// What all stations share.
    struct RenderContext: Sendable {
        var ledger: Ledger
        var store: Store
        var active: ActiveProfiles
        var signals: WakeSignals
        var standstills: Standstills
        var executable: String
        var logger: Logger
        var timeouts = WorkerPair.Timeouts()
        var note: @Sendable (_ sources: [String], _ reason: String) async -> Void
    }

    enum Limit {
        /// Renders the daemon itself did not live to see the end of.
        static let attempts = 8
        /// Seconds a master rests when the host could not serve it.
        static let rest = 60.0
        /// Seconds for which it is told that nothing could be made, unless something is.
        static let told = 3 * rest
    }

    let context: RenderContext
    let directory: JobDirectory
    let lane: Lane
    let workers: WorkerPair
    private let pool: RenderPool
    /// The first thing the ledger would not record of the job in hand.
    private let unrecorded = Mutex<LedgerError?>(nil)

    init(number: Int, context: RenderContext, pool: RenderPool) {
        self.context = context
        self.pool = pool
        directory = context.store.jobs(ofStation: number)
        lane = Lane("station-\(number)")
        workers = WorkerPair(
            executable: context.executable, directory: directory, lane: lane,
            timeouts: context.timeouts, greeted: { pool.stationOpened($0) })
    }

    /// - Returns: when its master may be taken up again; nil: at once.
    /// - Throws: when something of it could not be recorded; it comes again.
    func work(on job: PictureJob) async throws(LedgerError) -> Date? {
        var rest: Date?
        switch await lend(job) {
        case .yes:
            switch job {
            case .inspect(let job): rest = await inspect(job)
            case .readXMP(let file): await readXMP(file)
            case .render(let job): try await render(job)
            }
        case .notNow: rest = context.ledger.clock.now(plus: Limit.rest)
        case .never: break
        }
        let trouble = unrecorded.withLock { trouble in
            defer { trouble = nil }
            return trouble
        }
        if let trouble { throw trouble }
        return rest
    }

    /// The ledger is the only one who may fail here; the job comes again.
    func attempt(_ body: () async throws(LedgerError) -> Void) async {
        do throws(LedgerError) {
            try await body()
        } catch {
            unrecorded.withLock { $0 = $0 ?? error }
        }
    }

    func quarantine(_ master: ContentHash, _ reason: String) async {
        await attempt { () async throws(LedgerError) in
            let sources = try await self.context.ledger.recordUnusable(master, because: reason)
            await self.context.note(sources, reason)
        }
    }

    /// - Returns: false when it was no doing of the master's.
    func blames(_ master: ContentHash, for failure: WorkerFailure) -> Bool {
        switch failure {
        case .stopped: return false
        case .couldNotStart:
            pool.countFailedStart(failure)
            return false
        case .died, .hung, .nonsense, .swelled:
            context.logger.error(
                "a render worker failed",
                metadata: ["master": "\(master.short)", "error": "\(failure)"])
            if failure.isDeath { pool.countDeath(on: master) }
            return true
        }
    }
}
