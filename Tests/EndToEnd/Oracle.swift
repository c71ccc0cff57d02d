import Foundation
import GRDB
import Host
import Model
import Support
import Testing
import Wire

/// The seven invariants, as far as one can see them from outside, over spool, ledger, remote trees
/// and feed. Asked when the daemon is idle; it may be gone.
struct Oracle {
    let site: Site
    private let books: Books

    init(_ site: Site) {
        self.site = site
        books = site.books
    }

    func check(_ comment: String = "", at place: SourceLocation = #_sourceLocation) async throws {
        var wrong = try nothingLost() + nothingStray() + nothingUnattended()
        for channel in Channel.allCases { wrong += try nothingWrong(channel) }
        wrong += try await feedIsTrue()
        if site.isRunning { wrong += try await statusIsHonest() }
        #expect(wrong == [], "\(comment)", sourceLocation: place)
    }

    /// I1: every source has a row; what was accepted is on its way, there, or refused with a reason.
    private func nothingLost() throws -> [String] {
        var wrong = try site.unseen().map { "no row for '\($0)'" }
        wrong += try books.rows(
            "SELECT path FROM source WHERE state = 'quarantined' AND COALESCE(reason, '') = ''"
        ).map { "'\($0["path"] as String)' is quarantined without a reason" }
        wrong += try books.rows(
            """
            SELECT sku, view, channel.name AS channel FROM version, channel
            WHERE channel.state = 'live' AND NOT EXISTS (SELECT 1 FROM delivery
                    WHERE delivery.channel = channel.name AND delivery.sku = version.sku
                        AND delivery.view = version.view)
                AND NOT EXISTS (SELECT 1 FROM verdict
                    WHERE verdict.channel = channel.name AND verdict.sku = version.sku
                        AND verdict.view = version.view)
            """
        ).map {
            "\($0["sku"] as String) \($0["view"] as String) is lost on \($0["channel"] as String)"
        }
        return wrong
    }

    /// I1: what is not at rest has a next time, or says what it waits for.
    private func nothingUnattended() throws -> [String] {
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        return try books.rows(Unattended.sql(at: now)).map { $0[0] as String }
    }

    /// I2: each file is a measured rendition of a version in use, under exactly its name.
    private func nothingWrong(_ channel: Channel) throws -> [String] {
        var there = try site.tree(channel)
        var wrong: [String] = []
        let rows = try books.rows(
            """
            SELECT delivery.*, rendition.sha256 AS made, rendition.receipt, version.withdrawn_at,
                version.approval
            FROM delivery JOIN rendition ON rendition.key = delivery.held_key
            JOIN version ON version.id = delivery.held_version
            WHERE channel = ? AND held_key IS NOT NULL
            """, [channel.rawValue])
        for row in rows {
            let name: String = row["name"]
            let bytes = there.removeValue(forKey: name)
            if bytes != row["made"] || bytes != row["held_sha256"] {
                wrong.append("\(channel): '\(name)' is \(bytes ?? "absent"), not \(row["made"]!)")
            }
            if (row["receipt"] as String?) == nil { wrong.append("'\(name)' was never measured") }
            if (row["approval"] as String?) == nil { wrong.append("'\(name)' is not approved") }
            if (row["withdrawn_at"] as Int64?) != nil { wrong.append("'\(name)' is withdrawn") }
        }
        return wrong + there.keys.map { "\(channel): stray '\($0)'" }
    }

    /// I3: the feed parses, names only what is there, and all products that could be in it.
    private func feedIsTrue() async throws -> [String] {
        let live = try books.rows(
            "SELECT DISTINCT sku FROM delivery WHERE channel = 'web' AND slot = 'main' "
                + "AND state = 'live' ORDER BY sku"
        ).map { $0["sku"] as String }
        guard FileManager.default.fileExists(atPath: site.feedPath) else {
            return live.isEmpty ? [] : ["no feed, and \(live) are live"]
        }
        let path = site.feedPath
        try await Lane("xmllint").run { () throws(any Error) in
            _ = try Tool.run("xmllint", ["--noout", path], package: "libxml2-utils")
        }
        var wrong: [String] = []
        let there = try site.tree(.web)
        wrong += try site.feedImages().filter { there[$0] == nil }
            .map { "the feed names '\($0)', which is not there" }
        if try site.feedIDs() != live { wrong.append("feed \(try site.feedIDs()), live \(live)") }
        return wrong
    }

    /// No unfinished file anywhere in the state directory.
    private func nothingStray() throws -> [String] {
        let state = site.home.path("state")
        let renditions = try FileManager.default.subpathsOfDirectory(atPath: state + "/renditions")
            .filter { $0.contains("/") }
        let known = Set(
            try books.rows("SELECT file FROM rendition WHERE file IS NOT NULL")
                .map { $0["file"] as String })
        return known.subtracting(renditions).map { "'\($0)' is not in the store" }
            + renditions.filter { $0.hasSuffix(".tmp") }
    }

    /// I6: what status calls live is live, and nothing waits while it says idle.
    private func statusIsHonest() async throws -> [String] {
        let status = try await site.status()
        var wrong: [String] = []
        for channel in status.channels {
            let live = try books.number(
                "SELECT COUNT(*) FROM delivery WHERE channel = '\(channel.name)' AND state = 'live'"
            )
            if channel.deliveries[.live, default: 0] != live {
                wrong.append("status says \(channel.deliveries) on \(channel.name), not \(live)")
            }
            if channel.light == .green, !channel.reasons.isEmpty { wrong.append("green, but") }
        }
        if status.verdict == .ok, status.channels.contains(where: { $0.light != .green }) {
            wrong.append("ok, and not all are green")
        }
        return wrong
    }
}
