private import Foundation
private import Host

extension Spool {
    /// True where there is nothing to wait for: the candidate came in a batch that was renamed in
    /// after the last change of any part of it, with a manifest that names the hash of every file.
    /// Bytes that are missing all the same show by their hash.
    /// - Parameter moved: when somebody saw the batch's directory renamed, by its ctime in nanoseconds.
    package func isWhole(_ candidate: Candidate, movedAt moved: Int64? = nil) -> Bool {
        guard candidate.fault == nil, let parcel = candidate.parcel, let place = parcel.place,
            place.isNewer(than: candidate.newest, movedAt: moved),
            let manifest = try? manifest(parcel).get()
        else { return false }
        return manifest.isProof
    }

    /// As a watcher knows the directory of the candidate's batch.
    package func batchPath(_ candidate: Candidate) -> String? {
        candidate.parcel.map { settings.path + "/" + $0.directory }
    }
}

extension FileIdentity {
    /// Of a directory: it was renamed to where it is after `change`. Renaming changes the directory
    /// itself (ctime) and none of its entries (mtime); what is copied file by file changes both at
    /// once. File systems' clocks are coarse: all of it may fall into one tick, and then only who saw
    /// the directory move can tell.
    fileprivate func isNewer(than change: Date, movedAt moved: Int64?) -> Bool {
        if let moved, moved == changed { return change <= changedAt }
        return changed > modified && change < changedAt
    }
}
