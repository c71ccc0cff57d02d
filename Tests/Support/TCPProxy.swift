private import Foundation
private import Synchronization

/// Stands before a server on loopback and makes the way there long, or narrow: what comes is handed on
/// so much later, and more connections than it has room for are turned away.
package final class TCPProxy: Sendable {
    /// Chunks on their way in one direction, at most; 64 KiB each.
    private static let room = 256

    package let port: Int
    private let target: Int
    private let listener: Int32
    private let delay: Double
    private let most: Int
    private struct State {
        var live: Set<Int32> = []
        var seen = 0
        var peak = 0
        var refused = 0
    }
    private let state = Mutex(State())

    /// - Parameters:
    ///   - target: port of the server.
    ///   - delay: seconds each way: half a round trip.
    ///   - most: connections at one time.
    package init(to target: Int, delay: Double = 0, most: Int = .max) throws {
        (listener, port) = try Port.listen()
        self.target = target
        self.delay = delay
        self.most = most
        let thread = Thread { [self] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                serve(connection)
            }
            Glibc.close(listener)
        }
        thread.name = "proxy"
        thread.start()
    }

    /// Connections so far, how many there were at one time at most, and how many were turned away.
    package var counts: (seen: Int, peak: Int, refused: Int) {
        state.withLock { ($0.seen, $0.peak, $0.refused) }
    }

    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        state.withLock { state in
            for connection in state.live { shutdown(connection, Int32(SHUT_RDWR)) }
        }
    }

    private func serve(_ connection: Int32) {
        let fits = state.withLock { state in
            guard state.live.count < most else {
                state.refused += 1
                return false
            }
            state.live.insert(connection)
            state.seen += 1
            state.peak = max(state.peak, state.live.count)
            return true
        }
        guard fits, let other = try? Port.connect(to: target) else {
            state.withLock { _ = $0.live.remove(connection) }
            Glibc.close(connection)
            return
        }
        for socket in [connection, other] {
            var on: Int32 = 1
            setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(4))
        }
        // The last of the two ways closes both.
        let open = Mutex(2)
        let end: @Sendable () -> Void = { [self] in
            let isLast = open.withLock { open in
                open -= 1
                return open == 0
            }
            guard isLast else { return }
            state.withLock { _ = $0.live.remove(connection) }
            Glibc.close(connection)
            Glibc.close(other)
        }
        Way(from: connection, to: other, delay: delay, room: Self.room, end: end).start()
        Way(from: other, to: connection, delay: delay, room: Self.room, end: end).start()
    }
}

/// One direction: who reads notes when, and who writes waits until that is long enough ago.
private final class Way: Sendable {
    private let from: Int32
    private let to: Int32
    private let delay: Double
    private let end: @Sendable () -> Void
    private let chunks = Mutex<[(due: Double, bytes: [UInt8])]>([])
    private let filled = DispatchSemaphore(value: 0)
    private let free: DispatchSemaphore

    init(from: Int32, to: Int32, delay: Double, room: Int, end: @escaping @Sendable () -> Void) {
        (self.from, self.to, self.delay, self.end) = (from, to, delay, end)
        free = DispatchSemaphore(value: room)
    }

    func start() {
        Thread { [self] in read() }.start()
        Thread { [self] in write() }.start()
    }

    private static var now: Double { ProcessInfo.processInfo.systemUptime }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let got = recv(from, &buffer, buffer.count, 0)
            free.wait()
            // An empty chunk is the end.
            let bytes = Array(buffer[..<max(got, 0)])
            chunks.withLock { $0.append((Self.now + delay, bytes)) }
            filled.signal()
            if got <= 0 { return }
        }
    }

    private func write() {
        var isOpen = true
        while true {
            filled.wait()
            let (due, bytes) = chunks.withLock { $0.removeFirst() }
            free.signal()
            let wait = Int32((due - Self.now) * 1000)
            // Nobody is expected on an empty set: a pause that needs no sleep.
            if wait > 0 { poll(nil, 0, wait) }
            if bytes.isEmpty { break }
            isOpen = isOpen && put(bytes)
            // What nobody takes any more is not read either.
            if !isOpen { shutdown(from, Int32(SHUT_RDWR)) }
        }
        shutdown(to, Int32(SHUT_WR))
        end()
    }

    private func put(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let put = rest.withUnsafeBytes {
                send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if put <= 0 { return false }
            rest = rest.dropFirst(put)
        }
        return true
    }
}
