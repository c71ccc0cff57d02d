import Curl
import Host
package import Model

/// Objects of a bucket. A put is whole or nothing there, so no other name is needed meanwhile. Every
/// object carries its SHA-256 twice: as metadata, which comes back from everybody as it was sent, and as
/// S3's own checksum, which a service calculates for itself and refuses if it differs.
package final class S3Transport: Transport {
    /// Ours, of the whole file, signed with the put.
    private static let hashHeader = "x-amz-meta-sha256"

    let options: S3Options
    let bucket: S3Bucket
    private let sample = ReadBack()

    init(_ options: S3Options, _ bucket: S3Bucket) {
        self.options = options
        self.bucket = bucket
    }

    package func put(
        _ file: Outgoing, as name: RemoteName, replacing object: RemoteObject?
    ) async throws(DeliveryError) -> RemoteObject? {
        let attempt = attempt("put", name)
        let object: RemoteObject?
        if file.bytes > S3Multipart.above {
            let parts = S3Multipart(
                options, bucket, file, key: key(name), headers: headers(file), attempt)
            let (tag, checksum) = try await parts.put()
            object = called(name, tag, checksum: checksum)
        } else {
            object = called(name, try await putWhole(file, name, attempt))
        }
        CrashPoint.reach("s3.uploaded")
        return object
    }

    private func putWhole(
        _ file: Outgoing, _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) -> String? {
        var ask = S3Ask(.put, key(name))
        ask.body = .file(path: file.path, bytes: file.bytes, sha256: file.sha256)
        (ask.sha256, ask.bytes) = (file.sha256, file.bytes)
        ask.headers = headers(file)
        let answer = try await bucket.perform(
            ask, checkedBy: [(S3Bucket.checksumHeader, file.sha256.base64)], attempt)
        guard answer.status == 200 else { throw attempt.error(answer, options, now: bucket.now) }
        guard answer.response.effectiveMethod == "PUT", answer.response.uploaded == file.bytes
        else {
            throw attempt.error(
                "the service said 200 after \(answer.response.uploaded) of \(file.bytes) bytes",
                .retry(after: nil))
        }
        return answer.response.entityTag
    }

    private func headers(_ file: Outgoing) -> [(String, String)] {
        [("content-type", file.mediaType), (Self.hashHeader, file.sha256.rawValue)]
            + (options.cache.map { [("cache-control", $0)] } ?? [])
    }

    // MARK: Asking

    package func look(
        for file: Outgoing, as name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Presence {
        let attempt = attempt("look for", name)
        let answer = try await head(name, attempt)
        guard answer.status == 200 else { return .absent }
        if let length = answer.response.contentLength, length != file.bytes {
            return .different("\(length) bytes in place of \(file.bytes)")
        }
        let level = hashes(answer, file, object)
        if case .different = level { return level }
        guard sample.isDue(file) || answer.response.contentLength == nil else {
            let tag = answer.response.entityTag
            return .confirmed(
                level.confirmation ?? .size, called(name, tag, checksum: object?.checksum))
        }
        return try await readBack(file, name, object, attempt)
    }

    /// What an object of the right length says of its bytes. The service's own checksum is what it has
    /// calculated of the bytes it keeps, and as good as its word; our metadata only says what was sent,
    /// so it can prove other bytes and never the right ones.
    private func hashes(
        _ answer: S3Answer, _ file: Outgoing, _ object: RemoteObject?
    ) -> Presence {
        let said = answer.headers[S3Bucket.checksumHeader]
        if file.bytes > S3Multipart.above, let said, let known = object?.checksum {
            // Some say it without the number of parts.
            if said == known || known.hasPrefix(said + "-") { return .confirmed(.checksum) }
            sample.distrust()
            return .different("another file of the same length (checksum '\(said)')")
        }
        // Of one in parts it is no hash of the whole.
        let isWhole = file.bytes <= S3Multipart.above
        let theirs = isWhole ? said.flatMap(ContentHash.init(base64:)) : nil
        let ours = answer.headers[Self.hashHeader].flatMap(ContentHash.init(rawValue:))
        if let other = [theirs, ours].compactMap(\.self).first(where: { $0 != file.sha256 }) {
            sample.distrust()
            return .different(
                "another file of the same length (SHA-256 '\(other.short)…' in place of "
                    + "'\(file.sha256.short)…')")
        }
        return .confirmed(theirs == nil ? .size : .checksum)
    }

    package func remove(
        _ name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) {
        let attempt = attempt("remove", name)
        let answer = try await bucket.perform(S3Ask(.delete, key(name)), attempt)
        guard [200, 202, 204, 404].contains(answer.status) else {
            throw attempt.error(answer, options, now: bucket.now)
        }
        CrashPoint.reach("s3.removed")
    }

    package func isAbsent(
        _ name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Bool {
        try await head(name, attempt("look for", name)).status != 200
    }

    /// - Returns: 200, or 404 and 410, which are the two that mean absence.
    private func head(
        _ name: RemoteName, _ attempt: Attempt
    ) async throws(DeliveryError) -> S3Answer {
        var ask = S3Ask(.head, key(name))
        ask.headers = [("x-amz-checksum-mode", "ENABLED")]
        let answer = try await bucket.perform(ask, attempt)
        if [200, 404, 410].contains(answer.status) { return answer }
        guard answer.fault == nil, (400..<500).contains(answer.status) else {
            throw attempt.error(answer, options, now: bucket.now)
        }
        // A refusal has no body here; the same question by GET is refused in words.
        var get = S3Ask(.get, key(name))
        get.headers = [("range", "bytes=0-0")]
        let words = try await bucket.perform(get, attempt)
        throw attempt.error(words.fault == nil ? answer : words, options, now: bucket.now)
    }

    private func readBack(
        _ file: Outgoing, _ name: RemoteName, _ known: RemoteObject?, _ attempt: Attempt
    ) async throws(DeliveryError) -> Presence {
        var ask = S3Ask(.get, key(name))
        ask.bytes = file.bytes
        ask.sink = .digest(limit: file.bytes)
        let answer: S3Answer
        do throws(CurlFailure) {
            answer = try await bucket.send(ask)
        } catch  where error.code == .tooLarge && error.httpStatus == 200 {
            sample.distrust()
            return .different("more than \(file.bytes) bytes")
        } catch {
            sample.giveBack()
            throw attempt.error(error)
        }
        switch answer.status {
        case 200:
            let object = called(
                name, answer.response.entityTag, checksum: known?.checksum)
            return sample.judge(answer.response.sha256, file, object)
        case 404, 410:
            sample.giveBack()
            return .absent
        default:
            sample.giveBack()
            throw attempt.error(answer, options, now: bucket.now)
        }
    }

    package func sweep() async throws(DeliveryError) {
        let attempt = Attempt(verb: "use", name: "", address: options.address)
        try await S3Multipart.sweep(options, bucket, attempt)
    }

    package func close() async { await bucket.close() }

    private func key(_ name: RemoteName) -> String { options.prefix + name.rawValue }

    private func called(
        _ name: RemoteName, _ tag: String?, checksum: String? = nil
    ) -> RemoteObject? {
        let object = RemoteObject(
            url: options.publicAddress(name), entityTag: tag, checksum: checksum)
        return object == RemoteObject() ? nil : object
    }

    private func attempt(_ verb: String, _ name: RemoteName) -> Attempt {
        Attempt(verb: verb, name: name.rawValue, address: options.address)
    }
}
