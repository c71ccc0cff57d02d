import Curl
private import Synchronization

/// Logins on one FTP server, as many as there are transfers at a time. Each has a thread and a
/// multi of its own: libcurl waits for the end of an FTP transfer without looking after others, and
/// vsftpd takes a data connection only with the TLS session of its own login. On one multi, of 30
/// files sent on four connections 2 arrived whole; on one each, all.
final class FTPSessions: Sendable {
    private struct State {
        var idle: [Session] = []
        var busy: [ObjectIdentifier: Session] = [:]
        var isClosed = false
    }

    private let name: String
    private let bytesPerSecond: Int64?
    private let state = Mutex(State())

    init(_ name: String, bytesPerSecond: Int64?) {
        self.name = name
        self.bytesPerSecond = bytesPerSecond
    }

    /// Servers hang up on a login that has waited, and forget its TLS session, without telling; so
    /// what fails on a used one before anything was sent is done once more on a new one.
    func perform(_ transfer: Transfer) async throws(CurlFailure) -> Response {
        let (first, isUsed) = try take(mayBeUsed: true)
        do throws(CurlFailure) {
            return try await perform(transfer, on: first)
        } catch {
            guard isUsed, error.mayComeFromWaiting else { throw error }
        }
        return try await perform(transfer, on: try take(mayBeUsed: false).session)
    }

    /// Logins that wait end by themselves: libcurl says QUIT, and a server that does not answer could
    /// take two minutes of anybody who waits for that.
    func close() async {
        let busy = state.withLock { state in
            state.isClosed = true
            state.idle = []
            return Array(state.busy.values)
        }
        for session in busy { await session.close() }
    }

    private func perform(
        _ transfer: Transfer, on session: Session
    ) async throws(CurlFailure) -> Response {
        do throws(CurlFailure) {
            let response = try await session.perform(transfer)
            if let reply = response.replies.last, reply.endsLogin {
                throw CurlFailure(.receiveFailed, reply)
            }
            give(session)
            return response
        } catch {
            if error.leavesLogin { give(session) } else { drop(session) }
            guard let reply = error.reply, reply.isRefusal else { throw error }
            var failure = error
            failure.message = reply.asWords
            throw failure
        }
    }

    private func take(
        mayBeUsed: Bool
    ) throws(CurlFailure) -> (session: Session, isUsed: Bool) {
        let taken = state.withLock { state -> (Session, Bool)? in
            guard !state.isClosed else { return nil }
            let used = mayBeUsed ? state.idle.popLast() : nil
            let session = used ?? Session(name: name, bytesPerSecond: bytesPerSecond)
            state.busy[ObjectIdentifier(session)] = session
            return (session, used != nil)
        }
        guard let taken else { throw CurlFailure(.closed, "the connection was closed by us") }
        return taken
    }

    private func give(_ session: Session) {
        state.withLock { state in
            state.busy[ObjectIdentifier(session)] = nil
            if !state.isClosed { state.idle.append(session) }
        }
    }

    /// Its thread ends by itself.
    private func drop(_ session: Session) {
        state.withLock { _ = $0.busy.removeValue(forKey: ObjectIdentifier(session)) }
    }
}

extension CurlFailure {
    /// What the server said is the whole of it.
    init(_ code: Code, _ reply: Reply) {
        self.init(code, reply.asWords, phase: .transfer)
        self.reply = reply
    }

    /// The next answer belongs to the next question. Not after other failures: where a server refuses
    /// an upload and hangs up on the data, libcurl 7.88 sends PASV behind it, takes the refusal for the
    /// answer to that, and from then on every answer for that to the question after.
    fileprivate var leavesLogin: Bool {
        guard let reply, reply.isRefusal, !reply.endsLogin else { return false }
        let codes: Set<Code> = [.uploadFailed, .noSuchFile, .notGiven, .accessDenied]
        return codes.contains(code)
    }

    fileprivate var mayComeFromWaiting: Bool {
        // 522: the session of the login is too old for its data connection.
        if let reply, reply.endsLogin || reply.code == 522 { return true }
        let codes: Set<Code> = [.sendFailed, .receiveFailed, .nothingReceived, .tlsHandshake]
        return sent == 0 && codes.contains(code)
    }
}

extension Reply {
    /// 421: the server closes the control connection.
    fileprivate var endsLogin: Bool { code == 421 }

    fileprivate var asWords: String { "it answered '\(self)'" }
}
