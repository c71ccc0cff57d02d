// Real peers for tests and for the demo: an OpenSSH server, an nginx, a server that misbehaves on
// demand, each on a free loopback port with its files in a directory of its own. Whoever starts
// one stops it; what was forgotten dies with its value. Only a tiny disk needs root.

package import Foundation
private import Synchronization

/// Something the tests need and did not get.
package struct SupportError: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}

/// A program of a Debian package.
package enum Tool {
    /// Also looks where an ordinary user's PATH does not.
    package static func find(_ name: String, package: String) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/bin"]
        for folder in folders where access("\(folder)/\(name)", X_OK) == 0 {
            return "\(folder)/\(name)"
        }
        throw SupportError("cannot find '\(name)': install the Debian package '\(package)'")
    }

    /// Runs to the end and returns what it printed; fails unless it exits with 0.
    @discardableResult
    package static func run(_ name: String, _ arguments: [String], package: String) throws -> String
    {
        let child = try Child(find(name, package: package), arguments)
        let status = child.waitForEnd()
        guard status == 0 else {
            throw SupportError("'\(name)' ended with status \(status): \(child.output)")
        }
        return child.output
    }
}

/// A directory that is gone with its value.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws {
        let template = FileManager.default.temporaryDirectory.path + "/sluice-test-XXXXXX"
        var bytes = Array(template.utf8CString)
        guard mkdtemp(&bytes) != nil else {
            throw SupportError("cannot make '\(template)': \(String(cString: strerror(errno)))")
        }
        path = String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Path of a new file or directory in here.
    package func path(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, its directories with it, and returns its path.
    @discardableResult
    package func write(_ data: Data, to name: String, mode: Int = 0o600) throws -> String {
        let path = path(name)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try data.write(to: URL(fileURLWithPath: path))
        guard chmod(path, mode_t(mode)) == 0 else { throw SupportError("cannot chmod '\(path)'") }
        return path
    }

    @discardableResult
    package func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        try write(Data(text.utf8), to: name, mode: mode)
    }

    /// Writes a shell script that may be run, and returns its path.
    ///
    /// Written by another process: what this one has open while it starts a child is busy there.
    package func write(script: String, to name: String) throws -> String {
        let text = try write("#!/bin/sh\n\(script)\n", to: name + ".text")
        try Tool.run("install", ["-m", "755", text, path(name)], package: "coreutils")
        return path(name)
    }

    package func makeDirectory(_ name: String) throws -> String {
        try FileManager.default.createDirectory(
            atPath: path(name), withIntermediateDirectories: true)
        return path(name)
    }
}

/// Loopback ports.
package enum Port {
    /// Below those that the kernel hands out by itself: one of them may be the data port of a server or the
    /// client's end of another test before the server that it is meant for has it.
    private static let own = 10_000..<32_000
    private static let last = Mutex(Int.random(in: own))

    /// One that nobody listens on right now, and that nobody else of this process is told. Another process
    /// may take it first: try again then.
    package static func free() throws -> Int {
        for _ in own {
            let port = last.withLock { last in
                last = last + 1 < own.upperBound ? last + 1 : own.lowerBound
                return last
            }
            guard let listener = try? listen(on: port) else { continue }
            close(listener.descriptor)
            return port
        }
        throw SupportError("no loopback port is free")
    }

    private static func loopback(_ port: Int) throws -> (Int32, sockaddr_in) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SupportError("cannot make a socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return (descriptor, address)
    }

    package static func connect(to port: Int) throws -> Int32 {
        var (descriptor, address) = try loopback(port)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw SupportError(
                "cannot connect to port \(port): \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    package static func listen(on port: Int = 0) throws -> (descriptor: Int32, port: Int) {
        var (descriptor, address) = try loopback(port)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0
                    && Glibc.listen(descriptor, 128) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard result else {
            close(descriptor)
            throw SupportError("cannot listen on loopback: \(String(cString: strerror(errno)))")
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}
