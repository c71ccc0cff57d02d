import Curl
import Foundation
import Host
import Model

/// One large file, sent in parts: a cut costs a part's time until it is noticed and not an hour's, and a
/// single put ends at 5 GB. The object appears with the last request, whole. What a killed attempt leaves
/// is not seen by anybody but is paid for, so it is swept.
struct S3Multipart {
    /// Bytes. What is smaller takes one request in place of three; pictures do. And it is as much as is
    /// ever read back.
    static let above: Int64 = ReadBack.most
    /// Bytes. S3 wants 5 MiB at least, and takes 10,000 parts: so up to 160 GiB; larger ones beyond.
    private static let least: Int64 = 16 << 20
    private static let most: Int64 = 10_000
    /// Seconds: longer than any file takes here, shorter than anybody waits to see it paid for.
    private static let abandoned: TimeInterval = 86_400
    /// Of a listing: 200 uploads, a kilobyte each.
    private static let listing = 1 << 20

    struct Part: Sendable {
        var number: Int
        var offset: Int64
        var bytes: Int64
        var sha256: ContentHash
    }

    private struct Taken {
        var tag: String
        /// As the service has said it; who says none is told of none.
        var checksum: String?
    }

    private let options: S3Options
    private let bucket: S3Bucket
    private let file: Outgoing
    private let key: String
    private let headers: [(String, String)]
    private let attempt: Attempt

    /// - Parameter headers: of the object.
    init(
        _ options: S3Options, _ bucket: S3Bucket, _ file: Outgoing, key: String,
        headers: [(String, String)], _ attempt: Attempt
    ) {
        self.options = options
        self.bucket = bucket
        self.file = file
        self.key = key
        self.headers = headers
        self.attempt = attempt
    }

    /// - Returns: the object's entity tag, and the checksum that the service has calculated of its parts'
    ///   (AWS: "composite"), where it is the one that they must have.
    func put() async throws(DeliveryError) -> (tag: String?, checksum: String?) {
        let parts = try await measure()
        let id = try await begin()
        CrashPoint.reach("s3.begun")
        do throws(DeliveryError) {
            var taken: [Taken] = []
            for part in parts { taken.append(try await send(part, id)) }
            return try await complete(id, taken, Self.composite(parts))
        } catch {
            // As well as it goes: what stays is swept. An end whose answer was lost is not undone by it.
            var ask = S3Ask(.delete, key, query: [("uploadId", id)])
            ask.deadlines = Deadlines(total: 30)
            _ = try? await bucket.perform(ask, attempt)
            throw error
        }
    }

    /// Every part is signed with its hash, and all of them together must be the file that was measured.
    private func measure() async throws(DeliveryError) -> [Part] {
        let (file, attempt) = (file, attempt)
        return try await Lane("hash parts").run { () throws(DeliveryError) -> [Part] in
            let parts: [Part]?
            do throws(HostError) {
                parts = try Self.parts(of: file)
            } catch {
                throw attempt.error("\(error)", .fixHost)
            }
            guard let parts else {
                throw attempt.error(
                    CurlFailure(.changed, "'\(file.path)' is not the file that was measured"))
            }
            return parts
        }
    }

    /// Nil where the file is another one.
    static func parts(of file: Outgoing) throws(HostError) -> [Part]? {
        let size = max(least, (file.bytes + most - 1) / most)
        let opened = try OpenFile.open(file.path, O_RDONLY | O_NOFOLLOW)
        var whole = SHA256()
        var parts: [Part] = []
        var offset: Int64 = 0
        while offset < file.bytes {
            let bytes = min(size, file.bytes - offset)
            var hasher = SHA256()
            var done: Int64 = 0
            while done < bytes {
                let chunk = try opened.read(limit: Int(min(bytes - done, 1 << 20)))
                guard !chunk.isEmpty else { return nil }
                hasher.update(chunk)
                whole.update(chunk)
                done += Int64(chunk.count)
            }
            let hash = ContentHash(digest: hasher.finalize())
            parts.append(
                Part(number: parts.count + 1, offset: offset, bytes: bytes, sha256: hash))
            offset += bytes
        }
        return ContentHash(digest: whole.finalize()) == file.sha256 ? parts : nil
    }

    /// The hash of the parts' hashes, and how many there are.
    static func composite(_ parts: [Part]) -> String {
        var hasher = SHA256()
        for part in parts { hasher.update(Data(base64Encoded: part.sha256.base64) ?? Data()) }
        return "\(ContentHash(digest: hasher.finalize()).base64)-\(parts.count)"
    }

    private func begin() async throws(DeliveryError) -> String {
        var ask = S3Ask(.post, key, query: [("uploads", "")])
        ask.headers = headers
        let answer = try await bucket.perform(
            ask, checkedBy: [("x-amz-checksum-algorithm", "SHA256")], attempt)
        guard answer.status == 200 else { throw attempt.error(answer, options, now: bucket.now) }
        guard let id = S3Element(answer.response.body)?.text("UploadId") else {
            throw attempt.error(
                "the service begins no upload in parts; does 'endpoint' point to an S3 service?",
                .fixProfile)
        }
        return id
    }

    private func send(_ part: Part, _ id: String) async throws(DeliveryError) -> Taken {
        let query = [("partNumber", "\(part.number)"), ("uploadId", id)]
        var ask = S3Ask(.put, key, query: query)
        ask.body = .part(
            path: file.path, offset: part.offset, bytes: part.bytes, sha256: part.sha256)
        (ask.sha256, ask.bytes) = (part.sha256, part.bytes)
        let answer = try await bucket.perform(
            ask, checkedBy: [(S3Bucket.checksumHeader, part.sha256.base64)], attempt)
        guard answer.status == 200 else { throw attempt.error(answer, options, now: bucket.now) }
        guard answer.response.uploaded == part.bytes, let tag = answer.response.entityTag else {
            throw attempt.error(
                "the service said 200 after \(answer.response.uploaded) of \(part.bytes) bytes of part "
                    + "\(part.number)", .retry(after: nil))
        }
        return Taken(tag: tag, checksum: answer.headers[S3Bucket.checksumHeader])
    }

    /// An answer of 200 may hold an error: it begins before the work is done.
    private func complete(
        _ id: String, _ taken: [Taken], _ composite: String
    ) async throws(DeliveryError) -> (tag: String?, checksum: String?) {
        let parts = taken.enumerated().map { index, part in
            let checksum = part.checksum.map {
                "<ChecksumSHA256>\($0.xmlEscaped)</ChecksumSHA256>"
            }
            return "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(part.tag.xmlEscaped)</ETag>"
                + (checksum ?? "") + "</Part>"
        }.joined()
        let body = Data(
            """
            <CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\(parts)\
            </CompleteMultipartUpload>
            """.utf8)
        var ask = S3Ask(.post, key, query: [("uploadId", id)])
        ask.body = .data(body)
        (ask.sha256, ask.bytes) = (.of(body), Int64(body.count))
        ask.headers = [("content-type", "application/xml")]
        // It puts gigabytes together meanwhile, and may say nothing.
        ask.deadlines = Deadlines(slow: 0, total: 600)
        let answer = try await bucket.perform(ask, attempt)
        guard answer.status == 200 else { throw attempt.error(answer, options, now: bucket.now) }
        let root = S3Element(answer.response.body)
        guard let root, root.name == "CompleteMultipartUploadResult" else {
            let failed = S3Answer(failed: answer.response)
            guard failed.fault != nil else {
                throw attempt.error(
                    "the service did not say that it has put the parts together", .retry(after: nil)
                )
            }
            throw attempt.error(failed, options, now: bucket.now)
        }
        let isSaid = root.text("ChecksumSHA256") == composite
        return (root.text("ETag"), isSaid ? composite : nil)
    }

    // MARK: Leftovers

    /// Ends uploads that were begun under names a channel can have here, and have not been ended for a
    /// day. Who may not list them, or has none, has nothing to sweep.
    static func sweep(
        _ options: S3Options, _ bucket: S3Bucket, _ attempt: Attempt
    ) async throws(DeliveryError) {
        var ask = S3Ask(
            .get, nil,
            query: [("uploads", ""), ("prefix", options.prefix), ("max-uploads", "200")])
        ask.sink = .keep(limit: listing)
        let answer = try await bucket.perform(ask, attempt)
        guard answer.status == 200, let root = S3Element(answer.response.body) else {
            // Whatever else is wrong, the first file will meet it, and tell.
            return
        }
        for upload in root.all("Upload") {
            guard let key = upload.text("Key"), let id = upload.text("UploadId"),
                let begun = upload.text("Initiated").flatMap(AmazonDate.date),
                bucket.now.timeIntervalSince(begun) > abandoned,
                key.hasPrefix(options.prefix),
                RemoteName(rawValue: String(key.dropFirst(options.prefix.count))) != nil
            else { continue }
            _ = try await bucket.perform(
                S3Ask(.delete, key, query: [("uploadId", id)]), attempt)
        }
    }
}

extension String {
    fileprivate var xmlEscaped: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
