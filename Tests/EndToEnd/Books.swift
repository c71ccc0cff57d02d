import Foundation
import GRDB
import Host
import Model
import Support
import Testing
import Wire

/// What the daemon's ledger says, read beside it.
struct Books {
    let path: String

    func rows(_ sql: String, _ arguments: StatementArguments = []) throws -> [Row] {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: path, configuration: configuration).read { database in
            try Row.fetchAll(database, sql: sql, arguments: arguments)
        }
    }

    func number(_ sql: String) throws -> Int {
        try rows(sql).first?[0] as Int? ?? 0
    }

    func events(_ kind: String) throws -> Int {
        try number("SELECT COUNT(*) FROM event WHERE kind = '\(kind)'")
    }

    /// What is known and held, without ids, times and counters: equal after equal histories.
    func essence() throws -> [String] {
        let versions = try rows(
            "SELECT sku, view, number, master, withdrawn_at IS NULL AS used FROM version")
        let deliveries = try rows(
            "SELECT channel, name, slot, position, key, state, held_key, held_sha256 FROM delivery")
        let renditions = try rows(
            "SELECT key, master, sha256 FROM rendition WHERE file IS NOT NULL")
        let verdicts = try rows("SELECT channel, sku, view, gate FROM verdict")
        return [versions, deliveries, renditions, verdicts].flatMap { rows in
            rows.map { row in
                row.map { "\($0.0)=\($0.1)" }.joined(separator: " ")
            }.sorted()
        }
    }
}

extension Site {
    var books: Books { Books(path: home.path("state/ledger.sqlite")) }

    /// Names, and the hashes of the bytes under them, as the channel has them.
    func tree(_ channel: Channel) throws -> [String: String] {
        try Self.tree(below: root(of: channel))
    }

    static func tree(below root: String) throws -> [String: String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: root)
        var tree: [String: String] = [:]
        for name in names {
            do throws(HostError) {
                tree[name] = try Files.digest(path: "\(root)/\(name)").sha256.rawValue
            } catch {
                // A temporary file that has its final name by now.
                guard error.isAbsent else { throw error }
            }
        }
        return tree
    }

    /// Inode and time of change of every file on every channel: sent again is seen.
    func stamps() throws -> [String: String] {
        var stamps: [String: String] = [:]
        for channel in Channel.allCases {
            for name in try tree(channel).keys {
                let path = root(of: channel) + "/" + name
                let status = try OpenFile.open(path, O_RDONLY).status()
                stamps[path] =
                    "\(status.st_ino) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
            }
        }
        return stamps
    }

    /// Addresses of the pictures the published feed names, without the public base.
    func feedImages() throws -> Set<String> {
        guard let text = try? String(contentsOfFile: feedPath, encoding: .utf8) else { return [] }
        let links = text.matches(of: /<g:(?:additional_)?image_link>([^<]*)</).map { String($0.1) }
        return Set(links.map { $0.replacing("\(webBase)img/", with: "") })
    }

    /// None before the first edition.
    func feedIDs() throws -> [String] {
        guard FileManager.default.fileExists(atPath: feedPath) else { return [] }
        let text = try String(contentsOfFile: feedPath, encoding: .utf8)
        return text.matches(of: /<g:id>([^<]*)</).map { String($0.1) }.sorted()
    }

    func status() async throws -> StatusAnswer {
        let (code, output) = try await sluice("status", "--json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .iso8601
        do {
            return try decoder.decode(StatusAnswer.self, from: Data(output.utf8))
        } catch {
            throw Failed("status answered \(code): \(output)")
        }
    }
}

struct Failed: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
