private import Foundation
private import Host
private import Synchronization

/// A server that does exactly what it is told with the bytes of a connection: the faults that no
/// decent server can be talked into.
package final class RawServer: Sendable {
    package enum Act: Sendable {
        /// Takes what comes until these bytes were in it.
        case readUntil(String)
        /// Takes what comes until this much of the request's body was in it.
        case readBody(Int)
        case send(String)
        /// An answer with all that came as its body.
        case echo(status: Int)
        /// One byte every so many milliseconds.
        case drip(String, everyMilliseconds: Int32)
        /// Says nothing any more until the client goes.
        case hang
        /// Neither says nor reads anything any more until it is stopped.
        case stall
        /// An orderly end; also what happens after the last act.
        case close
        /// The hard way: RST.
        case reset
    }

    package let port: Int
    private let listener: Int32
    private let scripts: [[Act]]
    private struct State {
        var connections: [Int32] = []
        var requests: [Data] = []
        var stopped = false
    }
    private let state = Mutex(State())

    /// The nth connection gets the nth script, the later ones the last.
    package convenience init(_ scripts: [Act]..., port: Int = 0) throws {
        try self.init(scripts: scripts, port: port)
    }

    /// - Parameter port: 0: any that is free.
    package init(scripts: [[Act]], port: Int = 0) throws {
        (listener, self.port) = try Port.listen(on: port)
        self.scripts = scripts
        let (listener, server) = (listener, Weak(self))
        let thread = Thread {
            while case let connection = accept(listener, nil, nil),
                connection >= 0, let server = server.value
            {
                server.serve(connection)
            }
            Glibc.close(listener)
        }
        thread.name = "raw server"
        thread.start()
    }

    deinit { stop() }

    package var url: String { "http://127.0.0.1:\(port)/" }

    /// What each connection has sent so far, in the order of arrival.
    package var requests: [String] {
        state.withLock { $0.requests.map { String(decoding: $0, as: UTF8.self) } }
    }

    /// False when it does not come true within 20 s.
    package func wait(until holds: @escaping @Sendable ([String]) -> Bool) async -> Bool {
        await Lane("raw server").run { [self] in
            for _ in 0..<2000 {
                if holds(requests) { return true }
                // Nobody is expected on an empty set: a pause that needs no sleep.
                poll(nil, 0, 10)
            }
            return false
        }
    }

    /// Ends every connection and the thread.
    package func stop() {
        state.withLock { state in
            if state.stopped { return }
            state.stopped = true
            shutdown(listener, Int32(SHUT_RDWR))
            for connection in state.connections where connection >= 0 {
                shutdown(connection, Int32(SHUT_RDWR))
            }
        }
    }

    private final class Weak: Sendable {
        private let box: Mutex<Box>
        private struct Box { weak var server: RawServer? }
        init(_ server: RawServer) { box = Mutex(Box(server: server)) }
        var value: RawServer? { box.withLock { $0.server } }
    }

    private func serve(_ connection: Int32) {
        let number = state.withLock { state in
            state.connections.append(connection)
            state.requests.append(Data())
            return state.connections.count - 1
        }
        guard let script = number < scripts.count ? scripts[number] : scripts.last else { return }
        let thread = Thread { [self] in
            for act in script where perform(act, connection, number) == false { break }
            state.withLock { $0.connections[number] = -1 }
            Glibc.close(connection)
        }
        thread.name = "raw connection \(number)"
        thread.start()
    }

    /// False when the connection is over.
    private func perform(_ act: Act, _ connection: Int32, _ number: Int) -> Bool {
        switch act {
        case .readUntil(let end):
            return take(connection, number) { $0.range(of: Data(end.utf8)) != nil }
        case .readBody(let count):
            return take(connection, number) { request in
                guard let head = request.range(of: Data("\r\n\r\n".utf8)) else { return false }
                return request.count - head.upperBound >= count
            }
        case .send(let text):
            return put(Array(text.utf8), connection)
        case .echo(let status):
            let body = state.withLock { $0.requests[number] }
            let head =
                "HTTP/1.1 \(status) No\r\nContent-Type: text/plain\r\n"
                + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
            return put(Array(head.utf8) + Array(body), connection)
        case .drip(let text, let pause):
            return text.utf8.allSatisfy { byte in
                // Nobody is expected on an empty set: a pause that needs no sleep.
                poll(nil, 0, pause) == 0 && put([byte], connection)
            }
        case .hang:
            return take(connection, number) { _ in false }
        case .stall:
            var end = pollfd(fd: connection, events: 0, revents: 0)
            poll(&end, 1, -1)
            return false
        case .close:
            return false
        case .reset:
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(
                connection, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            return false
        }
    }

    /// Reads until `isEnough`; false at the client's end.
    private func take(_ connection: Int32, _ number: Int, isEnough: (Data) -> Bool) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            if isEnough(state.withLock { $0.requests[number] }) { return true }
            let got = recv(connection, &buffer, buffer.count, 0)
            if got <= 0 { return false }
            state.withLock { $0.requests[number].append(contentsOf: buffer[..<got]) }
        }
    }

    private func put(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let put = rest.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if put <= 0 { return false }
            rest = rest.dropFirst(put)
        }
        return true
    }
}
