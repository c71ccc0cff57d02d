import Foundation
import GRDB
import Model
import Support
import Testing
import Wire

// The daemon is another process: it is asked again and again, never longer than a deadline.
extension Site {
    /// Waits until `condition` holds.
    func wait(
        seconds: Double = 40, for what: String, _ condition: () async throws -> Bool
    ) async throws {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while !(try await condition()) {
            guard isRunning else { throw Failed("the daemon ended while waiting for: \(what)") }
            guard Date() < deadline else {
                let status = try await sluice("status").output
                throw Failed("not within \(seconds) s: \(what)\n\(status)")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Waits until the daemon has seen all that lies in the spool and has nothing left to do.
    func settle(seconds: Double = 40) async throws {
        // What is in the ledger already does not tell that it listens.
        try await ready()
        try await wait(seconds: seconds, for: "every source in the ledger, then idle") {
            guard try unseen().isEmpty else { return false }
            return try await status().idle
        }
    }

    /// Pictures in the spool without a row.
    func unseen() throws -> [String] {
        guard FileManager.default.fileExists(atPath: books.path) else { return ["all"] }
        let rows = (try? books.rows("SELECT path FROM source")) ?? []
        let known = Set(rows.map { $0["path"] as String })
        let names = try FileManager.default.subpathsOfDirectory(atPath: home.path("spool"))
        return names.filter { name in
            !name.hasSuffix(".yaml") && !name.hasSuffix(".xmp") && !known.contains(name)
        }
    }

    /// True when the daemon is gone, or goes within two seconds.
    func endsSoon() async -> Bool {
        for _ in 0..<40 where isRunning { try? await Task.sleep(for: .milliseconds(50)) }
        return !isRunning
    }

    func ready() async throws {
        try await wait(for: "the daemon to answer") {
            try await sluice("status", "--json").output.hasPrefix("{")
        }
    }

    func state(_ channel: Channel, _ sku: String) throws -> [String] {
        try books.rows(
            "SELECT state FROM delivery WHERE channel = ? AND sku = ? ORDER BY name",
            [channel.rawValue, sku]
        ).map { $0["state"] }
    }
}
