import Foundation
import Host

extension Spool {
    /// True where there is nothing to wait for: the candidate came in a batch that was renamed in
    /// after the last change of any part of it, with a manifest that names the hash of every file.
    /// Bytes that are missing all the same show by their hash.
    package func isWhole(_ candidate: Candidate) -> Bool {
        guard candidate.fault == nil, let parcel = candidate.parcel,
            let arrived = parcel.arrived, candidate.newest < arrived,
            let manifest = try? manifest(parcel).get()
        else { return false }
        return manifest.isProof
    }
}

extension Parcel {
    /// When a directory was renamed: that changes the directory itself (ctime) and none of its
    /// entries (mtime). What is copied file by file changes both at once, so it never looks so.
    static func arrival(_ directory: FileIdentity) -> Date? {
        directory.changed > directory.modified ? directory.changedAt : nil
    }
}
