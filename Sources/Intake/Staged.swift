private import Foundation
package import Host
package import Model

/// A master: a whole copy under its hash, on disk for good. So is the `.xmp` beside it.
package struct Staged: Sendable, Hashable {
    package var sha256: ContentHash
    package var bytes: Int64
    package var format: ImageFormat
    /// Of the `.xmp`.
    package var xmp: ContentHash?
    /// Something odd that does not stand in the way, for people.
    package var note: String?
}

extension Spool {
    /// Copies the candidate to `directory/ab/<sha256>`, where nobody else writes. It is the file
    /// that was scanned, unchanged from the first byte to the last, or it is a rejection.
    /// - Parameter directory: of all masters; made when it is not there.
    package func stage(
        _ candidate: Candidate, into directory: String, declared: Declaration
    ) -> Result<Staged, Rejection> {
        Result { () throws(Rejection) in
            try refuse(candidate)
            guard let raw = candidate.raw else { throw vanished(candidate) }
            let source = try asking(candidate.path) { () throws(HostError) in
                try root().openBeneath(raw)
            }
            let format = try inspect(source, candidate, declared)
            interrupt(.opened)
            let original = Original(
                shown: candidate.path, identity: candidate.identity, limit: settings.maxBytes,
                declared: declared.sha256)
            let digest = try copy(source, original, into: directory)
            return Staged(
                sha256: digest.sha256, bytes: digest.bytes, format: format,
                xmp: try stageXMP(of: candidate, into: directory),
                note: note(format, candidate))
        }
    }

    private func stageXMP(
        of candidate: Candidate, into directory: String
    ) throws(Rejection) -> ContentHash? {
        guard let xmp = candidate.xmp else { return nil }
        let shown = xmp.shown
        if let fault = xmp.sharing(with: candidate.fileName) {
            throw Rejection(.sharedXMP, fault)
        }
        let source = try asking(shown) { () throws(HostError) in
            try root().openBeneath(xmp.raw)
        }
        let status = try asking(shown) { () throws(HostError) in try source.status() }
        if let fault = Rejection.Code(status, maxBytes: settings.maxXMPBytes) {
            let why = fault.fault(
                size: Int64(status.st_size), maxBytes: settings.maxXMPBytes)
            throw Rejection(.badSidecar, "'\(shown)' \(why)")
        }
        let original = Original(
            shown: shown, identity: xmp.identity, limit: settings.maxXMPBytes,
            declared: nil)
        return try copy(source, original, into: directory).sha256
    }

    /// Removes the copies that a killed process left unfinished. Only while no other one stages.
    package static func sweep(_ directory: String) throws(HostError) {
        guard Files.exists(directory) else { return }
        for name in try Files.names(in: directory) where name.hasSuffix(".tmp") {
            try Files.remove(directory + "/" + name)
        }
    }

    private func inspect(
        _ source: borrowing OpenFile, _ candidate: Candidate, _ declared: Declaration
    ) throws(Rejection) -> ImageFormat {
        let status = try self.status(source, candidate.path)
        if let fault = Rejection.Code(status, maxBytes: settings.maxBytes) {
            let why = fault.fault(size: Int64(status.st_size), maxBytes: settings.maxBytes)
            throw Rejection(fault, "'\(candidate.path)' \(why)")
        }
        guard FileIdentity(status) == candidate.identity else {
            throw Rejection(.changed, "'\(candidate.path)' has changed since it was found")
        }
        if let bytes = declared.bytes, bytes != candidate.identity.size {
            throw Rejection(
                .hashMismatch,
                "'\(candidate.path)' has \(candidate.identity.size) bytes, but \(bytes) were "
                    + "declared")
        }
        var head = [UInt8](repeating: 0, count: ImageFormat.head)
        let got = pread(source.descriptor, &head, head.count, 0)
        let read = head.prefix(max(got, 0))
        guard let format = ImageFormat.recognise(read) else {
            throw Rejection(.notAPicture, ForeignFile(read).told(of: candidate.path))
        }
        return format
    }

    private func status(
        _ source: borrowing OpenFile, _ shown: String
    ) throws(Rejection) -> stat {
        do throws(HostError) { return try source.status() } catch {
            throw Rejection(.unreadable, "'\(shown)' cannot be read: \(error)")
        }
    }

    /// What is to be copied: the file that was scanned, or none.
    private struct Original {
        var shown: String
        var identity: FileIdentity
        var limit: Int64
        var declared: ContentHash?
    }

    private func copy(
        _ source: borrowing OpenFile, _ original: Original, into directory: String
    ) throws(Rejection) -> Files.Digest {
        let temporary = "\(directory)/\(getpid())-\(UInt64.random(in: 0...UInt64.max)).tmp"
        defer { unlink(temporary) }
        let digest: Files.Digest
        do throws(HostError) {
            digest = try write(source, original.limit, to: temporary, in: directory)
        } catch {
            throw told(error, source.path, original)
        }
        interrupt(.copied)
        try check(digest, source, original)
        do throws(HostError) {
            try name(temporary, digest, in: directory)
        } catch {
            throw told(error, source.path, original)
        }
        return digest
    }

    private func write(
        _ source: borrowing OpenFile, _ limit: Int64, to temporary: String, in directory: String
    ) throws(HostError) -> Files.Digest {
        try Files.makeDirectory(directory)
        let target = try OpenFile.open(temporary, O_WRONLY | O_CREAT | O_EXCL)
        let digest = try Files.digest(source, limit: limit) {
            bytes throws(HostError) in
            try target.write(bytes)
        }
        try target.synchronize()
        CrashPoint.reach("stage.copied")
        return digest
    }

    private func check(
        _ digest: Files.Digest, _ source: borrowing OpenFile, _ original: Original
    ) throws(Rejection) {
        let after = FileIdentity(try status(source, original.shown))
        guard after == original.identity, digest.bytes == after.size else {
            throw Rejection(.changed, "'\(original.shown)' changed while it was copied")
        }
        guard let expected = original.declared, expected != digest.sha256 else { return }
        throw Rejection(
            .hashMismatch,
            "hash mismatch: '\(original.shown)' is \(digest.sha256.short)…, but "
                + "\(expected.short)… was declared")
    }

    /// The same bytes may be there already. Their entry in the directory is made durable all the
    /// same: whoever made it may have been killed before that. Other bytes under their name are
    /// damage, which what has just arrived mends.
    private func name(
        _ temporary: String, _ digest: Files.Digest, in directory: String
    ) throws(HostError) {
        let shelf = directory + "/" + digest.sha256.rawValue.prefix(2)
        let final = shelf + "/" + digest.sha256.rawValue
        if !Files.exists(shelf) {
            try Files.makeDirectory(shelf)
            try Files.synchronizeDirectory(of: shelf)
        }
        if isThere(final, digest) {
            try Files.synchronizeDirectory(of: final)
        } else {
            try Files.rename(temporary, to: final)
        }
        CrashPoint.reach("stage.renamed")
    }

    private func isThere(_ path: String, _ digest: Files.Digest) -> Bool {
        guard Files.exists(path) else { return false }
        do throws(HostError) {
            return try Files.digest(OpenFile.open(path, O_RDONLY | O_NOFOLLOW)) == digest
        } catch {
            return false
        }
    }

    /// Whose fault a failed call was: the file's, when it was about the file.
    private func told(_ error: HostError, _ source: String, _ original: Original) -> Rejection {
        guard error.path == source else {
            return Rejection(.host, "'\(original.shown)' waits: \(error)", host: error)
        }
        guard error.errno == EFBIG else {
            return Rejection(.unreadable, "'\(original.shown)' cannot be read: \(error)")
        }
        return Rejection(.changed, "'\(original.shown)' grew while it was copied")
    }

    private func vanished(_ candidate: Candidate) -> Rejection {
        Rejection(.vanished, "'\(candidate.path)' is not there any more")
    }

    private func note(_ format: ImageFormat, _ candidate: Candidate) -> String? {
        let ending = candidate.fileName.split(separator: ".").last.map { $0.lowercased() } ?? ""
        guard !format.extensions.contains(ending) else { return nil }
        return "'\(candidate.path)' is \(format.rawValue) whatever its name says"
    }
}
