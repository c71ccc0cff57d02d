import Foundation
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
    /// What said so: one that is gone takes nothing back.
    var documents: Set<Declaration.Document>
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
        documents = declaration.documents
        at = now
    }

    /// What is said now in the place of `old`. A sidecar or manifest that has vanished takes nothing
    /// back and lifts nothing, unless a later approval was given since.
    mutating func follow(
        _ old: Testimony, keepingApproval: Bool, for master: ContentHash, at now: Date
    ) {
        guard !documents.isEmpty || old.documents.isEmpty else {
            self = old
            return
        }
        if keepingApproval { approval = approval ?? old.approval }
        let latest = Version.later(of: old.approval, approval, for: master, at: now)
        if !old.documents.isSubset(of: documents), latest == old.approval {
            approval = latest
            rights = rights.narrowed(by: old.rights)
            audience = [old.audience, audience].filter { $0 != "public" }.min() ?? audience
            documents.formUnion(old.documents)
        }
        var same = self
        same.at = old.at
        if same == old { at = old.at }
    }
}

extension Version {
    /// What its sources say together: the latest approval, and the rights that go with it. Of several
    /// that give that approval the narrowest count; one that gives none widens nothing. One that was
    /// moved gives no approval any more, and lifts nothing by that.
    /// - Returns: which of them count.
    mutating func take(_ testimonies: [(words: Testimony, isGone: Bool)], at now: Date) -> [Bool] {
        approval = testimonies.filter { !$0.isGone }.map(\.words.approval).reduce(nil) {
            known, new in
            Self.later(of: known, new, for: master, at: now)
        }
        let counts = testimonies.map { approval.isInPlace(of: $0.words.approval) }
        let voices = zip(testimonies, counts).filter(\.1).map(\.0)
            .sorted { ($0.isGone ? 0 : 1, $0.words.at) < ($1.isGone ? 0 : 1, $1.words.at) }
            .map(\.words)
        guard let newest = voices.last else { return counts }
        rights = voices.dropLast().reduce(newest.rights) { $0.narrowed(by: $1.rights) }
        audience = voices.map(\.audience).filter { $0 != "public" }.min() ?? newest.audience
        kind = newest.kind
        season = newest.season ?? season
        tags = newest.tags
        focus = newest.focus
        return counts
    }

    /// An approval is replaced only by a later one: arrival order must not matter. One dated in the
    /// future gives way to any that counts by now, or a slip of the pen could never be mended.
    /// Of two with equal order the one bound to these bytes counts, then the one bound to others.
    fileprivate static func later(
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
    /// What an arrival meets: who else speaks of the same bytes, and whether it would take back an
    /// approval, by what it no longer says or by saying it of another.
    package func standing(
        of arrival: Arrival
    ) async throws(LedgerError) -> (others: Set<String>, revokes: Bool) {
        let declared = arrival.declaration
        return try await read("ask who speaks of '\(arrival.path)'") { database in
            let rows = try database.rows(
                """
                SELECT version.*, path, words FROM version
                CROSS JOIN testimony INDEXED BY testimony_version ON version = id
                WHERE master = ?
                """, [arrival.master.rawValue])
            let revokes = try rows.contains { row in
                guard row["path"] == arrival.path else { return false }
                let old = try Column.value(Testimony.self, row["words"])
                guard old.approval != nil, old.documents.isSubset(of: declared.documents) else {
                    return false
                }
                let isNamed = declared.assets.contains(row.asset)
                return !declared.isByName && (!isNamed || declared.approval == nil)
            }
            let paths = Set(rows.map { $0["path"] as String })
            return (paths.subtracting([arrival.path]), revokes)
        }
    }

    static func testify(
        to version: Int64, _ arrival: Arrival, isNew: Bool = false, at now: Date,
        in database: Connection
    ) throws {
        let known =
            try isNew
            ? nil
            : database.row(
                "SELECT * FROM testimony WHERE version = ? AND path = ?", [version, arrival.path])
        let old = try known.map { try Column.value(Testimony.self, $0["words"]) }
        var words = Testimony(arrival.declaration, at: now)
        if let old {
            words.follow(
                old, keepingApproval: arrival.keepsApproval, for: arrival.master, at: now)
        }
        // Whoever gives the approval now speaks in the place of those that were moved here.
        if words.approval != nil, old?.approval == nil {
            for path in arrival.replacing {
                try database.run(
                    "UPDATE testimony SET gone = 1 WHERE version = ? AND path = ?", [version, path])
            }
        }
        try database.run(
            """
            INSERT OR REPLACE INTO testimony (version, path, words, description)
            VALUES (?, ?, ?, ?)
            """,
            [
                version, arrival.path, try Column.json(words),
                try description(beside: arrival, known, in: database)?.rawValue,
            ])
    }

    /// An `.xmp` that is gone takes nothing back either, unless nobody could read it; what one says of a
    /// file it says of whatever that shows.
    static func description(
        beside arrival: Arrival, _ known: Row?, in database: Connection
    ) throws -> ContentHash? {
        if let description = arrival.description { return description }
        let row =
            try known
            ?? database.row(
                """
                SELECT testimony.description FROM testimony JOIN version ON id = version
                WHERE path = ? AND master = ? AND testimony.description IS NOT NULL LIMIT 1
                """, [arrival.path, arrival.master.rawValue])
        guard let last = row?.hash("description") else { return nil }
        let isReadable = try database.first(
            Bool.self, "SELECT unreadable IS NULL FROM description WHERE sha256 = ?",
            [last.rawValue])
        return isReadable == false ? nil : last
    }

    /// A source that says of the same bytes that they show something else says no more that they show
    /// what it said before: a wrong SKU, mended.
    /// - Returns: the assets it spoke of.
    static func retract(
        _ arrival: Arrival, at now: Date, in database: Connection
    ) throws -> [Asset] {
        guard !arrival.declaration.isByName else { return [] }
        let rows = try database.rows(
            """
            SELECT version.* FROM testimony JOIN version ON id = version
            WHERE path = ? AND master = ?
            """, [arrival.path, arrival.master.rawValue])
        var changed: [Asset] = []
        for row in rows where !arrival.declaration.assets.contains(row.asset) {
            try database.run(
                "DELETE FROM testimony WHERE version = ? AND path = ?",
                [row["id"] as Int64, arrival.path])
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
        withdrawn: Withdrawal? = nil, at now: Date, in database: Connection
    ) throws -> Bool {
        let old = try version(known)
        var new = old
        let descriptions = try hear(&new, at: now, in: database)
        new.withdrawn = old.withdrawn ?? withdrawn
        if !new.approval.isInPlace(of: old.approval) { new.arrived = now }
        let isRevoked = old.approval != nil && new.approval == nil
        if isRevoked {
            new.approvalFault = .lapsed("approval revoked: \(reason)")
        } else if new.approval != nil {
            new.approvalFault = nil
        }
        let last: String? = known["description"]
        guard new != old || last != descriptions else { return false }
        try update(new, descriptions, in: database)
        try log(
            "changed", nil, "\(new.asset)",
            isRevoked
                ? "approval revoked: \(reason)"
                : "declaration of master \(new.master.short) changed", at: now, in: database)
        return true
    }

    /// - Returns: the `.xmp` files that count, by hash; nil: none.
    private static func hear(
        _ version: inout Version, at now: Date, in database: Connection
    ) throws -> String? {
        let rows = try database.rows(
            "SELECT * FROM testimony WHERE version = ? ORDER BY path", [version.id])
        let counts = version.take(
            try rows.map { (try Column.value(Testimony.self, $0["words"]), $0["gone"]) }, at: now)
        var descriptions: Set<String> = []
        for (row, isHeard) in zip(rows, counts) {
            if isHeard, let description = row["description"] as String? {
                descriptions.insert(description)
            }
            guard row["counts"] != isHeard else { continue }
            try database.run(
                "UPDATE testimony SET counts = ? WHERE version = ? AND path = ?",
                [isHeard, version.id, row["path"] as String])
        }
        return descriptions.isEmpty ? nil : descriptions.sorted().joined(separator: " ")
    }

    private static func update(
        _ version: Version, _ descriptions: String?, in database: Connection
    ) throws {
        try database.run(
            """
            UPDATE version SET kind = ?, approval = ?, rights = ?, audience = ?, season = ?,
                tags = ?, withdrawn_at = ?, withdrawn_because = ?, focus = ?, description = ?,
                approved_at = IIF(? IS NULL, NULL, ?), revoked = ?
            WHERE id = ?
            """,
            [
                version.kind, try version.approval.map(Column.json),
                try Column.json(version.rights), version.audience, version.season,
                try Column.json(version.tags), version.withdrawn?.at.milliseconds,
                version.withdrawn?.because, try version.focus.map(Column.json), descriptions,
                version.approval?.seq, version.arrived.milliseconds,
                version.approvalFault?.message, version.id,
            ])
    }
}
