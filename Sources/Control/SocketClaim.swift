internal import Foundation
internal import Host

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
