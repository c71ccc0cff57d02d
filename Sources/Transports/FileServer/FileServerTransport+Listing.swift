import Curl
import Model

extension FileServerTransport: ListingTransport {
    func strangers(_ search: StrangerSearch) async throws(DeliveryError) -> Strangers {
        let (finish, isBase) = (finish, search.folder.isEmpty)
        let attempt = attempt("list", search.folder)
        let folder = address.path + search.folder
        do throws(CurlFailure) {
            let names = try await server.names(
                folder, most: search.most, while: search.goesOn
            ) { name in
                search.finds(name) && !finish.temporary.isOurs(name)
                    && !(isBase && finish.isOfThePlace(name))
                    && finish.owner(ofMarker: name).map(search.isKnown) != true
            }
            return Strangers(names)
        } catch  where error.code == .noSuchFile {
            return Strangers([])
        } catch  where error.code == .accessDenied {
            // Some say so as well of one that is not there.
            guard try await isMissing(folder, attempt) else { throw server.error(error, attempt) }
            return Strangers([], questions: 2)
        } catch {
            throw server.error(error, attempt)
        }
    }

    private func isMissing(
        _ folder: String, _ attempt: Attempt
    ) async throws(DeliveryError) -> Bool {
        try await ask(attempt) { server throws(CurlFailure) in
            try await server.isAbsent(String(folder.dropLast()))
        }
    }
}

extension Finish {
    /// What lies in the profile's own folder and belongs to all files.
    fileprivate func isOfThePlace(_ leaf: String) -> Bool {
        leaf == temporary.folder || marker?.per == .batch && leaf == marker?.name
    }
}
