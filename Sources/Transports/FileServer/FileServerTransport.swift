import Curl
import Model

/// An account on a server with folders. Files go up under a temporary name, their size is checked
/// there, and a rename shows them. An answer may be lost after the deed, so after a failure the names
/// themselves are looked at before anything is called failed.
final class FileServerTransport<Server: FileServer>: Transport {
    private let server: Server
    private let address: DestinationAddress
    private let account: Account
    private let finish: Finish
    private let house = Housekeeping()
    private let sample = ReadBack()

    init(_ server: Server, _ address: DestinationAddress, _ account: Account, _ finish: Finish) {
        self.server = server
        self.address = address
        self.account = account
        self.finish = finish
    }

    func put(
        _ file: Outgoing, as name: RemoteName, replacing object: RemoteObject?
    ) async throws(DeliveryError) -> RemoteObject? {
        let attempt = attempt("put", name.rawValue)
        switch finish {
        case .rename: try await uploadAndRename(file, name, attempt)
        case .direct: try await upload(file, to: path(name), name, attempt)
        }
        return nil
    }

    func look(
        for file: Outgoing, as name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Presence {
        let attempt = attempt("look for", name.rawValue)
        let size = try await ask(attempt) { server throws(CurlFailure) in
            try await server.size(self.path(name))
        }
        guard let size else { return .absent }
        guard size == file.bytes else {
            return .different("\(size) bytes in place of \(file.bytes)")
        }
        guard sample.isDue(file) else { return .confirmed(.size) }
        do throws(CurlFailure) {
            return sample.judge(try await server.digest(path(name), limit: file.bytes), file)
        } catch  where error.code == .tooLarge {
            sample.distrust()
            return .different("more than \(file.bytes) bytes")
        } catch {
            sample.giveBack()
            if error.code == .noSuchFile { return .absent }
            throw server.error(error, attempt)
        }
    }

    func remove(_ name: RemoteName, object: RemoteObject?) async throws(DeliveryError) {
        let attempt = attempt("remove", name.rawValue)
        // Folders that become empty go with it; the profile's own stays.
        let folders = name.segments.indices.dropLast().reversed().map { last in
            address.path + name.segments[...last].joined(separator: "/")
        }
        do throws(CurlFailure) {
            try await server.run([.must(.remove(path(name)))])
            try await server.run(folders.map { .may(.removeFolder($0)) })
        } catch {
            guard error.code == .commandFailed else { throw server.error(error, attempt) }
            let isGone = try await ask(attempt) { server throws(CurlFailure) in
                try await server.isAbsent(self.path(name))
            }
            guard !isGone else { return }
            throw attempt.error(
                "the server refuses: \(error.message.asClause); the account '"
                    + "\(account.user ?? "")' needs the right to remove there", .fixChannel)
        }
        house.forget(folder(name))
    }

    func isAbsent(
        _ name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Bool {
        try await ask(attempt("look for", name.rawValue)) { server throws(CurlFailure) in
            try await server.isAbsent(self.path(name))
        }
    }

    /// The profile's directory now; those beneath it when something is first put there.
    func sweep() async throws(DeliveryError) { try await tidy(address.path, attempt("open", "")) }

    func close() async { await server.close() }

    // MARK: Putting

    private func uploadAndRename(
        _ file: Outgoing, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) {
        let temporary = folder(name) + Temporary.name(file.sha256)
        do throws(DeliveryError) {
            try await upload(file, to: temporary, name, attempt)
            let kept = try await ask(attempt) { server throws(CurlFailure) in
                try await server.size(temporary)
            }
            guard kept == file.bytes else {
                throw attempt.error(
                    "the server has kept \(kept ?? 0) of \(file.bytes) bytes; is its disk full?",
                    .retry(after: nil))
            }
            try await show(file, temporary, name, attempt)
        } catch {
            house.noteLeftovers([temporary])
            // A refusal came from a server that answers; after any other failure the next put
            // clears up, so that a dead server is not dialled twice and no login fails twice.
            if error.remedy == .fixInput || error.remedy == .fixProfile { await clearLeftovers() }
            throw error
        }
        await clearLeftovers()
    }

    private func upload(
        _ file: Outgoing, to path: String, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) {
        do throws(CurlFailure) {
            do throws(CurlFailure) {
                try await server.upload(file, to: path)
            } catch  where error.code == .noSuchFile {
                try await server.run(makeFolders(name))
                house.noteTidy(folder(name))
                try await server.upload(file, to: path)
            }
        } catch  where error.code == .noSuchFile {
            throw attempt.error(
                "the directory '\(folder(name))' is not there and cannot be made", .fixProfile)
        } catch  where error.code == .nameRefused && finish == .rename {
            throw attempt.error(
                "the server takes no file under the temporary name '\(FilePath(path).leaf)' ("
                    + "\(error.message.asClause)); if the account may write there, 'finish: direct' "
                    + "does without", .fixProfile)
        } catch {
            throw server.error(error, attempt)
        }
        // Housekeeping is no reason to fail; a cut connection shows at the next step.
        if !house.isTidy(folder(name)) { try? await tidy(folder(name), attempt) }
    }

    /// Gives the uploaded file its name.
    private func show(
        _ file: Outgoing, _ temporary: String, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) {
        do throws(CurlFailure) {
            try await server.run([.must(.rename(temporary, to: path(name)))])
        } catch {
            let (waiting, there) = try await sizes(temporary, path(name), attempt)
            if waiting == nil && there == file.bytes { return }
            guard error.code == .commandFailed || error.code == .nameRefused else {
                throw server.error(error, attempt)
            }
            if waiting != nil && there != nil {
                return try await exchange(file, temporary, path(name), attempt)
            }
            guard error.code == .commandFailed else { throw server.error(error, attempt) }
            throw attempt.error(
                "the server refuses to rename: \(error.message.asClause); 'finish: direct' does "
                    + "without", .fixProfile)
        }
    }

    /// For servers that do not rename over a file: the old one aside, the new one in, the old one
    /// away. The aside's name says whose it is, so that `tidy` can put it back after a crash.
    private func exchange(
        _ file: Outgoing, _ temporary: String, _ final: String, _ attempt: Attempt
    ) async throws(DeliveryError) {
        let place = FilePath(final)
        let aside = place.folder + Temporary.aside(place.leaf)
        do throws(CurlFailure) {
            try await server.run([
                .may(.remove(aside)), .must(.rename(final, to: aside)),
                .must(.rename(temporary, to: final)), .may(.remove(aside)),
            ])
        } catch {
            let (waiting, there) = try await sizes(temporary, final, attempt)
            if waiting == nil && there == file.bytes {
                try? await server.run([.may(.remove(aside))])
                return
            }
            if there == nil { try? await server.run([.may(.rename(aside, to: final))]) }
            throw attempt.error(
                "the old file cannot be replaced: \(error.message.asClause)", .retry(after: nil))
        }
    }

    private func sizes(
        _ temporary: String, _ final: String, _ attempt: Attempt
    ) async throws(DeliveryError) -> (waiting: Int64?, there: Int64?) {
        try await ask(attempt) { server throws(CurlFailure) in
            (try await server.size(temporary), try await server.size(final))
        }
    }

    // MARK: Tidying

    /// Clears away what killed attempts left in one folder; a file set aside goes back when
    /// nothing has taken its name.
    private func tidy(_ folder: String, _ attempt: Attempt) async throws(DeliveryError) {
        do throws(CurlFailure) {
            for name in try await server.names(folder, where: Temporary.isLeftover) {
                if let owner = Temporary.owner(ofAside: name),
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

    private func clearLeftovers() async {
        let paths = house.takeLeftovers()
        guard !paths.isEmpty else { return }
        do throws(CurlFailure) {
            try await server.run(paths.map { .may(.remove($0)) })
        } catch {
            house.noteLeftovers(paths)
        }
    }

    // MARK: Names

    private func ask<Value: Sendable>(
        _ attempt: Attempt, _ question: (Server) async throws(CurlFailure) -> Value
    ) async throws(DeliveryError) -> Value {
        do throws(CurlFailure) {
            return try await question(server)
        } catch {
            throw server.error(error, attempt)
        }
    }

    private func attempt(_ verb: String, _ name: String) -> Attempt {
        Attempt(verb: verb, name: name, address: address, account: account)
    }

    private func path(_ name: RemoteName) -> String { address.path + name.rawValue }

    /// Ends in `/`.
    private func folder(_ name: RemoteName) -> String {
        name.folder.isEmpty ? address.path : "\(address.path)\(name.folder)/"
    }

    private func makeFolders(_ name: RemoteName) -> [FileStep] {
        let segments = folder(name).split(separator: "/")
        return segments.indices.map { last in
            .may(.makeFolder("/" + segments[...last].joined(separator: "/")))
        }
    }
}
