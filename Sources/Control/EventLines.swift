internal import Foundation
internal import Model
internal import Synchronization

/// Puts the pieces of a stream together to lines, and lines to events.
final class EventLines: Sendable {
    private struct State {
        var pending = Data()
        var broken = false
    }

    private let state = Mutex(State())
    private let each: @Sendable (Data, Event) -> Bool

    /// Bytes of one line; a longer one is no event.
    private static let limit = 1 << 20

    init(each: @escaping @Sendable (Data, Event) -> Bool) { self.each = each }

    /// False when the stream should end.
    func take(_ piece: Data) -> Bool {
        state.withLock { state in
            state.pending.append(piece)
            while let end = state.pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Data(state.pending[..<end])
                guard let event = try? Wire.decode(Event.self, from: line) else {
                    return lookedLikeAnError(&state)
                }
                state.pending = Data(state.pending[(end + 1)...])
                guard each(line, event) else { return false }
            }
            return state.pending.count <= Self.limit
        }
    }

    /// What has not become an event.
    var rest: Data { state.withLock(\.pending) }

    func check() throws(Client.Failure) {
        let broken = state.withLock { $0.broken || $0.pending.count > Self.limit }
        if broken { throw .strange("a line that is no event") }
    }

    /// The body of a refusal arrives the same way; the status that comes with it tells.
    private func lookedLikeAnError(_ state: inout State) -> Bool {
        if (try? Wire.decode(ErrorAnswer.self, from: state.pending)) != nil { return true }
        state.broken = true
        return false
    }
}
