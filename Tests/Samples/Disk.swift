import Foundation
import Model

/// Files as the samples need them: names are bytes, and failures stop the program.
enum Disk {
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ call: String, _ path: String) {
            description = "cannot \(call) '\(path)': \(String(cString: strerror(errno)))"
        }
    }

    /// With its parents; fine if it is there.
    static func makeDirectory(_ path: String) throws {
        if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw Failure("make directory", path)
        }
        try makeDirectory(String(path[..<slash]))
        guard mkdir(path, 0o755) == 0 else { throw Failure("make directory", path) }
    }

    static func write(_ bytes: some Sequence<UInt8>, _ path: String) throws {
        try write(bytes, name: Array(path.utf8))
    }

    /// - Parameter name: the path's bytes, which need be no text.
    static func write(_ bytes: some Sequence<UInt8>, name: [UInt8]) throws {
        let shown = String(decoding: name, as: UTF8.self)
        let path = name.map { CChar(bitPattern: $0) } + [0]
        guard let file = fopen(path, "w") else { throw Failure("create", shown) }
        let data = Array(bytes)
        let written = fwrite(data, 1, data.count, file)
        guard fclose(file) == 0, written == data.count else { throw Failure("write", shown) }
    }

    static func write(_ text: String, _ path: String) throws { try write(text.utf8, path) }

    static func read(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    static func sha256(_ bytes: [UInt8]) -> String {
        ContentHash.of(Data(bytes)).rawValue
    }

    /// Runs the jobs on all cores; the first failure is thrown after all have ended.
    static func concurrently(_ count: Int, _ job: @escaping @Sendable (Int) throws -> Void) throws {
        let failures = Failures()
        DispatchQueue.concurrentPerform(iterations: count) { index in
            do { try job(index) } catch { failures.add(error) }
        }
        if let first = failures.first { throw first }
    }

    // Only touched while `lock` is held.
    private final class Failures: @unchecked Sendable {
        private let lock = NSLock()
        private var kept: (any Error)?

        var first: (any Error)? { lock.withLock { kept } }

        func add(_ error: any Error) { lock.withLock { kept = kept ?? error } }
    }
}
