import Foundation
package import Model

/// A source that was staged and declared: ready to become versions.
package struct Arrival: Sendable {
    package var path: String
    package var fingerprint: String
    package var batch: String?
    package var declaration: Declaration
    package var master: ContentHash
    package var bytes: Int64
    package var format: ImageFormat
    /// The `.xmp` beside it, staged as well.
    package var description: ContentHash?
    /// Sources of the same bytes that have left the spool: this one speaks in their place.
    package var replacing: [String] = []
    /// What it takes back has not stood for long enough: the rest counts at once.
    package var keepsApproval = false
    /// There is no room for anything new: no version is made.
    package var isHearing = false

    package init(
        path: String, fingerprint: String, batch: String?, declaration: Declaration,
        master: ContentHash, bytes: Int64, format: ImageFormat, description: ContentHash? = nil
    ) {
        self.path = path
        self.fingerprint = fingerprint
        self.batch = batch
        self.declaration = declaration
        self.master = master
        self.bytes = bytes
        self.format = format
        self.description = description
    }
}

// What intake asks and tells.
extension Ledger {
    /// Path → fingerprint of those that were looked at before, whatever came of it.
    package func fingerprints(of paths: [String]) async throws(LedgerError) -> [String: String] {
        try await read("look up \(paths.count) sources") { database in
            let marks = Arguments.marks(paths.count)
            let rows = try database.rows(
                "SELECT path, fingerprint FROM source WHERE path IN (\(marks))", Arguments(paths),
                isKept: false)
            return Dictionary(uniqueKeysWithValues: rows.map { ($0["path"], $0["fingerprint"]) })
        }
    }

    /// What was taken from these paths: a file whose bytes are in the store.
    package func taken(
        from paths: [String]
    ) async throws(LedgerError) -> [String: (fingerprint: String, master: Master)] {
        try await read("look up \(paths.count) sources") { database in
            let marks = Arguments.marks(paths.count)
            let rows = try database.rows(
                """
                SELECT path, fingerprint, sha256, bytes, format FROM source
                JOIN master ON sha256 = master WHERE path IN (\(marks))
                """, Arguments(paths), isKept: false)
            return rows.reduce(into: [:]) { taken, row in
                guard let sha256 = row.hash("sha256"),
                    let format = ImageFormat(rawValue: row["format"])
                else { return }
                taken[row["path"]] = (
                    row["fingerprint"], Master(sha256: sha256, bytes: row["bytes"], format: format)
                )
            }
        }
    }

    /// A copy in the store.
    package struct Master: Sendable {
        package var sha256: ContentHash
        package var bytes: Int64
        package var format: ImageFormat
    }

    /// Records a source, its master and its versions in one step. Known bytes under a known asset
    /// change nothing but a better approval, other rights or a withdrawal; a withdrawal is never
    /// undone here. What a source no longer says of them counts no more: see `Testimony`.
    /// - Returns: the assets that changed.
    /// - Parameter canWait: what is left of a full disk is not for this.
    @discardableResult
    package func accept(
        _ arrival: Arrival, canWait: Bool = true
    ) async throws(LedgerError) -> [Asset] {
        let now = now()
        return try await write("accept '\(arrival.path)'", canWait: canWait) { database in
            try Self.mend(arrival, in: database)
            let fault = try Self.knownFault(of: arrival, in: database)
            try Self.recordSource(
                arrival.path, arrival.fingerprint,
                state: fault == nil ? "accepted" : "quarantined", master: arrival.master,
                description: arrival.description, skus: arrival.declaration.assets.map(\.sku),
                reason: fault, at: now, in: database)
            try Self.expect(arrival.description, at: now, in: database)
            try database.run(
                """
                INSERT OR IGNORE INTO master (sha256, bytes, format, since) VALUES (?, ?, ?, ?)
                """,
                [
                    arrival.master.rawValue, arrival.bytes, arrival.format.rawValue,
                    now.milliseconds,
                ])
            var changed: [Asset] = []
            for asset in arrival.declaration.assets
            where try Self.recordVersion(asset, of: arrival, at: now, in: database) {
                changed.append(asset)
                try Self.markDirtyOnceInspected(asset.sku, in: database)
            }
            if !arrival.keepsApproval {
                changed += try Self.retract(arrival, at: now, in: database)
            }
            return changed
        }
    }

    /// Remembers a file that only describes others, so that it is not read again as it is.
    package func acknowledge(path: String, fingerprint: String) async throws(LedgerError) {
        let now = now()
        try await write("acknowledge '\(path)'", canWait: true) { database in
            try Self.recordSource(
                path, fingerprint, state: "described", master: nil, skus: [], reason: nil, at: now,
                in: database)
        }
    }

    /// Bytes known to be unusable are no better under another name.
    private static func knownFault(of arrival: Arrival, in database: Connection) throws -> String? {
        try database.first(
            String.self, "SELECT unusable FROM master WHERE sha256 = ?", [arrival.master.rawValue])
            ?? database.first(
                String.self, "SELECT unreadable FROM description WHERE sha256 = ?",
                [arrival.description?.rawValue])
    }

    static func recordSource(
        _ path: String, _ fingerprint: String, state: String, master: ContentHash?,
        description: ContentHash? = nil, skus: [String], reason: String?, code: String? = nil,
        at now: Date, in database: Connection
    ) throws {
        // Upsert, not REPLACE: only an update fires the trigger that keeps the counts.
        try database.run(
            """
            INSERT INTO source
                (path, fingerprint, state, master, description, skus, reason, code, seen)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (path) DO UPDATE SET fingerprint = excluded.fingerprint,
                state = excluded.state, master = excluded.master,
                description = excluded.description, skus = excluded.skus,
                reason = excluded.reason, code = excluded.code, seen = excluded.seen
            """,
            [
                path, fingerprint, state, master?.rawValue, description?.rawValue,
                skus.joined(separator: "\n"), reason, code, now.milliseconds,
            ])
    }

    /// - Returns: true when something about the asset is different now.
    private static func recordVersion(
        _ asset: Asset, of arrival: Arrival, at now: Date, in database: Connection
    ) throws -> Bool {
        let known = try database.row(
            """
            SELECT * FROM version
            WHERE sku = ? AND view = ? AND number = ? AND variant = ? AND master = ?
            """, asset.arguments + [arrival.master.rawValue])
        guard let known else {
            guard !arrival.isHearing else { return false }
            // The only one who speaks of it: what it says is what counts.
            let description = try description(beside: arrival, nil, in: database)
            try insertVersion(asset, of: arrival, description, at: now, in: database)
            try testify(
                to: database.lastInsertedID, arrival, isNew: true, at: now, in: database)
            try log(
                "accepted", nil, "\(asset)",
                "master \(arrival.master.short) from '\(arrival.path)'", at: now, in: database)
            return true
        }
        try testify(to: known["id"], arrival, at: now, in: database)
        return try weigh(
            known, withdrawn: arrival.declaration.withdrawn, at: now, in: database)
    }

    private static func insertVersion(
        _ asset: Asset, of arrival: Arrival, _ description: ContentHash?, at now: Date,
        in database: Connection
    ) throws {
        let declared = arrival.declaration
        let ruling = try ruling(on: arrival.master, of: asset.sku, in: database)
        let withdrawn = declared.withdrawn ?? ruling?.withdrawn
        try database.run(
            """
            INSERT INTO version (sku, view, number, variant, master, source, batch, kind,
                audience, season, tags, approval, rights, withdrawn_at, withdrawn_because,
                focus, description, since, approved_at, barrings)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            asset.arguments + [
                arrival.master.rawValue, arrival.path, arrival.batch, declared.kind,
                declared.audience, declared.season, try Column.json(declared.tags),
                try declared.approval.map(Column.json), try Column.json(declared.rights),
                withdrawn?.at.milliseconds, withdrawn?.because,
                try declared.focus.map(Column.json), description?.rawValue,
                now.milliseconds, declared.approval.map { _ in now.milliseconds },
                try Column.json(ruling?.barred ?? [:]),
            ])
    }

    /// What a person withdrew is withdrawn as whatever view of its SKU it comes again.
    private static func ruling(
        on master: ContentHash, of sku: String, in database: Connection
    ) throws -> Version? {
        try database.row(
            """
            SELECT * FROM version WHERE sku = ? AND master = ?
                AND (withdrawn_at IS NOT NULL OR barrings <> '{}')
            ORDER BY withdrawn_at IS NULL, id LIMIT 1
            """, [sku, master.rawValue]
        ).map(version)
    }
}
