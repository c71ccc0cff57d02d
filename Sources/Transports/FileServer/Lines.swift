import Foundation
private import Synchronization

/// Cuts a stream into lines.
final class Lines: Sendable {
    /// No file system has longer names; a server that sends one is not believed.
    private static let limit = 4096

    private let rest = Mutex(Data())
    private let each: @Sendable (String) -> Void

    init(_ each: @escaping @Sendable (String) -> Void) { self.each = each }

    /// - Returns: false where it is not to be believed.
    func take(_ data: Data) -> Bool {
        let parts = rest.withLock { rest in
            var parts = (rest + data).split(separator: 0x0A, omittingEmptySubsequences: false)
            rest = Data(parts.removeLast())
            return rest.count <= Self.limit ? parts : nil
        }
        for part in parts ?? [] { each(String(decoding: part, as: UTF8.self)) }
        return parts != nil
    }
}

/// Counts names and keeps the first of those that are wanted.
final class Names: Sendable {
    private let state = Mutex((count: 0, wanted: [String]()))
    private let most: Int
    private let isWanted: @Sendable (String) -> Bool

    init(most: Int = .max, _ isWanted: @escaping @Sendable (String) -> Bool) {
        self.most = most
        self.isWanted = isWanted
    }

    var count: Int { state.withLock(\.count) }
    var wanted: [String] { state.withLock(\.wanted) }

    func take(_ name: String) {
        let isWanted = isWanted(name)
        state.withLock { state in
            state.count += 1
            if isWanted, state.wanted.count < most { state.wanted.append(name) }
        }
    }
}
