private import CHost
package import Foundation
package import Model

/// An open descriptor with one owner.
package struct OpenFile: ~Copyable {
    package let descriptor: Int32
    package let path: String

    package init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Opens `path` with `open(2)` flags; `O_CLOEXEC` is added, and `O_NONBLOCK`: a
    /// FIFO is opened at once and reads as empty.
    package static func open(
        _ path: String, _ flags: Int32, mode: UInt32 = 0o600
    ) throws(HostError) -> OpenFile {
        let opened = sluice_openat(AT_FDCWD, path, flags | O_NONBLOCK, mode)
        guard opened >= 0 else { throw HostError("open", path, -opened) }
        return OpenFile(descriptor: opened, path: path)
    }

    /// Opens `path` below this directory: follows no link, leaves the directory by no route, never
    /// blocks on a FIFO. For names that came from outside.
    package func openBeneath(
        _ path: String, _ flags: Int32 = O_RDONLY
    ) throws(HostError) -> OpenFile {
        let opened = sluice_open_beneath(descriptor, path, flags)
        guard opened >= 0 else { throw HostError("open", path, -opened) }
        return OpenFile(descriptor: opened, path: path)
    }

    package func status() throws(HostError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw HostError("stat", path, errno) }
        return status
    }

    /// Reads up to `limit` bytes from where the descriptor stands.
    package func read(limit: Int) throws(HostError) -> Data {
        var buffer = Data(count: limit)
        var filled = 0
        while filled < limit {
            let got = buffer.withUnsafeMutableBytes { bytes in
                Glibc.read(descriptor, bytes.baseAddress! + filled, limit - filled)
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw HostError("read", path, errno) }
            guard got > 0 else { break }
            filled += got
        }
        return buffer.prefix(filled)
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(HostError) {
        var rest = bytes
        while !rest.isEmpty {
            let put = Glibc.write(descriptor, rest.baseAddress!, rest.count)
            if put < 0 && errno == EINTR { continue }
            guard put >= 0 else { throw HostError("write", path, errno) }
            rest = UnsafeRawBufferPointer(rebasing: rest[put...])
        }
    }

    /// An fsync that failed once must never be tried again: the caller gives up and recovers.
    package func synchronize() throws(HostError) {
        guard !CrashPoint.failsToSynchronize(path) else { throw HostError("fsync", path, EIO) }
        guard fsync(descriptor) == 0 else { throw HostError("fsync", path, errno) }
    }
}

/// Files that are either whole under their name or not there at all.
package enum Files {
    /// Begins to bring what was written to the disk, and does not wait: a later `synchronize` has less to do.
    package static func writeBack(_ descriptor: Int32, from: Int64, count: Int64) {
        sluice_write_back(descriptor, off_t(from), off_t(count))
    }

    package struct Digest: Sendable, Hashable {
        package var sha256: ContentHash
        package var bytes: Int64
    }

    private static let chunk = 1 << 20

    /// Reads to the end, hashing, and hands every chunk to `each`.
    package static func digest(
        _ file: borrowing OpenFile, limit: Int64 = .max,
        each: (UnsafeRawBufferPointer) throws(HostError) -> Void = { _ in }
    ) throws(HostError) -> Digest {
        var hasher = SHA256()
        var total: Int64 = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let got = Glibc.read(file.descriptor, buffer.baseAddress!, chunk)
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw HostError("read", file.path, errno) }
            guard got > 0 else { break }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<got])
            hasher.update(bytes)
            try each(bytes)
            total += Int64(got)
            guard total <= limit else { throw HostError("read", file.path, EFBIG) }
        }
        return Digest(sha256: ContentHash(digest: hasher.finalize()), bytes: total)
    }

    package static func digest(path: String) throws(HostError) -> Digest {
        try digest(OpenFile.open(path, O_RDONLY))
    }

    /// Temp file beside `path`, `fill`, fsync, rename, fsync of the directory. With `durable`
    /// false the two fsyncs are left out, for what can be made again.
    package static func replace<Value>(
        _ path: String, mode: UInt32 = 0o600, durable: Bool = true,
        fill: (borrowing OpenFile) throws(HostError) -> Value
    ) throws(HostError) -> Value {
        let temporary = path + ".\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp"
        do throws(HostError) {
            let value = try create(temporary, mode: mode, durable: durable, fill: fill)
            try rename(temporary, to: path, durable: durable)
            return value
        } catch {
            unlink(temporary)
            throw error
        }
    }

    package static func write(
        _ data: Data, to path: String, mode: UInt32 = 0o600, durable: Bool = true
    ) throws(HostError) {
        try replace(path, mode: mode, durable: durable) { file throws(HostError) in
            var failure: HostError?
            data.withUnsafeBytes { bytes in
                do throws(HostError) { try file.write(bytes) } catch { failure = error }
            }
            if let failure { throw failure }
        }
    }

    /// A durable copy under a new name, with nobody's rights but ours.
    package static func copy(_ path: String, to new: String) throws(HostError) {
        let source = try OpenFile.open(path, O_RDONLY)
        try replace(new) { file throws(HostError) in
            _ = try digest(source) { bytes throws(HostError) in try file.write(bytes) }
        }
    }

    package static func rename(
        _ old: String, to new: String, durable: Bool = true
    ) throws(HostError) {
        guard Glibc.rename(old, new) == 0 else { throw HostError("rename", new, errno) }
        if durable { try synchronizeDirectory(of: new) }
    }

    /// Gives a file a second name; makes a copy where the file system has no links, or it is another.
    package static func link(_ path: String, as new: String) throws(HostError) {
        guard Glibc.link(path, new) != 0 else { return }
        guard [EXDEV, EPERM, EMLINK, EOPNOTSUPP].contains(errno) else {
            throw HostError("link", path, errno)
        }
        let source = try OpenFile.open(path, O_RDONLY | O_NOFOLLOW)
        try replace(new, durable: false) { copy throws(HostError) in
            _ = try digest(source) { bytes throws(HostError) in try copy.write(bytes) }
        }
    }

    /// Makes the directory and its parents; fine if it is there.
    package static func makeDirectory(_ path: String, mode: UInt32 = 0o700) throws(HostError) {
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw HostError("make directory", path, errno)
        }
        try makeDirectory(String(path[..<slash]), mode: mode)
        guard mkdir(path, mode) == 0 || errno == EEXIST else {
            throw HostError("make directory", path, errno)
        }
    }

    /// Takes from group and others whatever they may do with a file or directory that is ours; fine
    /// if it is not there.
    /// - Returns: the mode it had, where that had to be changed.
    @discardableResult
    package static func keepPrivate(_ path: String) throws(HostError) -> UInt32? {
        var about = stat()
        guard stat(path, &about) == 0 else {
            guard errno == ENOENT else { throw HostError("stat", path, errno) }
            return nil
        }
        let mode = about.st_mode & 0o7777
        guard mode & 0o077 != 0 else { return nil }
        guard chmod(path, mode & 0o700) == 0 else { throw HostError("chmod", path, errno) }
        return mode
    }

    /// Gives a file to whom the directory belongs: what root puts into the daemon's own is the
    /// daemon's.
    package static func give(_ path: String, toOwnerOf directory: String) throws(HostError) {
        var about = stat()
        guard stat(directory, &about) == 0 else { throw HostError("stat", directory, errno) }
        guard lchown(path, about.st_uid, about.st_gid) == 0 else {
            throw HostError("change the owner of", path, errno)
        }
    }

    /// Removes a file; fine if it is not there.
    package static func remove(_ path: String) throws(HostError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw HostError("remove", path, errno) }
    }

    /// What is left on the file system a path is on; to us, not to root.
    package struct Room: Sendable, Hashable {
        /// Bytes.
        package var free: Int64
        package var total: Int64
        /// Files that can still be made; nil where the file system does not count them.
        package var freeFiles: Int64?
        package var totalFiles: Int64
    }

    package static func room(of path: String) throws(HostError) -> Room {
        var about = statvfs()
        guard statvfs(path, &about) == 0 else { throw HostError("ask the size of", path, errno) }
        let unit = Int64(about.f_frsize)
        return Room(
            free: Int64(about.f_bavail) * unit, total: Int64(about.f_blocks) * unit,
            freeFiles: about.f_files == 0 ? nil : Int64(about.f_favail),
            totalFiles: Int64(about.f_files))
    }

    /// True where both paths are on one file system.
    package static func shareDisk(_ path: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard stat(path, &first) == 0, stat(other, &second) == 0 else { return false }
        return first.st_dev == second.st_dev
    }

    /// 0 when it is not there.
    package static func size(of path: String) -> Int64 {
        var about = stat()
        return stat(path, &about) == 0 ? Int64(about.st_size) : 0
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Names in a directory, without `.` and `..`, unsorted. Bytes that are not UTF-8 come out
    /// with replacement characters: for our own directories, not for the spool.
    package static func names(in directory: String) throws(HostError) -> [String] {
        guard let stream = opendir(directory) else {
            throw HostError("list", directory, errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    private static func create<Value>(
        _ path: String, mode: UInt32, durable: Bool,
        fill: (borrowing OpenFile) throws(HostError) -> Value
    ) throws(HostError) -> Value {
        let file = try OpenFile.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
        // The mode asked for, whatever the umask of the service says.
        guard fchmod(file.descriptor, mode) == 0 else { throw HostError("chmod", path, errno) }
        let value = try fill(file)
        if durable { try file.synchronize() }
        return value
    }

    /// Makes the entry `path` of its directory durable.
    package static func synchronizeDirectory(of path: String) throws(HostError) {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try OpenFile.open(directory.isEmpty ? "/" : directory, O_RDONLY | O_DIRECTORY)
            .synchronize()
    }
}

/// A lock on a file that lasts as long as the process: the second daemon on one state directory
/// finds it taken.
package struct FileLock: ~Copyable {
    private let file: OpenFile

    /// Nil when somebody else holds it.
    package init?(_ path: String) throws(HostError) {
        let file = try OpenFile.open(path, O_RDWR | O_CREAT)
        let result = sluice_lock(file.descriptor)
        if result == -EWOULDBLOCK { return nil }
        guard result == 0 else { throw HostError("lock", path, -result) }
        self.file = file
    }
}
