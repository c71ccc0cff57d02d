import Bookkeeping
import Foundation
import Host
import Logging
import Model
import Rendering
import ServiceLifecycle
import Synchronization

/// Keeps the render stations in work: fetches jobs from the ledger, hands them out, and stops for a
/// while when too many different masters kill their workers.
final class RenderPool: Service {
    private static let fetch = 128
    /// Seconds between two looks when nobody rings.
    private static let every = 60.0
    /// Deaths on this many masters within `window` mean that the worker is at fault, not they.
    private static let deathsAllowed = 3
    private static let window: TimeInterval = 600

    package struct Condition: Sendable {
        package var workers = 0
        package var paused: String?
        package var pausedUntil: Date?
        package var greeting: WorkerGreeting?
    }

    private let ledger: Ledger
    private var clock: WallClock { ledger.clock }
    private let context: RenderStation.RenderContext
    private let count: Int
    private let signals: WakeSignals
    private let heartbeat: Heartbeat
    private let logger: Logger
    private let queue: RenderQueue
    private let state = Mutex((condition: Condition(), deaths: [ContentHash: Date]()))

    init(
        ledger: Ledger, context: RenderStation.RenderContext, count: Int, signals: WakeSignals,
        heartbeat: Heartbeat,
        logger: Logger
    ) {
        self.ledger = ledger
        self.context = context
        self.count = count
        self.signals = signals
        self.heartbeat = heartbeat
        self.logger = logger
        queue = RenderQueue(hungry: signals.render)
    }

    var condition: Condition { state.withLock { $0.condition } }

    /// A person says: go on.
    func resume() {
        state.withLock { state in
            state.condition.paused = nil
            state.condition.pausedUntil = nil
            state.deaths = [:]
        }
        signals.render.wake()
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await self.work() }
    }

    private func work() async throws {
        let stations = (1...count).map { RenderStation(number: $0, context: context, pool: self) }
        try await withThrowingTaskGroup { group in
            for station in stations { group.addTask { try await self.serve(station) } }
            group.addTask {
                do {
                    try await self.feed()
                } catch {
                    // Stations that wait for a job would wait for ever.
                    await self.queue.close()
                    throw error
                }
                // The end: a render in hand can be made again, and may take longer than we have.
                for station in stations { await station.workers.close(forGood: true) }
            }
            try await group.waitForAll()
        }
    }

    private func serve(_ station: RenderStation) async throws {
        while let job = await queue.next() {
            var rest: Date?
            do throws(LedgerError) {
                rest = try await station.work(on: job)
            } catch {
                guard !error.isFatal else { throw error }
                context.standstills.report(.rendering, error, lasts: RenderStation.Limit.told)
                await clock.sleep(Standstills.pause)
            }
            await queue.finish(job, restingUntil: rest)
            signals.reconcile.wake()
        }
        await station.workers.close()
    }

    private func feed() async throws {
        while !Task.isCancelled {
            heartbeat.beat(.renderer)
            if let until = pausedUntil() {
                await rest(until: until)
                continue
            }
            do {
                let added = try await fetch()
                context.standstills.clear(.renders)
                guard added == 0 else { continue }
            } catch let error as LedgerError {
                guard !error.isFatal else { throw error }
                if Task.isCancelled { break }
                context.standstills.report(.renders, error)
                await clock.sleep(Standstills.pause)
                continue
            }
            await rest(until: queue.firstEndOfRest)
        }
        await queue.close()
    }

    private func rest(until: Date?) async {
        let next = min(until ?? .distantFuture, clock.now(plus: Self.every))
        heartbeat.rest(.renderer, until: next)
        await signals.render.wait(until: next)
    }

    private func fetch() async throws -> Int {
        let inHand = await queue.beginFetch()
        let unseen = try await ledger.mastersToInspect(limit: Self.fetch)
        let added = await queue.add(unseen.map(PictureJob.inspect))
        let unread = try await ledger.xmpSidecarsToRead(limit: Self.fetch)
        let described = await queue.add(unread.map(PictureJob.readXMP))
        let renders = try await ledger.rendersWaiting(limit: Self.fetch, besides: inHand)
        return await added + described + queue.add(renders.map(PictureJob.render))
    }

    private func pausedUntil() -> Date? {
        state.withLock { state in
            guard let until = state.condition.pausedUntil else { return nil }
            if until > clock.now() { return until }
            state.condition.paused = nil
            state.condition.pausedUntil = nil
            return nil
        }
    }

    func stationOpened(_ greeting: WorkerGreeting) {
        state.withLock { state in
            state.condition.greeting = greeting
            state.condition.workers = count
        }
    }

    /// A worker died over this master, by no doing of ours.
    func countDeath(on master: ContentHash) {
        let now = clock.now()
        let paused = state.withLock { state -> Bool in
            state.deaths[master] = now
            state.deaths = state.deaths.filter { now.timeIntervalSince($0.value) < Self.window }
            guard state.deaths.count >= Self.deathsAllowed else { return false }
            state.condition.paused =
                "render workers died on \(state.deaths.count) masters within ten minutes; look at "
                + "the log, mend the worker, then 'sluice resume rendering'"
            state.condition.pausedUntil = now.addingTimeInterval(Self.window)
            state.deaths = [:]
            return true
        }
        if paused { logger.critical("rendering is paused: workers keep dying") }
    }

    /// The worker cannot be started at all: say so, and look again in a while.
    func countFailedStart(_ failure: WorkerFailure) {
        logger.critical("cannot start a render worker", metadata: ["error": "\(failure)"])
        state.withLock { state in
            state.condition.paused = "\(failure)"
            state.condition.pausedUntil = clock.now(plus: 15)
        }
    }
}
