private import Foundation
package import Host
package import Model

/// A master: a whole copy under its hash, on disk for good.
package struct Staged: Sendable, Hashable {
    package var sha256: ContentHash
    package var bytes: Int64
    package var format: ImageFormat
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
            let digest = try copy(source, candidate, into: directory, declared)
            return Staged(
                sha256: digest.sha256, bytes: digest.bytes, format: format,
                note: note(format, candidate))
        }
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
        let status = try self.status(source, candidate)
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
        var head = [UInt8](repeating: 0, count: 16)
        let got = pread(source.descriptor, &head, head.count, 0)
        guard let format = ImageFormat.recognise(head.prefix(max(got, 0))) else {
            throw Rejection(
                .notAPicture, "'\(candidate.path)' is no picture that we read, by its first bytes")
        }
        return format
    }

    private func status(
        _ source: borrowing OpenFile, _ candidate: Candidate
    ) throws(Rejection) -> stat {
        do throws(HostError) { return try source.status() } catch {
            throw Rejection(.unreadable, "'\(candidate.path)' cannot be read: \(error)")
        }
    }

    private func copy(
        _ source: borrowing OpenFile, _ candidate: Candidate, into directory: String,
        _ declared: Declaration
    ) throws(Rejection) -> Files.Digest {
        let temporary = "\(directory)/\(getpid())-\(UInt64.random(in: 0...UInt64.max)).tmp"
        defer { unlink(temporary) }
        let digest: Files.Digest
        do throws(HostError) {
            digest = try write(source, to: temporary, in: directory)
        } catch {
            throw told(error, source.path, candidate)
        }
        interrupt(.copied)
        try check(digest, source, candidate, declared)
        do throws(HostError) {
            try name(temporary, digest, in: directory)
        } catch {
            throw told(error, source.path, candidate)
        }
        return digest
    }

    private func write(
        _ source: borrowing OpenFile, to temporary: String, in directory: String
    ) throws(HostError) -> Files.Digest {
        try Files.makeDirectory(directory)
        let target = try OpenFile.open(temporary, O_WRONLY | O_CREAT | O_EXCL)
        let digest = try Files.digest(source, limit: settings.maxBytes) {
            bytes throws(HostError) in
            try target.write(bytes)
        }
        try target.synchronize()
        CrashPoint.reach("stage.copied")
        return digest
    }

    private func check(
        _ digest: Files.Digest, _ source: borrowing OpenFile, _ candidate: Candidate,
        _ declared: Declaration
    ) throws(Rejection) {
        let after = FileIdentity(try status(source, candidate))
        guard after == candidate.identity, digest.bytes == after.size else {
            throw Rejection(.changed, "'\(candidate.path)' changed while it was copied")
        }
        guard let expected = declared.sha256, expected != digest.sha256 else { return }
        throw Rejection(
            .hashMismatch,
            "hash mismatch: '\(candidate.path)' is \(digest.sha256.short)…, but "
                + "\(expected.short)… was declared")
    }

    /// The same bytes may be there already. Their entry in the directory is made durable all the
    /// same: whoever made it may have been killed before that.
    private func name(
        _ temporary: String, _ digest: Files.Digest, in directory: String
    ) throws(HostError) {
        let shelf = directory + "/" + digest.sha256.rawValue.prefix(2)
        let final = shelf + "/" + digest.sha256.rawValue
        if !Files.exists(shelf) {
            try Files.makeDirectory(shelf)
            try Files.synchronizeDirectory(of: shelf)
        }
        var there = stat()
        if stat(final, &there) == 0, Int64(there.st_size) == digest.bytes {
            try Files.synchronizeDirectory(of: final)
        } else {
            try Files.rename(temporary, to: final)
        }
        CrashPoint.reach("stage.renamed")
    }

    /// Whose fault a failed call was: the file's, when it was about the file.
    private func told(_ error: HostError, _ source: String, _ candidate: Candidate) -> Rejection {
        guard error.path == source else {
            return Rejection(
                .host, "'\(candidate.path)' waits: \(error)", host: error)
        }
        guard error.errno == EFBIG else {
            return Rejection(.unreadable, "'\(candidate.path)' cannot be read: \(error)")
        }
        return Rejection(.changed, "'\(candidate.path)' grew while it was copied")
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
