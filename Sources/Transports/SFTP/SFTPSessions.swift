import Curl
import Foundation
import Host
private import Synchronization

/// The connections of one account: a thread and a libcurl multi each. libcurl ends an SSH transfer, and
/// a connection, blocking, so that on one multi every end would stall the transfers beside it: eight
/// sessions were no faster than four.
final class SFTPSessions: Sendable {
    /// How many may shake hands at one time. OpenSSH begins to drop those of strangers at ten
    /// (MaxStartups 10:30:100), and we may not be the only one.
    private static let shakingHands = 4
    /// Seconds until a server that would have no more sessions is tried with more again.
    private static let modesty = 600.0

    private final class Connection: Sendable {
        let session: Session
        let isUp = Mutex(false)

        init(_ name: String, _ bytesPerSecond: Int64?) {
            session = Session(name: name, bytesPerSecond: bytesPerSecond)
        }
    }

    private typealias Waiter = CheckedContinuation<Result<Connection, CurlFailure>, Never>

    private struct State {
        /// Last used last: the others may rest, and end.
        var idle: [Connection] = []
        var all: [ObjectIdentifier: Connection] = [:]
        var waiting: [Waiter] = []
        /// The server's own limit, as far as it has shown.
        var limit: Int
        var limitedUntil = Date.distantPast
        var isClosed = false

        var up: Int { all.values.count { $0.isUp.withLock(\.self) } }
    }

    private let name: String
    private let most: Int
    private let bytesPerSecond: Int64?
    private let clock: WallClock
    private let state: Mutex<State>

    /// - Parameter host: for the names of the threads.
    init(host: String, _ means: TransportMeans) {
        name = "sftp \(host)"
        most = means.sessions
        clock = means.clock
        bytesPerSecond = means.bytesPerSecond
        state = Mutex(State(limit: most))
    }

    /// How many are open, or being opened.
    var count: Int { state.withLock(\.all.count) }

    /// Runs a transfer on a session that is free, or when one becomes so.
    /// - Parameter make: called then.
    func perform(_ make: @Sendable () -> Transfer) async throws(CurlFailure) -> Response {
        var made: Transfer?
        while true {
            let connection = try await acquire()
            let transfer = made ?? make()
            made = transfer
            do throws(CurlFailure) {
                let response = try await connection.session.perform(transfer)
                release(connection, isUp: true)
                return response
            } catch {
                guard error.isOfTheDoor else {
                    // Whatever was answered: somebody is there. What is ours says nothing.
                    release(
                        connection,
                        isUp: error.phase != .connect && error.code != .hostKey ? true : nil)
                    throw error
                }
                if connection.isUp.withLock(\.self) {
                    release(connection, isUp: false)
                    throw error
                }
                guard retire(connection) else {
                    giveUp(connection, error)
                    throw error
                }
                // The others go on, and this waits for one of them.
                await connection.session.close()
            }
        }
    }

    func close() async {
        let (all, waiting) = state.withLock { state in
            let found = (Array(state.all.values), state.waiting)
            state.isClosed = true
            (state.idle, state.all, state.waiting) = ([], [:], [])
            return found
        }
        for waiter in waiting { waiter.resume(returning: .failure(.closed)) }
        await withDiscardingTaskGroup { group in
            for connection in all { group.addTask { await connection.session.close() } }
        }
    }

    // MARK: Handing out

    private func acquire() async throws(CurlFailure) -> Connection {
        let result: Result<Connection, CurlFailure> = await withCheckedContinuation { waiter in
            let found: Result<Connection, CurlFailure>? = state.withLock { state in
                if state.isClosed { return .failure(.closed) }
                if let free = state.idle.popLast() ?? opened(in: &state) { return .success(free) }
                state.waiting.append(waiter)
                return nil
            }
            if let found { waiter.resume(returning: found) }
        }
        return try result.get()
    }

    /// Nil: no more now.
    private func opened(in state: inout State) -> Connection? {
        if state.limit < most, clock.now() >= state.limitedUntil { state.limit = most }
        guard state.all.count < state.limit, state.all.count - state.up < Self.shakingHands else {
            return nil
        }
        let connection = Connection(name, bytesPerSecond)
        state.all[ObjectIdentifier(connection)] = connection
        return connection
    }

    /// - Parameter isUp: nil: as before.
    private func release(_ connection: Connection, isUp: Bool?) {
        if let isUp { connection.isUp.withLock { $0 = isUp } }
        let next = state.withLock {
            state -> [(Waiter, Connection)] in
            guard state.all[ObjectIdentifier(connection)] != nil else { return [] }
            var next: [(Waiter, Connection)] = []
            if state.waiting.isEmpty {
                state.idle.append(connection)
            } else {
                next.append((state.waiting.removeFirst(), connection))
            }
            // One more is up, so one more may shake hands.
            while !state.waiting.isEmpty, let new = opened(in: &state) {
                next.append((state.waiting.removeFirst(), new))
            }
            return next
        }
        for (waiter, connection) in next { waiter.resume(returning: .success(connection)) }
    }

    /// A server that takes no more sessions than it has, or is being asked for: those are enough.
    /// - Returns: false where there is no other, so that this is no question of how many.
    private func retire(_ connection: Connection) -> Bool {
        state.withLock { state in
            guard state.all.count > 1,
                state.all.removeValue(forKey: ObjectIdentifier(connection)) != nil
            else { return false }
            state.limit = state.all.count
            state.limitedUntil = clock.now(plus: Self.modesty)
            return true
        }
    }

    /// The only one that was left does not get in either: nobody waits for what will not come.
    private func giveUp(_ connection: Connection, _ error: CurlFailure) {
        let waiting = state.withLock { state in
            let waiting = state.waiting
            state.waiting = []
            if !state.isClosed { state.idle.append(connection) }
            state.limit = most
            return waiting
        }
        for waiter in waiting { waiter.resume(returning: .failure(error)) }
    }
}

extension CurlFailure {
    /// A server, or what stands before it, that does not let us in or hangs up; no answer to what was
    /// asked. A login that is refused counts: some say so in place of "too many".
    fileprivate var isOfTheDoor: Bool {
        let codes: Set<Code> = [
            .couldNotConnect, .timedOut, .failedInit, .ssh, .loginDenied, .sendFailed,
            .receiveFailed, .nothingReceived,
        ]
        return codes.contains(code)
    }
}
