import Foundation
import Host

/// A client that need not behave. Blocks, so it runs on a lane of its own.
struct RawSocket: Sendable {
    struct Failure: Error { var call: String; var code: Int32 }

    private let descriptor: Int32
    private let lane: Lane

    /// Connects and hangs up at once, so many times, on a thread of its own.
    static func knock(_ path: String, times: Int) async throws {
        let lane = Lane("knocking")
        try await lane.run {
            for _ in 1...times { try RawSocket(path, on: lane).hangUp() }
        }
    }

    /// - Parameter waits: for a place in the listener's queue.
    init(_ path: String, on lane: Lane = Lane("raw socket"), waits: Bool = true) throws {
        self.lane = lane
        let kind = SOCK_STREAM.rawValue | (waits ? 0 : SOCK_NONBLOCK.rawValue)
        descriptor = socket(AF_UNIX, Int32(kind), 0)
        let descriptor = descriptor
        let connected = Self.withAddress(path) { connect(descriptor, $0, $1) }
        guard connected == 0 else { throw Failure(call: "connect", code: errno) }
    }

    static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            bytes.copyBytes(from: path.utf8)
        }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// False when the server has hung up.
    @discardableResult
    func send(_ text: String) async -> Bool {
        let descriptor = descriptor
        return await lane.run { () throws(Never) in
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let sent = rest.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard sent > 0 else { return false }
                rest = rest.dropFirst(sent)
            }
            return true
        }
    }

    /// Everything until the server hangs up, or until `mark` has come.
    func receive(until mark: String? = nil) async -> String {
        let descriptor = descriptor
        return await lane.run { () throws(Never) in
            var all = [UInt8]()
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let got = recv(descriptor, &buffer, buffer.count, 0)
                guard got > 0 else { break }
                all += buffer[..<got]
                if let mark, String(decoding: all, as: UTF8.self).contains(mark) { break }
            }
            return String(decoding: all, as: UTF8.self)
        }
    }

    func hangUp() { close(descriptor) }
}

/// A socket whose queue fills up: it lets nobody in.
struct Listener: Sendable {
    private let descriptor: Int32

    init(_ path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let bound = RawSocket.withAddress(path) { bind(descriptor, $0, $1) }
        guard bound == 0, listen(descriptor, 1) == 0 else {
            throw RawSocket.Failure(call: "listen", code: errno)
        }
        self.descriptor = descriptor
    }

    func close() { Glibc.close(descriptor) }

    /// Lets one in, hears something, says this and hangs up.
    func answerOne(_ text: String) async throws {
        let listener = descriptor
        try await Lane("answering").run {
            let guest = accept(listener, nil, nil)
            guard guest >= 0 else { throw RawSocket.Failure(call: "accept", code: errno) }
            defer { Glibc.close(guest) }
            var heard = [UInt8](repeating: 0, count: 4096)
            _ = read(guest, &heard, heard.count)
            let said = Array(text.utf8)
            _ = write(guest, said, said.count)
        }
    }
}
