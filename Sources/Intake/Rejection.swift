import Foundation
package import Host
package import Model

/// Why a file was not taken, for the ledger, for people and for tests.
package struct Rejection: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable, Codable, CaseIterable {
        case symlink, fifo, socket, device, empty, unlisted, unreadable, vanished, host
        case badManifest = "bad-manifest"
        case badName = "bad-name"
        case badSidecar = "bad-sidecar"
        case changed = "changed-while-copied"
        case hardLink = "hard-link"
        case hashMismatch = "hash-mismatch"
        case missingFiles = "missing-files"
        case noDeclaration = "no-declaration"
        case notAFile = "not-a-file"
        case notAPicture = "not-a-picture"
        case sharedXMP = "shared-xmp"
        case tooBig = "too-big"
        case damagedRecord = "damaged-record"
        /// It takes an approval back, and was written only just now.
        case revoking
    }

    package var code: Code
    /// What is wrong with which file; lower case, no final stop.
    package var message: String
    /// Mistakes with their places, from a sidecar or a manifest.
    package var problems: [Problem]
    /// To be tried again at the next pass though the file stays the same: no verdict.
    package var transient: Bool
    /// SKUs that the file or what lies beside it names, as far as that could be read.
    package var skus: [String] = []
    /// Set where this machine failed and not the file: a full disk, an fsync that went wrong.
    package var host: HostError?

    init(
        _ code: Code, _ message: String, problems: [Problem] = [], host: HostError? = nil
    ) {
        self.code = code
        self.message = message
        self.problems = problems
        self.host = host
        transient = [.changed, .vanished, .unreadable, .missingFiles, .host, .revoking].contains(
            code)
    }

    /// What is known of its picture cannot be read.
    package init(damaged reason: String) { self.init(.damagedRecord, reason) }

    package init(revoking path: String, seconds: Int) {
        self.init(
            .revoking,
            "'\(path)' takes an approval back; that counts once it has stood for \(seconds) s")
    }

    package var description: String {
        ([message] + problems.map(\.description)).joined(separator: "\n")
    }

    /// In one line, with the first mistake.
    package var summary: String {
        guard let first = problems.first else { return message }
        let more = problems.count > 1 ? ", and \(problems.count - 1) more" : ""
        let lines = "\(first)".split(separator: "\n")
        return "\(message): \(lines[0])\(more)"
    }

    /// What a person does about it.
    package var advice: String { code.advice }
}

extension Rejection.Code {
    package var advice: String {
        switch self {
        case .symlink, .hardLink, .fifo, .socket, .device, .notAFile:
            "put a copy of the file itself into the spool"
        case .empty: "copy the file again; a file of 0 bytes is a copy that failed"
        case .unlisted: "list the file in the batch's manifest, or take it out of the batch"
        case .unreadable: "let the service's user read the file and its directory"
        case .vanished, .changed, .missingFiles, .revoking:
            "nothing, if the copy is still going on; it is looked at again by itself"
        case .host: "mend the machine; the file is taken up again by itself"
        case .badManifest: "mend the manifest at the places named"
        case .badName: "rename the file: readable text, no leading dash"
        case .badSidecar: "mend the file beside the picture at the places named"
        case .hashMismatch:
            "copy the file again from its producer, or have the manifest made anew: "
                + "these are not the bytes that were declared"
        case .noDeclaration:
            "write a sidecar, as 'sluice approve' does, or rename the file after the pattern"
        case .notAPicture: "deliver a picture: JPEG, PNG, TIFF, WebP, AVIF, HEIC or GIF"
        case .sharedXMP: "name the .xmp after its picture, such as 'photo.jpg.xmp'"
        case .damagedRecord:
            "mend the ledger or bring back a snapshot, then copy the file again"
        case .tooBig: "export it smaller, or raise the limit in sluice.yaml"
        }
    }
}

extension Rejection.Code {
    /// What speaks against opening the thing at all; nil for a plain file of a sensible size.
    init?(_ status: stat, maxBytes: Int64) {
        let code: Self? =
            switch status.st_mode & S_IFMT {
            case S_IFREG: Self.ofPlainFile(status, maxBytes)
            case S_IFLNK: .symlink
            case S_IFIFO: .fifo
            case S_IFSOCK: .socket
            case S_IFBLK, S_IFCHR: .device
            default: .notAFile
            }
        guard let code else { return nil }
        self = code
    }

    private static func ofPlainFile(_ status: stat, _ maxBytes: Int64) -> Self? {
        if status.st_nlink > 1 { return .hardLink }
        if status.st_size == 0 { return .empty }
        return status.st_size > maxBytes ? .tooBig : nil
    }

    /// Completes "'path' …".
    func fault(size: Int64, maxBytes: Int64) -> String {
        switch self {
        case .symlink: "is a symbolic link, and links are not followed"
        case .fifo: "is a pipe"
        case .socket: "is a socket"
        case .device: "is a device"
        case .notAFile: "is not a file"
        case .hardLink: "has a second name (hard link), under which it could change unseen"
        case .empty: "is empty"
        case .tooBig: "has \(size) bytes; at most \(maxBytes) are taken"
        case .badName:
            "has a name that is not readable text, holds control characters or begins with '-'"
        default: "cannot be taken (\(rawValue))"
        }
    }
}
