import Foundation
import GRDB
package import Model

/// What one source says of a version. The same bytes may lie in several places, each with a sidecar of
/// its own, and who was read last must not decide.
struct Testimony: Codable, Hashable {
    var kind: String
    var audience: String
    var season: String?
    var tags: [String]
    var approval: Approval?
    var rights: Rights
    var focus: Focus?
    /// When it was read, or read otherwise.
    var at: Date

    init(_ declaration: Declaration, at now: Date) {
        kind = declaration.kind
        audience = declaration.audience
        season = declaration.season
        tags = declaration.tags
        approval = declaration.approval
        rights = declaration.rights
        focus = declaration.focus
        at = now
    }
}

extension Version {
    /// What its sources say together: the latest approval, and the rights that go with it. Of several
    /// that give that approval the narrowest count; one that gives none widens nothing.
    mutating func take(_ testimonies: [Testimony], at now: Date) {
        approval = testimonies.map(\.approval).reduce(nil) { known, new in
            Self.later(of: known, new, for: master, at: now)
        }
        let voices = testimonies.filter { approval.isInPlace(of: $0.approval) }
            .sorted { $0.at < $1.at }
        guard let newest = voices.last else { return }
        rights = voices.dropLast().reduce(newest.rights) { $0.narrowed(by: $1.rights) }
        audience = voices.map(\.audience).filter { $0 != "public" }.min() ?? newest.audience
        kind = newest.kind
        season = newest.season ?? season
        tags = newest.tags
        focus = newest.focus
    }

    /// An approval is replaced only by a later one: arrival order must not matter. One dated in the
    /// future gives way to any that counts by now, or a slip of the pen could never be mended.
    /// Of two with equal order the one bound to these bytes counts, then the one bound to others.
    private static func later(
        of old: Approval?, _ new: Approval?, for master: ContentHash, at now: Date
    ) -> Approval? {
        guard let old else { return new }
        guard let new else { return old }
        guard old.counts(at: now) == new.counts(at: now) else {
            return new.counts(at: now) ? new : old
        }
        func rank(_ approval: Approval) -> (Int, Date, Int, String) {
            let bound = approval.sha256.map { $0 == master ? 2 : 1 } ?? 0
            return (approval.seq, approval.at, bound, approval.by)
        }
        return rank(new) > rank(old) ? new : old
    }
}

extension Approval? {
    /// The same place in the order of versions.
    fileprivate func isInPlace(of other: Approval?) -> Bool {
        self?.seq == other?.seq && self?.at == other?.at
    }
}

extension Ledger {
    /// Other sources that speak of these bytes.
    package func sources(
        of master: ContentHash, besides path: String
    ) async throws(LedgerError) -> [String] {
        try await read("list the sources of a master") { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT path FROM version JOIN testimony ON version = id
                    WHERE master = ? AND path <> ?
                    """, arguments: [master.rawValue, path])
        }
    }

    /// Whether it would take back an approval: by what it no longer says, or by saying it of another.
    package func revokes(_ arrival: Arrival) async throws(LedgerError) -> Bool {
        let declared = arrival.declaration
        return try await read("ask what '\(arrival.path)' takes back") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT version.*, words FROM testimony JOIN version ON id = version
                    WHERE path = ? AND master = ?
                    """, arguments: [arrival.path, arrival.master.rawValue])
            return try rows.contains { row in
                guard try Column.value(Testimony.self, row["words"]).approval != nil else {
                    return false
                }
                let isNamed = declared.assets.contains(row.asset)
                return !declared.isByName && (!isNamed || declared.approval == nil)
            }
        }
    }

    static func testify(
        to version: Int64, _ arrival: Arrival, at now: Date, in database: Database
    ) throws {
        for path in arrival.replacing {
            try database.execute(
                sql: "DELETE FROM testimony WHERE version = ? AND path = ?",
                arguments: [version, path])
        }
        try database.execute(
            sql: "INSERT OR REPLACE INTO testimony (version, path, words) VALUES (?, ?, ?)",
            arguments: [
                version, arrival.path,
                try Column.json(Testimony(arrival.declaration, at: now)),
            ])
    }

    /// A source that says of the same bytes that they show something else says no more that they show
    /// what it said before: a wrong SKU, mended.
    /// - Returns: the assets it spoke of.
    static func retract(
        _ arrival: Arrival, at now: Date, in database: Database
    ) throws -> [Asset] {
        guard !arrival.declaration.isByName else { return [] }
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT version.* FROM testimony JOIN version ON id = version
                WHERE path = ? AND master = ?
                """, arguments: [arrival.path, arrival.master.rawValue])
        var changed: [Asset] = []
        for row in rows where !arrival.declaration.assets.contains(row.asset) {
            try database.execute(
                sql: "DELETE FROM testimony WHERE version = ? AND path = ?",
                arguments: [row["id"] as Int64, arrival.path])
            let what = arrival.declaration.assets.map(\.description).joined(separator: ", ")
            guard
                try weigh(
                    row, "'\(arrival.path)' is said to show \(what) now", at: now, in: database)
            else { continue }
            changed.append(row.asset)
            try markDirtyOnceInspected(row.asset.sku, in: database)
        }
        return changed
    }

    /// Makes a version what its sources say.
    /// - Parameters:
    ///   - known: its row.
    ///   - reason: why it may be approved no more.
    /// - Returns: true when something about it is different now.
    static func weigh(
        _ known: Row, _ reason: String = "what is said of its files gives none any more",
        withdrawn: Withdrawal? = nil, description: ContentHash? = nil, at now: Date,
        in database: Database
    ) throws -> Bool {
        let old = try version(known)
        var new = old
        let words = try String.fetchAll(
            database, sql: "SELECT words FROM testimony WHERE version = ? ORDER BY path",
            arguments: [old.id])
        new.take(try words.map { try Column.value(Testimony.self, $0) }, at: now)
        new.withdrawn = old.withdrawn ?? withdrawn
        if !new.approval.isInPlace(of: old.approval) { new.arrived = now }
        // An `.xmp` that is gone takes nothing back either, unless nobody could read it.
        let last = known.hash("description")
        let description =
            try description ?? last.flatMap { try isReadable($0, in: database) ? $0 : nil }
        let isRevoked = old.approval != nil && new.approval == nil
        if isRevoked {
            new.approvalFault = .lapsed("approval revoked: \(reason)")
        } else if new.approval != nil {
            new.approvalFault = nil
        }
        guard new != old || last != description else { return false }
        try update(new, description, in: database)
        try log(
            "changed", nil, "\(new.asset)",
            isRevoked
                ? "approval revoked: \(reason)"
                : "declaration of master \(new.master.short) changed", at: now, in: database)
        return true
    }

    private static func isReadable(_ description: ContentHash, in database: Database) throws -> Bool
    {
        try Bool.fetchOne(
            database, sql: "SELECT unreadable IS NULL FROM description WHERE sha256 = ?",
            arguments: [description.rawValue]) ?? true
    }

    private static func update(
        _ version: Version, _ description: ContentHash?, in database: Database
    ) throws {
        try database.execute(
            sql: """
                UPDATE version SET kind = ?, approval = ?, rights = ?, audience = ?, season = ?,
                    tags = ?, withdrawn_at = ?, withdrawn_because = ?, focus = ?, description = ?,
                    approved_at = IIF(? IS NULL, NULL, ?), revoked = ?
                WHERE id = ?
                """,
            arguments: [
                version.kind, try version.approval.map(Column.json),
                try Column.json(version.rights), version.audience, version.season,
                try Column.json(version.tags), version.withdrawn?.at.milliseconds,
                version.withdrawn?.because, try version.focus.map(Column.json),
                description?.rawValue, version.approval?.seq, version.arrived.milliseconds,
                version.approvalFault?.message, version.id,
            ])
    }
}
