import Bookkeeping
import Foundation
import Model
import Rendering

// What a station does with the `.xmp` files beside masters.
extension RenderStation {
    /// One that cannot be read is a verdict on its sources, as a master is that is no picture.
    func readXMP(_ file: ContentHash) async {
        for attempt in 1...2 {
            do throws(WorkerFailure) {
                return await record(try await workers.readXMP(file), of: file)
            } catch {
                guard blames(file, for: error) else { return }
                guard attempt == 2 else { continue }
                await refuse(file, "reading the .xmp ended the worker twice: \(error)")
            }
        }
    }

    private func record(
        _ answer: WorkerPair.Answer<PictureMetadata>, of file: ContentHash
    ) async {
        switch answer {
        case .given(let metadata):
            await attempt { () async throws(LedgerError) in
                try await self.context.ledger.recordXMP(metadata, of: file)
            }
        case .refused(let refusal): await refuse(file, refusal.message)
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
