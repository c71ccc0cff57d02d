import Curl
private import Foundation
import Host
package import Model
private import Synchronization

/// A server that stores what is PUT to a name and gives it out again under the same name. An answer
/// counts only when the status, the method and the number of bytes sent are the expected ones; the
/// confirmation is still a question of its own.
package final class HTTPTransport: Transport {
    private let options: HTTPOptions
    private let login: LoginSource
    private let lastLogin = Mutex<Transfer.Login?>(nil)
    private let tls: Transfer.TLS
    private let timeouts: Timeouts
    private let clock: WallClock
    private let session: Session
    private let folders = WebFolders()
    private let sample = ReadBack()

    init(
        _ options: HTTPOptions, login: LoginSource, tls: Transfer.TLS, _ means: TransportMeans
    ) {
        self.options = options
        self.login = login
        self.tls = tls
        timeouts = means.timeouts
        clock = means.clock
        session = Session(
            name: "http \(options.address.host)", bytesPerSecond: means.bytesPerSecond)
    }

    package func put(
        _ file: Outgoing, as name: RemoteName, replacing object: RemoteObject?
    ) async throws(DeliveryError) -> RemoteObject? {
        let attempt = attempt("put", name)
        if folders.areMade { _ = try await makeFolders(for: name, attempt) }
        var response = try await upload(file, name, attempt)
        if Self.mayMissFolder(name, response.status) {
            folders.forget(name)
            let asked = try await makeFolders(for: name, attempt)
            response = try await upload(file, name, attempt)
            if Self.mayMissFolder(name, response.status) {
                throw attempt.error(
                    noFolder: "\(name.folder)/", put: response.status, made: asked,
                    response.headers, now: clock.now())
            }
        }
        guard [200, 201, 204].contains(response.status) else {
            throw refusal(response, attempt)
        }
        guard response.effectiveMethod == "PUT", response.uploaded == file.bytes else {
            throw attempt.error(
                "the server said \(response.status) after \(response.uploaded) of \(file.bytes) "
                    + "bytes", .retry(after: nil))
        }
        CrashPoint.reach("http.uploaded")
        return response.object
    }

    private func upload(
        _ file: Outgoing, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) -> Response {
        var transfer = transfer(.put, name.rawValue, bytes: file.bytes)
        transfer.body = .file(path: file.path, bytes: file.bytes, sha256: file.sha256)
        transfer.headers = ["Content-Type: \(file.mediaType)"]
        return try await perform(transfer, attempt)
    }

    // MARK: Folders

    /// 409 is the standard's word for it, some servers say 404, nginx says 500.
    private static func mayMissFolder(_ name: RemoteName, _ status: Int) -> Bool {
        !name.folder.isEmpty && [404, 409, 500].contains(status)
    }

    /// Below the profile's own path and never above it.
    /// - Returns: what the server said to the last one it was asked for; nil: to none.
    private func makeFolders(
        for name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) -> Int? {
        var last: Int?
        for folder in folders.missing(for: name) {
            let response = try await perform(transfer(.mkcol, folder, bytes: 0), attempt)
            last = response.status
            switch response.status {
            case 200, 201, 204: folders.learn(folder, made: true)
            // It is there, or the server knows no MKCOL: the put will tell.
            case 405: folders.learn(folder, made: false)
            case 401, 407, 408, 425, 429, 502...:
                throw refusal(response, attempt)
            case 404 where folder.isTop, 409 where folder.isTop:
                throw attempt.error(
                    "the server has no '\(options.address.path)'; make it there, or correct 'to' in the "
                        + "profile", .fixProfile)
            default: return last
            }
        }
        return last
    }

    // MARK: Asking

    package func look(
        for file: Outgoing, as name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Presence {
        let attempt = attempt("look for", name)
        let response = try await perform(question(.head, name, bytes: 0), attempt)
        switch response.status {
        case 200, 204:
            guard let length = response.contentLength else {
                return try await readBack(file, name, attempt)
            }
            guard length == file.bytes else {
                return .different("\(length) bytes in place of \(file.bytes)")
            }
            guard sample.isDue(file) else { return .confirmed(.size, response.object) }
            return try await readBack(file, name, attempt, mayRefuse: true)
        case 404, 410:
            return .absent
        case 405, 501:
            return try await readBack(file, name, attempt)
        default:
            throw refusal(response, attempt)
        }
    }

    package func remove(
        _ name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) {
        let attempt = attempt("remove", name)
        let response = try await perform(transfer(.delete, name.rawValue, bytes: 0), attempt)
        guard [200, 202, 204, 404, 410].contains(response.status) else {
            throw refusal(response, attempt)
        }
        CrashPoint.reach("http.removed")
    }

    package func isAbsent(
        _ name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Bool {
        let attempt = attempt("look for", name)
        let response = try await perform(question(.head, name, bytes: 0), attempt)
        var (status, headers) = (response.status, response.headers)
        // Nobody buys by HEAD: that it is gone has to be true of what browsers ask.
        if [404, 405, 410, 501].contains(status) {
            (status, headers) = try await statusOfGET(name, attempt)
        }
        switch status {
        case 404, 410: return true
        case 200, 204: return false
        default: throw attempt.error(status: status, headers, now: clock.now())
        }
    }

    /// A PUT that broke off leaves nothing on a server that keeps its word.
    package func sweep() async throws(DeliveryError) {}

    package func close() async { await session.close() }

    /// - Parameter mayRefuse: the length is known to be right, and some places take files that
    ///   nobody may fetch.
    private func readBack(
        _ file: Outgoing, _ name: RemoteName, _ attempt: Attempt, mayRefuse: Bool = false
    ) async throws(DeliveryError) -> Presence {
        var get = question(.get, name, bytes: file.bytes)
        get.sink = .digest(limit: file.bytes)
        let response: Response
        do throws(CurlFailure) {
            response = try await session.perform(get)
        } catch  where error.code == .tooLarge {
            sample.distrust()
            return .different("more than \(file.bytes) bytes")
        } catch {
            sample.giveBack()
            throw attempt.error(error)
        }
        switch response.status {
        case 200:
            return sample.judge(response.sha256, file, response.object)
        case 404, 410:
            sample.giveBack()
            return .absent
        case let status where mayRefuse && [401, 403, 405, 501].contains(status):
            return .confirmed(.size, response.object)
        default:
            sample.giveBack()
            throw refusal(response, attempt)
        }
    }

    /// The status is the answer, so the body is refused at its first byte.
    private func statusOfGET(
        _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) -> (Int, [String: String]) {
        var get = question(.get, name, bytes: 0)
        get.sink = .stream { _ in false }
        do throws(CurlFailure) {
            let response = try await session.perform(get)
            return (response.status, response.headers)
        } catch  where error.code == .refusedByCaller {
            return (error.httpStatus, error.headers)
        } catch {
            throw attempt.error(error)
        }
    }

    private func attempt(_ verb: String, _ name: RemoteName) -> Attempt {
        Attempt(
            verb: verb, name: name.rawValue, address: options.address,
            account: Account(user: options.user, password: options.password?.description))
    }

    /// What the server itself holds, not what a cache before it remembers.
    private func question(
        _ method: Transfer.Method, _ name: RemoteName, bytes: Int64
    ) -> Transfer {
        var transfer = transfer(method, name.rawValue, bytes: bytes)
        transfer.headers = ["Cache-Control: no-cache"]
        return transfer
    }

    /// - Parameter path: below the profile's own.
    private func transfer(
        _ method: Transfer.Method, _ path: String, bytes: Int64
    ) -> Transfer {
        // The profile's path is a URL's: what is encoded there already stays so.
        let url = options.target.origin + (options.address.path + path).encodedPath(keeping: "%")
        var transfer = Transfer(method, url)
        transfer.tls = tls
        transfer.allowPrivate = options.target.allowPrivate
        transfer.deadlines = timeouts.deadlines(bytes: bytes)
        transfer.sink = .beginning(2048, limit: 1 << 20)
        return transfer
    }

    /// With what the server says of it, where the fault is ours.
    private func refusal(_ response: Response, _ attempt: Attempt) -> DeliveryError {
        var error = attempt.error(status: response.status, response.headers, now: clock.now())
        let secrets = lastLogin.withLock { $0?.secrets } ?? []
        if (400..<500).contains(response.status),
            let words = ServerWords.of(response.body, hiding: secrets)
        {
            error.message += "; the server says: '\(words)'"
        }
        return error
    }

    /// After a refusal once more, where there may be another password.
    private func perform(
        _ transfer: Transfer, _ attempt: Attempt
    ) async throws(DeliveryError) -> Response {
        do throws(CurlFailure) {
            let answer = try await ask(transfer)
            guard answer.status == 401, login.isRenewed else { return answer }
            lastLogin.withLock { $0 = nil }
            return try await ask(transfer)
        } catch {
            throw attempt.error(error)
        }
    }

    private func ask(_ transfer: Transfer) async throws(CurlFailure) -> Response {
        var transfer = transfer
        if let last = lastLogin.withLock(\.self) {
            transfer.login = last
        } else {
            transfer.login = try await login.login()
            lastLogin.withLock { [new = transfer.login] in $0 = new }
        }
        do throws(CurlFailure) {
            return try await session.perform(transfer)
        } catch {
            // A server that refuses a body closes while it is still being sent.
            if let answer = error.answer { return answer }
            throw error
        }
    }
}

extension Response {
    /// Far above any entity tag; a server that sends more is not remembered.
    private static let longest = 200

    /// What a server calls the bytes (RFC 9110, 8.8.3).
    var entityTag: String? {
        guard let tag = headers["etag"], tag.utf8.count <= Self.longest,
            tag.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return tag
    }

    fileprivate var object: RemoteObject? { entityTag.map { RemoteObject(entityTag: $0) } }
}

extension String {
    /// `a/`, but not `a/b/`.
    fileprivate var isTop: Bool { !dropLast().contains("/") }
}
