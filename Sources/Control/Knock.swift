internal import Foundation
internal import Host

/// Who listens at a Unix socket, found out by connecting and hanging up.
enum Knock {
    case nobody
    /// Somebody does, but too many wait to be let in.
    case busy
    /// The peer is whoever began to listen.
    case somebody(Peer?)

    /// Does not wait.
    static func at(_ path: String) -> Knock {
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

/// A socket's path, ours alone while this value lives: what lies there belongs to a dead daemon.
package struct SocketClaim: ~Copyable {
    private let lock: FileLock

    private init(_ lock: consuming FileLock) { self.lock = lock }

    /// The state directory's lock keeps two daemons off one state; this keeps another state's
    /// daemon from taking the socket over without a word.
    package static func take(_ path: String) throws(SocketService.Failure) -> SocketClaim {
        let lock: FileLock?
        do throws(HostError) {
            try SocketService.makeDirectory(of: path)
            lock = try FileLock(path + ".lock")
        } catch {
            throw .cannotListen(path, "\(error)")
        }
        // Also without the lock somebody may listen: an older version, or something else.
        switch Knock.at(path) {
        case .nobody: break
        case .busy: throw .taken(path, by: nil)
        case .somebody(let peer): throw .taken(path, by: peer.map(Self.words))
        }
        guard let lock else { throw .taken(path, by: nil) }
        return SocketClaim(lock)
    }

    private static func words(_ peer: Peer) -> String {
        "pid \(peer.pid), user \(Accounts.name(ofUser: peer.uid))"
    }
}
