import Bookkeeping
import Foundation
import Host
import Model

/// What a render station takes up next.
enum PictureJob: Sendable {
    case inspect(InspectJob)
    /// The `.xmp` of that hash.
    case readXMP(ContentHash)
    case render(RenderJob)

    /// What the worker is to read.
    var master: ContentHash {
        switch self {
        case .inspect(let job): job.master
        case .readXMP(let file): file
        case .render(let job): job.master
        }
    }

    /// A person wants it before all that waits.
    var isBumped: Bool {
        switch self {
        case .inspect(let job): job.isBumped
        case .readXMP: false
        case .render(let job): job.isBumped
        }
    }

    /// A worker did not live to see the end of it before.
    var isSuspect: Bool {
        switch self {
        case .inspect(let job): job.attempts > 0
        case .readXMP: false
        case .render(let job): job.attempts > 0
        }
    }
}

/// Hands jobs to stations, one station at a time to a master. What is suspected of killing workers
/// is handed to one station at a time, and only while nothing else waits.
actor RenderQueue {
    /// Below this many waiting jobs the feeder is asked for more.
    private static let low = 16

    private var jobs: [PictureJob] = []
    private var suspects: [PictureJob] = []
    private var hasSuspectInHand = false
    private var taken: Set<ContentHash> = []
    /// Finished since the fetch under way began: what it has read of them may be old.
    private var finished: Set<ContentHash> = []
    /// Not to be taken up before.
    private var resting: [ContentHash: Date] = [:]
    private var waiting: [CheckedContinuation<PictureJob?, Never>] = []
    private var closed = false
    private let hungry: WakeSignal

    init(hungry: WakeSignal) { self.hungry = hungry }

    /// Before the ledger is read for what is then added.
    /// - Returns: the masters that are queued or in hand.
    func beginFetch() -> Set<ContentHash> {
        finished = []
        return taken
    }

    /// Jobs of masters that are queued or in hand already are passed over, and those of masters
    /// that were finished while the ledger was read (the next fetch sees what is left of them) or
    /// that rest.
    /// - Returns: how many were new.
    func add(_ new: [PictureJob]) -> Int {
        guard !closed else { return 0 }
        let now = hungry.clock.now()
        resting = resting.filter { $0.value > now }
        var (added, bumped) = (0, 0)
        for job in new
        where !finished.contains(job.master) && resting[job.master] == nil
            && taken.insert(job.master).inserted
        {
            added += 1
            if job.isSuspect {
                suspects.append(job)
            } else if job.isBumped {
                jobs.insert(job, at: bumped)
                bumped += 1
            } else {
                jobs.append(job)
            }
        }
        handOut()
        return added
    }

    /// Waits for a job; nil when the queue is closed.
    func next() async -> PictureJob? {
        if closed { return nil }
        if jobs.count <= Self.low { hungry.wake() }
        if let job = first() { return job }
        return await withCheckedContinuation { waiting.append($0) }
    }

    /// - Parameter rest: its master is not to be taken up before.
    func finish(_ job: PictureJob, restingUntil rest: Date? = nil) {
        taken.remove(job.master)
        finished.insert(job.master)
        resting[job.master] = rest
        if job.isSuspect { hasSuspectInHand = false }
        handOut()
        if jobs.count <= Self.low { hungry.wake() }
    }

    /// Nothing more is handed out; who waits is sent home.
    func close() {
        closed = true
        for job in jobs + suspects { taken.remove(job.master) }
        jobs = []
        suspects = []
        for station in waiting { station.resume(returning: nil) }
        waiting = []
    }

    /// When the first of the masters that rest may be taken up.
    var firstEndOfRest: Date? { resting.values.min() }

    var isIdle: Bool { taken.isEmpty }

    private func handOut() {
        while !waiting.isEmpty, let job = first() {
            waiting.removeFirst().resume(returning: job)
        }
    }

    private func first() -> PictureJob? {
        if !jobs.isEmpty { return jobs.removeFirst() }
        guard !hasSuspectInHand, !suspects.isEmpty else { return nil }
        hasSuspectInHand = true
        return suspects.removeFirst()
    }
}
