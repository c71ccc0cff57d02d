import Model
private import Synchronization

/// What is known of a WebDAV server's folders. Apache, Nextcloud and others want each one made before
/// a file is put into it (RFC 4918, 9.3.1 and 9.7.1); other servers make them by themselves and are
/// never asked. What was made stays when it becomes empty: to delete a collection there deletes
/// whatever else lies in it.
final class WebFolders: Sendable {
    /// So that a folder for each file does not fill the memory.
    private static let most = 10_000

    private struct State {
        /// This server has let us make one, so the next is made before the file is sent in vain.
        var areMade = false
        /// With a slash at the end, below the profile's own path.
        var known: Set<String> = []
    }

    private let state = Mutex(State())

    /// The folders of a name from the top, `a/` before `a/b/`, without those that are known.
    func missing(for name: RemoteName) -> [String] {
        let all = name.segments.indices.dropLast().map {
            name.segments[...$0].joined(separator: "/") + "/"
        }
        return state.withLock { state in all.filter { !state.known.contains($0) } }
    }

    /// Whether to ask for folders before the file is sent.
    var areMade: Bool { state.withLock(\.areMade) }

    /// - Parameter made: by us, just now; else it was there.
    func learn(_ folder: String, made: Bool) {
        state.withLock { state in
            if state.known.count >= Self.most { state.known = [] }
            state.known.insert(folder)
            if made { state.areMade = true }
        }
    }

    /// Somebody has taken them away, or they never were.
    func forget(_ name: RemoteName) {
        state.withLock { state in
            state.known = state.known.filter { !"\(name.folder)/".hasPrefix($0) }
        }
    }
}
