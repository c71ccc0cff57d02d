import Foundation
import Model

/// Takes in the answer's headers and body, within limits.
struct Receiver {
    /// Of all header lines together; real servers stay below 8 KiB.
    private static let headerLimit = 64 << 10

    /// Of one transfer a login and a few commands; the last ones say how it ended.
    private static let mostReplies = 100

    private(set) var headers: [String: String] = [:]
    /// Of an FTP server, in order.
    private(set) var replies: [Reply] = []
    private(set) var body = Data()
    private let sink: Transfer.Sink
    private var hasher = SHA256()
    private var headerBytes = 0
    private var received: Int64 = 0

    init(_ sink: Transfer.Sink) { self.sink = sink }

    /// Something of the body has come.
    var hasBegun: Bool { received > 0 }

    mutating func digest() -> ContentHash? {
        guard case .digest = sink else { return nil }
        return ContentHash(digest: hasher.finalize())
    }

    mutating func take(header bytes: UnsafeRawBufferPointer) throws(CurlFailure) {
        headerBytes += bytes.count
        guard headerBytes <= Self.headerLimit else {
            throw CurlFailure(.tooLarge, "the answer's header is longer than 64 KiB")
        }
        // Without the line's end and the blanks around the value (RFC 9110, 5.5).
        var line = Substring(decoding: bytes, as: UTF8.self)
        while line.last?.isWhitespace == true { line.removeLast() }
        // After `100 Continue` a second set of headers comes; the last one counts.
        if line.hasPrefix("HTTP/") { headers = [:] }
        if let reply = Reply(line: String(line)) {
            if replies.count >= Self.mostReplies { replies.removeFirst() }
            replies.append(reply)
            return
        }
        guard let colon = line.firstIndex(of: ":") else { return }
        headers[line[..<colon].lowercased()] = String(
            line[line.index(after: colon)...].drop(while: \.isWhitespace))
    }

    mutating func take(body bytes: UnsafeRawBufferPointer) throws(CurlFailure) {
        received += Int64(bytes.count)
        switch sink {
        case .keep(let limit):
            try check(limit: Int64(limit))
            body.append(contentsOf: bytes)
        case .beginning(let count, let limit):
            try check(limit: limit)
            body.append(contentsOf: bytes.prefix(count - body.count))
        case .digest(let limit):
            try check(limit: limit)
            hasher.update(bytes)
        case .stream(let hand):
            guard hand(Data(bytes)) else {
                throw CurlFailure(.refusedByCaller, "the answer was not wanted any longer")
            }
        }
    }

    private func check(limit: Int64) throws(CurlFailure) {
        guard received <= limit else {
            throw CurlFailure(.tooLarge, "the answer is longer than \(limit) bytes")
        }
    }
}
