import Bookkeeping
import Foundation
import Host
import Logging
import Model
import Rendering

// What a station does before its workers see a file: the store's copy has to be what was approved, at
// the moment it is used. Disks rot, and not only we may write there.
extension RenderStation {
    enum Lent: Sendable {
        case yes
        /// The host is at fault.
        case notNow
        /// It is other bytes than those that were approved.
        case never
    }

    func lend(_ job: PictureJob) async -> Lent {
        let file = job.master
        do throws(HostError) {
            let found = try await workers.lend(file, from: context.store.masters)
            if found == file { return .yes }
            await report(job, changedTo: found)
            return .never
        } catch {
            putOff("'\(file.short)…' cannot be read in the store: \(error)")
            return .notNow
        }
    }

    private func report(_ job: PictureJob, changedTo found: ContentHash?) async {
        let file = job.master
        let now = found.map { "reads as '\($0.short)…' now" } ?? "is not there any more"
        let what = job.isXMP ? ".xmp" : "master"
        let reason =
            "the \(what) in the store is not what was approved: '\(file.short)…' \(now); nothing is "
            + "made of it, and what is live stays"
        context.logger.critical(
            "a file in the store has changed",
            metadata: ["file": "\(StoredFile.master(file))", "reason": "\(reason)"])
        await attempt { () async throws(LedgerError) in
            let ledger = self.context.ledger
            let sources =
                job.isXMP
                ? try await ledger.recordUnreadable(
                    xmp: file, because: reason, untilItArrives: true)
                : try await ledger.recordUnusable(file, because: reason, untilItArrives: true)
            await self.context.note(sources, reason)
        }
    }
}

extension PictureJob {
    fileprivate var isXMP: Bool { if case .readXMP = self { true } else { false } }
}
