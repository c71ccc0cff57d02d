package import Foundation

// What lies in the spool and cannot be used, and what a person says to it.
extension Ledger {
    /// Along the two indexes: most sources are good, and there may be a million.
    private static let refused = """
        SELECT * FROM source INDEXED BY source_quarantined WHERE state = 'quarantined'
        UNION ALL SELECT * FROM source INDEXED BY source_dismissed WHERE state = 'dismissed'
        """

    /// A source that was refused.
    package struct Refusee: Sendable, Hashable {
        package var path: String
        package var fingerprint: String
        package var reason: String
        /// Intake's word for what is wrong; nil where the bytes themselves turned out unusable.
        package var code: String?
        package var skus: [String]
        package var since: Date
        package var dismissed: Bool

        fileprivate init(_ row: Row) {
            path = row["path"]
            fingerprint = row["fingerprint"]
            reason = row["reason"] ?? ""
            code = row["code"]
            skus = (row["skus"] as String).split(separator: "\n").map(String.init)
            since = row.date("seen") ?? .distantPast
            dismissed = row["state"] == "dismissed"
        }
    }

    /// Remembers that this very file, as it is now, cannot be used, and why. What a person has
    /// dismissed stays so while the file is the same.
    /// - Parameters:
    ///   - fingerprint: of the file and what belongs to it.
    ///   - revision: of the settings by which it was judged: another one judges anew.
    ///   - code: intake's word for what is wrong.
    package func quarantine(
        path: String, fingerprint: String, revision: String = "", skus: [String], reason: String,
        code: String? = nil
    ) async throws(LedgerError) {
        let now = now()
        let judged = revision.isEmpty ? fingerprint : fingerprint + " " + revision
        try await write("quarantine '\(path)'", canWait: true) { database in
            let old = try database.row(
                "SELECT * FROM source WHERE path = ? AND state = 'dismissed'", [path]
            ).map(Refusee.init)
            // By whatever settings it was judged: a revision stands behind a blank.
            let isSame =
                old.map { ($0.fingerprint + " ").hasPrefix(fingerprint + " ") } ?? false
            try Self.recordSource(
                path, judged, state: isSame ? "dismissed" : "quarantined", master: nil, skus: skus,
                reason: reason, code: code, at: now, in: database)
            if !isSame { try Self.log("quarantined", nil, path, reason, at: now, in: database) }
        }
    }

    /// By path; those a person has dismissed are not told.
    package func quarantined(
        limit: Int
    ) async throws(LedgerError) -> (files: [Refusee], all: Int, dismissed: Int) {
        try await read("list the quarantine") { database in
            let files = try database.rows(
                "SELECT * FROM source WHERE state = 'quarantined' ORDER BY path LIMIT ?", [limit]
            ).map(Refusee.init)
            func number(_ state: String) throws -> Int {
                try database.first(
                    Int.self, "SELECT number FROM count WHERE scope = 'source' AND name = ?",
                    [state]) ?? 0
            }
            return (files, try number("quarantined"), try number("dismissed"))
        }
    }

    /// Refused sources that name this SKU, in themselves or in their path.
    package func quarantined(
        naming sku: String, limit: Int
    ) async throws(LedgerError) -> [Refusee] {
        let found = try await read("look for quarantined sources of '\(sku)'") { database in
            try database.rows(
                """
                SELECT * FROM (\(Self.refused))
                WHERE instr(char(10) || skus || char(10), char(10) || ? || char(10)) > 0
                    OR instr(path, ?) > 0 ORDER BY path LIMIT 1000
                """, [sku, sku]
            ).map(Refusee.init)
        }
        return Array(found.filter { $0.names(sku) }.prefix(limit))
    }

    /// A page of what was refused, dismissed or not, in the order of paths.
    package func refused(
        after path: String, limit: Int
    ) async throws(LedgerError) -> [Refusee] {
        try await read("page through the quarantine") { database in
            try database.rows(
                """
                SELECT * FROM (\(Self.refused)) WHERE path > ? ORDER BY path LIMIT ?
                """, [path, limit]
            ).map(Refusee.init)
        }
    }

    /// Their files are gone from the spool. What has changed meanwhile stays.
    /// - Returns: the paths forgotten.
    package func forget(_ gone: [Refusee]) async throws(LedgerError) -> [String] {
        let now = now()
        return try await write("forget \(gone.count) files that are gone") { database in
            try gone.filter { file in
                try database.run(
                    """
                    DELETE FROM source WHERE path = ? AND fingerprint = ?
                        AND state IN ('quarantined', 'dismissed')
                    """, [file.path, file.fingerprint])
                guard database.changes > 0 else { return false }
                try Self.log(
                    "cleared", nil, file.path, "it is gone from the spool", at: now, in: database)
                return true
            }.map(\.path)
        }
    }

    /// A person says that they may lie there. All or none.
    /// - Parameter paths: nil: whatever is quarantined now.
    /// - Returns: the paths dismissed, and of those that were named the ones that are not there.
    package func dismiss(
        _ paths: [String]?, by who: String
    ) async throws(LedgerError) -> (dismissed: [String], unknown: [String]) {
        let now = now()
        return try await write("dismiss quarantined files") { database in
            let open = try database.all(
                String.self, "SELECT path FROM source WHERE state = 'quarantined'")
            let known = Set(open)
            let unknown = (paths ?? []).filter { !known.contains($0) }
            guard unknown.isEmpty else { return ([], unknown) }
            let named = paths ?? open
            for path in named {
                try database.run("UPDATE source SET state = 'dismissed' WHERE path = ?", [path])
                try Self.log("dismissed", nil, path, "by \(who)", at: now, in: database)
            }
            return (named, [])
        }
    }
}

extension Ledger.Refusee {
    /// In its path a SKU counts only as a whole word: `A1` is not in `A11.jpg`.
    fileprivate func names(_ sku: String) -> Bool {
        if skus.contains(sku) { return true }
        return path.ranges(of: sku).contains { range in
            let before = path[..<range.lowerBound].last
            let after = path[range.upperBound...].first
            return [before, after].allSatisfy { $0.map { !$0.isLetter && !$0.isNumber } ?? true }
        }
    }
}
