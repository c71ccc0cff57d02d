// The commands' way to the daemon, apart from its server: libcurl over the Unix socket. Promises that
// what is asked and what comes back have the types the table of `Operations` gives them, and that each
// way of not being answered is told apart, with what to do about it.

package import Curl
package import Foundation
internal import Host
package import Wire

/// Asks one daemon.
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

    /// An answer, and the bytes it came in.
    package struct Reply<Answer: Sendable>: Sendable {
        package var bytes: Data
        package var answer: Answer
    }

    package func reply<Asked, Answer>(
        to operation: Operations.Entry<Asked, Answer>, _ asked: Asked
    ) async throws(Failure) -> Reply<Answer> {
        let bytes = try await perform(try transfer(operation.endpoint, asked))
        do {
            return Reply(bytes: bytes, answer: try SocketFormat.decode(Answer.self, from: bytes))
        } catch {
            throw .strange("\(error)")
        }
    }

    package func call<Asked, Answer>(
        _ operation: Operations.Entry<Asked, Answer>, _ asked: Asked
    ) async throws(Failure) -> Answer {
        try await reply(to: operation, asked).answer
    }

    package func call<Answer>(
        _ operation: Operations.Entry<NoArguments, Answer>
    ) async throws(Failure) -> Answer {
        try await call(operation, NoArguments())
    }

    /// Hands over line after line until the daemon stops or `each` says false.
    package func watch<Asked, Line>(
        _ operation: Operations.Stream<Asked, Line>, _ asked: Asked,
        each: @escaping @Sendable (Data, Line) -> Bool
    ) async throws(Failure) {
        let lines = Lines(each: each)
        var transfer = try transfer(operation.endpoint, asked)
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

    private func transfer(
        _ endpoint: Endpoint, _ asked: some Arguments
    ) throws(Failure) -> Transfer {
        let request: (address: String, body: Data?)
        do {
            request = try endpoint.write(asked)
        } catch {
            throw .strange("\(error)")
        }
        var transfer = Transfer(
            endpoint.method == .get ? .get : .post, "http://sluice" + request.address)
        if let body = request.body {
            transfer.headers = ["Content-Type: application/json"]
            transfer.body = .data(body)
        }
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
        guard let answer = try? SocketFormat.decode(ErrorAnswer.self, from: body) else {
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
}
