import Curl
import Host
import Model

// How a file comes to its name.
extension FileServerTransport {
    func uploadAndRename(
        _ file: Outgoing, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) {
        let temporary = folder(name) + Temporary.name(file.sha256)
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
            if error.remedy == .fixInput || error.remedy == .fixProfile { await clearLeftovers() }
            throw error
        }
        CrashPoint.reach("server.renamed")
        await clearLeftovers()
    }

    func upload(
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
            let rename = FileStep.must(.rename(temporary, to: path(name)))
            try await upload(file, to: temporary, name, then: [rename])
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
        case .nameRefused where finish == .rename:
            attempt.error(
                "the server takes no file under the temporary name '\(FilePath(path).leaf)' ("
                    + "\(error.message.asClause)); if the account may write there, 'finish: direct' "
                    + "does without", .fixProfile)
        default: server.error(error, attempt)
        }
    }

    private func checkSize(
        of file: Outgoing, at path: String, _ attempt: Attempt
    ) async throws(DeliveryError) {
        let kept = try await ask(attempt) { server throws(CurlFailure) in
            try await server.size(path)
        }
        guard kept == file.bytes else {
            house.distrust()
            throw attempt.error(
                "the server has kept \(kept ?? 0) of \(file.bytes) bytes; is its disk full?",
                .retry(after: nil))
        }
    }

    /// Gives the uploaded file its name.
    private func show(
        _ file: Outgoing, _ temporary: String, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) {
        do throws(CurlFailure) {
            try await server.run([.must(.rename(temporary, to: path(name)))])
        } catch {
            try await settle(error, file, temporary, name, attempt)
        }
    }

    /// It was refused, or its answer was lost.
    private func settle(
        _ error: CurlFailure, _ file: Outgoing, _ temporary: String, _ name: RemoteName,
        _ attempt: Attempt
    ) async throws(DeliveryError) {
        if error.code == .commandFailed, house.swapsFiles {
            return try await exchange(file, temporary, path(name), attempt)
        }
        let (waiting, there) = try await sizes(temporary, path(name), attempt)
        if waiting == nil && there == file.bytes { return }
        guard error.code == .commandFailed || error.code == .nameRefused else {
            throw server.error(error, attempt)
        }
        if waiting != nil && there != nil {
            try await exchange(file, temporary, path(name), attempt)
            return house.noteSwap()
        }
        guard error.code == .commandFailed else { throw server.error(error, attempt) }
        throw attempt.error(
            "the server refuses to rename: \(error.message.asClause); 'finish: direct' does "
                + "without", .fixProfile)
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
}
