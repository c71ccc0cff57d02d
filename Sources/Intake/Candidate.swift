package import Foundation

/// What a file is before anybody hashed it: device, inode, size and the two times in nanoseconds.
/// The same identity means the same bytes, as far as a file system can tell.
struct FileIdentity: Sendable, Hashable, CustomStringConvertible {
    var device: UInt64
    var inode: UInt64
    var size: Int64
    var modified: Int64
    var changed: Int64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
    }

    var description: String { "\(device).\(inode).\(size).\(modified).\(changed)" }

    /// When the file system last saw a change; a file's own time (mtime) says what its maker likes.
    var changedAt: Date { Date(timeIntervalSince1970: Double(changed) / 1e9) }
    var modifiedAt: Date { Date(timeIntervalSince1970: Double(modified) / 1e9) }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        // A file system may hold any number; wrapping keeps different times different.
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

/// Something in the spool that wants a verdict: a picture, a manifest, or what is neither.
package struct Candidate: Sendable, Hashable {
    /// Below the spool, for people and for the ledger: what is not plain text is written `%XX`.
    /// No two names in a spool give the same path, not even to Swift's idea of equality.
    package let path: String
    /// Changes whenever the file, its sidecar or its manifest does, comes or goes.
    package let fingerprint: String
    /// Of the file alone: the beginning of the fingerprint.
    package var ownFingerprint: String { identity.description }
    /// The latest change of any of them, by the file system's clock.
    package let newest: Date
    /// The directory that came as one delivery with a manifest.
    package let batch: String?
    /// A manifest itself: `read` says whether it can be read and all its files are there. There is
    /// nothing to stage.
    package let isManifest: Bool

    /// The path as the file system knows it; nil where it cannot be opened by us.
    package let raw: String?
    let identity: FileIdentity
    let fault: Rejection.Code?
    /// File names of the sidecars found, as the file system knows them.
    let sidecars: [String]
    let xmp: XMPSidecar?
    let parcel: Parcel?

    /// True when nothing was changed for `settle` seconds. A change that lies further in the future
    /// than that tells of a clock set back, not of a writer: the file is not kept waiting for it.
    package func isSettled(at now: Date, settle: TimeInterval) -> Bool {
        let age = now.timeIntervalSince(newest)
        return age >= settle || age < -settle
    }
}

/// The `.xmp` beside a picture.
struct XMPSidecar: Sendable, Hashable {
    /// As the file system knows it, below the spool.
    var raw: String
    var identity: FileIdentity
    /// File names of other pictures that have as much claim to it: whose it is would be a guess.
    var sharers: [String]

    var fileName: String { raw.split(separator: "/").last.map(String.init) ?? raw }
    var shown: String { SpoolName.escaped(Array(raw.utf8)) }

    /// Nil where it can only be meant for `picture`.
    func sharing(with picture: String) -> String? {
        guard !sharers.isEmpty else { return nil }
        let others = sharers.map { "'\(SpoolName.escaped(Array($0.utf8)))'" }
        return "'\(shown)' may be meant for '\(picture)' or for "
            + others.joined(separator: " or ")
    }

    var fingerprint: String { (["\(fileName)=\(identity)"] + sharers).joined(separator: ",") }
}

/// A directory with a manifest, and all below it.
struct Parcel: Sendable, Hashable {
    /// As the file system knows it, below the spool.
    var directory: String
    /// File names; more than one is a mistake.
    var manifests: [String]
    var identity: FileIdentity
    /// Of the directory itself.
    var place: FileIdentity?

    var manifestPath: String { directory + "/" + (manifests.first ?? "manifest.yaml") }
    var fingerprint: String { manifests.joined(separator: ",") + "=" + identity.description }

    /// Of a path below the spool: how the manifest calls it.
    func inner(_ raw: String) -> String { String(raw.dropFirst(directory.count + 1)) }
}
