import Curl
private import Foundation
package import Model

// Whether it is there.
extension HTTPTransport {
    package func look(
        for file: Outgoing, as name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Presence {
        guard let url = url(of: name, object) else { return .absent }
        let look = Look(file: file, url: url, object: object, attempt: attempt("look for", name))
        switch manner.confirm {
        case .get: return try await readBack(look)
        case .poll where manner.done != nil || manner.failed != nil: return try await ask(look)
        case .head, .poll: return try await measure(look)
        }
    }

    package func isAbsent(
        _ name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Bool {
        let attempt = attempt("look for", name)
        guard let url = url(of: name, object) else { throw nameless(attempt) }
        var response = try await perform(question(.head, url, bytes: 0), attempt)
        // Nobody buys by HEAD: that it is gone has to be true of what browsers ask.
        if [404, 405, 410, 501].contains(response.status) {
            response = try await beginningOfGET(url, attempt)
        }
        switch response.status {
        case 404, 410: return true
        case 200, 204: return false
        default: throw error(response, attempt)
        }
    }

    private struct Look {
        var file: Outgoing
        var url: String
        var object: RemoteObject?
        var attempt: Attempt
    }

    /// By its length, and some by their bytes.
    private func measure(_ look: Look) async throws(DeliveryError) -> Presence {
        let response = try await perform(question(.head, look.url, bytes: 0), look.attempt)
        switch response.status {
        case 200, 204:
            guard let length = response.contentLength else { return try await readBack(look) }
            guard length == look.file.bytes else {
                return .different("\(length) bytes in place of \(look.file.bytes)")
            }
            guard sample.isDue(look.file) else { return .confirmed(.size, called(response, look)) }
            return try await readBack(look, mayRefuse: true)
        case 405, 501:
            return try await readBack(look)
        default: return try notThere(response, look)
        }
    }

    /// By what the server says of it.
    private func ask(_ look: Look) async throws(DeliveryError) -> Presence {
        let response = try await perform(question(.get, look.url, bytes: 0), look.attempt)
        guard [200, 204].contains(response.status) else { return try notThere(response, look) }
        if let failed = manner.failed, failed.holds(in: response) {
            return .different("the server says that nothing came of it\(words(response))")
        }
        guard manner.done?.holds(in: response) ?? true else {
            return .processing(after: delay(response))
        }
        return .confirmed(.answer, called(response, look))
    }

    /// What an answer means that is none of the good ones.
    private func notThere(
        _ response: Response, _ look: Look
    ) throws(DeliveryError) -> Presence {
        let isPolled = manner.confirm == .poll
        switch response.status {
        case 202 where isPolled: return .processing(after: delay(response))
        case 404 where isPolled && look.object?.isAwaited == true:
            return .processing(after: delay(response))
        case 404, 410: return .absent
        default: throw refusal(response, look.attempt)
        }
    }

    /// - Parameter mayRefuse: the length is known to be right, and some places take files that
    ///   nobody may fetch.
    private func readBack(
        _ look: Look, mayRefuse: Bool = false
    ) async throws(DeliveryError) -> Presence {
        let bytes = look.file.bytes
        var get = question(.get, look.url, bytes: bytes)
        get.sink = .digest(limit: bytes)
        let response: Response
        do throws(CurlFailure) {
            response = try await send(get)
        } catch  where error.code == .tooLarge {
            sample.distrust()
            return .different("more than \(bytes) bytes")
        } catch {
            sample.giveBack()
            throw look.attempt.error(error)
        }
        switch response.status {
        case 200:
            return sample.judge(response.sha256, look.file, called(response, look))
        case let status where mayRefuse && [401, 403, 405, 501].contains(status):
            return .confirmed(.size, called(response, look))
        default:
            sample.giveBack()
            return try notThere(response, look)
        }
    }

    /// Its number, where it has one; what was only promised has come.
    private func called(_ response: Response, _ look: Look) -> RemoteObject? {
        let id = manner.object == nil ? nil : look.object?.id
        let object = RemoteObject(id: id, entityTag: response.entityTag)
        let isNews = look.object?.isAwaited == true || object != RemoteObject()
        return isNews ? object : nil
    }

    /// The status is the answer, so the body is refused at its first byte.
    private func beginningOfGET(
        _ url: String, _ attempt: Attempt
    ) async throws(DeliveryError) -> Response {
        var get = question(.get, url, bytes: 0)
        get.sink = .stream { _ in false }
        do throws(CurlFailure) {
            return try await send(get)
        } catch  where error.code == .refusedByCaller {
            return error.begun
        } catch {
            throw attempt.error(error)
        }
    }
}
