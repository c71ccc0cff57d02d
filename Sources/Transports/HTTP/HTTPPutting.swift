import Curl
private import Foundation
import Host
package import Model

// How a file gets there.
extension HTTPTransport {
    package func put(
        _ file: Outgoing, as name: RemoteName, replacing object: RemoteObject?
    ) async throws(DeliveryError) -> RemoteObject? {
        let attempt = attempt("put", name)
        let response =
            switch manner.method {
            case .put: try await putIntoFolder(file, name, attempt)
            case .post: try await upload(file, name, to: try postURL(file, name, attempt), attempt)
            }
        try check(response, attempt)
        CrashPoint.reach("http.uploaded")
        let made = try called(response, attempt)
        if let made { try await takeAway(object, for: made, name, attempt) }
        return made
    }

    private func upload(
        _ file: Outgoing, _ name: RemoteName, to url: String, _ attempt: Attempt
    ) async throws(DeliveryError) -> Response {
        var transfer = transfer(manner.method == .put ? .put : .post, url, bytes: file.bytes)
        if let form = manner.form {
            let body = try filling(attempt) { () throws(MissingField) -> MultipartForm in
                try MultipartForm(form, file, name, values(file, name))
            }
            transfer.body = body.body
            transfer.headers.append("Content-Type: \(body.mediaType)")
        } else {
            transfer.body = .file(path: file.path, bytes: file.bytes, sha256: file.sha256)
            transfer.headers.append("Content-Type: \(file.mediaType)")
        }
        let response = try await hand(transfer, attempt)
        guard manner.isGood(response.status) else { return response }
        let bytes = transfer.body.count
        guard response.effectiveMethod == manner.method.rawValue, response.uploaded == bytes else {
            var odd = attempt.error(
                "the server said \(response.status) after \(response.uploaded) of \(bytes) bytes",
                .retry(after: nil))
            odd.mayLie = manner.object != nil
            throw odd
        }
        return response
    }

    /// A server that names what it is given may have done so without our hearing it.
    private func hand(
        _ transfer: Transfer, _ attempt: Attempt
    ) async throws(DeliveryError) -> Response {
        do throws(CurlFailure) {
            return try await send(transfer)
        } catch {
            var told = attempt.error(error)
            let isWhole = error.sent >= transfer.body.count
            told.mayLie = manner.object != nil && isWhole
            throw told
        }
    }

    private func postURL(
        _ file: Outgoing, _ name: RemoteName, _ attempt: Attempt
    ) throws(DeliveryError) -> String {
        try filling(attempt) { () throws(MissingField) -> String in
            try postURL(values(file, name))
        }
    }

    private func values(_ file: Outgoing, _ name: RemoteName) -> [String: String] {
        file.fields.merging(["name": name.rawValue, "type": file.mediaType]) { _, own in own }
    }

    private func filling<Value>(
        _ attempt: Attempt, _ body: () throws(MissingField) -> Value
    ) throws(DeliveryError) -> Value {
        do throws(MissingField) {
            return try body()
        } catch {
            throw attempt.error(
                "the profile wants '{\(error.name)}' in the request, which is known of pictures only",
                .fixProfile)
        }
    }

    // MARK: The answer

    private func check(_ response: Response, _ attempt: Attempt) throws(DeliveryError) {
        guard manner.isGood(response.status) else {
            let isOdd = (200..<300).contains(response.status) && !manner.expect.isEmpty
            guard isOdd, response.status != 202 else {
                var refused = refusal(response, attempt)
                // It was given all of it, and something went wrong then.
                refused.mayLie =
                    manner.object != nil && response.status >= 500
                    && ![501, 503, 505].contains(response.status)
                throw refused
            }
            var odd = attempt.error(
                "the server answered \(response.status), which is not among 'expect' in the profile"
                    + words(response), .fixInput)
            odd.mayLie = manner.object != nil
            throw odd
        }
        // What is put aside has not been looked at either.
        guard response.status != 202 || manner.expect.contains(202) else { return }
        guard let wrong = manner.answer.first(where: { !$0.holds(in: response) }) else { return }
        let why = wrong.refusal(of: response) { shown(Data($0.utf8)) }
        var broken = attempt.error(
            "the server answered \(response.status), but \(why)\(words(response))", .fixInput)
        broken.mayLie = manner.object?.value(in: response) != nil
        throw broken
    }

    private func called(
        _ response: Response, _ attempt: Attempt
    ) throws(DeliveryError) -> RemoteObject? {
        var object = RemoteObject(entityTag: response.entityTag)
        if let place = manner.object {
            let word = place.value(in: response)?.word
            object.id = word.flatMap { remembered($0, isAddress: place == .header("location")) }
            guard object.id != nil else {
                var nameless = attempt.error(
                    "the server took the file, and its answer does not say in \(place) what it is called "
                        + "there\(words(response)); it lies there and nobody can ask for it: correct 'object'",
                    .fixProfile)
                nameless.mayLie = true
                throw nameless
            }
            if manner.confirm == .poll { object.isAwaited = true }
        } else if response.status == 202 {
            object.isAwaited = true
        }
        return object == RemoteObject() ? nil : object
    }

    /// What a stranger says may become part of an address, and of nothing but that.
    /// - Parameter isAddress: a path of this server's, or its whole address.
    private func remembered(_ word: String, isAddress: Bool) -> String? {
        guard isAddress else {
            let isPlain = word.unicodeScalars.allSatisfy {
                $0.properties.generalCategory != .control
            }
            return isPlain && word != "." && word != ".." && (1...200).contains(word.utf8.count)
                ? word : nil
        }
        let origin = options.target.origin.lowercased()
        let path =
            word.lowercased().hasPrefix("\(origin)/") ? word.dropFirst(origin.count) : word[...]
        let fits = path.utf8.allSatisfy {
            (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "\\")
        }
        guard path.hasPrefix("/"), !path.hasPrefix("//"), fits, path.utf8.count <= 500,
            !path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." })
        else { return nil }
        return String(path)
    }

    /// A server that numbers what it is given keeps what was there before. Where that does not go, the
    /// new one goes again: two of them would be two pictures, and the number of one would be forgotten.
    private func takeAway(
        _ old: RemoteObject?, for new: RemoteObject, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) {
        guard manner.object != nil, let id = old?.id, id != new.id, let url = url(of: name, old)
        else { return }
        do throws(DeliveryError) {
            try await remove(url, attempt)
        } catch {
            var refused = error
            refused.message += "; so what it replaces is still there"
            if let made = self.url(of: name, new) {
                do throws(DeliveryError) {
                    try await remove(made, attempt)
                } catch {
                    var both = attempt.error(
                        "the old one cannot be taken away, and neither can the new one, '\(new.id ?? "")': "
                            + "take one away there by hand (\(error))", .fixChannel)
                    both.mayLie = true
                    throw both
                }
            }
            throw refused
        }
    }

    // MARK: Folders

    private func putIntoFolder(
        _ file: Outgoing, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) -> Response {
        let url = url(name.rawValue)
        if folders.areMade { _ = try await makeFolders(for: name, attempt) }
        let response = try await upload(file, name, to: url, attempt)
        guard mayMissFolder(name, response.status) else { return response }
        folders.forget(name)
        let asked = try await makeFolders(for: name, attempt)
        let second = try await upload(file, name, to: url, attempt)
        guard !mayMissFolder(name, second.status) else {
            throw noFolder(name, put: second, made: asked, attempt)
        }
        return second
    }

    /// 409 is the standard's word for it, some servers say 404, nginx says 500.
    private func mayMissFolder(_ name: RemoteName, _ status: Int) -> Bool {
        !name.folder.isEmpty && [404, 409, 500].contains(status)
    }

    /// Below the profile's own path and never above it.
    /// - Returns: what the server said to the last one it was asked for; nil: to none.
    private func makeFolders(
        for name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) -> Int? {
        var last: Int?
        for folder in folders.missing(for: name) {
            let response = try await perform(transfer(.mkcol, url(folder), bytes: 0), attempt)
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
}

extension String {
    /// `a/`, but not `a/b/`.
    fileprivate var isTop: Bool { !dropLast().contains("/") }
}
