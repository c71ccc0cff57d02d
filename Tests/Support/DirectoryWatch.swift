private import Foundation
private import Host

/// Waits for a new name in a directory without looking again and again.
package final class DirectoryWatch: Sendable {
    private let descriptor: Int32
    private let path: String
    private let lane = Lane("directory watch")

    /// Names from now on count.
    package init(_ path: String) throws {
        self.path = path
        descriptor = inotify_init1(Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { throw SupportError("cannot make an inotify descriptor") }
        guard inotify_add_watch(descriptor, path, UInt32(IN_CREATE)) >= 0 else {
            close(descriptor)
            throw SupportError("cannot watch '\(path)': \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    /// Returns when something has been made there.
    package func waitForNewName(seconds: Int32 = 30) async throws {
        let (descriptor, path) = (descriptor, path)
        try await lane.run { () throws(SupportError) in
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, seconds * 1000) == 1 else {
                throw SupportError("nothing was made in '\(path)' within \(seconds) s")
            }
        }
    }
}
