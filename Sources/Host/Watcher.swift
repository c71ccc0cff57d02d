private import CHost
private import Foundation
private import Synchronization

/// Watches directories and everything below them, and says "something happened, look". A hint,
/// never the truth: hard links and new subtrees are missed, the queue overflows, network file
/// systems say nothing. So who listens scans on a timer as well, and calls `refresh` then.
package final class Watcher: Sendable {
    /// One element stands for any number of events since the last; for one listener.
    package let hints: AsyncStream<Void>
    private let eyes: Eyes?
    private let refusal: String?

    /// - Parameters:
    ///   - directories: need not exist yet; `refresh` looks for them again.
    ///   - depth: levels of subdirectories that are watched too.
    package init(_ directories: [String], depth: Int = 8) {
        let (hints, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.hints = hints
        do throws(HostError) {
            let eyes = try Eyes(directories, depth: depth, hint: continuation)
            eyes.watchRoots()
            PermanentThread.start("watcher") { eyes.look() }
            self.eyes = eyes
            refusal = nil
        } catch {
            eyes = nil
            refusal = "changes are noticed on the timer only, \(error)"
            continuation.finish()
        }
    }

    deinit { close() }

    /// Why not everything is watched, for people; nil when all is well. Nothing is lost by it,
    /// changes are only noticed later, on the timer.
    package var problem: String? { refusal ?? eyes?.problem }

    /// How many directories are watched just now.
    package var directories: Int { eyes?.directories ?? 0 }

    /// When the directory at `path` was renamed to there, by its own clock (ctime, nanoseconds); nil
    /// where nobody saw that. A name that was written where it is looks different.
    package func movedIn(_ path: String) -> Int64? { eyes?.movedIn(path) }

    /// Looks for directories that came without an event or came back under their old name.
    package func refresh() { eyes?.tell(Eyes.refresh) }

    /// Ends the stream and the thread.
    package func close() { eyes?.tell(Eyes.close) }
}

/// The watching thread's side: inotify, and a pipe by which it is told something.
private final class Eyes: Sendable {
    static let refresh = UInt8(ascii: "r")
    static let close = UInt8(ascii: "c")

    private struct State {
        var directories: [Int32: (path: String, depth: Int)] = [:]
        var moved: [String: Int64] = [:]
        var problem: String?
    }

    /// Moves that are remembered; who forgets them all only waits a little longer.
    private static let mostMoved = 10_000

    private static let mask = UInt32(
        IN_CLOSE_WRITE | IN_CREATE | IN_ATTRIB | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
            | IN_MOVE_SELF | IN_DELETE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK)

    private let roots: [String]
    private let depth: Int
    private let hint: AsyncStream<Void>.Continuation
    private let notifier: Int32
    private let told: Int32
    private let teller: Int32
    private let state = Mutex(State())

    init(
        _ roots: [String], depth: Int, hint: AsyncStream<Void>.Continuation
    ) throws(HostError) {
        self.roots = roots
        self.depth = depth
        self.hint = hint
        var ends: [Int32] = [-1, -1]
        let failed = sluice_pipe(&ends, O_NONBLOCK)
        guard failed == 0 else {
            throw HostError("open a pipe to watch", roots.first ?? "", -failed)
        }
        (told, teller) = (ends[0], ends[1])
        notifier = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        guard notifier >= 0 else { throw HostError("watch", roots.first ?? "", errno) }
    }

    deinit {
        for descriptor in [notifier, told, teller] where descriptor >= 0 {
            Glibc.close(descriptor)
        }
    }

    var problem: String? { state.withLock(\.problem) }
    var directories: Int { state.withLock(\.directories.count) }

    func movedIn(_ path: String) -> Int64? { state.withLock { $0.moved[path] } }

    func tell(_ what: UInt8) {
        // A full pipe means that the thread has been told more than enough already.
        withUnsafeBytes(of: what) { _ = write(teller, $0.baseAddress, 1) }
    }

    /// The thread: waits, without a timeout, until told to close.
    func look() {
        defer { hint.finish() }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 8)
        defer { buffer.deallocate() }
        while true {
            var waiting = [
                pollfd(fd: notifier, events: Int16(POLLIN), revents: 0),
                pollfd(fd: told, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&waiting, 2, -1) >= 0 || errno == EINTR else { return }
            if waiting[1].revents != 0 {
                let said = received(buffer)
                if said.contains(Self.close) { return }
                if said.contains(Self.refresh) { watchRoots() }
            }
            if waiting[0].revents != 0 { takeEvents(buffer) }
        }
    }

    private func received(_ buffer: UnsafeMutableRawBufferPointer) -> [UInt8] {
        let got = read(told, buffer.baseAddress, buffer.count)
        return got > 0 ? Array(buffer[..<got]) : []
    }

    private func takeEvents(_ buffer: UnsafeMutableRawBufferPointer) {
        let got = read(notifier, buffer.baseAddress, buffer.count)
        guard got > 0 else { return }
        var offset = 0
        let header = MemoryLayout<inotify_event>.size
        while offset + header <= got {
            let event = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
            let end = offset + header + Int(event.len)
            guard end <= got else { break }
            let name = buffer[(offset + header)..<end].prefix { $0 != 0 }
            take(event, String(decoding: name, as: UTF8.self))
            offset = end
        }
        hint.yield()
    }

    private func take(_ event: inotify_event, _ name: String) {
        let happened = Int32(bitPattern: event.mask)
        if happened & IN_Q_OVERFLOW != 0 { return watchRoots() }
        if happened & IN_MOVE_SELF != 0 {
            // It may have left the tree, and its path is no longer this one: forget, look again.
            inotify_rm_watch(notifier, event.wd)
            return watchRoots()
        }
        if happened & IN_IGNORED != 0 {
            state.withLock { $0.directories[event.wd] = nil }
            return
        }
        guard happened & IN_ISDIR != 0, happened & (IN_CREATE | IN_MOVED_TO) != 0,
            let parent = state.withLock({ $0.directories[event.wd] })
        else { return }
        let path = parent.path + "/" + name
        if happened & IN_MOVED_TO != 0 { noteMove(path) }
        watch(path, depth: parent.depth + 1)
    }

    private func noteMove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        let time = Int64(status.st_ctim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_ctim.tv_nsec)
        state.withLock { state in
            if state.moved.count >= Self.mostMoved { state.moved = [:] }
            state.moved[path] = time
        }
    }

    func watchRoots() {
        state.withLock { $0.problem = nil }
        for root in roots { watch(root, depth: 0) }
    }

    /// The watch comes before the listing, so that nothing falls between the two; a directory
    /// seen for the first time is itself worth a look.
    private func watch(_ path: String, depth: Int) {
        let watched = inotify_add_watch(
            notifier, path, Self.mask | (depth > 0 ? UInt32(IN_DONT_FOLLOW) : 0))
        guard watched >= 0 else { return refused(path, errno) }
        let isNew = state.withLock {
            $0.directories.updateValue((path, depth), forKey: watched) == nil
        }
        if isNew { hint.yield() }
        guard depth < self.depth, let stream = try? DirectoryStream(path) else { return }
        while let name = try? stream.next() {
            guard let status = stream.status(of: name), status.st_mode & S_IFMT == S_IFDIR,
                let text = String(validating: name, as: UTF8.self)
            else { continue }
            watch(path + "/" + text, depth: depth + 1)
        }
    }

    private func refused(_ path: String, _ reason: Int32) {
        guard reason != ENOENT && reason != ENOTDIR else { return }
        let advice =
            reason == ENOSPC
            ? "too many directories are watched: raise fs.inotify.max_user_watches"
            : String(cString: strerror(reason))
        state.withLock {
            $0.problem = "changes in '\(path)' are noticed on the timer only: \(advice)"
        }
    }
}
