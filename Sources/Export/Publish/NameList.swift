private import Glibc
import Host
import Model

/// Names of an edition's pictures on their way to the ledger, folded, a line each, on the disk: those of a
/// million products would be most of the memory that it takes to make an edition.
final class NameList {
    private let path: String
    private let file: UnsafeMutablePointer<FILE>

    init(_ path: String) throws(HostError) {
        guard let file = fopen(path, "we") else { throw HostError("open", path, errno) }
        (self.path, self.file) = (path, file)
    }

    deinit { fclose(file) }

    func add(_ name: RemoteName) throws(HostError) {
        // It holds no line end: see there.
        guard fputs(name.folded + "\n", file) >= 0 else { throw HostError("write", path, errno) }
    }

    func finish() throws(HostError) {
        guard fflush(file) == 0 else { throw HostError("write", path, errno) }
    }

    static func read(_ path: String, _ name: (String) throws -> Void) throws {
        guard let file = fopen(path, "re") else { throw HostError("open", path, errno) }
        var line: UnsafeMutablePointer<CChar>?
        defer {
            fclose(file)
            free(line)
        }
        var size = 0
        while case let length = getline(&line, &size, file), length > 0 {
            let bytes = UnsafeRawBufferPointer(start: line, count: length - 1)
            try name(String(decoding: bytes, as: UTF8.self))
        }
        guard ferror(file) == 0 else { throw HostError("read", path, errno) }
    }
}
