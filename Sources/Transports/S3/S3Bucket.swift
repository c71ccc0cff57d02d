import Curl
import Foundation
import Host
import Model
import Synchronization

/// One bucket, asked by signed requests. What an answer means is left to others, but for one thing: a
/// request that was refused because two clocks differ is signed anew by the other clock.
final class S3Bucket: Sendable {
    static let checksumHeader = "x-amz-checksum-sha256"
    /// What the answer to a request without a body that is kept may be long.
    static let words = 64 << 10
    /// S3 takes a quarter of an hour; what is nearer than a third of it is no reason to refuse.
    private static let tolerance: TimeInterval = 300

    private let options: S3Options
    private let signing: Signing
    private let tls: Transfer.TLS
    private let timeouts: Timeouts
    private let clock: WallClock
    private let session: Session
    /// Seconds by which the other clock is before ours; told by it, and kept.
    private let skew = Mutex<TimeInterval>(0)
    /// Not everybody who speaks S3 has heard of checksums.
    private let takesChecksums = Mutex(true)

    init(
        _ options: S3Options, _ signing: Signing, _ tls: Transfer.TLS, _ means: TransportMeans
    ) {
        self.options = options
        self.signing = signing
        self.tls = tls
        timeouts = means.timeouts
        clock = means.clock
        session = Session(
            name: "s3 \(options.bucket)", bandwidth: means.bandwidth)
    }

    var now: Date { clock.now() }

    func close() async { await session.close() }

    /// - Returns: an answer of any status.
    func perform(_ ask: S3Ask, _ attempt: Attempt) async throws(DeliveryError) -> S3Answer {
        do throws(CurlFailure) {
            return try await send(ask)
        } catch {
            throw attempt.error(error)
        }
    }

    /// - Parameter checks: headers that a service may not know, and then is not sent.
    func perform(
        _ ask: S3Ask, checkedBy checks: [(String, String)], _ attempt: Attempt
    ) async throws(DeliveryError) -> S3Answer {
        guard takesChecksums.withLock(\.self) else { return try await perform(ask, attempt) }
        var checked = ask
        checked.headers += checks
        let answer = try await perform(checked, attempt)
        guard answer.mayLackChecksums else { return answer }
        let plain = try await perform(ask, attempt)
        if plain.status == 200 { takesChecksums.withLock { $0 = false } }
        return plain
    }

    func send(_ ask: S3Ask) async throws(CurlFailure) -> S3Answer {
        let answer = try await sendOnce(ask)
        guard let skew = skew(toldBy: answer) else { return answer }
        self.skew.withLock { $0 = skew }
        return try await sendOnce(ask)
    }

    private func sendOnce(_ ask: S3Ask) async throws(CurlFailure) -> S3Answer {
        do throws(CurlFailure) {
            return S3Answer(try await session.perform(transfer(ask)))
        } catch {
            // A server that refuses a body closes while it is still being sent.
            guard let answer = error.answer else { throw error }
            return S3Answer(answer)
        }
    }

    private func transfer(_ ask: S3Ask) -> Transfer {
        let service = options.service
        let isInHost = options.shownStyle == .host
        let bucket = isInHost ? "" : "/\(options.bucket)"
        let key = ask.key.map { "/\($0)" } ?? (isInHost ? "/" : "")
        let request = S3Request(
            ask.method.word, host: service.authority(isInHost ? options.bucket : nil),
            path: service.path + bucket + key, query: ask.query, headers: ask.headers,
            sha256: ask.sha256)
        let query = request.queryText.isEmpty ? "" : "?\(request.queryText)"
        var transfer = Transfer(ask.method, service.origin(request.host) + request.path + query)
        let date = clock.now().addingTimeInterval(skew.withLock(\.self))
        transfer.headers = signing.headers(request, at: date)
        transfer.tls = tls
        transfer.body = ask.body
        transfer.sink = ask.sink
        transfer.allowPrivate = options.target.allowPrivate
        transfer.deadlines = ask.deadlines ?? timeouts.deadlines(bytes: ask.bytes)
        return transfer
    }

    /// Nil where the clocks are not to blame.
    private func skew(toldBy answer: S3Answer) -> TimeInterval? {
        guard [400, 401, 403].contains(answer.status) else { return nil }
        let isSaid = answer.fault?.code == "RequestTimeTooSkewed"
        // A HEAD is refused without words.
        guard isSaid || answer.fault == nil,
            let theirs = answer.fault?.serverTime
                ?? answer.headers["date"].flatMap(HTTPDate.date)
        else { return nil }
        let told = theirs.timeIntervalSince(clock.now())
        let known = skew.withLock(\.self)
        // What the same clock has told before has not helped.
        return abs(told - known) > (isSaid ? 2 : Self.tolerance) ? told : nil
    }
}

/// One question to a bucket.
struct S3Ask: Sendable {
    var method: Transfer.Method
    /// Nil for the bucket itself.
    var key: String?
    var query: [(String, String)] = []
    var headers: [(String, String)] = []
    var body = Transfer.Body.none
    /// Of the body.
    var sha256 = Signing.empty
    /// Of the body, or of what is expected: it decides how long it may take.
    var bytes: Int64 = 0
    var sink = Transfer.Sink.keep(limit: S3Bucket.words)
    /// Other than the size says.
    var deadlines: Deadlines?

    init(_ method: Transfer.Method, _ key: String?, query: [(String, String)] = []) {
        self.method = method
        self.key = key
        self.query = query
    }
}

struct S3Answer: Sendable {
    let response: Response
    /// What is in the body of an answer that is no good one; nil where it says nothing.
    let fault: S3Fault?

    init(_ response: Response) {
        self.response = response
        let isGood = (200..<300).contains(response.status)
        // Bodies of good answers are read by those who asked.
        fault = isGood ? nil : S3Fault(response)
    }

    /// Of one that says 200 and means something else.
    init(failed response: Response) {
        self.response = response
        fault = S3Fault(response)
    }

    /// Whoever says so may not know them.
    var mayLackChecksums: Bool {
        status == 501
            || status == 400
                && ["InvalidArgument", "InvalidRequest", "NotImplemented", "UnsupportedHeader"]
                    .contains(fault?.code ?? "")
    }

    var status: Int { response.status }
    var headers: [String: String] { response.headers }
}

extension Transfer.Method {
    fileprivate var word: String {
        switch self {
        case .head: "HEAD"
        case .put: "PUT"
        case .post: "POST"
        case .delete: "DELETE"
        default: "GET"
        }
    }
}
