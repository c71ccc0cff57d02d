package import Curl
package import Foundation
package import Model

/// The commands' way to the daemon.
package struct Client: Sendable {
    /// Why there is no answer of the kind that was asked for.
    package enum Failure: Error, Sendable, CustomStringConvertible {
        /// No daemon listens at this path.
        case noDaemon(socket: String)
        /// One does, and too many wait to be let in.
        case busy(socket: String)
        /// The daemon said no: HTTP status, and what to do about it when it knows.
        case refused(status: Int, ErrorAnswer)
        /// It answered in a way this client does not understand.
        case strange(String)
        case transport(CurlFailure)

        package var description: String {
            switch self {
            case .noDaemon(let socket): "no daemon is running: nothing listens on '\(socket)'"
            case .busy(let socket): "the daemon is busy: too many wait at '\(socket)'"
            case .refused(_, let answer): answer.error
            case .strange(let what): "the daemon's answer is not understood: \(what)"
            case .transport(let failure): "the daemon did not answer: \(failure)"
            }
        }

        package var next: String? {
            switch self {
            case .noDaemon: "start it with 'systemctl start sluice', or by hand with 'sluice run'"
            case .busy: "try again in a moment; 'sudo ss -xp' shows who is connected"
            case .refused(_, let answer): answer.next
            case .strange:
                "are command and daemon of one version? Restart the daemon after an upgrade"
            case .transport: "look at 'journalctl -u sluice'"
            }
        }
    }

    package let socket: String
    private let session: Session

    /// Bytes of an answer: a status with ten thousand gates is far below.
    private static let answerLimit = 64 << 20
    /// How long to stand in the queue of a daemon that many ask at once.
    private let timeouts: Duration
    private static let pause = Duration.milliseconds(50)

    package init(socket: String, timeouts: Duration = .seconds(5)) {
        self.socket = socket
        self.timeouts = timeouts
        session = Session(name: "client")
    }

    /// The answer as the daemon sent it. `query` is encoded here.
    package func get(
        _ path: String, query: [(String, String?)] = []
    ) async throws(Failure) -> Data {
        try await perform(transfer(.get, path + Self.encode(query)))
    }

    /// One page of a list.
    package func list(_ question: ListQuestion) async throws(Failure) -> ListAnswer {
        let query: [(String, String?)] = [
            ("channel", question.channel), ("gate", question.gate?.rawValue),
            ("sku", question.sku), ("after", question.after), ("limit", "\(question.limit)"),
        ]
        let path = "/v1/list/" + question.kind.rawValue
        return try decode(ListAnswer.self, try await get(path, query: query))
    }

    package func post(_ path: String, _ order: some Order) async throws(Failure) -> Data {
        var transfer = transfer(.post, path)
        transfer.headers = ["Content-Type: application/json"]
        do {
            transfer.body = .data(try Wire.encode(order))
        } catch {
            throw .strange("\(error)")
        }
        return try await perform(transfer)
    }

    package func decode<Answer: Decodable>(
        _ type: Answer.Type, _ data: Data
    ) throws(Failure) -> Answer {
        do {
            return try Wire.decode(type, from: data)
        } catch {
            throw .strange("\(error)")
        }
    }

    /// Hands over event after event until the daemon stops or `each` says false.
    package func watch(
        after: Int64?, each: @escaping @Sendable (Data, Event) -> Bool
    ) async throws(Failure) {
        let lines = EventLines(each: each)
        var transfer = transfer(
            .get, "/v1/events" + Self.encode([("after", after.map(String.init))]))
        transfer.sink = .stream { lines.take($0) }
        transfer.deadlines.total = 0
        transfer.deadlines.slow = 0
        do {
            let answer = try await session.perform(transfer)
            // What was streamed was the reason.
            guard answer.status == 200 else { throw refusal(answer.status, lines.rest) }
        } catch {
            if let failure = error as? Failure { throw failure }
            guard let failure = error as? CurlFailure else { throw .strange("\(error)") }
            if failure.code == .refusedByCaller { return try lines.check() }
            throw translate(failure)
        }
        try lines.check()
    }

    private func transfer(_ method: Transfer.Method, _ path: String) -> Transfer {
        var transfer = Transfer(method, "http://sluice" + path)
        transfer.unixSocket = socket
        transfer.sink = .keep(limit: Self.answerLimit)
        transfer.deadlines = Deadlines(connect: 5, slow: 0, total: 600)
        return transfer
    }

    private func perform(_ transfer: Transfer) async throws(Failure) -> Data {
        let end = ContinuousClock.now + timeouts
        while true {
            let answer: Response
            do throws(CurlFailure) {
                answer = try await session.perform(transfer)
            } catch {
                let failure = translate(error)
                guard case .busy = failure, ContinuousClock.now < end else { throw failure }
                try? await Task.sleep(for: Self.pause)
                continue
            }
            guard answer.status == 200 else { throw refusal(answer.status, answer.body) }
            return answer.body
        }
    }

    private func refusal(_ status: Int, _ body: Data) -> Failure {
        guard let answer = try? Wire.decode(ErrorAnswer.self, from: body) else {
            return .strange("HTTP \(status) without a reason")
        }
        return .refused(status: status, answer)
    }

    private func translate(_ failure: CurlFailure) -> Failure {
        switch failure.code {
        case .couldNotConnect:
            // libcurl does not tell a full queue from nobody there.
            if case .nobody = Knock.at(socket) { return .noDaemon(socket: socket) }
            return .busy(socket: socket)
        // Turned away at the door: nothing that was not asked in full is ever done.
        case .sendFailed: return .busy(socket: socket)
        default: return .transport(failure)
        }
    }

    /// `?name=value&…`, leaving out what is nil.
    private static func encode(_ query: [(String, String?)]) -> String {
        let pairs = query.compactMap { name, value in value.map { "\(name)=\(escape($0))" } }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }

    /// One path segment or query value. A lone `.` or `..` would be taken for a directory.
    package static func escape(_ text: String) -> String {
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~")
        return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}
