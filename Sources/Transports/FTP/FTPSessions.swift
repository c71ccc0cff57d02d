import Curl
private import Synchronization

/// Logins on one FTP server, no more than the profile's `sessions`. Each has a thread and a
/// multi of its own: libcurl waits for the end of an FTP transfer without looking after others, and
/// vsftpd takes a data connection only with the TLS session of its own login. On one multi, of 30
/// files sent on four connections 2 arrived whole; on one each, all.
final class FTPSessions: Sendable {
    private typealias Taken = (session: Session, isUsed: Bool)

    private struct State {
        var idle: [Session] = []
        var busy: [ObjectIdentifier: Session] = [:]
        /// In the order they came; nil is for them where it has been closed.
        var waiting: [CheckedContinuation<Taken?, Never>] = []
        var isClosed = false
    }

    private let name: String
    private let most: Int
    private let bytesPerSecond: Int64?
    private let state = Mutex(State())

    init(_ name: String, _ means: TransportMeans) {
        self.name = name
        most = means.sessions
        bytesPerSecond = means.bytesPerSecond
    }

    /// Servers hang up on a login that has waited, and forget its TLS session, without telling; so
    /// what fails on a used one before anything was sent is done once more on a new one.
    func perform(_ transfer: Transfer) async throws(CurlFailure) -> Response {
        let (first, isUsed) = try await take(mayBeUsed: true)
        do throws(CurlFailure) {
            return try await perform(transfer, on: first)
        } catch {
            guard isUsed, error.mayComeFromWaiting else { throw error }
        }
        return try await perform(transfer, on: try await take(mayBeUsed: false).session)
    }

    /// Logins that wait end by themselves: libcurl says QUIT, and a server that does not answer could
    /// take two minutes of anybody who waits for that.
    func close() async {
        let (busy, waiting) = state.withLock { state in
            state.isClosed = true
            state.idle = []
            defer { state.waiting = [] }
            return (Array(state.busy.values), state.waiting)
        }
        for waiter in waiting { waiter.resume(returning: nil) }
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

    /// - Parameter mayBeUsed: else it is a new one, and one that waits goes for it.
    private func take(mayBeUsed: Bool) async throws(CurlFailure) -> Taken {
        let taken = await withCheckedContinuation { waiter in
            let now: Taken?? = state.withLock { state in
                if state.isClosed { return .some(nil) }
                if mayBeUsed, let session = state.idle.popLast() {
                    return begin(session, isUsed: true, in: &state)
                }
                if !mayBeUsed, !state.idle.isEmpty { state.idle.removeFirst() }
                guard state.busy.count + state.idle.count < most else {
                    state.waiting.append(waiter)
                    return .none
                }
                return begin(nil, isUsed: false, in: &state)
            }
            if let now { waiter.resume(returning: now) }
        }
        guard let taken else { throw CurlFailure(.closed, "the connection was closed by us") }
        return taken
    }

    private func begin(
        _ session: Session?, isUsed: Bool, in state: inout State
    ) -> Taken {
        let session = session ?? Session(name: name, bytesPerSecond: bytesPerSecond)
        state.busy[ObjectIdentifier(session)] = session
        return (session, isUsed)
    }

    private func give(_ session: Session) { end(session, isGood: true) }

    /// Its thread ends by itself.
    private func drop(_ session: Session) { end(session, isGood: false) }

    private func end(_ session: Session, isGood: Bool) {
        let next = state.withLock { state -> (CheckedContinuation<Taken?, Never>, Taken)? in
            state.busy[ObjectIdentifier(session)] = nil
            guard !state.isClosed else { return nil }
            guard !state.waiting.isEmpty else {
                if isGood { state.idle.append(session) }
                return nil
            }
            let waiter = state.waiting.removeFirst()
            return (waiter, begin(isGood ? session : nil, isUsed: isGood, in: &state))
        }
        if let (waiter, taken) = next { waiter.resume(returning: taken) }
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
