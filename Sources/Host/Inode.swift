private import Foundation

/// Which file a path names: another one under the same name is another one.
package struct Inode: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    /// Nil when nothing is there.
    package init?(_ path: String) {
        var about = stat()
        guard stat(path, &about) == 0 else { return nil }
        device = UInt64(about.st_dev)
        inode = UInt64(about.st_ino)
    }
}
