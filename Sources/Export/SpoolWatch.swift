import Bookkeeping
import Foundation
import Host
import Intake
import Logging
import Model
import ServiceLifecycle
import Synchronization

/// Takes in what lies in the spool: a hint or the timer starts a walk, and the walk is the truth.
final class SpoolWatch: Service {
    /// Seconds between a hint and the next walk: a busy spool hints all the time.
    private static let pace = 0.5
    /// Seconds until a file that could not be had is tried again.
    private static let patience = 5.0

    struct Condition: Sendable {
        var lastScan: Date?
        /// Files that are not taken yet: still changing, or not to be had at this moment.
        var settling = 0
        var files = 0
        /// What is hidden, unfinished or litter.
        var ignored = 0
        /// Files beside nothing whose name is near that of a picture that lacks them.
        var misnamed = 0
        /// What keeps intake from working, or files from being taken.
        var trouble: String?
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
    private let reserve: Double
    private let bells: Bells
    private let pulse: Pulse
    private let logger: Logger
    private let state = Mutex(Condition())

    init(
        settings: Settings, ledger: Ledger, store: Store, bells: Bells, pulse: Pulse,
        logger: Logger
    ) {
        self.ledger = ledger
        self.store = store
        spool = Spool(settings.spool)
        quarantine = Quarantine(store.quarantine)
        every = settings.scanEvery
        reserve = settings.reserve
        self.bells = bells
        self.pulse = pulse
        self.logger = logger
    }

    var condition: Condition { state.withLock(\.self) }

    func run() async throws {
        let watcher = Watcher([spool.settings.path])
        if let problem = watcher.problem {
            logger.notice("watching by the timer only", metadata: ["reason": "\(problem)"])
        }
        defer { watcher.close() }
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup { group in
                group.addTask { for await _ in watcher.hints { self.bells.intake.ring() } }
                group.addTask { try await self.scan(refreshing: watcher) }
                try await group.next()
                group.cancelAll()
            }
        }
    }

    private func scan(refreshing watcher: Watcher) async throws {
        while !Task.isCancelled {
            pulse.beat(.intake)
            var next: Date?
            do {
                next = try await pass()
            } catch let error as LedgerError {
                guard !error.isFatal else { throw error }
                stumble("\(error)")
            } catch let error as IntakeError {
                stumble(error.message)
            }
            try? await Task.sleep(for: .seconds(Self.pace))
            watcher.refresh()
            let timer = Date().addingTimeInterval(min(every, 60))
            await bells.intake.wait(until: min(next ?? timer, timer))
        }
    }

    /// - Returns: when a file that is still settling is due.
    private func pass() async throws -> Date? {
        if let low = await lane.run({ self.lowDisk() }) {
            throw IntakeError(low, remedy: .fixHost)
        }
        let spool = spool
        let walk = try await lane.run { () throws(IntakeError) in try spool.walk() }
        var settling: [Date] = []
        var missed: [(path: String, rejection: Rejection)] = []
        var (sawKnown, sawAny) = (false, false)
        while let batch = try await lane.run({ () throws(IntakeError) in try walk.next() }) {
            pulse.beat(.intake)
            guard !Task.isCancelled else { return nil }
            let known = try await ledger.fingerprints(of: batch.map(\.path))
            sawKnown = sawKnown || !known.isEmpty
            sawAny = true
            let now = ledger.now()
            for candidate in batch where !isKnown(candidate, known[candidate.path]) {
                guard candidate.isSettled(at: now, settle: spool.settings.settle) else {
                    settling.append(candidate.newest.addingTimeInterval(spool.settings.settle))
                    continue
                }
                if let rejection = try await take(candidate) {
                    missed.append((candidate.path, rejection))
                }
                guard !Task.isCancelled else { return nil }
            }
        }
        await lane.run { spool.putAway() }
        let notes = walk.notes
        state.withLock { state in
            state.lastScan = ledger.now()
            state.settling = settling.count + missed.count
            state.files = notes.files
            state.ignored = notes.ignored
            state.misnamed = notes.misnamed
            state.notes = notes.texts
            state.trouble = Self.told(missed)
        }
        try await clearGone(sawKnown: sawKnown, sawAny: sawAny)
        // Never tried again: nothing is known about the disk any more. It ends the daemon, and the
        // next one finds out what is there.
        if let fatal = missed.compactMap(\.rejection.host).first(where: { $0.call == "fsync" }) {
            throw fatal
        }
        let again = missed.isEmpty ? nil : ledger.now().addingTimeInterval(Self.patience)
        return (settling + [again].compactMap(\.self)).min()
    }

    /// A file that changes while it is copied is everyday; one that cannot be read needs a person.
    private static func told(_ missed: [(path: String, rejection: Rejection)]) -> String? {
        let grave = missed.filter { $0.rejection.code == .unreadable || $0.rejection.host != nil }
        guard let first = grave.first else { return nil }
        return "\(grave.count) files in the spool cannot be taken: '\(first.path)': "
            + first.rejection.message
    }

    /// What was refused is looked at again when the configuration that refused it changes.
    private func isKnown(_ candidate: Candidate, _ fingerprint: String?) -> Bool {
        fingerprint == candidate.fingerprint
            || fingerprint == candidate.fingerprint + " " + spool.settings.revision
    }

    /// - Returns: why it could not be had at this moment; nil when it was dealt with.
    private func take(_ candidate: Candidate) async throws -> Rejection? {
        let (spool, store) = (spool, store)
        let result = await lane.run { () -> Result<Arrival?, Rejection> in
            spool.read(candidate).flatMap { declaration in
                if candidate.isManifest { return .success(nil) }
                return spool.stage(candidate, into: store.masters, declared: declaration).map {
                    Arrival(
                        path: candidate.path, fingerprint: candidate.fingerprint,
                        batch: candidate.batch, declaration: declaration, master: $0.sha256,
                        bytes: $0.bytes, format: $0.format, description: $0.description)
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
                try await ledger.accept(arrival)
            } catch {
                // What is known of its picture is damaged: this file's trouble, no other's.
                guard error.isDamage else { throw error }
                try await refuse(candidate, Rejection(damaged: error.message))
                return nil
            }
            CrashPoint.reach("intake.accepted")
            await lane.run { try? self.quarantine.clear(candidate.path) }
            bells.render.ring()
            bells.reconcile.ring()
        case .success(nil):
            try await ledger.acknowledge(
                path: candidate.path, fingerprint: candidate.fingerprint)
        case .failure(let rejection):
            guard !rejection.transient else {
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

    private func lowDisk() -> String? {
        guard let (free, total) = try? Files.space(of: store.state), total > 0 else { return nil }
        let share = Double(free) / Double(total)
        guard share < reserve else { return nil }
        return
            "intake stands still: \(Int(share * 100)) % of the disk of '\(store.state)' is free, "
            + "less than the reserve of \(Int(reserve * 100)) %; free some space"
    }

    private func stumble(_ text: String) {
        state.withLock { $0.trouble = text }
        logger.error("intake stands still", metadata: ["reason": "\(text)"])
    }
}
