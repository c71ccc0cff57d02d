import Bookkeeping
import Host
import Intake
import Synchronization

// Quarantine ends with its file.
extension SpoolWatch {
    private static let page = 500
    /// Files asked about in one pass; the others come next.
    private static let most = 5_000
    static let rootFact = "spool root"

    /// Forgets refused files that have left the spool. Only in the spool they were in: an empty
    /// directory where a mount should be says nothing about them.
    /// - Parameter sawKnown: whether the pass met a file that was known.
    func clearGone(sawKnown: Bool, sawAny: Bool) async throws {
        let spool = spool
        guard let root = await lane.run({ try? spool.identity() }) else { return }
        let last = try await ledger.fact(Self.rootFact)
        let isSame = last == root || sawKnown || (last == nil && sawAny)
        guard isSame else { return }
        if last != root { try await ledger.setFact(Self.rootFact, root) }
        var asked = 0
        while asked < Self.most {
            let after = clearingCursor.withLock { $0 }
            let files = try await ledger.refused(after: after, limit: Self.page)
            asked += files.count
            clearingCursor.withLock { $0 = files.count < Self.page ? "" : files.last?.path ?? "" }
            let gone = await lane.run { (try? spool.gone(files.map(\.path))) ?? [] }
            let forgotten = try await ledger.forget(files.filter { gone.contains($0.path) })
            await clearReasons(of: forgotten)
            if files.count < Self.page { return }
        }
    }

    func clearReasons(of paths: [String]) async {
        guard !paths.isEmpty else { return }
        await lane.run { for path in paths { try? self.quarantine.clear(path) } }
    }

    func candidatePath(_ typed: String) -> String { spool.candidatePath(typed) }
}
