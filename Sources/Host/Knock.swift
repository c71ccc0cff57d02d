internal import Foundation

/// Who listens at a Unix socket, found out by connecting and hanging up.
package enum Knock {
    case nobody
    /// Somebody does, but too many wait to be let in.
    case busy
    /// The peer is whoever began to listen.
    case somebody(Peer?)

    /// Does not wait.
    package static func at(_ path: String) -> Knock {
        var address = sockaddr_un()
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return .nobody }
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let descriptor = socket(AF_UNIX, Int32(kind), 0)
        guard descriptor >= 0 else { return .busy }
        defer { close(descriptor) }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result != 0 else { return .somebody(try? Peer(descriptor: descriptor)) }
        return errno == EAGAIN ? .busy : .nobody
    }
}
