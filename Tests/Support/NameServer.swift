private import Foundation
private import Synchronization

/// Answers questions for names on an address of loopback that nobody else uses, as well or badly as it
/// is told. Takes root, as names are asked for on port 53 alone.
package final class NameServer: Sendable {
    package enum Manner: Sendable {
        /// Every name is this machine's.
        case loopback
        /// It cannot tell (SERVFAIL).
        case fails
        /// There is no such name (NXDOMAIN).
        case knowsNone
        case saysNothing
    }

    private struct State {
        var manner: Manner
        var questions = 0
    }

    /// For `/etc/resolv.conf`.
    package let configuration: String
    private let socket: Int32
    private let state: Mutex<State>

    package init(_ manner: Manner) throws {
        state = Mutex(State(manner: manner))
        let descriptor = Glibc.socket(
            AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SupportError("cannot make a socket") }
        socket = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(53).bigEndian
        var isBound = false
        for _ in 0..<20 where !isBound {
            // Somewhere in 127.0.0.0/8.
            let host = 0x7F00_0000 | UInt32.random(in: 0x1_0000...0xFF_FFFE)
            address.sin_addr.s_addr = host.bigEndian
            isBound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        }
        let bytes = withUnsafeBytes(of: address.sin_addr) { $0.map { "\($0)" } }
        configuration =
            "nameserver \(bytes.joined(separator: "."))\noptions timeout:1 attempts:1\n"
        guard isBound else {
            close(descriptor)
            throw SupportError("cannot listen for questions on port 53; are you root?")
        }
        let thread = Thread { [self] in
            var buffer = [UInt8](repeating: 0, count: 512)
            while answer(&buffer) {}
            close(descriptor)
        }
        thread.name = "name server"
        thread.start()
    }

    package func now(_ manner: Manner) { state.withLock { $0.manner = manner } }

    package var questions: Int { state.withLock(\.questions) }

    /// Ends its thread, which keeps it until then.
    package func stop() { shutdown(socket, Int32(SHUT_RDWR)) }

    /// False when it was stopped.
    private func answer(_ buffer: inout [UInt8]) -> Bool {
        var asker = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let size = buffer.count
        let got = withUnsafeMutablePointer(to: &asker) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                recvfrom(socket, &buffer, size, 0, $0, &length)
            }
        }
        guard got > 0 else { return false }
        let manner = state.withLock { state in
            state.questions += 1
            return state.manner
        }
        guard let reply = Self.reply(to: Array(buffer[..<got]), manner) else { return true }
        withUnsafePointer(to: &asker) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(socket, reply, reply.count, 0, $0, length)
            }
        }
        return true
    }

    /// RFC 1035, 4.1. What is asked is said back; an address where IPv4 is asked for.
    private static func reply(to question: [UInt8], _ manner: Manner) -> [UInt8]? {
        guard question.count > 16,
            let end = question.dropFirst(12).firstIndex(of: 0), end + 4 < question.count
        else { return nil }
        let code: UInt8
        switch manner {
        case .loopback: code = 0
        case .fails: code = 2
        case .knowsNone: code = 3
        case .saysNothing: return nil
        }
        let asksForIPv4 = question[end + 1] == 0 && question[end + 2] == 1
        let answers: UInt8 = code == 0 && asksForIPv4 ? 1 : 0
        let head = question[..<2] + [0x81, 0x80 | code, 0, 1, 0, answers, 0, 0, 0, 0]
        // The name of the question, type A, class IN, no time to live, four bytes.
        let address: [UInt8] = [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1]
        return head + question[12...end + 4] + (answers > 0 ? address : [])
    }
}
