import Curl
private import Foundation
import Host
package import Model

/// A server that stores what is PUT to a name and gives it out again under the same name. An answer
/// counts only when the status, the method and the number of bytes sent are the expected ones; the
/// confirmation is still a question of its own.
package final class HTTPDestination: Destination {
    private let address: DestinationAddress
    private let login: Transfer.Login
    private let patience: Patience
    private let clock: WallClock
    private let session: Session

    init(
        _ address: DestinationAddress, login: Transfer.Login, patience: Patience = Patience(),
        clock: WallClock = .system
    ) {
        self.address = address
        self.login = login
        self.patience = patience
        self.clock = clock
        session = Session(name: "http \(address.host)")
    }

    package func put(_ file: Outgoing, as name: RemoteName) async throws(DeliveryError) {
        let attempt = Attempt(verb: "put", name: name.rawValue, address: address)
        var transfer = transfer(.put, name, bytes: file.bytes)
        transfer.body = .file(path: file.path, bytes: file.bytes, sha256: file.sha256)
        transfer.headers = ["Content-Type: \(file.mediaType)"]
        let response = try await perform(transfer, attempt)
        guard [200, 201, 204].contains(response.status) else {
            throw attempt.error(status: response.status, response.headers, now: clock.now())
        }
        guard response.effectiveMethod == "PUT", response.uploaded == file.bytes else {
            throw attempt.error(
                "the server said \(response.status) after \(response.uploaded) of \(file.bytes) "
                    + "bytes", .retry(after: nil))
        }
        CrashPoint.reach("http.uploaded")
    }

    package func look(
        for file: Outgoing, as name: RemoteName
    ) async throws(DeliveryError) -> Presence {
        let attempt = Attempt(verb: "look for", name: name.rawValue, address: address)
        let response = try await perform(transfer(.head, name, bytes: 0), attempt)
        switch response.status {
        case 200, 204:
            guard let length = response.contentLength else {
                return try await readBack(file, name, attempt)
            }
            return length == file.bytes
                ? .confirmed(.size) : .different("\(length) bytes in place of \(file.bytes)")
        case 404, 410:
            return .absent
        case 405, 501:
            return try await readBack(file, name, attempt)
        default:
            throw attempt.error(status: response.status, response.headers, now: clock.now())
        }
    }

    package func remove(_ name: RemoteName) async throws(DeliveryError) {
        let attempt = Attempt(verb: "remove", name: name.rawValue, address: address)
        let response = try await perform(transfer(.delete, name, bytes: 0), attempt)
        guard [200, 202, 204, 404, 410].contains(response.status) else {
            throw attempt.error(status: response.status, response.headers, now: clock.now())
        }
        CrashPoint.reach("http.removed")
    }

    package func isAbsent(_ name: RemoteName) async throws(DeliveryError) -> Bool {
        let attempt = Attempt(verb: "look for", name: name.rawValue, address: address)
        let response = try await perform(transfer(.head, name, bytes: 0), attempt)
        var (status, headers) = (response.status, response.headers)
        if [405, 501].contains(status) {
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

    private func readBack(
        _ file: Outgoing, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) -> Presence {
        var get = transfer(.get, name, bytes: file.bytes)
        get.sink = .digest(limit: file.bytes)
        let response: Response
        do throws(CurlFailure) {
            response = try await session.perform(get)
        } catch  where error.code == .tooLarge {
            return .different("more than \(file.bytes) bytes")
        } catch {
            throw attempt.error(error)
        }
        switch response.status {
        case 200:
            return response.sha256 == file.sha256 && response.downloaded == file.bytes
                ? .confirmed(.hash) : .different("\(response.downloaded) other bytes")
        case 404, 410:
            return .absent
        default:
            throw attempt.error(status: response.status, response.headers, now: clock.now())
        }
    }

    /// The status is the answer, so the body is refused at its first byte.
    private func statusOfGET(
        _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) -> (Int, [String: String]) {
        var get = transfer(.get, name, bytes: 0)
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

    private func transfer(
        _ method: Transfer.Method, _ name: RemoteName, bytes: Int64
    ) -> Transfer {
        // The profile's path is a URL's: what is encoded there already stays so.
        let url = address.origin + (address.path + name.rawValue).encodedPath(keeping: "%")
        var transfer = Transfer(method, url)
        transfer.login = login
        transfer.allowPrivate = address.allowPrivate
        transfer.deadlines = patience.deadlines(bytes: bytes)
        // What a server says in words is not read, and not kept.
        transfer.sink = .digest(limit: 1 << 20)
        return transfer
    }

    private func perform(
        _ transfer: Transfer, _ attempt: Attempt
    ) async throws(DeliveryError) -> Response {
        do throws(CurlFailure) {
            return try await session.perform(transfer)
        } catch {
            // A server that refuses a body closes while it is still being sent.
            if error.httpStatus >= 400 {
                throw attempt.error(status: error.httpStatus, error.headers, now: clock.now())
            }
            throw attempt.error(error)
        }
    }
}
