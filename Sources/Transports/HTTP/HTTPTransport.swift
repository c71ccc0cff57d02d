import Curl
import Foundation
import Host
package import Model
private import Synchronization

/// A server that stores what is PUT to a name and gives it out again under the same name; or that is
/// POSTed a file and says what it has made of it. An answer counts only when the status, the method,
/// the number of bytes sent and what a profile asks of it are the expected ones; the confirmation is
/// still a question of its own.
package final class HTTPTransport: Transport {
    let options: HTTPOptions
    let folders = WebFolders()
    let sample = ReadBack()
    private let session: Session
    private let access: HTTPAccess
    private let lastLogin = Mutex<Transfer.Login?>(nil)
    private let timeouts: Timeouts
    private let clock: WallClock

    init(_ options: HTTPOptions, _ access: HTTPAccess, _ means: TransportMeans) {
        self.options = options
        self.access = access
        timeouts = means.timeouts
        clock = means.clock
        session = Session(
            name: "http \(options.address.host)", bandwidth: means.bandwidth)
    }

    var manner: HTTPManner { options.manner }

    package func remove(
        _ name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) {
        let attempt = attempt("remove", name)
        guard let url = url(of: name, object) else { throw nameless(attempt) }
        try await remove(url, attempt)
        CrashPoint.reach("http.removed")
    }

    func remove(_ url: String, _ attempt: Attempt) async throws(DeliveryError) {
        let response = try await perform(transfer(.delete, url, bytes: 0), attempt)
        guard [200, 202, 204, 404, 410].contains(response.status) else {
            throw refusal(response, attempt)
        }
    }

    /// A PUT that broke off leaves nothing on a server that keeps its word.
    package func sweep() async throws(DeliveryError) {}

    package func close() async { await session.close() }

    /// The answer that named it was lost, so it may be there and nobody can ask for it.
    func nameless(_ attempt: Attempt) -> DeliveryError {
        var error = attempt.error(
            "the channel was sent it and what it calls it was lost with the answer; look for it there, "
                + "and when it is gone say so with 'sluice attest'", .retry(after: nil))
        // The server did nothing wrong.
        error.origin = .here
        return error
    }

    // MARK: Addresses

    /// Of what lies under a name below `to`.
    func url(_ path: String) -> String { base + path.encodedPath(keeping: "%") }

    /// The profile's path is a URL's: what is encoded there already stays so.
    private var base: String {
        options.target.origin + options.address.path.encodedPath(keeping: "%")
    }

    /// Where it is asked for. Nil: it was never told what it is called there.
    func url(of name: RemoteName, _ object: RemoteObject?) -> String? {
        guard let place = manner.object else { return url(name.rawValue) }
        guard let id = object?.id else { return nil }
        guard place != .header("location") else { return options.target.origin + id }
        let path = try? manner.at?.fill(["object": id, "name": name.rawValue]) {
            $0.percentEncoded(keeping: "-._~")
        }
        return path.map { base + $0 }
    }

    /// Where files are sent that are not named by their address.
    func postURL(_ values: [String: String]) throws(MissingField) -> String {
        guard let path = manner.postTo else {
            return base.hasSuffix("/") && options.address.path != "/"
                ? String(base.dropLast()) : base
        }
        return base + (try path.fill(values) { $0.percentEncoded(keeping: "-._~") })
    }

    // MARK: Requests

    func attempt(_ verb: String, _ name: RemoteName) -> Attempt {
        Attempt(
            verb: verb, name: name.rawValue, address: options.address,
            account: Account(user: options.user, password: options.password?.description))
    }

    /// What the server itself holds, not what a cache before it remembers.
    func question(_ method: Transfer.Method, _ url: String, bytes: Int64) -> Transfer {
        var transfer = transfer(method, url, bytes: bytes)
        transfer.headers.append("Cache-Control: no-cache")
        return transfer
    }

    func transfer(_ method: Transfer.Method, _ url: String, bytes: Int64) -> Transfer {
        var transfer = Transfer(method, url)
        transfer.tls = access.tls
        transfer.headers = access.headers
        transfer.allowPrivate = options.target.allowPrivate
        transfer.deadlines = timeouts.deadlines(bytes: bytes)
        let kept = manner.readsAnswers ? HTTPManner.longestAnswer : 2048
        transfer.sink = .beginning(kept, limit: 1 << 20)
        return transfer
    }

    func perform(
        _ transfer: Transfer, _ attempt: Attempt
    ) async throws(DeliveryError) -> Response {
        do throws(CurlFailure) {
            return try await send(transfer)
        } catch {
            throw attempt.error(error)
        }
    }

    /// After a refusal once more, where there may be another password.
    func send(_ transfer: Transfer) async throws(CurlFailure) -> Response {
        let answer = try await ask(transfer)
        guard answer.status == 401, access.login.isRenewed else { return answer }
        lastLogin.withLock { $0 = nil }
        return try await ask(transfer)
    }

    private func ask(_ transfer: Transfer) async throws(CurlFailure) -> Response {
        do throws(CurlFailure) {
            return try await session.perform(loggedIn(transfer))
        } catch {
            // A server that refuses a body closes while it is still being sent; and one that is only asked
            // what it says is not listened to any longer.
            if error.code != .tooLarge, let answer = error.answer { return answer }
            throw error
        }
    }

    private func loggedIn(_ transfer: Transfer) async throws(CurlFailure) -> Transfer {
        var transfer = transfer
        if let last = lastLogin.withLock(\.self) {
            transfer.login = last
        } else {
            transfer.login = try await access.login.login()
            lastLogin.withLock { [new = transfer.login] in $0 = new }
        }
        return transfer
    }

    // MARK: Answers

    func error(_ response: Response, _ attempt: Attempt) -> DeliveryError {
        var headers = response.headers
        // Some send people on to addresses with what they were sent.
        headers["location"] = headers["location"].map {
            shown(Data($0.utf8)) ?? "an address with one of our secrets in it"
        }
        var error = attempt.error(status: response.status, headers, now: clock.now())
        error.isRefusal = response.status < 500 || response.status == 503
        return error
    }

    /// With what the server says of it, where the fault is ours.
    func refusal(_ response: Response, _ attempt: Attempt) -> DeliveryError {
        var error = self.error(response, attempt)
        if (400..<500).contains(response.status) { error.message += words(response) }
        return error
    }

    /// What the server says, for the end of a message.
    func words(_ response: Response) -> String {
        shown(response.body).map { "; the server says: '\($0)'" } ?? ""
    }

    /// As people may read it.
    func shown(_ text: Data) -> String? {
        let secrets = lastLogin.withLock { $0?.secrets } ?? []
        return ServerWords.of(text, hiding: access.secrets + secrets)
    }

    /// Seconds after which the server wants to be asked again.
    func delay(_ response: Response) -> Double? {
        response.headers["retry-after"].flatMap { RetryAfter.seconds($0, now: clock.now()) }
    }

    func noFolder(
        _ name: RemoteName, put: Response, made: Int?, _ attempt: Attempt
    ) -> DeliveryError {
        attempt.error(
            noFolder: "\(name.folder)/", put: put.status, made: made, put.headers,
            now: clock.now())
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
}
