private import Foundation
package import Host

// Whether files that were there have left the spool.
extension Spool {
    /// Which directory the spool is; another one stands in its place while it is not mounted.
    package func identity() throws(HostError) -> String {
        let about = try root().status()
        return "\(about.st_dev).\(about.st_ino)"
    }

    /// Of paths as candidates have them those under which there is nothing any more, and that for
    /// certain: what cannot be asked about counts as there.
    package func gone(_ paths: [String]) throws(HostError) -> Set<String> {
        let root = try root()
        var gone: Set<String> = []
        for path in paths {
            let raw = SpoolName.unescaped(path).map { CChar(bitPattern: $0) } + [0]
            var about = stat()
            let isThere = fstatat(root.descriptor, raw, &about, AT_SYMLINK_NOFOLLOW) == 0
            if !isThere, errno == ENOENT || errno == ENOTDIR { gone.insert(path) }
        }
        return gone
    }

    /// A path as candidates have it, from what a person has typed: also below the spool's own path.
    package func candidatePath(_ typed: String) -> String {
        let base = settings.path + "/"
        return typed.hasPrefix(base) ? String(typed.dropFirst(base.count)) : typed
    }

    /// The other way round: as it is typed after a command. What cannot be typed stays as it is shown.
    package static func typed(_ path: String) -> String {
        let bytes = SpoolName.unescaped(path)
        guard let text = String(validating: bytes, as: UTF8.self),
            !text.unicodeScalars.contains(where: SpoolName.isInvisible)
        else { return path }
        return text
    }

    /// The same for a name as the file system has it.
    package static func shown(_ path: String) -> String { SpoolName.escaped(Array(path.utf8)) }
}
