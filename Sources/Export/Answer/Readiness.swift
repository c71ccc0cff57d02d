import Bookkeeping
import Model
package import Wire

extension Daemon {
    /// How products and pictures meet. Counts by walks along indexes, to a limit.
    package func ready(channel: String?) async throws -> ReadyAnswer {
        if let channel { try await mustKnow(channel) }
        var answer = ReadyAnswer(
            orphans: try await counted(.orphans), nowhere: try await counted(.nowhere),
            channels: [])
        for name in try await ledger.channels().map(\.name) where channel ?? name == name {
            var leftOut = 0
            for gate in Gate.Kind.allCases where !Self.asMeant.contains(gate.rawValue) {
                leftOut += try await counted(.omissions(channel: name, gate: gate))
            }
            answer.channels.append(
                ReadyAnswer.Channel(
                    channel: name, unpictured: try await counted(.unpictured(channel: name)),
                    leftOut: leftOut))
        }
        return answer
    }

    private func counted(_ part: ListPart) async throws(LedgerError) -> Int {
        try await ledger.count(part, limit: ReadyAnswer.most)
    }
}
