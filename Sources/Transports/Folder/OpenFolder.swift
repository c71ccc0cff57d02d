private import Foundation
import Host
import Model

/// The root of a folder destination, open for one question. Blocks.
struct OpenFolder: ~Copyable {
    private let root: OpenFile
    private let mode: UInt32

    /// - Parameter mode: of files; directories get the matching right to enter.
    init(_ path: String, mode: UInt32) throws(FolderFault) {
        root = try host { () throws(HostError) in try OpenFile.open(path, O_RDONLY | O_DIRECTORY) }
        self.mode = mode
    }

    func put(_ file: Outgoing, as name: RemoteName) throws(FolderFault) {
        let folder = try makeFolders(name)
        let temporary = Temporary().name(file.sha256)
        do throws(FolderFault) {
            try copy(file, to: temporary, in: folder)
            CrashPoint.reach("folder.written")
            try host { () throws(HostError) in
                guard renameat(folder.descriptor, temporary, folder.descriptor, name.leaf) == 0
                else { throw HostError("rename", folder.path + "/" + name.leaf, errno) }
            }
        } catch {
            unlinkat(folder.descriptor, temporary, 0)
            throw error
        }
        CrashPoint.reach("folder.renamed")
        try host { () throws(HostError) in try folder.synchronize() }
    }

    func look(for file: Outgoing, as name: RemoteName) throws(FolderFault) -> Presence {
        do throws(HostError) {
            return try Self.examine(root.openBeneath(name.rawValue), file)
        } catch {
            if error.isAbsent { return .absent }
            if error.errno == ELOOP { return .different("a link stands there") }
            throw .host(error)
        }
    }

    func isAbsent(_ name: RemoteName) throws(FolderFault) -> Bool {
        do throws(HostError) {
            let folder = try openFolder(name.folder)
            var status = stat()
            if fstatat(folder.descriptor, name.leaf, &status, AT_SYMLINK_NOFOLLOW) == 0 {
                return false
            }
            throw HostError("stat", folder.path + "/" + name.leaf, errno)
        } catch {
            if error.isAbsent { return true }
            throw .host(error)
        }
    }

    /// Directories that become empty go with it; the root stays.
    func remove(_ name: RemoteName) throws(FolderFault) {
        do throws(HostError) {
            let folder = try openFolder(name.folder)
            guard unlinkat(folder.descriptor, name.leaf, 0) == 0 else {
                throw HostError("remove", folder.path + "/" + name.leaf, errno)
            }
            try folder.synchronize()
            var segments = name.segments.dropLast()
            while let last = segments.popLast() {
                let parent = try openFolder(segments.joined(separator: "/"))
                if unlinkat(parent.descriptor, last, AT_REMOVEDIR) != 0 { break }
            }
        } catch {
            if error.isAbsent { return }
            throw .host(error)
        }
    }

    /// Looks through the whole tree, as an attempt that was killed may have been anywhere in it.
    func sweep() throws(FolderFault) {
        do throws(HostError) {
            try sweep(below: "", depth: 0)
        } catch {
            throw .host(error)
        }
    }

    /// Nil where it was ended.
    func strangers(_ search: StrangerSearch) throws(FolderFault) -> [String]? {
        do throws(HostError) {
            var names: [String] = []
            let isWhole = try Self.each(in: openFolder(String(search.folder.dropLast()))) {
                name, _ in
                if names.count < search.most, search.finds(name) { names.append(name) }
                return search.goesOn()
            }
            return isWhole ? names : nil
        } catch {
            // The profile's own must be there.
            if error.isAbsent, !search.folder.isEmpty { return [] }
            throw .host(error)
        }
    }

    /// - Parameter body: of a name and whether it is a folder's; false ends it.
    /// - Returns: whether it came to the end.
    @discardableResult
    private static func each(
        in folder: borrowing OpenFile, _ body: (String, Bool) -> Bool
    ) throws(HostError) -> Bool {
        guard let stream = fdopendir(dup(folder.descriptor)) else {
            throw HostError("list", folder.path, errno)
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != ".." else { continue }
            if !body(name, entry.pointee.d_type == UInt8(DT_DIR)) { return false }
        }
        return true
    }

    private static func examine(
        _ found: borrowing OpenFile, _ file: Outgoing
    ) throws(HostError) -> Presence {
        let status = try found.status()
        guard status.st_mode & S_IFMT == S_IFREG else {
            return .different("what stands there is not a plain file")
        }
        guard status.st_size == file.bytes else {
            return .different("\(status.st_size) bytes in place of \(file.bytes)")
        }
        let digest = try Files.digest(found)
        return digest.sha256 == file.sha256
            ? .confirmed(.hash) : .different("other bytes (\(digest.sha256.short))")
    }

    private func sweep(below path: String, depth: Int) throws(HostError) {
        // A RemoteName has at most a hundred segments: beyond that nothing is ours.
        guard depth <= RemoteName.limit / 2 else { return }
        let folder = try openFolder(path)
        var folders: [String] = []
        try Self.each(in: folder) { name, isFolder in
            if Temporary().isLeftover(name) {
                unlinkat(folder.descriptor, name, 0)
            } else if isFolder {
                folders.append(name)
            }
            return true
        }
        for name in folders {
            // Somebody else's directory that we may not enter holds nothing of ours.
            try? sweep(below: path.isEmpty ? name : "\(path)/\(name)", depth: depth + 1)
        }
    }

    private func copy(
        _ file: Outgoing, to temporary: String, in folder: borrowing OpenFile
    ) throws(FolderFault) {
        let source = try host { () throws(HostError) in
            try OpenFile.open(file.path, O_RDONLY | O_NOFOLLOW)
        }
        let path = folder.path + "/" + temporary
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = openat(folder.descriptor, temporary, flags, 0o600)
        guard descriptor >= 0 else { throw .host(HostError("open", path, errno)) }
        let target = OpenFile(descriptor: descriptor, path: path)
        let digest = try host { () throws(HostError) in
            try Files.digest(source) { bytes throws(HostError) in try target.write(bytes) }
        }
        guard digest.sha256 == file.sha256 else { throw .changed(file.path) }
        guard fchmod(descriptor, mode) == 0 else { throw .host(HostError("chmod", path, errno)) }
        try host { () throws(HostError) in try target.synchronize() }
    }

    private func openFolder(_ path: String) throws(HostError) -> OpenFile {
        try root.openBeneath(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY)
    }

    private func makeFolders(_ name: RemoteName) throws(FolderFault) -> OpenFile {
        do throws(HostError) {
            do throws(HostError) {
                return try openFolder(name.folder)
            } catch  where error.isAbsent {
                return try makeMissingFolders(name)
            }
        } catch {
            throw .host(error)
        }
    }

    private func makeMissingFolders(_ name: RemoteName) throws(HostError) -> OpenFile {
        var path = ""
        for segment in name.segments.dropLast() {
            let parent = try openFolder(path)
            path = path.isEmpty ? segment : "\(path)/\(segment)"
            if mkdirat(parent.descriptor, segment, 0o700) == 0 {
                // The right to enter for whoever may read; the service's umask says 0077.
                let made = try openFolder(path)
                fchmod(made.descriptor, mode | (mode & 0o444) >> 2)
                try parent.synchronize()
            } else if errno != EEXIST {
                throw HostError("make directory", "\(parent.path)/\(segment)", errno)
            }
        }
        return try openFolder(path)
    }
}

private func host<Value: ~Copyable>(
    _ body: () throws(HostError) -> Value
) throws(FolderFault) -> Value {
    do throws(HostError) {
        return try body()
    } catch {
        throw .host(error)
    }
}
