// What this machine's operating system gives us, in Swift: durable files, opens that stay below a
// directory, threads that may block, the wall clock, and the crash points of test builds. Errors
// say which call failed on which path and whether the host must be mended first.

package import Foundation

/// A system call that failed.
package struct HostError: Error, Sendable, CustomStringConvertible {
    package var call: String
    package var path: String
    package var errno: Int32

    package init(_ call: String, _ path: String, _ errno: Int32) {
        self.call = call
        self.path = path
        self.errno = errno
    }

    package var description: String {
        "cannot \(call) '\(path)': \(String(cString: strerror(errno)))"
    }

    package var isFullDisk: Bool { errno == ENOSPC || errno == EDQUOT }
    package var isAbsent: Bool { errno == ENOENT || errno == ENOTDIR }
    package var isReadOnly: Bool { errno == EROFS }
}
