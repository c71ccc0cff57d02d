import Bookkeeping
import Model

/// What a render station takes up next.
enum PictureJob: Sendable {
    case inspect(InspectJob)
    /// The `.xmp` of that hash.
    case describe(ContentHash)
    case render(RenderJob)

    /// What the worker is to read.
    var master: ContentHash {
        switch self {
        case .inspect(let job): job.master
        case .describe(let file): file
        case .render(let job): job.master
        }
    }
}

/// Hands jobs to stations, one station at a time to a master.
actor RenderQueue {
    /// Below this many waiting jobs the feeder is asked for more.
    private static let low = 16

    private var jobs: [PictureJob] = []
    private var taken: Set<ContentHash> = []
    /// Finished since the fetch under way began: what it has read of them may be old.
    private var finished: Set<ContentHash> = []
    private var waiting: [CheckedContinuation<PictureJob?, Never>] = []
    private var closed = false
    private let hungry: Bell

    init(hungry: Bell) { self.hungry = hungry }

    /// Before the ledger is read for what is then added.
    func beginFetch() { finished = [] }

    /// Jobs of masters that are queued or in hand already are passed over, and those of masters
    /// that were finished while the ledger was read: the next fetch sees what is left of them.
    /// - Returns: how many were new.
    func add(_ new: [PictureJob]) -> Int {
        guard !closed else { return 0 }
        var added = 0
        for job in new
        where !finished.contains(job.master) && taken.insert(job.master).inserted {
            added += 1
            if waiting.isEmpty {
                jobs.append(job)
            } else {
                waiting.removeFirst().resume(returning: job)
            }
        }
        return added
    }

    /// Waits for a job; nil when the queue is closed.
    func next() async -> PictureJob? {
        if closed { return nil }
        if jobs.count <= Self.low { hungry.ring() }
        if !jobs.isEmpty { return jobs.removeFirst() }
        return await withCheckedContinuation { waiting.append($0) }
    }

    func finish(_ job: PictureJob) {
        taken.remove(job.master)
        finished.insert(job.master)
        if jobs.count <= Self.low { hungry.ring() }
    }

    /// Nothing more is handed out; who waits is sent home.
    func close() {
        closed = true
        for job in jobs { taken.remove(job.master) }
        jobs = []
        for station in waiting { station.resume(returning: nil) }
        waiting = []
    }

    var isIdle: Bool { jobs.isEmpty && taken.isEmpty }
}
