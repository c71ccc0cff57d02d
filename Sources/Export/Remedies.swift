package import Channels
package import Foundation
package import Model

extension Trial {
    /// Tries what settings of the profile would let this very picture pass, where it is held.
    /// - Parameter outcome: of the rendition as it is.
    /// - Returns: the settings, as they are written; nil where none of those that might help does.
    package func remedy(
        for outcome: Outcome, _ master: Master, of profile: Profile, version: Version, at now: Date
    ) async throws(Failure) -> String? {
        guard !outcome.gates.isEmpty, outcome.forbidden.isEmpty,
            let rendition = profile.renditions[outcome.rendition]
        else { return nil }
        for alteration in rendition.alterations(for: master.inspection.measurement) {
            var altered = profile
            altered.renditions[rendition.name] = alteration.rendition
            let made = try await outcomes(
                master, [alteration.rendition], of: altered, version: version, at: now)
            if made.allSatisfy(\.gates.isEmpty) { return alteration.words }
        }
        return nil
    }
}
