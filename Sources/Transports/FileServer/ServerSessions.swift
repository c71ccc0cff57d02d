import Curl
import Foundation
import Host
private import Synchronization

/// The logins of one account, no more than the profile's `sessions`. Each has a thread and a libcurl
/// multi of its own: libcurl waits for the end of an SSH or FTP transfer without looking after others
/// (eight SSH sessions on one multi were no faster than four), and vsftpd takes a data connection only
/// with the TLS session of its own login (of 30 files sent on four logins of one multi 2 arrived whole).
final class ServerSessions: Sendable {
    /// How many may shake hands at one time. OpenSSH begins to drop those of strangers at ten
    /// (MaxStartups 10:30:100), and we may not be the only one.
    private static let shakingHands = 4
    /// Seconds until a server that would have no more sessions is tried with more again.
    private static let modesty = 600.0
    /// Seconds after which one that has waited counts as shaking hands: the server may have hung up
    /// meanwhile, and libcurl dials again without telling.
    private static let rest = 30.0

    private struct Taken {
        var session: Session
        /// It has served before.
        var isUsed: Bool
        /// libcurl uses a connection again only for the login that it was made with.
        var login: Transfer.Login?
        var id: ObjectIdentifier { ObjectIdentifier(session) }
        var used: Taken { Taken(session: session, isUsed: true, login: login) }
    }

    private typealias Waiter = CheckedContinuation<Result<Taken, CurlFailure>, Never>

    private struct State {
        /// Last used last: the others may rest, and end.
        var idle: [(taken: Taken, since: Date)] = []
        var all: [ObjectIdentifier: Session] = [:]
        var shaking: Set<ObjectIdentifier> = []
        /// In the order they came.
        var waiting: [Waiter] = []
        /// The server's own limit, as far as it has shown.
        var limit: Int
        /// At work at one time: fewer than there are where the channel has refused files.
        var borne = Int.max
        var limitedUntil = Date.distantPast
        var isClosed = false

        /// - Returns: whether it was one of ours.
        mutating func forget(_ id: ObjectIdentifier) -> Bool {
            shaking.remove(id)
            return all.removeValue(forKey: id) != nil
        }
    }

    private let name: String
    private let login: LoginSource
    private let most: Int
    private let bandwidth: Bandwidth?
    private let clock: WallClock
    private let state: Mutex<State>

    /// - Parameter name: of the threads.
    init(_ name: String, _ login: LoginSource, _ means: TransportMeans) {
        self.name = name
        self.login = login
        most = means.sessions
        clock = means.clock
        bandwidth = means.bandwidth
        state = Mutex(State(limit: most))
    }

    /// Runs a transfer on a session that is free, or when one becomes so. Servers hang up on one that
    /// has waited, and forget its TLS session, without telling; so what fails on a used one before
    /// anything was sent is done once more on another.
    /// - Parameters:
    ///   - isFirst: before all that wait for a session: it is short, and many large files may stand there.
    ///   - make: called when there is a session.
    func perform(
        isFirst: Bool = false, _ make: @Sendable () -> Transfer
    ) async throws(CurlFailure) -> Response {
        var made: Transfer?
        var wasRefused = false
        while true {
            var taken = try await take(isFirst)
            do throws(CurlFailure) {
                if taken.login == nil { taken.login = try await login.login() }
                let transfer = made ?? make()
                made = transfer
                let response = try await taken.session.perform(transfer, as: taken.login)
                if let reply = response.replies.last, reply.endsLogin {
                    throw CurlFailure(.receiveFailed, reply)
                }
                give(taken)
                return response
            } catch {
                // The password may have ended; the next session gets another.
                if error.code == .loginDenied, login.isRenewed, !wasRefused {
                    wasRefused = true
                    change { _ = $0.forget(taken.id) }
                    continue
                }
                guard goesOn(without: taken, error) else { throw error }
            }
        }
    }

    /// See `Transport.bear`.
    func bear(_ sessions: Int) { change { $0.borne = max(sessions, 1) } }

    func close() async {
        let (all, waiting) = state.withLock { state in
            let found = (Array(state.all.values), state.waiting)
            state.isClosed = true
            (state.idle, state.all, state.waiting) = ([], [:], [])
            return found
        }
        for waiter in waiting { waiter.resume(returning: .failure(.closed)) }
        await withDiscardingTaskGroup { group in
            for session in all { group.addTask { await session.close() } }
        }
    }

    // MARK: Handing out

    private func take(_ isFirst: Bool) async throws(CurlFailure) -> Taken {
        let result: Result<Taken, CurlFailure> = await withCheckedContinuation { waiter in
            let found: Result<Taken, CurlFailure>? = state.withLock { state in
                if state.isClosed { return .failure(.closed) }
                if let taken = next(in: &state) { return .success(taken) }
                state.waiting.insert(waiter, at: isFirst ? 0 : state.waiting.count)
                return nil
            }
            if let found { waiter.resume(returning: found) }
        }
        return try result.get()
    }

    /// One that waits, or a new one; nil: none now.
    private func next(in state: inout State) -> Taken? {
        guard state.all.count - state.idle.count < state.borne else { return nil }
        let mayShakeHands = state.shaking.count < Self.shakingHands
        if let (taken, since) = state.idle.last {
            let isFresh = clock.now().timeIntervalSince(since) < Self.rest
            guard isFresh || mayShakeHands else { return nil }
            state.idle.removeLast()
            guard isFresh || !login.isRenewed else {
                _ = state.forget(taken.id)
                return next(in: &state)
            }
            if !isFresh { state.shaking.insert(taken.id) }
            return taken
        }
        if state.limit < most, clock.now() >= state.limitedUntil { state.limit = most }
        guard state.all.count < state.limit, mayShakeHands else { return nil }
        let session = Session(name: name, bandwidth: bandwidth)
        state.all[ObjectIdentifier(session)] = session
        state.shaking.insert(ObjectIdentifier(session))
        return Taken(session: session, isUsed: false)
    }

    private func give(_ taken: Taken) {
        change { state in
            guard state.all[taken.id] != nil else { return }
            state.shaking.remove(taken.id)
            state.idle.append((taken.used, clock.now()))
        }
    }

    /// Whoever waits gets what there is now: a session that is free, or one more may shake hands.
    private func change(_ body: (inout State) -> Void) {
        let served = state.withLock { state -> [(Waiter, Taken)] in
            body(&state)
            var served: [(Waiter, Taken)] = []
            while !state.waiting.isEmpty, let taken = next(in: &state) {
                served.append((state.waiting.removeFirst(), taken))
            }
            return served
        }
        for (waiter, taken) in served { waiter.resume(returning: .success(taken)) }
    }

    // MARK: Failures

    /// What is to become of the session. One that is dropped ends by itself.
    /// - Returns: whether the same is tried on another.
    private func goesOn(without taken: Taken, _ error: CurlFailure) -> Bool {
        if error.leavesSession {
            give(taken)
            return false
        }
        if taken.isUsed, error.mayComeFromWaiting {
            // The others have waited for longer.
            change { state in
                _ = state.forget(taken.id)
                for (taken, _) in state.idle { _ = state.forget(taken.id) }
                state.idle = []
            }
            return true
        }
        guard !taken.isUsed, error.isOfTheDoor else {
            change { _ = $0.forget(taken.id) }
            return false
        }
        return retire(taken, error)
    }

    /// A server that takes no more sessions than it has, or is being asked for: those are enough. The
    /// only one that does not get in either is no question of how many: nobody waits for what will not
    /// come.
    private func retire(_ taken: Taken, _ error: CurlFailure) -> Bool {
        var (goesOn, waiting) = (false, [Waiter]())
        change { state in
            guard state.forget(taken.id) else { return }
            goesOn = !state.all.isEmpty
            if goesOn {
                state.limit = state.all.count
                state.limitedUntil = clock.now(plus: Self.modesty)
            } else {
                (waiting, state.waiting) = (state.waiting, [])
                state.limit = most
            }
        }
        for waiter in waiting { waiter.resume(returning: .failure(error)) }
        return goesOn
    }
}

extension CurlFailure {
    /// What the server said is the whole of it.
    init(_ code: Code, _ reply: Reply) {
        self.init(code, reply.asWords, phase: .transfer)
        self.reply = reply
    }

    /// A refusal, after which the next answer belongs to the next question. Not after others: where an
    /// FTP server refuses an upload and hangs up on the data, libcurl 7.88 sends PASV behind it, takes
    /// the refusal for the answer to that, and from then on every answer for that to the question after.
    fileprivate var leavesSession: Bool {
        var codes: Set<Code> = [.noSuchFile, .accessDenied]
        if let reply {
            guard reply.isRefusal, !reply.endsLogin else { return false }
            codes.formUnion([.uploadFailed, .notGiven])
        } else {
            codes.formUnion([.commandFailed, .diskFull, .fileExists])
        }
        return codes.contains(code)
    }

    fileprivate var mayComeFromWaiting: Bool {
        // 522: the session of the login is too old for its data connection.
        if let reply, reply.endsLogin || reply.code == 522 { return true }
        let codes: Set<Code> = [
            .sendFailed, .receiveFailed, .nothingReceived, .tlsHandshake, .ssh,
        ]
        return sent == 0 && codes.contains(code)
    }

    /// A server, or what stands before it, that does not let us in or hangs up; no answer to what was
    /// asked. A login that is refused counts: some say so in place of "too many".
    fileprivate var isOfTheDoor: Bool {
        // What fails after words of an FTP server may be the port for the data.
        if let reply { return reply.endsLogin || code == .loginDenied }
        let codes: Set<Code> = [
            .couldNotConnect, .timedOut, .failedInit, .ssh, .loginDenied, .sendFailed,
            .receiveFailed, .nothingReceived,
        ]
        return codes.contains(code)
    }
}

extension Session {
    fileprivate func perform(
        _ transfer: Transfer, as login: Transfer.Login?
    ) async throws(CurlFailure) -> Response {
        var transfer = transfer
        transfer.login = login ?? .none
        return try await perform(transfer)
    }
}

extension Reply {
    /// 421: the server closes the control connection.
    fileprivate var endsLogin: Bool { code == 421 }

    var asWords: String { "it answered '\(self)'" }
}
