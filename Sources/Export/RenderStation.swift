import Bookkeeping
import Channels
import Foundation
import Host
import Logging
import Model
import Synchronization

/// A pair of workers, one that renders and one that never sees a master and verifies, and what is
/// done with their answers.
final class RenderStation: Sendable {
    /// What all stations share.
    struct Bench: Sendable {
        var ledger: Ledger
        var store: Store
        var roster: Roster
        var bells: Bells
        var executable: String
        var logger: Logger
        var note: @Sendable (_ sources: [String], _ reason: String) async -> Void
    }

    enum Limit {
        /// A worker is replaced after so many requests or megabytes: leaks stay small.
        static let requests = 400
        static let megabytes = 4_000.0
        static let inspectSeconds = 20.0
        static let renderSeconds = 180.0
        static let verifySeconds = 60.0
        /// Renders the daemon itself did not live to see the end of.
        static let attempts = 8
    }

    let bench: Bench
    private let pool: RenderPool
    private let work: String
    private let lane: Lane
    typealias Pair = (renderer: RenderWorker, verifier: RenderWorker)
    private let state = Mutex<(pair: Pair?, closed: Bool)>((nil, false))

    init(number: Int, bench: Bench, pool: RenderPool) {
        self.bench = bench
        self.pool = pool
        work = bench.store.work + "/\(number)"
        lane = Lane("station-\(number)")
    }

    func work(on job: PictureJob) async throws {
        switch job {
        case .inspect(let job): try await inspect(job)
        case .describe(let file): await describe(file)
        case .render(let job): try await render(job)
        }
    }

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

    // MARK: Inspecting

    private func inspect(_ job: InspectJob) async throws {
        let request = InspectRequest(master: Store.masterFile(job.master), format: job.format)
        for attempt in 1...2 {
            do throws(WorkerFailure) {
                let workers = try await workers()
                let reply = try await workers.renderer.ask(
                    .inspect(request), deadline: Limit.inspectSeconds)
                return try await record(reply, of: job)
            } catch {
                guard await recovers(from: error, master: job.master) else { return }
                guard attempt == 2 else { continue }
                await quarantine(job.master, "looking into it ended the worker twice: \(error)")
            }
        }
    }

    private func record(_ reply: WorkerReply, of job: InspectJob) async throws(WorkerFailure) {
        switch reply {
        case .inspected(let inspection):
            guard inspection.metadata.isBounded else { throw .nonsense("metadata without end") }
            await attempt { () async throws(LedgerError) in
                try await self.bench.ledger.recordInspection(inspection, of: job.master)
            }
        case .refused(let refusal): await quarantine(job.master, refusal.message)
        default: throw .nonsense("an answer to another question")
        }
    }

    /// The ledger is the only one who may fail here; the job comes again.
    func attempt(_ body: () async throws(LedgerError) -> Void) async {
        do throws(LedgerError) {
            try await body()
        } catch {
            bench.logger.error("not recorded", metadata: ["error": "\(error)"])
        }
    }

    private func quarantine(_ master: ContentHash, _ reason: String) async {
        do throws(LedgerError) {
            let sources = try await bench.ledger.recordUnusable(master, because: reason)
            await bench.note(sources, reason)
        } catch {
            bench.logger.error("not recorded", metadata: ["error": "\(error)"])
        }
    }

    // MARK: Rendering

    private func render(_ job: RenderJob) async throws {
        if job.attempts >= Limit.attempts {
            let refusal = Refusal(
                .crashed, "rendering it was begun \(job.attempts) times and never ended")
            for item in job.items { try await bench.ledger.recordRefusal(refusal, of: item.key) }
            return
        }
        try await bench.ledger.countAttempt(rendering: job.items.map(\.key))
        CrashPoint.reach("render.counted")
        // What an earlier run left unfinished is tried one by one: the blame must fall on one.
        if job.attempts > 0 { return try await renderAlone(job) }
        do throws(WorkerFailure) {
            try await render(job.items, of: job)
        } catch {
            guard await recovers(from: error, master: job.master) else {
                return try await giveBack(job)
            }
            return try await renderAlone(job)
        }
        if Task.isCancelled { try await giveBack(job) }
    }

    /// Our own stop, or a worker that does not start, is not the master's doing.
    private func giveBack(_ job: RenderJob) async throws {
        try await bench.ledger.countAttempt(rendering: job.items.map(\.key), by: -1)
    }

    private func renderAlone(_ job: RenderJob) async throws {
        for item in job.items {
            do throws(WorkerFailure) {
                try await render([item], of: job)
            } catch {
                guard await recovers(from: error, master: job.master) else {
                    return try await giveBack(job)
                }
                let refusal = Refusal(
                    .crashed, "rendering it ended the worker: \(error); look at the master")
                try await bench.ledger.recordRefusal(refusal, of: item.key)
            }
        }
    }

    private func render(
        _ items: [RenderRequest.Item], of job: RenderJob
    ) async throws(WorkerFailure) {
        let workers = try await workers()
        let request = RenderRequest(
            master: Store.masterFile(job.master), format: job.format,
            measured: job.inspection?.measurement,
            items: items)
        switch try await workers.renderer.ask(.render(request), deadline: Limit.renderSeconds) {
        case .rendered(let outcomes):
            for outcome in outcomes { try await take(outcome, items, of: job, workers.verifier) }
        case .refused(let refusal):
            for item in items { await refuse(refusal, item.key, of: job.master) }
        default: throw .nonsense("an answer to another question")
        }
    }

    private func take(
        _ outcome: RenderOutcome, _ items: [RenderRequest.Item], of job: RenderJob,
        _ verifier: RenderWorker
    ) async throws(WorkerFailure) {
        switch outcome {
        case .refused(let key, let refusal): await refuse(refusal, key, of: job.master)
        case .made(let key, let file, let quality, let reference):
            guard let recipe = items.first(where: { $0.key == key })?.recipe else {
                throw .nonsense("a rendition nobody asked for")
            }
            let expected = "\(key).\(recipe.format.fileExtension)"
            guard file == expected else { throw .nonsense("a file of another name") }
            let request = VerifyRequest(
                file: file, format: recipe.format, background: recipe.background,
                reference: reference)
            switch try await verifier.ask(.verify(request), deadline: Limit.verifySeconds) {
            case .verified(var receipt):
                receipt.quality = quality
                await accept(
                    receipt, key: key, file: file, recipe: recipe, master: job.inspection)
            case .refused(let refusal):
                // What we made ourselves does not decode: never the master's fault.
                await attempt { () async throws(LedgerError) in
                    try await self.bench.ledger.recordRefusal(refusal, of: key)
                }
            default: throw .nonsense("an answer to another question")
            }
        }
    }

    /// The worker's word is not enough: our own hash of the bytes must be the receipt's.
    private func accept(
        _ receipt: Receipt, key: ContentHash, file: String, recipe: Recipe, master: Inspection?
    ) async {
        let made = work + "/" + file
        let kept = Store.renditionFile(key, recipe.format)
        let store = bench.store
        do {
            let matches = try await lane.run { () throws(HostError) -> Bool in
                let digest = try Files.digest(path: made)
                guard digest.sha256 == receipt.sha256, digest.bytes == receipt.bytes else {
                    return false
                }
                CrashPoint.reach("render.verified")
                try store.keep(made, as: kept)
                CrashPoint.reach("render.kept")
                return true
            }
            guard matches else {
                return await postpone(key, "the verified file is not the one that was measured")
            }
            let now = bench.ledger.now()
            let waiting = try await bench.ledger.waiting(for: key)
            let judged = waiting.compactMap { delivery in
                bench.roster.profile(delivery.channel).map { profile in
                    (
                        delivery.id,
                        profile.judgement(
                            on: receipt, rendition: delivery.rendition, name: delivery.name,
                            key: key, master: master, at: now)
                    )
                }
            }
            let passing = judged.filter(\.1.passed).map(\.0)
            try await bench.ledger.recordRendition(
                MadeRendition(key: key, file: kept, receipt: receipt), passing: passing,
                judged: judged.map(\.1))
            for judgement in judged.map(\.1) where judgement.passed {
                bench.bells.ring(channel: judgement.channel)
            }
        } catch {
            // Cut short by our own stop: it is done again at once by the next run.
            if !Task.isCancelled { await postpone(key, "\(error)") }
        }
    }

    private func refuse(_ refusal: Refusal, _ key: ContentHash, of master: ContentHash) async {
        if refusal.code == .resources { return await postpone(key, refusal.message) }
        if refusal.blamesMaster { return await quarantine(master, refusal.message) }
        await attempt { () async throws(LedgerError) in
            try await self.bench.ledger.recordRefusal(refusal, of: key)
        }
    }

    /// Nobody's fault: disk, memory, a race. Later.
    private func postpone(_ key: ContentHash, _ reason: String) async {
        bench.logger.warning(
            "a render is put off", metadata: ["key": "\(key.short)", "reason": "\(reason)"])
        await attempt { () async throws(LedgerError) in
            try await self.bench.ledger.postponeRender(
                of: [key], until: self.bench.ledger.now().addingTimeInterval(60))
        }
    }

    // MARK: Workers

    func workers() async throws(WorkerFailure) -> (
        renderer: RenderWorker, verifier: RenderWorker
    ) {
        let (pair, closed) = state.withLock(\.self)
        if closed { throw .stopped }
        if let pair {
            let usage = pair.renderer.usage
            if usage.requests < Limit.requests, usage.megabytes < Limit.megabytes { return pair }
            await close()
        }
        let (store, work) = (bench.store, work)
        do {
            try await lane.run { () throws(HostError) in
                try Files.makeDirectory(work)
                for name in try Files.names(in: work) { try Files.remove(work + "/" + name) }
            }
        } catch {
            throw .couldNotStart("\(error)")
        }
        let renderer = RenderWorker(
            executable: bench.executable, role: .render(masters: store.masters, output: work))
        let verifier = RenderWorker(executable: bench.executable, role: .verify(finished: work))
        pool.stationOpened(try await renderer.start())
        _ = try await verifier.start()
        let late = state.withLock { state in
            if !state.closed { state.pair = (renderer, verifier) }
            return state.closed
        }
        guard !late else {
            await renderer.stop()
            await verifier.stop()
            throw .stopped
        }
        return (renderer, verifier)
    }

    /// Puts new workers in place of dead ones.
    /// - Returns: false when there is nothing to try again with.
    func recovers(from failure: WorkerFailure, master: ContentHash) async -> Bool {
        await close()
        switch failure {
        case .stopped: return false
        case .couldNotStart:
            pool.countFailedStart(failure)
            return false
        case .died, .hung, .nonsense:
            bench.logger.error(
                "a render worker failed",
                metadata: ["master": "\(master.short)", "error": "\(failure)"])
            if failure.isDeath { pool.countDeath(on: master) }
            return true
        }
    }
}
