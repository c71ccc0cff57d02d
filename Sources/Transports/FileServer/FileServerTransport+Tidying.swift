import Curl
import Model

// What attempts that broke off have left behind.
extension FileServerTransport {
    /// Housekeeping is no reason to fail; a cut connection shows at the next step.
    func tidyOnce(_ name: RemoteName, _ attempt: Attempt) async {
        guard tidies, !house.isTidy(folder(name)) else { return }
        try? await tidy(folder(name), attempt)
    }

    /// Clears away what killed attempts left in one folder; a file set aside goes back when
    /// nothing has taken its name.
    func tidy(_ folder: String, _ attempt: Attempt) async throws(DeliveryError) {
        do throws(CurlFailure) {
            for name in try await server.names(
                folder, most: Self.mostLeftovers, while: { true },
                where: finish.temporary.isLeftover)
            {
                if let owner = finish.temporary.owner(ofAside: name),
                    try await server.size(folder + owner) == nil
                {
                    try await server.run([.may(.rename(folder + name, to: folder + owner))])
                } else {
                    try await server.run([.may(.remove(folder + name))])
                }
            }
        } catch {
            // A folder to be made, one in which we may only write, or one that takes too long to tell of.
            let isListing = error.code == .timedOut && error.phase == .transfer
            guard isListing || error.code == .noSuchFile || error.code == .accessDenied else {
                throw server.error(error, attempt)
            }
        }
        house.noteTidy(folder)
    }

    /// Leftovers cleared away in one folder: a server that tells of more may do so for ever.
    private static var mostLeftovers: Int { 1000 }

    /// Leftovers taken away by one transfer, which has a minute.
    private static var together: Int { 50 }

    func clearLeftovers(_ attempt: Attempt) async throws(DeliveryError) {
        var paths = house.takeLeftovers()[...]
        while !paths.isEmpty {
            do throws(CurlFailure) {
                try await server.run(paths.prefix(Self.together).map { .may(.remove($0)) })
            } catch {
                house.noteLeftovers(Array(paths))
                throw server.error(error, attempt)
            }
            paths = paths.dropFirst(Self.together)
        }
    }
}
