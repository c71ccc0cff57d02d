import Curl
import Foundation
import Model
private import Synchronization

/// The few things that are asked of an SFTP server, each one transfer. Paths are absolute and
/// literal.
struct SFTPPeer: Sendable {
    private let options: SFTPOptions
    private let login: Transfer.Login
    private let timeouts: Timeouts
    private let sessions: SFTPSessions
    private let looks: SFTPLooks

    init(_ options: SFTPOptions, login: Transfer.Login, _ means: TransportMeans) {
        self.options = options
        self.login = login
        timeouts = means.timeouts
        sessions = SFTPSessions(host: options.address.host, means)
        looks = SFTPLooks()
    }

    func close() async { await sessions.close() }

    /// - Parameter commands: run when all of it has arrived.
    func upload(
        _ file: Outgoing, to path: String, then commands: [String] = []
    ) async throws(CurlFailure) {
        var transfer = transfer(.put, path, bytes: file.bytes)
        transfer.body = .file(path: file.path, bytes: file.bytes, sha256: file.sha256)
        transfer.commandsAfter = commands
        try await perform(transfer)
    }

    /// Runs the commands in order; one that starts with `*` may fail.
    func command(_ commands: [String]) async throws(CurlFailure) {
        var transfer = transfer(.command, "/", bytes: 0)
        transfer.commands = commands
        try await perform(transfer)
    }

    /// Nil when nothing is there.
    func size(_ path: String) async throws(CurlFailure) -> Int64? {
        do throws(CurlFailure) {
            // libcurl says "unknown" for an empty file.
            return try await perform(transfer(.head, path, bytes: 0)).contentLength ?? 0
        } catch  where error.code == .noSuchFile {
            return nil
        }
    }

    /// The same for one of many that were sent just now.
    /// - Parameters:
    ///   - folder: ends in `/`.
    ///   - expected: bytes it should have.
    func size(
        of leaf: String, in folder: String, expected: Int64
    ) async throws(CurlFailure) -> Int64? {
        let question = SFTPLooks.Question(folder: folder, leaf: leaf, bytes: expected)
        switch await looks.ask(question) {
        case .there: return expected
        case .unknown: return try await size(folder + leaf)
        case .first(let listing): return try await size(question, listing)
        }
    }

    private func size(
        _ question: SFTPLooks.Question, _ listing: SFTPLooks.Listing
    ) async throws(CurlFailure) -> Int64? {
        let path = question.folder + question.leaf
        let lines = Lines { listing.take($0) }
        do throws(CurlFailure) {
            let response = try await sessions.perform {
                looks.close(listing)
                    ? list(question.folder, .listDetails) { lines.take($0) }
                    : transfer(.head, path, bytes: 0)
            }
            looks.finish(listing, isWhole: true)
            if !listing.isListed { return response.contentLength ?? 0 }
            if listing.there.contains(question) { return question.bytes }
        } catch {
            looks.finish(listing, isWhole: false)
            if !listing.isListed {
                if error.code == .noSuchFile { return nil }
                throw error
            }
        }
        return try await size(path)
    }

    func digest(_ path: String, limit: Int64) async throws(CurlFailure) -> ContentHash? {
        var transfer = transfer(.get, path, bytes: limit)
        transfer.sink = .digest(limit: limit)
        return try await perform(transfer).sha256
    }

    /// The names in a directory that are wanted; the others are never held.
    /// - Parameter folder: ends in `/`.
    func names(
        _ folder: String, where isWanted: @escaping @Sendable (String) -> Bool
    ) async throws(CurlFailure) -> [String] {
        let names = Names(isWanted)
        let lines = Lines { names.take($0) }
        _ = try await perform(list(folder, .list) { lines.take($0) })
        looks.learn(folder, entries: names.count)
        return names.wanted
    }

    private func list(
        _ folder: String, _ method: Transfer.Method, _ take: @escaping @Sendable (Data) -> Bool
    ) -> Transfer {
        // A million names are some 60 MB.
        var transfer = transfer(method, folder, bytes: 64 << 20)
        transfer.sink = .stream(take)
        return transfer
    }

    @discardableResult
    private func perform(_ transfer: Transfer) async throws(CurlFailure) -> Response {
        try await sessions.perform { transfer }
    }

    private func transfer(
        _ method: Transfer.Method, _ path: String, bytes: Int64
    ) -> Transfer {
        var transfer = Transfer(method, options.target.origin + path.encodedPath())
        transfer.login = login
        transfer.hostKeys = Set(options.hostKeys)
        transfer.allowPrivate = options.target.allowPrivate
        transfer.deadlines = timeouts.deadlines(bytes: bytes)
        return transfer
    }
}

extension StringProtocol {
    /// For libcurl's SFTP commands, which split at blanks and drop surplus words without a sound.
    var quoted: String {
        let escaped = String(self).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }
}
