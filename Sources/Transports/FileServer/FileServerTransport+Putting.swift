import Curl
import Host
import Model

// How a file comes to its name.
extension FileServerTransport {
    /// Bytes of a name that every server takes, as far as we know.
    private static var shortest: Int { 64 }

    func uploadAndRename(
        _ file: Outgoing, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) {
        let temporary = (temporaryFolder ?? folder(name)) + finish.temporary.name(file.sha256)
        // First: what broke off takes room there, and attempts that break off one after the other ever more.
        try await clearLeftovers(attempt)
        try await prepare(name, attempt)
        let isUnproven = !server.answersForBytes || house.isUnproven()
        do throws(DeliveryError) {
            if isUnproven {
                try await upload(file, to: temporary, name, attempt)
                CrashPoint.reach("server.uploaded")
                try await checkSize(of: file, at: temporary, attempt)
                try await show(file, temporary, name, attempt)
            } else {
                try await uploadAndShow(file, temporary, name, attempt)
            }
        } catch {
            // It has shown nothing.
            if isUnproven { house.stayUnproven() }
            house.noteLeftovers([temporary])
            // A refusal came from a server that answers; after any other failure the next put
            // clears up, so that a dead server is not dialled twice and no login fails twice.
            if error.lacksRoom || error.remedy == .fixInput || error.remedy == .fixProfile {
                try? await clearLeftovers(attempt)
            }
            throw error
        }
        CrashPoint.reach("server.renamed")
    }

    func uploadDirectly(
        _ file: Outgoing, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) {
        let unmarking = unmarking(name)
        if !unmarking.isEmpty {
            try await ask(attempt) { server throws(CurlFailure) in
                try await server.run(unmarking)
            }
        }
        try await upload(file, to: path(name), name, attempt)
    }

    /// A missing folder shows when a file is sent there; not where that goes elsewhere first.
    private func prepare(_ name: RemoteName, _ attempt: Attempt) async throws(DeliveryError) {
        guard temporaryFolder != nil, !house.isTidy(folder(name)) else { return }
        try await ask(attempt) { server throws(CurlFailure) in
            try await server.run(self.makeFolders(name))
        }
    }

    private func upload(
        _ file: Outgoing, to path: String, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) {
        do throws(CurlFailure) {
            try await upload(file, to: path, name, then: [])
        } catch {
            throw refusal(error, path, name, attempt)
        }
        await tidyOnce(name, attempt)
    }

    /// All in one.
    private func uploadAndShow(
        _ file: Outgoing, _ temporary: String, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) {
        do throws(CurlFailure) {
            try await upload(file, to: temporary, name, then: showing(temporary, name))
        } catch {
            guard error.code == .commandFailed else {
                throw refusal(error, temporary, name, attempt)
            }
            try await settle(error, file, temporary, name, attempt)
        }
        await tidyOnce(name, attempt)
    }

    /// Makes the folders that are missing.
    private func upload(
        _ file: Outgoing, to path: String, _ name: RemoteName, then steps: [FileStep]
    ) async throws(CurlFailure) {
        do throws(CurlFailure) {
            try await server.upload(file, to: path, then: steps)
        } catch  where error.code == .noSuchFile {
            try await server.run(makeFolders(name))
            house.noteTidy(folder(name))
            try await server.upload(file, to: path, then: steps)
        }
    }

    private func refusal(
        _ error: CurlFailure, _ path: String, _ name: RemoteName, _ attempt: Attempt
    ) -> DeliveryError {
        switch error.code {
        case .noSuchFile:
            attempt.error(
                "the directory '\(folder(name))' is not there and cannot be made", .fixProfile)
        case .nameRefused where finish.manner == .rename:
            attempt.error(
                "the server takes no file under the temporary name '\(FilePath(path).leaf)' ("
                    + "\(error.message.asClause)); if the account may write there, 'finish: direct' "
                    + "does without", .fixProfile)
        default: server.error(error, attempt)
        }
    }

    func checkSize(
        of file: Outgoing, at path: String, _ attempt: Attempt
    ) async throws(DeliveryError) {
        let kept = try await ask(attempt) { server throws(CurlFailure) in
            try await server.size(path)
        }
        guard kept == file.bytes else {
            house.distrust()
            throw attempt.noRoom(
                "the server has kept \(kept ?? 0) of \(file.bytes) bytes; is its disk full?")
        }
    }

    /// Gives the uploaded file its name.
    private func show(
        _ file: Outgoing, _ temporary: String, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) {
        do throws(CurlFailure) {
            try await server.run(showing(temporary, name))
        } catch {
            try await settle(error, file, temporary, name, attempt)
        }
    }

    /// The old file's marker goes first: nobody is to read one file by the other's.
    private func showing(_ temporary: String, _ name: RemoteName) -> [FileStep] {
        unmarking(name) + [.must(.rename(temporary, to: path(name)))]
    }

    /// It was refused, or its answer was lost.
    private func settle(
        _ error: CurlFailure, _ file: Outgoing, _ temporary: String, _ name: RemoteName,
        _ attempt: Attempt
    ) async throws(DeliveryError) {
        if error.code == .commandFailed, house.swapsFiles {
            return try await exchange(file, temporary, path(name), attempt)
        }
        let (waiting, there): (Int64?, Int64?)
        do throws(DeliveryError) {
            (waiting, there) = try await sizes(temporary, path(name), attempt)
        } catch let unanswered {
            // Some do not even look for a name that is too long.
            throw tooLong(name, error, attempt) ?? unanswered
        }
        if waiting == nil && there == file.bytes { return }
        guard error.code == .commandFailed || error.code == .nameRefused else {
            throw server.error(error, attempt)
        }
        if waiting != nil && there != nil {
            try await exchange(file, temporary, path(name), attempt)
            return house.noteSwap()
        }
        guard error.code == .commandFailed else { throw server.error(error, attempt) }
        throw tooLong(name, error, attempt)
            ?? attempt.error(
                "the server refuses to rename: \(error.message.asClause); 'finish: direct' does "
                    + "without", .fixProfile)
    }

    /// Nil where the name is short enough, or was not refused.
    private func tooLong(
        _ name: RemoteName, _ error: CurlFailure, _ attempt: Attempt
    ) -> DeliveryError? {
        let length = name.leaf.utf8.count
        guard error.code == .commandFailed, length > Self.shortest else { return nil }
        return attempt.error(
            "the server refuses to rename (\(error.message.asClause)); the name has \(length) bytes, "
                + "and some servers take no more than \(Self.shortest): shorten 'name' in the profile",
            .fixInput)
    }

    /// For servers that do not rename over a file: the old one aside, the new one in, the old one
    /// away. The aside's name says whose it is, so that `tidy` can put it back after a crash.
    private func exchange(
        _ file: Outgoing, _ temporary: String, _ final: String, _ attempt: Attempt
    ) async throws(DeliveryError) {
        let aside = aside(final)
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
            if waiting == file.bytes, there != nil, FilePath(aside).leaf.utf8.count > Self.shortest
            {
                return try await replace(final, by: temporary, attempt)
            }
            throw attempt.error(
                "the old file cannot be replaced: \(error.message.asClause)", .retry(after: nil))
        }
    }

    /// Where the aside's name is too long for the server: a crash between the two leaves the name empty
    /// until the next try.
    private func replace(
        _ final: String, by temporary: String, _ attempt: Attempt
    ) async throws(DeliveryError) {
        try await ask(attempt) { server throws(CurlFailure) in
            try await server.run([.must(.remove(final)), .must(.rename(temporary, to: final))])
        }
    }

    private func sizes(
        _ temporary: String, _ final: String, _ attempt: Attempt
    ) async throws(DeliveryError) -> (waiting: Int64?, there: Int64?) {
        try await ask(attempt) { server throws(CurlFailure) in
            (try await server.size(temporary), try await server.size(final))
        }
    }
}
