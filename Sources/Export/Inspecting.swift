import Bookkeeping
import Foundation
import Model

// What a station does with a master nobody has looked into.
extension RenderStation {
    /// - Returns: when it may be tried again, where the host was at fault.
    func inspect(_ job: InspectJob) async -> Date? {
        let request = InspectRequest(
            master: JobDirectory.name(of: job.master), format: job.format)
        do throws(WorkerFailure) {
            let reply = try await workers().renderer.ask(
                .inspect(request), deadline: context.timeouts.inspecting)
            return try await record(reply, of: job)
        } catch {
            guard await blames(job.master, for: error) else { return nil }
            // Once more, when nothing else waits.
            guard job.attempts > 0 else {
                await attempt { () async throws(LedgerError) in
                    try await self.context.ledger.countAttempt(inspecting: job.master)
                }
                return nil
            }
            await quarantine(job.master, "looking into it ended the worker twice: \(error)")
            return nil
        }
    }

    private func record(
        _ reply: WorkerReply, of job: InspectJob
    ) async throws(WorkerFailure) -> Date? {
        switch reply {
        case .inspected(let inspection):
            guard inspection.isBounded else { throw .nonsense("a picture out of all bounds") }
            await attempt { () async throws(LedgerError) in
                try await self.context.ledger.recordInspection(inspection, of: job.master)
                self.context.standstills.clear(.rendering)
            }
        case .refused(let refusal) where refusal.code == .memory: throw .swelled(refusal.message)
        case .refused(let refusal) where refusal.code == .resources:
            putOff("\(refusal)")
            await close()
            return Date().addingTimeInterval(Limit.rest)
        case .refused(let refusal): await quarantine(job.master, refusal.message)
        default: throw .nonsense("an answer to another question")
        }
        return nil
    }
}
