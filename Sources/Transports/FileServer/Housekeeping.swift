private import Synchronization

/// What a transport remembers of its server, and of the temporary files there.
final class Housekeeping: Sendable {
    /// So that a partner with a directory per file does not fill the memory.
    private static let mostFolders = 10_000
    private static let mostLeftovers = 1_000

    private struct State {
        /// Folders in which leftovers have been cleared away, or that we made.
        var tidy: Set<String> = []
        /// Temporary files of attempts that broke off, to be removed when the server answers again.
        var leftovers: [String] = []
        /// Files that are looked at before they are shown, since nobody knows yet whether the server
        /// says so when it has kept only a part.
        var unproven = ReadBack.first
        var swapsFiles = false
        /// Markers that were put and not asked for since: no more than are in hand.
        var marked: Set<String> = []
    }

    private let state = Mutex(State())

    func isTidy(_ folder: String) -> Bool { state.withLock { $0.tidy.contains(folder) } }

    func noteTidy(_ folder: String) {
        state.withLock { state in
            if state.tidy.count >= Self.mostFolders { state.tidy = [] }
            state.tidy.insert(folder)
        }
    }

    /// It may be gone, and come back with whatever somebody puts there.
    func forget(_ folder: String) { state.withLock { _ = $0.tidy.remove(folder) } }

    func noteLeftovers(_ paths: [String]) {
        state.withLock { state in
            state.leftovers += paths.prefix(Self.mostLeftovers - state.leftovers.count)
        }
    }

    func takeLeftovers() -> [String] {
        state.withLock { state in
            defer { state.leftovers = [] }
            return state.leftovers
        }
    }

    func isUnproven() -> Bool {
        state.withLock { state in
            guard state.unproven > 0 else { return false }
            state.unproven -= 1
            return true
        }
    }

    /// Nothing came of it.
    func stayUnproven() { state.withLock { $0.unproven = max($0.unproven, 1) } }

    /// It has kept a part without saying so.
    func distrust() {
        state.withLock { $0.unproven = max($0.unproven, ReadBack.afterMismatch) }
    }

    /// It does not rename over a file, and then one is put in the other's place: need not be found out
    /// again with every file, at five questions each.
    var swapsFiles: Bool { state.withLock(\.swapsFiles) }

    func noteSwap() { state.withLock { $0.swapsFiles = true } }

    func noteMarked(_ path: String) { state.withLock { _ = $0.marked.insert(path) } }

    /// - Returns: whether it was noted; only once.
    func takeMarked(_ path: String) -> Bool {
        state.withLock { $0.marked.remove(path) != nil }
    }
}
