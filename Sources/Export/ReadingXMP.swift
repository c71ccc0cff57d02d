import Bookkeeping
import Foundation
import Model

// What a station does with the `.xmp` files beside masters.
extension RenderStation {
    /// One that cannot be read is a verdict on its sources, as a master is that is no picture.
    func readXMP(_ file: ContentHash) async {
        let request = ReadXMPRequest(file: JobDirectory.name(of: file))
        for attempt in 1...2 {
            do throws(WorkerFailure) {
                let reply = try await workers().renderer.ask(
                    .readXMP(request), deadline: context.timeouts.inspecting)
                return try await record(reply, of: file)
            } catch {
                guard await blames(file, for: error) else { return }
                guard attempt == 2 else { continue }
                await refuse(file, "reading the .xmp ended the worker twice: \(error)")
            }
        }
    }

    private func record(
        _ reply: WorkerReply, of file: ContentHash
    ) async throws(WorkerFailure) {
        switch reply {
        case .xmp(let metadata):
            guard metadata.isBounded else { throw .nonsense("metadata without end") }
            await attempt { () async throws(LedgerError) in
                try await self.context.ledger.recordXMP(metadata, of: file)
            }
        case .refused(let refusal): await refuse(file, refusal.message)
        default: throw .nonsense("an answer to another question")
        }
    }

    private func refuse(_ file: ContentHash, _ reason: String) async {
        await attempt { () async throws(LedgerError) in
            let sources = try await self.context.ledger.recordUnreadable(
                xmp: file, because: reason)
            await self.context.note(sources, reason)
        }
    }
}
