import Foundation
private import Synchronization

/// Cuts a listing into names as it comes, and keeps those that are wanted.
final class NameStream: Sendable {
    /// No file system has longer paths; a server that sends one is not believed.
    private static let limit = 4096

    private struct State {
        var wanted: [String] = []
        var isEmpty = true
        var rest = Data()
    }

    private let state = Mutex(State())
    private let isWanted: @Sendable (String) -> Bool

    init(_ isWanted: @escaping @Sendable (String) -> Bool) { self.isWanted = isWanted }

    var wanted: [String] { state.withLock { $0.wanted } }

    /// Not even a name that is not wanted has come.
    var isEmpty: Bool { state.withLock { $0.isEmpty } }

    /// False where no names come any more.
    func take(_ data: Data) -> Bool {
        state.withLock { state in
            var lines = (state.rest + data).split(
                separator: 0x0A, omittingEmptySubsequences: false)
            state.rest = Data(lines.removeLast())
            for line in lines {
                // Some servers put the folder before each name.
                let path = String(decoding: line, as: UTF8.self)
                    .trimmingCharacters(in: CharacterSet(charactersIn: "\r"))
                let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) }
                state.isEmpty = false
                if isWanted(name ?? path) { state.wanted.append(name ?? path) }
            }
            return state.rest.count <= Self.limit
        }
    }
}
