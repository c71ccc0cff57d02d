import Bookkeeping
import Foundation
import Host
import Logging
import Model
import Profiles
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
        var timeouts = Timeouts()
        var note: @Sendable (_ sources: [String], _ reason: String) async -> Void
    }

    /// Seconds an answer may take.
    struct Timeouts: Sendable {
        var inspecting = 20.0
        /// All renditions of a master.
        var rendering = 180.0
        /// One of them by itself.
        var renderingOne = 90.0
        var verifying = 60.0
    }

    enum Limit {
        /// A worker is replaced after so many requests or megabytes: leaks stay small.
        static let requests = 400
        static let megabytes = 4_000.0
        /// Renders the daemon itself did not live to see the end of.
        static let attempts = 8
        /// Seconds a master rests when the host could not serve it.
        static let rest = 60.0
        /// Seconds for which it is told that nothing could be made, unless something is.
        static let told = 3 * rest
    }

    typealias Pair = (renderer: RenderWorker, verifier: RenderWorker)

    let context: RenderContext
    let directory: JobDirectory
    let lane: Lane
    private let pool: RenderPool
    private let state = Mutex<(pair: Pair?, closed: Bool)>((nil, false))
    /// The first thing the ledger would not record of the job in hand.
    private let unrecorded = Mutex<LedgerError?>(nil)

    init(number: Int, context: RenderContext, pool: RenderPool) {
        self.context = context
        self.pool = pool
        directory = context.store.jobs(ofStation: number)
        lane = Lane("station-\(number)")
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
        case .notNow: rest = Date().addingTimeInterval(Limit.rest)
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

    // MARK: Workers

    /// Ends the workers, even at work.
    /// - Parameter forGood: no others are started.
    func close(forGood: Bool = false) async {
        let old = state.withLock { state in
            defer { state = (nil, state.closed || forGood) }
            return state.pair
        }
        await old?.renderer.stop()
        await old?.verifier.stop()
    }

    func workers() async throws(WorkerFailure) -> Pair {
        let (pair, closed) = state.withLock(\.self)
        if closed { throw .stopped }
        if let pair {
            let usage = pair.renderer.usage
            if usage.requests < Limit.requests, usage.megabytes < Limit.megabytes { return pair }
            await close()
        }
        let directory = directory
        do {
            try await lane.run { () throws(HostError) in try directory.make() }
        } catch {
            throw .couldNotStart("\(error)")
        }
        let fresh: Pair = (
            RenderWorker(
                executable: context.executable,
                role: .render(masters: directory.masters, output: directory.finished)),
            RenderWorker(
                executable: context.executable, role: .verify(finished: directory.finished))
        )
        do throws(WorkerFailure) {
            pool.stationOpened(try await fresh.renderer.start())
            _ = try await fresh.verifier.start()
            if keep(fresh) { return fresh }
        } catch {
            await fresh.renderer.stop()
            throw error
        }
        await fresh.renderer.stop()
        await fresh.verifier.stop()
        throw .stopped
    }

    /// - Returns: false when the station was closed meanwhile.
    private func keep(_ pair: Pair) -> Bool {
        state.withLock { state in
            if !state.closed { state.pair = pair }
            return !state.closed
        }
    }

    /// Puts new workers in place of dead ones.
    /// - Returns: false when it was no doing of the master's.
    func blames(_ master: ContentHash, for failure: WorkerFailure) async -> Bool {
        await close()
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
