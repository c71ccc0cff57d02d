private import Synchronization

/// What a transport remembers of the temporary files on its server.
final class Housekeeping: Sendable {
    /// So that a partner with a directory per file does not fill the memory.
    private static let mostFolders = 10_000
    private static let mostLeftovers = 1_000

    private struct State {
        /// Folders in which leftovers have been cleared away, or that we made.
        var tidy: Set<String> = []
        /// Temporary files of attempts that broke off, to be removed when the server answers again.
        var leftovers: [String] = []
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
}
