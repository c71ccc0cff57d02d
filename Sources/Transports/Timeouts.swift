import Curl

/// How long a peer may take. Seconds and bytes a second.
package struct Timeouts: Sendable, Hashable {
    /// Name, connection, handshake, login: about 12 round trips for SFTP.
    package var connect = 20.0
    /// A transfer slower than `slowBytes` for this long has failed.
    package var slow = 30.0
    package var slowBytes = 1 << 10
    /// Every request may take `base` plus its size at the rate `floor`.
    package var base = 60.0
    package var floor = 16 << 10
    /// A folder's names, however many: a million, some 60 MB, at 200 KB a second.
    package var listing = 300.0

    package init() {}

    func deadlines(bytes: Int64) -> Deadlines {
        Deadlines(
            connect: connect, slow: slow, slowBytes: slowBytes,
            total: base + Double(bytes) / Double(max(floor, 1)))
    }

    var listings: Deadlines {
        Deadlines(connect: connect, slow: slow, slowBytes: slowBytes, total: listing)
    }
}
