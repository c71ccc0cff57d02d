import Foundation
import Host
import Model

/// What the ledger is found to have lost. While that stands, every channel is unsure: nothing is
/// sent, taken away or published there until a person resumes.
package struct Loss: Codable, Hashable, Sendable {
    /// `the ledger is gone, …`
    package var what: String
    /// The newest decision that went with it; nil when none did, or none is known.
    package var decision: Ruling?
    /// A person has brought a snapshot back; what is left to do is to look, and to resume.
    package var isRestored = false

    /// How a channel is held meanwhile; the rest is told once, for all.
    static func hold(_ channel: String) -> String {
        "the ledger has lost what it knew; 'sluice resume \(channel)' goes on with what it knows now"
    }

    /// Compares a ledger that has just been opened with its mark and, where that is missing too,
    /// with what lies in the store.
    static func found(
        _ ledger: HighWater.Mark, knowsNothing: Bool, mark: HighWater.Mark?, storeIsUsed: Bool
    ) -> Loss? {
        guard let mark else {
            // Its very first start writes a mark before anything else is done.
            guard knowsNothing || ledger.generation <= 1 else {
                return Loss(
                    what:
                        "how far the ledger had come is not known: '\(HighWater.fileName)', which "
                        + "stood beside it, is gone")
            }
            guard knowsNothing, storeIsUsed else { return nil }
            return Loss(
                what: "the ledger is gone, and a new, empty one was begun; the store still holds "
                    + "pictures it knows nothing of")
        }
        guard ledger.installation == mark.installation else {
            let what =
                knowsNothing
                ? "the ledger is gone, and a new, empty one was begun"
                : "the ledger is that of another installation"
            return Loss(what: what, decision: mark.decision)
        }
        guard ledger.generation < mark.generation else { return nil }
        return Loss(
            what: "the ledger is older than it was: it ends with change "
                + "\(ledger.generation) of \(mark.generation)",
            decision: mark.lost(since: ledger.generation))
    }

    /// Makes it known in the ledger, which goes on from here as the installation's own.
    func declare(
        over mark: HighWater.Mark?, at now: Date, in database: Connection
    ) throws {
        try database.run(
            """
            UPDATE identity SET installation = COALESCE(?, installation),
                generation = MAX(generation, ?), loss = ?
            """, [mark?.installation, mark?.generation ?? 0, try Column.json(self)])
        try database.run("UPDATE channel SET unsure = 1, lost = 1")
        try database.run("DELETE FROM sought")
        // What is published may be another edition than the last one known here: it is sent again.
        try database.run("UPDATE fact SET value = '' WHERE name GLOB 'feed place *'")
        try Ledger.log("lost", nil, "ledger", what, at: now, in: database)
    }

    /// The last channel that was unsure has been resumed. One whose profile has never been good in
    /// this ledger cannot be resumed, and stays unsure until it is.
    static func settle(in database: Connection) throws {
        try database.run(
            """
            UPDATE identity SET loss = NULL WHERE loss IS NOT NULL
                AND NOT EXISTS (
                    SELECT 1 FROM channel WHERE unsure = 1 AND text IS NOT NULL)
            """)
    }
}

extension HighWater.Mark {
    func lost(since generation: Int64) -> Ruling? {
        decision.flatMap { $0.generation > generation ? $0 : nil }
    }

    /// Of the ledger itself.
    static func own(in database: Connection) throws -> HighWater.Mark {
        guard let row = try database.row("SELECT * FROM identity") else {
            throw Corruption(message: "the ledger does not say which one it is")
        }
        return HighWater.Mark(installation: row["installation"], generation: row["generation"])
    }
}

extension Ledger {
    package func loss() async throws(LedgerError) -> Loss? {
        try await read("ask what is lost") { database in
            try Column.optional(
                Loss.self, database.first(String.self, "SELECT loss FROM identity"))
        }
    }

    /// A person says that it may go on with what it knows, on every channel.
    /// - Returns: the number of channels that go on.
    package func resumeUnsure(by who: String) async throws(LedgerError) -> Int {
        let now = now()
        return try await write("go on with the ledger") { database in
            let channels = try database.all(
                String.self,
                """
                UPDATE channel SET unsure = 0, cursor = '' WHERE unsure = 1 RETURNING name
                """)
            for channel in channels { try Self.touchFeed(channel, at: now, in: database) }
            try Loss.settle(in: database)
            try Self.log("resumed", nil, "ledger", "by \(who)", at: now, in: database)
            return channels.count
        }
    }

    /// Compares the ledger with its mark, makes a loss known, and counts this start.
    static func measure(
        _ engine: Engine, directory: String, storeIsUsed: Bool, at now: Date
    ) throws -> HighWater {
        let reading = Result { try HighWater.read(directory) }
        let mark = try? reading.get()
        let (next, lastEvent) = try engine.write { database in
            let own = try HighWater.Mark.own(in: database)
            let knowsNothing =
                try database.first(Bool.self, "SELECT NOT EXISTS (SELECT 1 FROM master)") ?? true
            let loss: Loss? =
                switch reading {
                case .success(let mark):
                    Loss.found(
                        own, knowsNothing: knowsNothing, mark: mark, storeIsUsed: storeIsUsed)
                case .failure(let error):
                    Loss(
                        what: "whether the ledger is the newest cannot be told: "
                            + "'\(directory)/\(HighWater.fileName)' cannot be read (\(error))")
                }
            try loss?.declare(over: mark, at: now, in: database)
            try database.run("UPDATE identity SET generation = generation + 1")
            var next = try HighWater.Mark.own(in: database)
            next.decision = mark?.decision
            let lastEvent = try database.first(Int64.self, "SELECT MAX(id) FROM event")
            return (next, lastEvent ?? 0)
        }
        // Only now: the mark must never be ahead of what is on disk.
        return HighWater(directory: directory, mark: next, lastEvent: lastEvent)
    }
}
