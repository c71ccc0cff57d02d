import Bookkeeping
package import Model
package import Wire

// Whoever approves bytes that were withdrawn should hear of it.
extension Daemon {
    package func withdrawn(master: ContentHash) async throws -> WithdrawnAnswer {
        let versions = try await ledger.withdrawn(master: master)
        return WithdrawnAnswer(
            entries: versions.map { asset, withdrawal in
                WithdrawnAnswer.Entry(
                    asset: asset.description, at: withdrawal.at, because: withdrawal.because,
                    undo: "sluice reinstate \(asset.commandArguments) --because REASON")
            })
    }
}
