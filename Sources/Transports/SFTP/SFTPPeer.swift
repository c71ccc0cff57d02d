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
    private let session: Session

    init(_ options: SFTPOptions, login: Transfer.Login, timeouts: Timeouts) {
        self.options = options
        self.login = login
        self.timeouts = timeouts
        session = Session(name: "sftp \(options.address.host)")
    }

    func close() async { await session.close() }

    func upload(_ file: Outgoing, to path: String) async throws(CurlFailure) {
        var transfer = transfer(.put, path, bytes: file.bytes)
        transfer.body = .file(path: file.path, bytes: file.bytes, sha256: file.sha256)
        _ = try await session.perform(transfer)
    }

    /// Runs the commands in order; one that starts with `*` may fail.
    func command(_ commands: [String]) async throws(CurlFailure) {
        var transfer = transfer(.command, "/", bytes: 0)
        transfer.commands = commands
        _ = try await session.perform(transfer)
    }

    /// Nil when nothing is there.
    func size(_ path: String) async throws(CurlFailure) -> Int64? {
        do throws(CurlFailure) {
            // libcurl says "unknown" for an empty file.
            return try await session.perform(transfer(.head, path, bytes: 0)).contentLength ?? 0
        } catch  where error.code == .noSuchFile {
            return nil
        }
    }

    func digest(_ path: String, limit: Int64) async throws(CurlFailure) -> ContentHash? {
        var transfer = transfer(.get, path, bytes: limit)
        transfer.sink = .digest(limit: limit)
        return try await session.perform(transfer).sha256
    }

    /// The names in a directory that are wanted; the others are never held.
    /// - Parameter folder: ends in `/`.
    func names(
        _ folder: String, where isWanted: @escaping @Sendable (String) -> Bool
    ) async throws(CurlFailure) -> [String] {
        let lines = Lines(isWanted)
        // A million names are some 60 MB.
        var transfer = transfer(.list, folder, bytes: 64 << 20)
        transfer.sink = .stream { lines.take($0) }
        _ = try await session.perform(transfer)
        return lines.wanted
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

/// Cuts a stream into lines and keeps the wanted ones.
private final class Lines: Sendable {
    /// No file system has longer names; a server that sends one is not believed.
    private static let limit = 4096

    private struct State {
        var wanted: [String] = []
        var rest = Data()
    }

    private let state = Mutex(State())
    private let isWanted: @Sendable (String) -> Bool

    init(_ isWanted: @escaping @Sendable (String) -> Bool) { self.isWanted = isWanted }

    var wanted: [String] { state.withLock { $0.wanted } }

    func take(_ data: Data) -> Bool {
        state.withLock { state in
            var parts = (state.rest + data).split(separator: 0x0A, omittingEmptySubsequences: false)
            state.rest = Data(parts.removeLast())
            for part in parts {
                let line = String(decoding: part, as: UTF8.self)
                if isWanted(line) { state.wanted.append(line) }
            }
            return state.rest.count <= Self.limit
        }
    }
}

extension StringProtocol {
    /// For libcurl's SFTP commands, which split at blanks and drop surplus words without a sound.
    var quoted: String {
        let escaped = String(self).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }
}
