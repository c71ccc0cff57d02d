package import Foundation
import Host
import Synchronization

/// How far the ledger has come, written down beside it: without that, a ledger that was deleted, cut
/// or replaced by an older one looks like a new installation, and what people withdrew goes out again.
///
/// The ledger counts its commits in the commits themselves (its generation). The mark is written
/// after the commit, and where a person decided something, before the caller hears of it and any
/// effect begins: so a sound ledger is never behind its mark, whenever the power fails.
final class HighWater: Sendable {
    /// Not `ledger…`: what is deleted with `rm ledger*` should not take it along.
    static let fileName = "high-water"

    /// What the file holds.
    struct Mark: Codable, Hashable, Sendable {
        var installation: String
        var generation: Int64
        /// The newest.
        var decision: Ruling?
    }

    /// One commit more, not yet on disk.
    struct Rise: Sendable {
        var generation: Int64
        var decision: Ruling?
        var lastEvent: Int64
    }

    private struct Level {
        var mark: Mark
        var lastEvent: Int64
        var isWritten = false
        var trouble: String?
    }

    private let path: String
    /// The database and its -wal, and which files they were when they were opened.
    private let files: [(path: String, identity: Inode?)]
    private let level: Mutex<Level>

    /// - Parameter mark: of a ledger that has just been opened; durable already.
    init(directory: String, mark: Mark, lastEvent: Int64) {
        path = directory + "/" + Self.fileName
        files = ["", "-wal"].map { ending in
            let path = "\(directory)/\(Ledger.fileName)\(ending)"
            return (path, Inode(path))
        }
        level = Mutex(Level(mark: mark, lastEvent: lastEvent))
        write()
    }

    /// Nil where there is none.
    static func read(_ directory: String) throws -> Mark? {
        do {
            let data = try Data(contentsOf: URL(filePath: directory + "/" + fileName))
            return try JSONDecoder().decode(Mark.self, from: data)
        } catch CocoaError.fileReadNoSuchFile, CocoaError.fileNoSuchFile {
            return nil
        }
    }

    /// Counts a commit that changes something, within it.
    func advance(in database: Connection) throws -> Rise {
        let known = level.withLock(\.lastEvent)
        let generation = try database.first(
            Int64.self, "UPDATE identity SET generation = generation + 1 RETURNING generation")
        let last = try database.first(Int64.self, "SELECT MAX(id) FROM event") ?? 0
        var rise = Rise(generation: generation ?? 0, decision: nil, lastEvent: last)
        if last > known {
            rise.decision = try Ruling.newest(after: known, rise.generation, in: database)
        }
        return rise
    }

    /// The commit is on disk. Decisions are written down at once, the rest when `write` is called.
    func rise(to rise: Rise) {
        let isDecision = level.withLock { level in
            level.mark.generation = rise.generation
            level.mark.decision = rise.decision ?? level.mark.decision
            level.lastEvent = rise.lastEvent
            level.isWritten = false
            return rise.decision != nil
        }
        if isDecision { write() }
    }

    /// Writes the mark where it is not written yet. One that cannot be written stops nothing, but
    /// it is told: until then a lost ledger would not be noticed.
    func write() {
        let isThere = Files.exists(path)
        guard let mark = level.withLock({ $0.isWritten && isThere ? nil : $0.mark }) else { return }
        do {
            try Files.write(Data(Column.json(mark).utf8), to: path)
            level.withLock { ($0.isWritten, $0.trouble) = ($0.mark == mark, nil) }
        } catch {
            level.withLock { $0.trouble = "\(error)" }
        }
    }

    var trouble: String? { level.withLock(\.trouble) }

    /// Those of the ledger's files that are no longer under their name.
    var misplaced: [String] {
        files.filter { Inode($0.path) != $0.identity }.map(\.path)
    }
}

/// What a person, or a guard in their place, decided last: to be named when it is lost.
package struct Ruling: Codable, Hashable, Sendable {
    /// `withdrawn 'A1' by maria: the licence ended`
    package var what: String
    package var at: Date
    var generation: Int64

    /// Kinds of event that are decisions.
    private static let kinds = [
        "withdrawn", "reinstated", "held", "resumed", "released", "retired", "forgotten",
        "dismissed",
    ]

    static func newest(
        after event: Int64, _ generation: Int64, in database: Connection
    ) throws -> Ruling? {
        let kinds = kinds.map { "'\($0)'" }.joined(separator: ", ")
        return try database.row(
            """
            SELECT * FROM event WHERE id > ? AND kind IN (\(kinds))
                AND (kind <> 'held' OR subject = channel)  -- an edition that is held is none
            ORDER BY id DESC LIMIT 1
            """, [event]
        ).map { row in
            let (kind, subject, text): (String, String, String) = (
                row["kind"], row["subject"], row["text"]
            )
            let channel = (row["channel"] as String?).flatMap { $0 == subject ? nil : $0 }
            return Ruling(
                what: "\(kind) '\(subject)'" + (channel.map { " on '\($0)'" } ?? "") + " \(text)",
                at: row.date("at") ?? .distantPast, generation: generation)
        }
    }
}
