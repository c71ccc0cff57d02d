internal import CHost
internal import Foundation

/// Who is at the other end of the socket, as the kernel noted it when they connected.
package struct Peer: Hashable, Sendable {
    package var pid: Int32
    package var uid: UInt32
    package var gid: UInt32
    /// Supplementary groups.
    package var groups: [UInt32]

    package init(pid: Int32, uid: UInt32, gid: UInt32, groups: [UInt32]) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
        self.groups = groups
    }

    /// Reads the credentials of a connected Unix socket.
    package init(descriptor: Int32) throws(HostError) {
        var peer = sluice_peer()
        let result = sluice_read_peer(descriptor, &peer)
        guard result == 0 else { throw HostError("read the peer of", "socket", -result) }
        self.init(pid: peer.pid, uid: peer.uid, gid: peer.gid, groups: [])
        // NGROUPS_MAX is 65536 on Linux; nobody has more.
        for capacity in [64, 65536] {
            var groups = [UInt32](repeating: 0, count: capacity)
            let count = sluice_peer_groups(descriptor, &groups, Int32(capacity))
            if count >= 0 {
                self.groups = Array(groups.prefix(Int(count)))
                return
            }
            guard -count == ERANGE else {
                throw HostError("read the groups of", "socket", -count)
            }
        }
    }
}
