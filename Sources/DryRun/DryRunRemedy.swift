package import Foundation
package import Model
package import Profiles
import Rendering

extension DryRun {
    /// What whitening would change of the product, painted red in the rendition that was refused for it; nil
    /// where it was refused for something else, or can be made.
    package func changes(
        in outcome: Outcome, _ master: Master, of profile: Profile, version: Version, at now: Date
    ) async throws(Failure) -> Outcome? {
        guard outcome.code == .touched, let marked = profile.renditions[outcome.rendition]?.marked
        else { return nil }
        return try await outcomes(master, [marked], of: profile, version: version, at: now).first
    }

    /// Tries what settings of the profile would let this very picture pass, where it is held.
    /// - Parameter outcome: of the rendition as it is.
    /// - Returns: the settings, as they are written; nil where none of those that might help does.
    package func remedy(
        for outcome: Outcome, _ master: Master, of profile: Profile, version: Version, at now: Date
    ) async throws(Failure) -> String? {
        guard !outcome.gates.isEmpty, outcome.forbidden.isEmpty,
            let rendition = profile.renditions[outcome.rendition]
        else { return nil }
        for other in rendition.altered(for: master.inspection.measurement) {
            var altered = profile
            altered.renditions[rendition.name] = other.rendition
            do throws(Failure) {
                let made = try await outcomes(
                    master, [other.rendition], of: altered, version: version, at: now)
                if made.allSatisfy(\.gates.isEmpty) { return other.words }
            } catch {
                // A worker that dies over a try says nothing of the picture as it is.
                if case .worker(.couldNotStart) = error { throw error }
            }
        }
        return nil
    }
}
