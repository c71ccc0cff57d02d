package import Foundation

extension Files {
    /// A file under its name with one step, which the group of its directory may read from that moment
    /// on, and nobody else.
    package static func writeForGroup(_ data: Data, to path: String) throws(HostError) {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        var about = stat()
        guard stat(directory, &about) == 0 else { throw HostError("stat", directory, errno) }
        let group = about.st_gid
        try replace(path) { file throws(HostError) in
            var failure: HostError?
            data.withUnsafeBytes { bytes in
                do throws(HostError) { try file.write(bytes) } catch { failure = error }
            }
            if let failure { throw failure }
            // The owner stays: whoever may write here.
            guard fchown(file.descriptor, uid_t.max, group) == 0 else {
                throw HostError("change the group of", path, errno)
            }
            guard fchmod(file.descriptor, 0o640) == 0 else {
                throw HostError("chmod", path, errno)
            }
        }
    }
}
