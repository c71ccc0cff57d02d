import Bookkeeping
import Foundation
import Intake
import Model
package import Wire

/// An order names a file that is not in quarantine.
package struct NotQuarantined: Error, Sendable {
    package var path: String
    package var nearest: String?
}

// What cannot be used, and what a person says to it.
extension Daemon {
    private static let listed = 1_000

    package func quarantined() async throws -> QuarantineAnswer {
        let (files, all, dismissed) = try await ledger.quarantined(limit: Self.listed)
        return QuarantineAnswer(
            files: files.map(\.told), more: all - files.count, dismissed: dismissed)
    }

    /// - Parameter paths: below the spool or with its path; nil: all that is quarantined now.
    package func dismiss(_ paths: [String]?, by who: String) async throws -> DoneAnswer {
        let named = paths.map { $0.map(spool.candidatePath) }
        var (dismissed, unknown) = try await ledger.dismiss(named, by: who)
        if !unknown.isEmpty, let named {
            // As the file system writes a name, rather than as we show it.
            let shown = named.map { unknown.contains($0) ? Spool.shown($0) : $0 }
            (dismissed, unknown) = try await ledger.dismiss(shown, by: who)
        }
        if let first = unknown.first {
            let known = try await ledger.quarantined(limit: Self.listed).files.map(\.path)
            throw NotQuarantined(path: first, nearest: Spelling.nearest(to: first, among: known))
        }
        await spool.clearReasons(of: dismissed)
        return DoneAnswer(
            done: dismissed.count == 1
                ? "'\(dismissed[0])' may lie there; it is looked at again when it changes"
                : "\(dismissed.count) files may lie there; each is looked at again when it changes",
            count: dismissed.count)
    }

    /// Files that name a SKU and cannot be used.
    func quarantined(naming sku: String) async throws -> [QuarantinedFile] {
        try await ledger.quarantined(naming: sku, limit: 20).map(\.told)
    }
}

extension Ledger.Refusee {
    fileprivate var told: QuarantinedFile {
        let advice = code.flatMap(Rejection.Code.init(rawValue:))?.advice
        return QuarantinedFile(
            path: path, reason: reason,
            next: advice ?? "deliver a whole, readable picture under the same or another name",
            since: since, skus: skus, dismissed: dismissed)
    }
}
