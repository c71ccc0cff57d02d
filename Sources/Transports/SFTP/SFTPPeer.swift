import Curl
import Foundation
import Model
private import Synchronization

/// What is asked of an SFTP server, each one transfer.
struct SFTPPeer: FileServer {
    private let options: SFTPOptions
    private let timeouts: Timeouts
    private let sessions: ServerSessions
    private let looks: SFTPLooks

    init(_ options: SFTPOptions, login: LoginSource, _ means: TransportMeans) {
        self.options = options
        timeouts = means.timeouts
        sessions = ServerSessions("sftp \(options.address.host)", login, means)
        looks = SFTPLooks()
    }

    func bear(_ sessions: Int) { self.sessions.bear(sessions) }

    func close() async { await sessions.close() }

    func error(_ failure: CurlFailure, _ attempt: Attempt) -> DeliveryError {
        attempt.error(failure)
    }

    /// Each write is answered.
    let answersForBytes = true

    func upload(
        _ file: Outgoing, to path: String, then steps: [FileStep]
    ) async throws(CurlFailure) {
        var transfer = transfer(.put, path, bytes: file.bytes)
        transfer.body = .file(path: file.path, bytes: file.bytes, sha256: file.sha256)
        transfer.commandsAfter = steps.map(\.command)
        try await perform(transfer)
    }

    func run(_ steps: [FileStep]) async throws(CurlFailure) {
        var transfer = transfer(.command, "/", bytes: 0)
        transfer.commands = steps.map(\.command)
        try await perform(transfer)
    }

    func isAbsent(_ path: String) async throws(CurlFailure) -> Bool {
        try await size(path) == nil
    }

    func size(_ path: String) async throws(CurlFailure) -> Int64? {
        do throws(CurlFailure) {
            // libcurl says "unknown" for an empty file.
            return try await perform(transfer(.head, path, bytes: 0)).contentLength ?? 0
        } catch  where error.code == .noSuchFile {
            return nil
        }
    }

    func size(_ path: String, expected: Int64) async throws(CurlFailure) -> Int64? {
        let place = FilePath(path)
        let question = SFTPLooks.Question(
            folder: place.folder, leaf: place.leaf, bytes: expected)
        switch await looks.ask(question) {
        case .there: return expected
        case .unknown: return try await size(path)
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

    func fetch(_ path: String, limit: Int) async throws(CurlFailure) -> Data {
        var transfer = transfer(.get, path, bytes: Int64(limit))
        transfer.sink = .keep(limit: limit)
        return try await perform(transfer).body
    }

    func digest(_ path: String, limit: Int64) async throws(CurlFailure) -> ContentHash? {
        var transfer = transfer(.get, path, bytes: limit)
        transfer.sink = .digest(limit: limit)
        return try await perform(transfer).sha256
    }

    func names(
        _ folder: String, most: Int, while goesOn: @escaping @Sendable () -> Bool,
        where isWanted: @escaping @Sendable (String) -> Bool
    ) async throws(CurlFailure) -> [String] {
        let names = Names(most: most, isWanted)
        let lines = Lines { names.take($0) }
        _ = try await perform(list(folder, .list) { goesOn() && lines.take($0) })
        looks.learn(folder, entries: names.count)
        return names.wanted
    }

    private func list(
        _ folder: String, _ method: Transfer.Method, _ take: @escaping @Sendable (Data) -> Bool
    ) -> Transfer {
        var transfer = transfer(method, folder, bytes: 0)
        transfer.deadlines = timeouts.listings
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
        transfer.hostKeys = Set(options.hostKeys)
        transfer.allowPrivate = options.target.allowPrivate
        transfer.deadlines = timeouts.deadlines(bytes: bytes)
        return transfer
    }
}

extension FileStep {
    /// In libcurl's words.
    fileprivate var command: String { (mayFail ? "*" : "") + deed.command }
}

extension FileStep.Deed {
    fileprivate var command: String {
        switch self {
        case .remove(let path): "rm \(path.quoted)"
        case .rename(let path, let new): "rename \(path.quoted) \(new.quoted)"
        case .makeFolder(let path): "mkdir \(path.quoted)"
        case .removeFolder(let path): "rmdir \(path.quoted)"
        }
    }
}

extension String {
    /// For libcurl, which splits commands at blanks and drops surplus words without a sound.
    fileprivate var quoted: String {
        let escaped = replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }
}
