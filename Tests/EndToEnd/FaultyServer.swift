import Foundation
import Glibc
import Model
import Support
import Synchronization

/// A server for PUT, HEAD, GET and DELETE that keeps files in memory and fails at random points, and
/// writes down what a client did that it had no need to do. The same seed throws the same dice.
final class FaultyServer: Sendable {
    enum Fault: String, CaseIterable {
        /// The connection is reset before the body is read.
        case refuse
        /// It is reset in the middle of the body, or of the question.
        case cut
        /// The deed is done, and then the connection is reset.
        case loseAnswer
        /// Nothing is said any more until the client goes.
        case hang
        case error, unavailable
        /// 503 with `Retry-After: 1`.
        case later
        /// Half of it is stored, and that is called a success.
        case short
    }

    /// Of a hundred requests so many; rare is what stops the whole channel for a while.
    private static let chances: [(Fault, Int)] = [
        (.refuse, 7), (.cut, 7), (.loseAnswer, 6), (.error, 5), (.unavailable, 3), (.short, 2),
    ]

    struct Diary {
        /// Name → what is there now.
        var files: [String: Data] = [:]
        /// Bodies that came whole, whether or not they were stored so: name → their hashes.
        var bodies: [String: Set<ContentHash>] = [:]
        var puts = 0
        var requests = 0
        var faults: [Fault: Int] = [:]
        /// Files that were sent though they were there, whole and as they should be.
        var needless: [String] = []
        /// The same, by libcurl itself: where a connection that has served before breaks off without an
        /// answer, HTTP lets a client ask for an idempotent thing once more, and it does.
        var repeated = 0
    }

    let port: Int
    private let listener: Int32
    private struct State {
        var diary = Diary()
        var chance: Chance
        /// Each stops much, so there are few.
        var rare: [Fault] = [.hang, .later, .later, .hang, .later, .hang, .later]
        var isKind = false
        /// Names whose answer was lost on a connection that had served before.
        var mayRepeat: Set<String> = []
    }
    private let state: Mutex<State>

    init(seed: UInt64) throws {
        state = Mutex(State(chance: Chance(seed)))
        (listener, port) = try Port.listen()
        let thread = Thread { [self] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                Thread { [self] in
                    var isUsed = false
                    while answer(connection, isUsed) { isUsed = true }
                    close(connection)
                }.start()
            }
            close(listener)
        }
        thread.name = "faulty server"
        thread.start()
    }

    var url: String { "http://127.0.0.1:\(port)/" }
    var diary: Diary { state.withLock(\.diary) }

    /// It fails no more.
    func beKind() { state.withLock { $0.isKind = true } }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    // MARK: One request

    /// - Returns: false at the end of the connection.
    private func answer(_ connection: Int32, _ isUsed: Bool) -> Bool {
        var request = Request(connection)
        guard request.readHead() else { return false }
        let fault = throwDice(request.method)
        switch fault {
        case .refuse: return reset(connection)
        case .hang: return request.waitForItsEnd()
        case .cut:
            _ = request.readBody(request.length / 2)
            return reset(connection)
        default: break
        }
        guard request.readBody(request.length) else { return false }
        switch fault {
        case .error: return say(500, "", connection)
        case .unavailable: return say(503, "", connection)
        case .later: return say(503, "Retry-After: 1\r\n", connection)
        default: break
        }
        let isShort = fault == .short && request.method == "PUT"
        let (status, body) = perform(request, keeping: isShort ? request.length / 2 : nil)
        if fault == .loseAnswer {
            if isUsed, request.method == "PUT" {
                state.withLock { _ = $0.mayRepeat.insert(request.name) }
            }
            return reset(connection)
        }
        return say(status, "", connection, body, hidden: request.method == "HEAD")
    }

    private func throwDice(_ method: String) -> Fault? {
        state.withLock { state in
            state.diary.requests += 1
            guard !state.isKind else { return nil }
            var dice = Int.random(in: 0..<1000, using: &state.chance)
            var fault: Fault?
            if dice < 8, !state.rare.isEmpty {
                fault = state.rare.removeFirst()
            } else {
                for (each, share) in Self.chances {
                    dice -= share * 10
                    guard dice < 0 else { continue }
                    fault = each
                    break
                }
            }
            if let fault { state.diary.faults[fault, default: 0] += 1 }
            return fault
        }
    }

    private func perform(_ request: Request, keeping count: Int?) -> (Int, Data) {
        state.withLock { state in
            let name = request.name
            switch request.method {
            case "PUT":
                let whole = ContentHash.of(request.body)
                if state.diary.files[name].map(ContentHash.of) == whole {
                    if state.mayRepeat.contains(name) {
                        state.diary.repeated += 1
                    } else {
                        state.diary.needless.append(name)
                    }
                }
                state.mayRepeat.remove(name)
                state.diary.puts += 1
                state.diary.bodies[name, default: []].insert(whole)
                state.diary.files[name] = request.body.prefix(count ?? .max)
                return (201, Data())
            case "DELETE":
                return (state.diary.files.removeValue(forKey: name) == nil ? 404 : 204, Data())
            default:
                guard let file = state.diary.files[name] else { return (404, Data()) }
                return (200, file)
            }
        }
    }

    private func say(
        _ status: Int, _ headers: String, _ connection: Int32, _ body: Data = Data(),
        hidden: Bool = false
    ) -> Bool {
        let head =
            "HTTP/1.1 \(status) It\r\nContent-Length: \(body.count)\r\n\(headers)\r\n"
        let bytes = Data(head.utf8) + (hidden ? Data() : body)
        return bytes.withUnsafeBytes {
            send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) == $0.count
        }
    }

    private func reset(_ connection: Int32) -> Bool {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            connection, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        return false
    }
}

/// What is read of a connection for one request.
private struct Request {
    private let connection: Int32
    private var read = Data()
    private(set) var method = ""
    private(set) var name = ""
    private(set) var length = 0
    private(set) var body = Data()

    init(_ connection: Int32) { self.connection = connection }

    mutating func readHead() -> Bool {
        let end = Data("\r\n\r\n".utf8)
        while read.range(of: end) == nil { guard take() else { return false } }
        guard let range = read.range(of: end) else { return false }
        let lines = String(decoding: read[..<range.lowerBound], as: UTF8.self)
            .split(separator: "\r\n")
        let words = lines.first?.split(separator: " ").map(String.init) ?? []
        guard words.count == 3 else { return false }
        (method, name) = (words[0], words[1])
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            guard pair.count == 2, pair[0].lowercased() == "content-length" else { continue }
            length = Int(pair[1].trimmingCharacters(in: .whitespaces)) ?? 0
        }
        body = Data(read[range.upperBound...])
        return true
    }

    mutating func readBody(_ count: Int) -> Bool {
        while body.count < count {
            read = Data()
            guard take() else { return false }
            body += read
        }
        return true
    }

    mutating func waitForItsEnd() -> Bool {
        while take() {}
        return false
    }

    private mutating func take() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let got = recv(connection, &buffer, buffer.count, 0)
        guard got > 0 else { return false }
        read += buffer[..<got]
        return true
    }
}
