import Bookkeeping
import Foundation
import Host
import Model
import Profiles
import Rendering
import Wire

// What a station does with a master whose renditions are wanted: made in one process, measured in
// another, judged here.
extension RenderStation {
    func render(_ job: RenderJob) async throws(LedgerError) {
        if job.attempts >= Limit.attempts {
            let refusal = Refusal(
                .crashed, "rendering it was begun \(job.attempts) times and never ended")
            for item in job.items { try await context.ledger.recordRefusal(refusal, of: item.key) }
            return
        }
        try await context.ledger.countAttempt(rendering: job.items.map(\.key))
        CrashPoint.reach("render.counted")
        // What was left unfinished is tried one by one: the blame must fall on one.
        if job.attempts > 0 { return try await renderAlone(job) }
        do throws(WorkerFailure) {
            try await render(job.items, of: job)
        } catch {
            // It comes again as one that has been begun before, when nothing else waits.
            guard blames(job.master, for: error) else { return try await giveBack(job) }
        }
        if Task.isCancelled { try await giveBack(job) }
    }

    /// Our own stop, or a worker that does not start, is not the master's doing.
    private func giveBack(_ job: RenderJob) async throws(LedgerError) {
        try await context.ledger.countAttempt(rendering: job.items.map(\.key), by: -1)
    }

    /// Usual formats first. Two that end the worker before any is made: it is the master.
    private func renderAlone(_ job: RenderJob) async throws(LedgerError) {
        var (failed, anyDone) = (0, false)
        for item in job.items.sorted(by: { $0.recipe.format.rank < $1.recipe.format.rank }) {
            do throws(WorkerFailure) {
                try await render([item], of: job)
                anyDone = true
            } catch {
                guard blames(job.master, for: error) else { return try await giveBack(job) }
                let refusal = Refusal(
                    .crashed, "rendering it ended the worker twice: \(error); look at the master")
                try await context.ledger.recordRefusal(refusal, of: item.key)
                failed += 1
                guard failed == 2, !anyDone else { continue }
                return await quarantine(
                    job.master, "two renditions, each by itself, ended the worker: \(error)")
            }
        }
    }

    private func render(
        _ items: [RenderRequest.Item], of job: RenderJob
    ) async throws(WorkerFailure) {
        let answer = try await workers.render(
            items, of: job.master, job.format, measured: job.inspection?.measurement)
        switch answer {
        case .refused(let refusal):
            for item in items { await refuse(refusal, item.key, of: job.master) }
        case .given(let outcomes):
            var swelled: Refusal?
            for (outcome, item) in zip(outcomes, items) {
                // The others first: they are none the worse for it.
                if case .refused(_, let refusal) = outcome, refusal.code == .memory {
                    swelled = refusal
                } else {
                    try await take(outcome, item.recipe, of: job)
                }
            }
            if let swelled {
                await workers.close()
                throw .swelled(swelled.message)
            }
        }
    }

    private func take(
        _ outcome: RenderOutcome, _ recipe: Recipe, of job: RenderJob
    ) async throws(WorkerFailure) {
        switch outcome {
        case .refused(let key, let refusal): await refuse(refusal, key, of: job.master)
        case .made(let key, let file, let quality, let expected):
            let answer = try await workers.verify(
                file, of: recipe, quality: quality, expected: expected)
            switch answer {
            case .given(let receipt):
                await accept(
                    receipt, key: key, file: file, recipe: recipe, master: job.inspection)
            case .refused(let refusal): await refuseOurOwn(refusal, key)
            }
        }
    }

    /// What we made ourselves does not decode: never the master's fault.
    private func refuseOurOwn(_ refusal: Refusal, _ key: ContentHash) async {
        switch refusal.code {
        case .resources: await postpone(key, refusal.message)
        default:
            await attempt { () async throws(LedgerError) in
                try await self.context.ledger.recordRefusal(refusal, of: key)
            }
        }
    }

    /// The worker's word is not enough: our own hash of the bytes must be the receipt's.
    private func accept(
        _ receipt: Receipt, key: ContentHash, file: String, recipe: Recipe, master: Inspection?
    ) async {
        let kept = StoredFile.rendition(key, recipe.format)
        do {
            guard try await holds(file, receipt, keepingAs: kept) else {
                return await postpone(key, "the verified file is not the one that was measured")
            }
            let now = context.ledger.now()
            var passing: [Delivery.ID] = []
            var judged: [Judgement] = []
            for delivery in try await context.ledger.waiting(for: key) {
                guard let profile = context.active.profile(delivery.channel) else { continue }
                let judgement = profile.judgement(
                    on: receipt, rendition: delivery.rendition, name: delivery.name, key: key,
                    master: master, at: now)
                judged.append(judgement)
                if judgement.passed { passing.append(delivery.id) }
            }
            try await context.ledger.recordRendition(
                MadeRendition(key: key, file: kept, receipt: receipt), passing: passing,
                judged: judged)
            context.standstills.clear(.rendering)
            for judgement in judged where judgement.passed {
                context.signals.wake(channel: judgement.channel)
            }
        } catch {
            // Cut short by our own stop: it is done again at once by the next run.
            if !Task.isCancelled { await postpone(key, "\(error)") }
        }
    }

    private func holds(
        _ file: String, _ receipt: Receipt, keepingAs kept: String
    ) async throws(HostError) -> Bool {
        let made = directory.finished + "/" + file
        let store = context.store
        return try await lane.run { () throws(HostError) -> Bool in
            let digest = try Files.digest(path: made)
            guard digest.sha256 == receipt.sha256, digest.bytes == receipt.bytes else {
                return false
            }
            CrashPoint.reach("render.verified")
            try store.keep(made, as: kept)
            CrashPoint.reach("render.kept")
            return true
        }
    }

    private func refuse(_ refusal: Refusal, _ key: ContentHash, of master: ContentHash) async {
        if refusal.code == .resources {
            // Its walls may stand around a directory that is there no more.
            await workers.close()
            return await postpone(key, refusal.message)
        }
        if refusal.blamesMaster { return await quarantine(master, refusal.message) }
        await attempt { () async throws(LedgerError) in
            try await self.context.ledger.recordRefusal(refusal, of: key)
        }
    }

    /// No verdict: this machine could not do it.
    func putOff(_ reason: String) {
        context.standstills.report(
            .rendering, reason,
            remedy: "look at disk and memory of this machine; it is tried again by itself",
            lasts: Limit.told)
    }

    /// Nobody's fault: disk, memory, a race. Later.
    private func postpone(_ key: ContentHash, _ reason: String) async {
        putOff(reason)
        await attempt { () async throws(LedgerError) in
            try await self.context.ledger.postponeRender(
                of: [key], until: self.context.ledger.now().addingTimeInterval(Limit.rest))
        }
    }
}

extension ImageFormat {
    /// Formats that most recipes ask for come first.
    fileprivate var rank: Int {
        switch self {
        case .jpeg: 0
        case .png: 1
        case .webp: 2
        case .gif, .tiff: 3
        case .avif, .heic: 4
        }
    }
}
