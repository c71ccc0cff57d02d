import Bookkeeping
import Foundation
import Host
import Model
import Rendering

// What a station does with a master nobody has looked into.
extension RenderStation {
    /// - Returns: when it may be tried again, where the host was at fault.
    func inspect(_ job: InspectJob) async -> Date? {
        do throws(WorkerFailure) {
            return await record(try await workers.inspect(job.master, job.format), of: job)
        } catch {
            guard blames(job.master, for: error) else { return nil }
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
        _ answer: WorkerPair.Answer<Inspection>, of job: InspectJob
    ) async -> Date? {
        switch answer {
        case .given(let inspection):
            await attempt { () async throws(LedgerError) in
                try await self.context.ledger.recordInspection(inspection, of: job.master)
                self.context.standstills.clear(.rendering)
            }
        case .refused(let refusal) where refusal.code == .resources:
            putOff("\(refusal)")
            await workers.close()
            return context.ledger.clock.now(plus: Limit.rest)
        case .refused(let refusal): await quarantine(job.master, refusal.message)
        }
        return nil
    }
}
