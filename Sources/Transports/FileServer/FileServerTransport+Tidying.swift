import Curl
import Model

// What attempts that broke off have left behind.
extension FileServerTransport {
    /// Housekeeping is no reason to fail; a cut connection shows at the next step.
    func tidyOnce(_ name: RemoteName, _ attempt: Attempt) async {
        guard !house.isTidy(folder(name)) else { return }
        try? await tidy(folder(name), attempt)
    }

    /// Clears away what killed attempts left in one folder; a file set aside goes back when
    /// nothing has taken its name.
    func tidy(_ folder: String, _ attempt: Attempt) async throws(DeliveryError) {
        do throws(CurlFailure) {
            for name in try await server.names(folder, where: finish.temporary.isLeftover) {
                if let owner = finish.temporary.owner(ofAside: name),
                    try await server.size(folder + owner) == nil
                {
                    try await server.run([.may(.rename(folder + name, to: folder + owner))])
                } else {
                    try await server.run([.may(.remove(folder + name))])
                }
            }
        } catch {
            // A folder to be made, or one in which we may only write.
            guard error.code == .noSuchFile || error.code == .accessDenied else {
                throw server.error(error, attempt)
            }
        }
        house.noteTidy(folder)
    }

    func clearLeftovers() async {
        let paths = house.takeLeftovers()
        guard !paths.isEmpty else { return }
        do throws(CurlFailure) {
            try await server.run(paths.map { .may(.remove($0)) })
        } catch {
            house.noteLeftovers(paths)
        }
    }
}
