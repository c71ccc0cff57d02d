import Foundation
import Host

/// Room on the disks the daemon lives on: bytes, and files that can still be made. All calls block.
struct Disk: Sendable {
    /// Less than this many files left is none: a temporary one is needed for everything.
    private static let fewFiles: Int64 = 16

    let state: String
    let spool: String
    /// Share of the disk, and of its files, below which nothing more is taken in.
    let reserve: Double
    let ballast: Ballast

    /// Why the disk of the state directory is as good as full.
    func full() -> String? {
        guard let room = try? Files.room(of: state) else { return nil }
        if let few = few(room, state) { return few }
        guard ballast.isGiven || room.free < Ballast.bytes else { return nil }
        return "the disk of '\(state)' is full: \(Self.megabytes(room.free)) of "
            + "\(Self.megabytes(room.total)) are left"
    }

    /// Why pictures cannot come in: nothing more fits on the spool's own disk.
    func spoolFull() -> String? {
        guard !Files.shareDisk(state, spool), let room = try? Files.room(of: spool) else {
            return nil
        }
        if let few = few(room, spool) { return few }
        // A disk that can only be read (an image, a snapshot) is full by nature.
        guard room.free == 0, access(spool, W_OK) == 0 else { return nil }
        return "the disk of '\(spool)' is full: nothing more can be put into the spool"
    }

    /// Why nothing more is taken in: what is left is the reserve.
    func low() -> String? {
        guard let room = try? Files.room(of: state), room.total > 0 else { return nil }
        let share = Double(room.free) / Double(room.total)
        let files = room.freeFiles.map { Double($0) / Double(max(room.totalFiles, 1)) } ?? 1
        guard min(share, files) < reserve else { return nil }
        let what =
            files < share
            ? "files that the disk of '\(state)' can hold are" : "disk of '\(state)' is"
        return "\(Int(min(share, files) * 100)) % of the \(what) free, less than the reserve of "
            + "\(Int(reserve * 100)) %"
    }

    /// What a person does about a disk that is full.
    func remedy(_ path: String) -> String {
        "free some space on the disk of '\(path)'; work goes on by itself"
    }

    private func few(_ room: Files.Room, _ path: String) -> String? {
        guard let files = room.freeFiles, files < Self.fewFiles else { return nil }
        return "the disk of '\(path)' can hold no more files (inodes): \(files) of "
            + "\(room.totalFiles) are left"
    }

    private static func megabytes(_ bytes: Int64) -> String {
        let tenths = bytes / 100_000
        return tenths >= 100 ? "\(tenths / 10) MB" : "\(tenths / 10).\(tenths % 10) MB"
    }
}
