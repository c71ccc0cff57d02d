import Curl
private import Foundation
private import Host
package import Model
private import Synchronization

/// An account on an SFTP server. Files go up under a temporary name, their size is checked there,
/// and a rename shows them. libcurl tells little apart, so after a failure the names themselves are
/// looked at before anything is called failed.
package final class SFTPTransport: Transport {
    /// So that a partner with a directory per file does not fill the memory.
    private static let knownFolders = 10_000
    private static let knownLeftovers = 1_000

    private struct State {
        /// Directories in which leftovers have been cleared away, or that we made.
        var tidy: Set<String> = []
        /// Files that are looked at before they are shown, since nobody knows yet whether the server says
        /// so when it has kept only a part.
        var unproven = ReadBack.first
        /// Temporary files of attempts that broke off, to be removed when the server answers again.
        var leftovers: [String] = []
    }

    private let options: SFTPOptions
    private let peer: SFTPPeer
    private let state = Mutex(State())
    private let sample = ReadBack()

    init(_ options: SFTPOptions, login: Transfer.Login, _ means: TransportMeans) {
        self.options = options
        peer = SFTPPeer(options, login: login, means)
    }

    package func put(
        _ file: Outgoing, as name: RemoteName, replacing object: RemoteObject?
    ) async throws(DeliveryError) -> RemoteObject? {
        let attempt = attempt("put", name)
        switch options.finish {
        case .rename: try await uploadAndRename(file, name, attempt)
        case .direct: try await upload(file, to: path(name), for: name, attempt)
        }
        return nil
    }

    private func uploadAndRename(
        _ file: Outgoing, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) {
        let temporary = folder(name) + Temporary.name(file.sha256)
        let isUnproven = isUnproven()
        do throws(DeliveryError) {
            if isUnproven {
                try await upload(file, to: temporary, for: name, attempt)
                CrashPoint.reach("sftp.uploaded")
                try await checkSize(of: file, at: temporary, attempt)
                try await show(file, temporary, path(name), attempt)
            } else if !(try await uploadAndShow(file, temporary, name, attempt)) {
                try await show(file, temporary, path(name), attempt)
            }
        } catch {
            state.withLock { state in
                // It has shown nothing.
                if isUnproven { state.unproven = max(state.unproven, 1) }
                if state.leftovers.count < Self.knownLeftovers { state.leftovers.append(temporary) }
            }
            // A refusal came from a server that answers; after any other failure the next put
            // clears up, so that a dead server is not dialled twice and no login fails twice.
            if error.remedy == .fixInput || error.remedy == .fixProfile { await clearLeftovers() }
            throw error
        }
        CrashPoint.reach("sftp.renamed")
        await clearLeftovers()
    }

    /// It has kept a part without saying so.
    private func distrust() {
        state.withLock { $0.unproven = max($0.unproven, ReadBack.afterMismatch) }
    }

    private func isUnproven() -> Bool {
        state.withLock { state in
            guard state.unproven > 0 else { return false }
            state.unproven -= 1
            return true
        }
    }

    package func look(
        for file: Outgoing, as name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Presence {
        let attempt = attempt("look for", name)
        let size: Int64?
        do throws(CurlFailure) {
            size = try await peer.size(of: name.leaf, in: folder(name), expected: file.bytes)
        } catch {
            throw attempt.error(error)
        }
        guard let size else { return .absent }
        guard size == file.bytes else {
            distrust()
            return .different("\(size) bytes in place of \(file.bytes)")
        }
        guard sample.isDue(file) else { return .confirmed(.size) }
        return try await readBack(file, path(name), attempt)
    }

    package func remove(
        _ name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) {
        let attempt = attempt("remove", name)
        // Directories that become empty go with it; the profile's own stays.
        let folders = name.segments.indices.dropLast().reversed().map { last in
            "*rmdir \((options.address.path + name.segments[...last].joined(separator: "/")).quoted)"
        }
        do throws(CurlFailure) {
            try await peer.command(["rm \(path(name).quoted)"] + folders)
        } catch {
            guard error.code == .commandFailed else { throw attempt.error(error) }
            guard try await size(path(name), attempt) != nil else { return }
            throw attempt.error(
                "the server refuses: \(error.message.asClause); the account '"
                    + "\(options.user ?? "")' needs the right to remove there", .fixChannel)
        }
        state.withLock { _ = $0.tidy.remove(folder(name)) }
        CrashPoint.reach("sftp.removed")
    }

    package func isAbsent(
        _ name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Bool {
        try await size(path(name), attempt("look for", name)) == nil
    }

    /// The profile's directory now; those beneath it when something is first put there.
    package func sweep() async throws(DeliveryError) {
        try await tidy(options.address.path, attempt("open", ""))
    }

    package func close() async { await peer.close() }

    private func clearLeftovers() async {
        let paths = state.withLock { state in
            let paths = state.leftovers
            state.leftovers = []
            return paths
        }
        guard !paths.isEmpty else { return }
        do throws(CurlFailure) {
            try await peer.command(paths.map { "*rm \($0.quoted)" })
        } catch {
            state.withLock { $0.leftovers += paths }
        }
    }

    // MARK: Putting

    /// All in one.
    /// - Returns: false where it has arrived and did not get its name.
    private func uploadAndShow(
        _ file: Outgoing, _ temporary: String, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) -> Bool {
        let rename = "rename \(temporary.quoted) \(path(name).quoted)"
        do throws(CurlFailure) {
            try await upload(file, to: temporary, for: name, then: [rename])
        } catch {
            guard error.code == .commandFailed else { throw refusal(error, name, attempt) }
            return false
        }
        await tidyOnce(name, attempt)
        return true
    }

    private func upload(
        _ file: Outgoing, to path: String, for name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) {
        do throws(CurlFailure) {
            try await upload(file, to: path, for: name, then: [])
        } catch {
            throw refusal(error, name, attempt)
        }
        await tidyOnce(name, attempt)
    }

    /// Makes the directories that are missing.
    private func upload(
        _ file: Outgoing, to path: String, for name: RemoteName, then commands: [String]
    ) async throws(CurlFailure) {
        do throws(CurlFailure) {
            try await peer.upload(file, to: path, then: commands)
        } catch  where error.code == .noSuchFile {
            try await peer.command(makeFolders(name))
            state.withLock { _ = $0.tidy.insert(folder(name)) }
            try await peer.upload(file, to: path, then: commands)
        }
    }

    private func refusal(
        _ error: CurlFailure, _ name: RemoteName, _ attempt: Attempt
    ) -> DeliveryError {
        guard error.code == .noSuchFile else { return attempt.error(error) }
        return attempt.error(
            "the directory '\(folder(name))' is not there and cannot be made", .fixProfile)
    }

    /// Housekeeping is no reason to fail; a cut connection shows at the next step.
    private func tidyOnce(_ name: RemoteName, _ attempt: Attempt) async {
        guard state.withLock({ !$0.tidy.contains(folder(name)) }) else { return }
        _ = try? await tidy(folder(name), attempt)
    }

    private func checkSize(
        of file: Outgoing, at path: String, _ attempt: Attempt
    ) async throws(DeliveryError) {
        let size = try await size(path, attempt)
        guard size == file.bytes else {
            distrust()
            throw attempt.error(
                "the server has kept \(size ?? 0) of \(file.bytes) bytes; is its disk full?",
                .retry(after: nil))
        }
    }

    /// Gives the uploaded file its name.
    private func show(
        _ file: Outgoing, _ temporary: String, _ final: String, _ attempt: Attempt
    ) async throws(DeliveryError) {
        do throws(CurlFailure) {
            try await peer.command(["rename \(temporary.quoted) \(final.quoted)"])
        } catch {
            // The answer may have been lost after the deed, so look at both names first.
            let waiting = try await size(temporary, attempt)
            let there = try await size(final, attempt)
            if waiting == nil && there == file.bytes { return }
            guard error.code == .commandFailed else { throw attempt.error(error) }
            guard waiting != nil, there != nil else {
                throw attempt.error(
                    "the server refuses to rename: \(error.message.asClause); 'finish: direct' "
                        + "does without", .fixProfile)
            }
            try await exchange(file, temporary, final, attempt)
        }
    }

    /// For servers that do not rename over a file: the old one aside, the new one in, the old one
    /// away. The aside's name says whose it is, so that `tidy` can put it back after a crash.
    private func exchange(
        _ file: Outgoing, _ temporary: String, _ final: String, _ attempt: Attempt
    ) async throws(DeliveryError) {
        let split = final.lastIndex(of: "/").map { final.index(after: $0) } ?? final.startIndex
        let aside = final[..<split] + Temporary.aside(String(final[split...]))
        do throws(CurlFailure) {
            try await peer.command([
                "*rm \(aside.quoted)",
                "rename \(final.quoted) \(aside.quoted)",
                "rename \(temporary.quoted) \(final.quoted)",
                "*rm \(aside.quoted)",
            ])
        } catch {
            let waiting = try await size(temporary, attempt)
            let there = try await size(final, attempt)
            if waiting == nil && there == file.bytes {
                _ = try? await peer.command(["*rm \(aside.quoted)"])
                return
            }
            if there == nil {
                _ = try? await peer.command(["rename \(aside.quoted) \(final.quoted)"])
            }
            throw attempt.error(
                "the old file cannot be replaced: \(error.message.asClause)", .retry(after: nil))
        }
    }

    // MARK: Asking

    /// Nil when nothing is there.
    private func size(_ path: String, _ attempt: Attempt) async throws(DeliveryError) -> Int64? {
        do throws(CurlFailure) {
            return try await peer.size(path)
        } catch {
            throw attempt.error(error)
        }
    }

    private func readBack(
        _ file: Outgoing, _ path: String, _ attempt: Attempt
    ) async throws(DeliveryError) -> Presence {
        do throws(CurlFailure) {
            return sample.judge(try await peer.digest(path, limit: file.bytes), file)
        } catch  where error.code == .tooLarge {
            sample.distrust()
            return .different("more than \(file.bytes) bytes")
        } catch {
            sample.giveBack()
            if error.code == .noSuchFile { return .absent }
            throw attempt.error(error)
        }
    }

    // MARK: Tidying

    /// Clears away what killed attempts left in one directory; a file set aside goes back when
    /// nothing has taken its name.
    private func tidy(_ folder: String, _ attempt: Attempt) async throws(DeliveryError) {
        do throws(CurlFailure) {
            let names = try await peer.names(folder) { Temporary.isLeftover($0) }
            for name in names {
                let path = folder + name
                if let owner = Temporary.owner(ofAside: name),
                    try await peer.size(folder + owner) == nil
                {
                    try await peer.command(["*rename \(path.quoted) \((folder + owner).quoted)"])
                } else {
                    try await peer.command(["*rm \(path.quoted)"])
                }
            }
        } catch {
            // A directory to be made, or one in which we may only write.
            guard error.code == .noSuchFile || error.code == .accessDenied else {
                throw attempt.error(error)
            }
        }
        state.withLock { state in
            if state.tidy.count >= Self.knownFolders { state.tidy = [] }
            state.tidy.insert(folder)
        }
    }

    // MARK: Names

    private func attempt(_ verb: String, _ name: RemoteName) -> Attempt {
        attempt(verb, name.rawValue)
    }

    private func attempt(_ verb: String, _ name: String) -> Attempt {
        Attempt(verb: verb, name: name, address: options.address, account: options.account)
    }

    private func path(_ name: RemoteName) -> String { options.address.path + name.rawValue }

    /// Ends in `/`.
    private func folder(_ name: RemoteName) -> String {
        name.folder.isEmpty ? options.address.path : "\(options.address.path)\(name.folder)/"
    }

    private func makeFolders(_ name: RemoteName) -> [String] {
        let segments = folder(name).split(separator: "/")
        return segments.indices.map { last in
            "*mkdir \(("/" + segments[...last].joined(separator: "/")).quoted)"
        }
    }
}
