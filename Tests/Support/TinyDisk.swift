import Foundation

/// A file system in memory, mounted over a directory; gone with its value. Takes root.
package final class TinyDisk: Sendable {
    package let path: String

    /// - Parameter options: `size=12m`, `nr_inodes=300`.
    package init(_ path: String, _ options: String) throws {
        self.path = path
        try Tool.run(
            "mount", ["-t", "tmpfs", "-o", options + ",mode=0700", "tiny", path], package: "mount")
    }

    deinit { _ = umount2(path, Int32(MNT_DETACH)) }

    /// Takes all room that is left but for so many bytes.
    package func fill(leaving room: Int64 = 0) throws {
        let descriptor = open(path + "/filling", O_CREAT | O_WRONLY | O_APPEND, 0o600)
        guard descriptor >= 0 else { throw SupportError("cannot open '\(path)/filling'") }
        defer { close(descriptor) }
        for bytes in [1 << 20, 4096, 1] {
            let zeros = [UInt8](repeating: 0, count: bytes)
            while write(descriptor, zeros, bytes) == bytes {}
        }
        let filled = lseek(descriptor, 0, SEEK_END)
        guard ftruncate(descriptor, filled - Int(room)) == 0 else {
            throw SupportError("cannot cut '\(path)/filling'")
        }
    }

    /// Makes files until there can be no more.
    package func fillWithFiles() throws {
        _ = mkdir(path + "/files", 0o700)
        for number in 0... {
            let made = open("\(path)/files/\(number)", O_CREAT | O_WRONLY, 0o600)
            guard made >= 0 else { break }
            close(made)
        }
    }

    package func empty() throws {
        for name in ["filling", "files"] {
            try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
    }
}
