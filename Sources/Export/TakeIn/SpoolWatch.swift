import Bookkeeping
import Foundation
import Host
import Intake
import Logging
import Model
import ServiceLifecycle
import Synchronization
import Wire

/// Takes in what lies in the spool: a hint or the timer starts a walk, and the walk is the truth.
final class SpoolWatch: Service {
    /// Seconds between two walks, at least as long as the first of them took: a busy spool hints all the time.
    private static let pace = (least: 0.02, most: 0.5)
    /// Seconds until a file that could not be had, or the spool itself, is tried again.
    private static let timeouts = 5.0
    /// Seconds between two walks where changes are not noticed.
    private static let blind = 60.0

    struct Condition: Sendable {
        var lastScan: Date?
        /// Files that are not taken yet: still changing, or not to be had at this moment.
        var settling = 0
        /// The first of them, with what keeps them.
        var unsettled: [(path: String, because: String?)] = []
        /// Those of them whose batch has lacked files for long: nobody is still copying.
        var incomplete = 0
        var files = 0
        /// What is hidden, unfinished or litter.
        var ignored = 0
        /// Files beside nothing whose name is near that of a picture that lacks them.
        var misnamed = 0
        /// What is to be said of the first of them.
        var hints: [String] = []
        var notes: [String] = []
    }

    let ledger: Ledger
    let spool: Spool
    let quarantine: Quarantine
    let lane = Lane("intake")
    /// Where the look for refused files that are gone stands.
    let clearingCursor = Mutex("")
    private let store: Store
    private let every: TimeInterval
    private let disk: Disk
    let signals: WakeSignals
    let heartbeat: Heartbeat
    private let standstills: Standstills
    private let logger: Logger
    private let state = Mutex(Condition())

    init(
        settings: Settings, ledger: Ledger, store: Store, disk: Disk, signals: WakeSignals,
        heartbeat: Heartbeat,
        standstills: Standstills, logger: Logger
    ) {
        self.ledger = ledger
        self.store = store
        spool = Spool(settings.spool)
        quarantine = Quarantine(store.quarantine)
        every = settings.scanEvery
        self.disk = disk
        self.signals = signals
        self.heartbeat = heartbeat
        self.standstills = standstills
        self.logger = logger
    }

    let looks = Looks()
    var condition: Condition { state.withLock(\.self) }

    func run() async throws { try await run(Watcher([spool.settings.path])) }

    func run(_ watcher: Watcher) async throws {
        if let problem = watcher.problem {
            logger.notice("watching by the timer only", metadata: ["reason": "\(problem)"])
        }
        defer { watcher.close() }
        try await cancelWhenGracefulShutdown {
            // Where nothing is watched there are no hints, and the timer goes on.
            async let _: Void = { for await _ in watcher.hints { self.signals.intake.wake() } }()
            try await self.scan(refreshing: watcher)
        }
    }

    private func scan(refreshing watcher: Watcher) async throws {
        while !Task.isCancelled {
            heartbeat.beat(.intake)
            let look = looks.begin()
            let began = ContinuousClock.now
            var next: Date?
            do {
                next = try await pass(watcher)
            } catch let error as LedgerError {
                guard !error.isFatal else { throw error }
                standstills.report(.intake, error)
                next = ledger.clock.now(plus: Self.timeouts)
                try? await hearWhatIsKnown()
            } catch let error as IntakeError {
                standstills.report(.intake, error.message, remedy: error.advice)
                next = ledger.clock.now(plus: Self.timeouts)
                try? await hearWhatIsKnown()
            }
            looks.end(look)
            let took = Double((ContinuousClock.now - began) / .seconds(1))
            await ledger.clock.sleep(min(max(took, Self.pace.least), Self.pace.most))
            watcher.refresh()
            let timer = watcher.problem == nil ? every : min(every, Self.blind)
            let until = [next, ledger.clock.now(plus: timer)].compactMap(\.self).min()
            heartbeat.rest(.intake, until: until)
            await signals.intake.wait(until: until)
        }
    }

    /// Seconds the files of a batch may come after its manifest.
    private static let copying = 600.0

    /// - Returns: when a file that is still settling is due.
    private func pass(_ watcher: Watcher) async throws -> Date? {
        let disk = disk
        if let low = await lane.run({ disk.low() }) {
            throw IntakeError(low, remedy: .fixHost)
        }
        let spool = spool
        let walk = try await lane.run { () throws(IntakeError) in try spool.walk() }
        var left = Leftovers()
        var (sawKnown, sawAny) = (false, false)
        while let batch = try await lane.run({ () throws(IntakeError) in try walk.next() }) {
            heartbeat.beat(.intake)
            guard !Task.isCancelled else { return nil }
            let known = try await ledger.fingerprints(of: batch.map(\.path))
            sawKnown = sawKnown || !known.isEmpty
            sawAny = true
            let now = ledger.now()
            for candidate in batch where !isKnown(candidate, known[candidate.path]) {
                heartbeat.beat(.intake)
                try await look(at: candidate, now, watcher, &left)
                guard !Task.isCancelled else { return nil }
            }
        }
        await lane.run { spool.putAway() }
        keep(walk.notes, left)
        try await clearGone(sawKnown: sawKnown, sawAny: sawAny)
        tell(left.missed)
        // Never tried again: nothing is known about the disk any more. It ends the daemon, and the
        // next one finds out what is there.
        if let fatal = left.missed.compactMap(\.rejection.host).first(where: { $0.call == "fsync" })
        {
            throw fatal
        }
        if left.missed.contains(where: { $0.rejection.host != nil }) {
            try? await hearWhatIsKnown()
        }
        let again = left.missed.isEmpty ? nil : ledger.now().addingTimeInterval(Self.timeouts)
        return [left.due, again].compactMap(\.self).min()
    }

    /// What one walk leaves for the next.
    private struct Leftovers {
        /// Still changing: the first of them, and how many there are.
        var settling: [String] = []
        var count = 0
        /// When the first of them has settled.
        var due: Date?
        var missed: [(path: String, rejection: Rejection)] = []
        var incomplete = 0

        mutating func settle(_ path: String, due date: Date) {
            count += 1
            due = min(due ?? date, date)
            if settling.count < ListQuestion.most { settling.append(path) }
        }
    }

    private func look(
        at candidate: Candidate, _ now: Date, _ watcher: Watcher, _ left: inout Leftovers
    ) async throws {
        let spool = spool
        let due = candidate.newest.addingTimeInterval(spool.settings.settle)
        let isSettled = candidate.isSettled(at: now, settle: spool.settings.settle)
        let moved = spool.batchPath(candidate).flatMap(watcher.movedIn)
        let isReady =
            isSettled ? true : await lane.run { spool.isWhole(candidate, movedAt: moved) }
        guard isReady else { return left.settle(candidate.path, due: due) }
        guard let rejection = try await take(candidate, isSettled: isSettled) else { return }
        if rejection.code == .revoking {
            left.settle(candidate.path, due: candidate.newest.addingTimeInterval(revoking))
        } else if isSettled || rejection.host != nil {
            left.missed.append((candidate.path, rejection))
            let age = ledger.now().timeIntervalSince(candidate.newest)
            if rejection.code == .missingFiles, age > Self.copying { left.incomplete += 1 }
        } else {
            left.settle(candidate.path, due: due)
        }
    }

    private func keep(_ notes: Walk.Notes, _ left: Leftovers) {
        state.withLock { state in
            state.lastScan = ledger.now()
            state.settling = left.count + left.missed.count
            state.unsettled =
                left.settling.map { ($0, nil) }
                + left.missed.prefix(ListQuestion.most).map { ($0.path, $0.rejection.message) }
            state.incomplete = left.incomplete
            state.files = notes.files
            state.ignored = notes.ignored
            state.misnamed = notes.misnamed
            state.hints = notes.hints
            state.notes = notes.texts
        }
    }

    /// A file that changes while it is copied is everyday; one that cannot be read needs a person.
    private func tell(_ missed: [(path: String, rejection: Rejection)]) {
        let grave = missed.filter { $0.rejection.code == .unreadable || $0.rejection.host != nil }
        guard let first = grave.first else { return standstills.clear(.intake) }
        standstills.report(
            .intake,
            "\(grave.count) \(grave.count == 1 ? "file" : "files") in the spool cannot be taken: "
                + first.rejection.message, remedy: first.rejection.advice)
    }

    /// What was refused is looked at again when the configuration that refused it changes.
    private func isKnown(_ candidate: Candidate, _ fingerprint: String?) -> Bool {
        fingerprint == candidate.fingerprint
            || fingerprint == candidate.fingerprint + " " + spool.settings.revision
    }

    /// - Parameter isSettled: false where its batch was renamed in whole: there is no verdict yet.
    /// - Returns: why it could not be had at this moment; nil when it was dealt with.
    private func take(_ candidate: Candidate, isSettled: Bool) async throws -> Rejection? {
        let (spool, store) = (spool, store)
        let result = await lane.run { () -> Result<Arrival?, Rejection> in
            spool.read(candidate).flatMap { declaration in
                if candidate.isManifest { return .success(nil) }
                return spool.stage(candidate, into: store.masters, declared: declaration).map {
                    Arrival(
                        path: candidate.path, fingerprint: candidate.fingerprint,
                        batch: candidate.batch, declaration: declaration, master: $0.sha256,
                        bytes: $0.bytes, format: $0.format, description: $0.xmp)
                }.mapError { rejection in
                    var told = rejection
                    told.skus = declaration.assets.map(\.sku)
                    return told
                }
            }
        }
        switch result {
        case .success(let arrival?):
            do throws(LedgerError) {
                if try await !accept(arrival, candidate) {
                    return Rejection(revoking: candidate.path, seconds: Int(revoking))
                }
            } catch {
                // What is known of its picture is damaged: this file's trouble, no other's.
                guard error.isDamage else { throw error }
                try await refuse(candidate, Rejection(damaged: error.message))
                return nil
            }
            CrashPoint.reach("intake.accepted")
            await lane.run { try? self.quarantine.clear(candidate.path) }
            signals.render.wake()
            signals.reconcile.wake()
        case .success(nil):
            try await ledger.acknowledge(
                path: candidate.path, fingerprint: candidate.fingerprint)
        case .failure(let rejection):
            guard isSettled, !rejection.transient else {
                logger.debug(
                    "not yet",
                    metadata: ["file": "\(candidate.path)", "reason": "\(rejection.message)"])
                return rejection
            }
            try await refuse(candidate, rejection)
        }
        return nil
    }

    private func refuse(_ candidate: Candidate, _ rejection: Rejection) async throws {
        try await ledger.quarantine(
            path: candidate.path, fingerprint: candidate.fingerprint,
            revision: spool.settings.revision, skus: rejection.skus, reason: rejection.summary,
            code: rejection.code.rawValue)
        let now = ledger.now()
        await lane.run { try? self.quarantine.note(rejection, for: candidate, at: now) }
    }

    /// Files that were accepted and turned out not to be pictures.
    func note(unusable sources: [String], _ reason: String) async {
        let now = ledger.now()
        await lane.run {
            for source in sources {
                try? self.quarantine.note(path: source, reason: reason, at: now)
            }
        }
    }
}

extension IntakeError {
    /// What a person does about it; the message says where.
    fileprivate var advice: String {
        switch remedy {
        case .fixHost: "free, mount or mend what is named; it goes on by itself"
        default: "mend what is named"
        }
    }
}
