private import CHost
package import Foundation

/// An open directory whose names are read one after the other, as the bytes they are: a directory
/// of a million files costs no more memory than one of three.
package final class DirectoryStream {
    package let path: String
    private let stream: OpaquePointer

    /// - Parameter path: may end in a link; it is the operator's own choice.
    package convenience init(_ path: String) throws(HostError) {
        try self.init(adopting: sluice_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0), path)
    }

    /// The directory `name` inside this one; follows no link.
    package func open(_ name: String) throws(HostError) -> DirectoryStream {
        let opened = sluice_open_beneath(dirfd(stream), name, O_RDONLY | O_DIRECTORY)
        return try DirectoryStream(adopting: opened, path + "/" + name)
    }

    private init(adopting descriptor: Int32, _ path: String) throws(HostError) {
        guard descriptor >= 0 else { throw HostError("open directory", path, -descriptor) }
        guard let stream = fdopendir(descriptor) else {
            let failure = HostError("open directory", path, errno)
            close(descriptor)
            throw failure
        }
        self.path = path
        self.stream = stream
    }

    deinit { closedir(stream) }

    /// The next name, without `.` and `..`, in no order; nil at the end.
    package func next() throws(HostError) -> [UInt8]? {
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw HostError("list", path, errno) }
                return nil
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != Self.itself && name != Self.parent { return name }
        }
    }

    /// What stands under a name, not following a link; nil when there is nothing (any more).
    package func status(of name: [UInt8]) -> stat? {
        var status = stat()
        let terminated = name.map { CChar(bitPattern: $0) } + [0]
        return fstatat(dirfd(stream), terminated, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }

    private static let itself = Array(".".utf8)
    private static let parent = Array("..".utf8)
}
