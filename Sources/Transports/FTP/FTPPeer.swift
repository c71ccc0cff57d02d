import Curl
import Foundation
import Model

/// What is asked of an FTP server, each one transfer. It has few words for what is wrong, so what an
/// answer leaves open is asked for.
struct FTPPeer: FileServer {
    private let options: FTPOptions
    private let tls: Transfer.TLS
    private let timeouts: Timeouts
    private let sessions: ServerSessions

    init(
        _ options: FTPOptions, login: LoginSource, tls: Transfer.TLS, _ means: TransportMeans
    ) {
        self.options = options
        self.tls = tls
        timeouts = means.timeouts
        sessions = ServerSessions("ftp \(options.address.host)", login, means)
    }

    func bear(_ sessions: Int) { self.sessions.bear(sessions) }

    func close() async { await sessions.close() }

    func error(_ failure: CurlFailure, _ attempt: Attempt) -> DeliveryError {
        attempt.error(ftp: failure, options.protection)
    }

    /// A cut connection for the data looks to a server like the end of the file.
    let answersForBytes = false

    func upload(
        _ file: Outgoing, to path: String, then steps: [FileStep]
    ) async throws(CurlFailure) {
        try await upload(file, to: path)
        try await run(steps)
    }

    private func upload(_ file: Outgoing, to path: String) async throws(CurlFailure) {
        do throws(CurlFailure) {
            return try await store(file, path)
        } catch {
            // Either is said of a missing folder, a forbidden name and one that may not be written;
            // and libcurl may see no more of it than that the server hangs up on the data.
            guard let reply = error.reply,
                [550, 553].contains(reply.code) || error.code == .tlsHandshake
            else { throw error }
            guard try await enters(FilePath(path).folder) else {
                throw CurlFailure(.noSuchFile, reply)
            }
        }
        // Somebody may have made the folder meanwhile: what is sent next to it at the same time.
        do throws(CurlFailure) {
            try await store(file, path)
        } catch {
            guard let reply = error.reply, [550, 553].contains(reply.code) else { throw error }
            throw CurlFailure(reply.code == 553 ? .nameRefused : .accessDenied, reply)
        }
    }

    private func store(_ file: Outgoing, _ path: String) async throws(CurlFailure) {
        var transfer = transfer(.put, path, bytes: file.bytes)
        transfer.body = .file(path: file.path, bytes: file.bytes, sha256: file.sha256)
        _ = try await perform(transfer)
    }

    func run(_ steps: [FileStep]) async throws(CurlFailure) {
        for step in steps {
            let refusal = try await command(step.deed.commands)
            if let refusal, !step.mayFail {
                throw CurlFailure(
                    refusal.code == 553 ? .nameRefused : .commandFailed, refusal)
            }
        }
    }

    func size(_ path: String) async throws(CurlFailure) -> Int64? {
        do throws(CurlFailure) {
            let told = try await perform(transfer(.head, path, bytes: 0)).contentLength
            if let told { return told }
            // A server without SIZE: the file itself tells.
            var transfer = transfer(.get, path, bytes: ReadBack.most)
            transfer.sink = .digest(limit: .max)
            return try await perform(transfer).downloaded
        } catch  where error.code == .noSuchFile {
            return nil
        }
    }

    /// 550 is no proof: it is said as well where we may not look. A listing without the name is one, or
    /// a listing without the folder it would be in.
    func isAbsent(_ path: String) async throws(CurlFailure) -> Bool {
        if try await size(path) != nil { return false }
        var place = FilePath(path)
        var closed: CurlFailure?
        while !place.leaf.isEmpty {
            let leaf = place.leaf
            var isListed: Bool?
            do throws(CurlFailure) {
                isListed = try await !names(place.folder) { $0 == leaf }.isEmpty
            } catch  where error.code == .accessDenied {
                closed = error
            }
            switch (isListed, closed) {
            case (false?, _): return true
            case (true?, nil): return false
            // A folder that is there and does not open hides whatever is in it.
            case (true?, let closed?): throw closed
            case (nil, _): place = FilePath(place.folder)
            }
        }
        throw closed ?? CurlFailure(.accessDenied, "the server lists nothing")
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

    /// - Parameter folder: ends in `/`; one that is missing or closed is `.accessDenied`.
    func names(
        _ folder: String, most: Int, while goesOn: @escaping @Sendable () -> Bool,
        where isWanted: @escaping @Sendable (String) -> Bool
    ) async throws(CurlFailure) -> [String] {
        func list(_ method: Transfer.Method) async throws(CurlFailure) -> Names {
            let names = Names(most: most, isWanted)
            try await self.list(method, folder, names, while: goesOn)
            return names
        }
        var known: Names?
        do throws(CurlFailure) {
            known = try await list(.listHidden)
        } catch  where error.code == .notGiven {
            // It does not know `-a`, and says so.
        }
        if let known, known.count > 0 { return known.wanted }
        do throws(CurlFailure) {
            // Or has looked for a file of that name: where there is a folder, `-a` shows it at least.
            return try await list(.list).wanted
        } catch  where error.code == .notGiven {
            // Some refuse to list nothing.
            if known != nil { return [] }
            throw CurlFailure(.accessDenied, error.reply ?? Reply(550, ""))
        }
    }

    private func list(
        _ method: Transfer.Method, _ folder: String, _ names: Names,
        while goesOn: @escaping @Sendable () -> Bool
    ) async throws(CurlFailure) {
        let lines = Lines { names.take($0.nameInListing) }
        var transfer = transfer(method, folder, bytes: 0)
        transfer.deadlines = timeouts.listings
        // libcurl believes to be still where it was the last time; there may be another folder now.
        transfer.commands = ["*CWD \(folder)"]
        transfer.sink = .stream { goesOn() && lines.take($0) }
        let replies = try await perform(transfer).replies
        if let refusal = replies.first(where: { $0.code == 550 }) {
            throw CurlFailure(.accessDenied, refusal)
        }
    }

    private func enters(_ folder: String) async throws(CurlFailure) -> Bool {
        try await command(["CWD \(folder)"]) == nil
    }

    /// - Returns: the first answer that is a refusal.
    private func command(_ commands: [String]) async throws(CurlFailure) -> Reply? {
        var transfer = transfer(.command, "/", bytes: 0)
        // libcurl would hang up at a refusal, and the next login costs ten round trips.
        transfer.commands = commands.map { "*\($0)" }
        let replies = try await perform(transfer).replies
        return replies.suffix(commands.count).first(where: \.isRefusal)
    }

    /// Fails in the server's words, where it has some.
    private func perform(_ transfer: Transfer) async throws(CurlFailure) -> Response {
        do throws(CurlFailure) {
            return try await sessions.perform { transfer }
        } catch {
            guard let reply = error.reply, reply.isRefusal else { throw error }
            var failure = error
            failure.message = reply.asWords
            throw failure
        }
    }

    private func transfer(
        _ method: Transfer.Method, _ path: String, bytes: Int64
    ) -> Transfer {
        // `ftpes:` is our word; to libcurl TLS by AUTH is a manner of `ftp:`.
        let scheme = options.protection == .implicit ? "ftps" : "ftp"
        let origin = scheme + options.target.origin.dropFirst(options.address.scheme.count)
        // Without `%2F` it would begin in the account's own directory.
        var transfer = Transfer(
            method, "\(origin)/%2F\(path.dropFirst().description.encodedPath())")
        transfer.tls = tls
        transfer.plainText = options.protection == .none && options.plainText
        transfer.allowPrivate = options.target.allowPrivate
        transfer.deadlines = timeouts.deadlines(bytes: bytes)
        return transfer
    }
}

extension String {
    /// Some servers put the folder before each name.
    fileprivate var nameInListing: String {
        let path = trimmingCharacters(in: CharacterSet(charactersIn: "\r"))
        return path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }
}

extension FileStep.Deed {
    fileprivate var commands: [String] {
        switch self {
        case .remove(let path): ["DELE \(path)"]
        case .rename(let path, let new): ["RNFR \(path)", "RNTO \(new)"]
        case .makeFolder(let path): ["MKD \(path)"]
        case .removeFolder(let path): ["RMD \(path)"]
        }
    }
}
