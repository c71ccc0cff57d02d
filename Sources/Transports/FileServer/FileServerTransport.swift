import Curl
import Host
import Model

/// An account on a server with folders. Files go up under a temporary name, and a rename shows them. An
/// answer may be lost after the deed, so after a failure the names themselves are looked at before
/// anything is called failed.
final class FileServerTransport<Server: FileServer>: Transport {
    let server: Server
    let address: DestinationAddress
    let finish: Finish
    let house = Housekeeping()
    /// Clears away what killed attempts have left: not beside a daemon, whose files they may be.
    let tidies: Bool
    private let account: Account
    private let sample = ReadBack()

    init(
        _ server: Server, _ address: DestinationAddress, _ account: Account, _ finish: Finish,
        tidies: Bool = true
    ) {
        self.tidies = tidies
        self.server = server
        self.address = address
        self.account = account
        self.finish = finish
    }

    func put(
        _ file: Outgoing, as name: RemoteName, replacing object: RemoteObject?
    ) async throws(DeliveryError) -> RemoteObject? {
        let attempt = attempt("put", name.rawValue)
        switch finish.manner {
        case .rename: try await uploadAndRename(file, name, attempt)
        case .direct: try await uploadDirectly(file, name, attempt)
        }
        if let marker = marker(of: name) { try await mark(file, name, by: marker, attempt) }
        return nil
    }

    func look(
        for file: Outgoing, as name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Presence {
        let attempt = attempt("look for", name.rawValue)
        let there = try await look(for: file, as: name, attempt)
        guard !file.wasConfirmed, there.confirmation != nil, let marker = marker(of: name) else {
            return there
        }
        return try await lacks(marker, attempt)
            ? .different("its marker '\(FilePath(marker).leaf)' is not there") : there
    }

    private func look(
        for file: Outgoing, as name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) -> Presence {
        let size = try await ask(attempt) { server throws(CurlFailure) in
            try await server.size(self.path(name), expected: file.bytes)
        }
        guard let size else { return .absent }
        guard size == file.bytes else {
            house.distrust()
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
        // Of what was broken off since it must go as well.
        try await clearLeftovers(attempt)
        // Folders that become empty go with it; the profile's own stays.
        let folders = name.segments.indices.dropLast().reversed().map { last in
            address.path + name.segments[...last].joined(separator: "/")
        }
        do throws(CurlFailure) {
            try await server.run(
                unmarking(name) + [.may(.remove(aside(path(name)))), .must(.remove(path(name)))]
                    + folders.map { .may(.removeFolder($0)) })
        } catch {
            guard error.code == .commandFailed else { throw server.error(error, attempt) }
            let isGone = try await ask(attempt) { server throws(CurlFailure) in
                try await server.isAbsent(self.path(name))
            }
            guard !isGone else { return }
            var refusal = attempt.error(
                "the server refuses: \(error.message.asClause); the account '"
                    + "\(account.user ?? "")' needs the right to remove there", .fixChannel)
            refusal.isRefusal = true
            throw refusal
        }
        house.forget(folder(name))
        CrashPoint.reach("server.removed")
    }

    func isAbsent(
        _ name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Bool {
        try await ask(attempt("look for", name.rawValue)) { server throws(CurlFailure) in
            guard try await server.isAbsent(self.path(name)) else { return false }
            return try await self.lacksAside(name)
        }
    }

    /// What was set aside comes back under the name when somebody tidies up.
    private func lacksAside(_ name: RemoteName) async throws(CurlFailure) -> Bool {
        let aside = FilePath(aside(path(name)))
        do throws(CurlFailure) {
            return try await server.size(aside.folder + aside.leaf) == nil
        } catch {
            // The name may be too long for the server, which says so in the words of a broken connection.
            return try await server.names(aside.folder) { $0 == aside.leaf }.isEmpty
        }
    }

    /// Where the file waits that another one takes the place of; see `exchange`.
    func aside(_ final: String) -> String {
        let place = FilePath(final)
        return place.folder + finish.temporary.aside(place.leaf)
    }

    /// The profile's directory now; those beneath it when something is first put there.
    func sweep() async throws(DeliveryError) {
        let attempt = attempt("open", "")
        try await tidy(address.path, attempt)
        if let folder = temporaryFolder { try await tidy(folder, attempt) }
    }

    func bear(_ sessions: Int) { server.bear(sessions) }

    func close() async { await server.close() }

    // MARK: Names

    func ask<Value: Sendable>(
        _ attempt: Attempt, _ question: (Server) async throws(CurlFailure) -> Value
    ) async throws(DeliveryError) -> Value {
        do throws(CurlFailure) {
            return try await question(server)
        } catch {
            throw server.error(error, attempt)
        }
    }

    func attempt(_ verb: String, _ name: String) -> Attempt {
        Attempt(verb: verb, name: name, address: address, account: account)
    }

    func path(_ name: RemoteName) -> String { address.path + name.rawValue }

    /// Ends in `/`.
    func folder(_ name: RemoteName) -> String {
        name.folder.isEmpty ? address.path : "\(address.path)\(name.folder)/"
    }

    /// Ends in `/`; nil: that of each name.
    var temporaryFolder: String? { finish.temporary.folder.map { "\(address.path)\($0)/" } }

    func makeFolders(_ name: RemoteName) -> [FileStep] {
        let segments = folder(name).split(separator: "/")
        let folders = segments.indices.map { "/" + segments[...$0].joined(separator: "/") }
        return (folders + (temporaryFolder.map { [$0] } ?? [])).map { .may(.makeFolder($0)) }
    }
}
