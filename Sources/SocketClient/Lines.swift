internal import Foundation
internal import Synchronization
internal import Wire

/// Puts the pieces of a stream together to lines, and reads each.
final class Lines<Line: Decodable & Sendable>: Sendable {
    private struct State {
        var pending = Data()
        var broken = false
    }

    private let state = Mutex(State())
    private let each: @Sendable (Data, Line) -> Bool

    /// Bytes of one line; a longer one is none of this stream.
    private let limit = 1 << 20

    init(each: @escaping @Sendable (Data, Line) -> Bool) { self.each = each }

    /// False when the stream should end.
    func take(_ piece: Data) -> Bool {
        state.withLock { state in
            state.pending.append(piece)
            while let end = state.pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Data(state.pending[..<end])
                guard let value = try? SocketFormat.decode(Line.self, from: line) else {
                    return lookedLikeAnError(&state)
                }
                state.pending = Data(state.pending[(end + 1)...])
                guard each(line, value) else { return false }
            }
            return state.pending.count <= limit
        }
    }

    /// What has not become a line.
    var rest: Data { state.withLock(\.pending) }

    func check() throws(Client.Failure) {
        let broken = state.withLock { $0.broken || $0.pending.count > limit }
        if broken { throw .strange("a line that is none of this stream") }
    }

    /// The body of a refusal arrives the same way; the status that comes with it tells.
    private func lookedLikeAnError(_ state: inout State) -> Bool {
        if (try? SocketFormat.decode(ErrorAnswer.self, from: state.pending)) != nil { return true }
        state.broken = true
        return false
    }
}
