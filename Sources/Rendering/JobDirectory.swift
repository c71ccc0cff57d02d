import Foundation
package import Host
package import Model

/// What a pair of workers may see: the file their job is about, and what is made of it. Nothing of any
/// other job is in there, whatever else lies in the store.
///
/// A file is lent as a second link to it, which costs nothing and is the same on every kernel. What is
/// hashed here is the very file the worker opens, also when another takes its name in the store
/// meanwhile. All calls block.
package struct JobDirectory: Sendable {
    package let path: String

    /// Where the renderer reads.
    package var masters: String { path + "/in" }
    /// Where it writes and the verifier reads.
    package var finished: String { path + "/out" }

    package init(_ path: String) { self.path = path }

    package func make() throws(HostError) {
        for directory in [masters, finished] { try Files.makeDirectory(directory) }
    }

    /// The name, below `masters`, of a file that is lent.
    package static func name(of file: ContentHash) -> String { file.rawValue }

    /// Lends a master, or the `.xmp` of one, and takes away what the job before has left: workers
    /// make files and cannot remove any.
    /// - Parameter store: directory of all masters.
    /// - Returns: what it hashes to as it lies there; nil: there is no such file. It is lent only where
    ///   that is what it is called.
    package func lend(_ file: ContentHash, from store: String) throws(HostError) -> ContentHash? {
        try make()
        try clear()
        let lent = masters + "/" + Self.name(of: file)
        let kept = store + "/" + StoredFile.master(file)
        do throws(HostError) {
            try Files.link(kept, as: lent)
        } catch {
            // Where its directory is gone as well, so may be the disk: no verdict on the file.
            guard error.errno == ENOENT, Files.exists(String(kept.dropLast(64))) else {
                throw error
            }
            return nil
        }
        let found = try digest(lent)
        if found != file { try Files.remove(lent) }
        return found
    }

    /// Takes everything away.
    package func clear() throws(HostError) {
        for directory in [masters, finished] {
            for name in try Files.names(in: directory) { try Files.remove(directory + "/" + name) }
        }
    }

    private func digest(_ path: String) throws(HostError) -> ContentHash? {
        do throws(HostError) {
            return try Files.digest(OpenFile.open(path, O_RDONLY | O_NOFOLLOW)).sha256
        } catch {
            guard error.errno == ELOOP || error.errno == EISDIR else { throw error }
            return nil
        }
    }
}
