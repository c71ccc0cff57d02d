import Foundation
import Host
import Model
import Synchronization
import Testing

@testable import Bookkeeping

/// A ledger in a directory of its own, with a clock that goes on when told to.
final class Book: Sendable {
    let directory: String
    let ledger: Ledger
    let clock = Clock()

    init() throws {
        directory = NSTemporaryDirectory() + "book-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        ledger = try Ledger(directory: directory, clock: WallClock { [clock] in clock.now })
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    final class Clock: Sendable {
        private let time = Mutex(Date(timeIntervalSince1970: 1_780_000_000))
        var now: Date { time.withLock(\.self) }
        func step(_ seconds: Double) { time.withLock { $0.addTimeInterval(seconds) } }
    }

    var now: Date { clock.now }

    // MARK: Values

    static let recipe = Recipe(
        size: SizeRange(
            min: PixelSize(width: 500, height: 500), max: PixelSize(width: 1000, height: 1000)),
        fit: .pad, background: Color(red: 255, green: 255, blue: 255), format: .jpeg,
        minQuality: 80, maxQuality: 92, maxBytes: 1_000_000)

    static let inspection = Inspection(
        format: .png, size: PixelSize(width: 2000, height: 2000), orientation: 1, pages: 1,
        bands: 3, bitsPerBand: 8, hasAlpha: false, space: "srgb", hasProfile: true)

    static func hash(_ seed: String) -> ContentHash { ContentHash.of(Data(seed.utf8)) }
    static func key(_ seed: String) -> ContentHash { hash("rendition of \(seed)") }

    static func receipt(_ seed: String) -> Receipt {
        Receipt(
            sha256: hash("bytes of \(seed)"), bytes: 90_000, format: .jpeg,
            size: PixelSize(width: 1000, height: 1000), bands: 3, hasAlpha: false, space: "srgb",
            rings: [], renderer: [:])
    }

    func approval(
        _ by: String = "maria", seq: Int = 1, at: Double = 0, of seed: String? = nil
    ) -> Approval {
        Approval(
            by: by, at: Date(timeIntervalSince1970: 1_779_000_000 + at), seq: seq,
            sha256: seed.map(Self.hash))
    }

    // MARK: Steps

    /// - Parameter seed: names the master's bytes.
    @discardableResult
    func accept(
        _ seed: String, _ assets: [Asset] = [Asset(sku: "A1", view: "front")],
        from path: String? = nil, _ edit: (inout Declaration) -> Void = { _ in }
    ) async throws -> [Asset] {
        var declaration = Declaration(assets: assets, approval: approval())
        edit(&declaration)
        return try await ledger.accept(
            Arrival(
                path: path ?? "\(seed).png", fingerprint: seed, batch: nil,
                declaration: declaration, master: Self.hash(seed), bytes: 1000, format: .png))
    }

    func inspected(_ seed: String, _ assets: [Asset]) async throws {
        try await accept(seed, assets)
        try await ledger.recordInspection(Self.inspection, of: Self.hash(seed))
    }

    func row(_ name: String, sku: String = "A1") async throws -> Delivery? {
        try await ledger.skuState(sku).deliveries.first { $0.name.rawValue == name }
    }

    /// What reconciling would find: the master `seed` wanted under a name.
    func wish(
        _ seed: String, as name: String, sku: String = "A1", view: String = "front",
        passed: Bool = false, replaces: Bool = false, version: Int64 = 1, old: Delivery? = nil
    ) throws -> DeliveryChange {
        var wanted = try wanted(seed, as: name, sku: sku, view: view, version: version)
        wanted.passed = passed
        return .want(wanted, replaces: replaces, over: old)
    }

    func wanted(
        _ seed: String, as name: String, sku: String = "A1", view: String = "front",
        version: Int64 = 1
    ) throws -> Wanted {
        Wanted(
            channel: "shop", name: try #require(RemoteName(rawValue: name)),
            asset: Asset(sku: sku, view: view), slot: "main", position: 1, version: version,
            master: Self.hash(seed), rendition: "hero", key: Self.key(seed), recipe: Self.recipe,
            passed: false)
    }

    func settle(
        _ changes: [DeliveryChange], sku: String = "A1", refused: [Refused] = [],
        boundary: Date? = nil
    ) async throws {
        try await ledger.settle(
            try await ledger.skuRecord(sku), changes: changes, refused: refused, channels: ["shop"],
            boundary: boundary)
    }

    /// The rendition of `seed` exists, and every row that waits for it may go on.
    func render(_ seed: String) async throws {
        let waiting = try await ledger.waiting(for: Self.key(seed))
        try await ledger.recordRendition(
            MadeRendition(key: Self.key(seed), file: "ab/\(seed).jpg", receipt: Self.receipt(seed)),
            passing: waiting.map(\.id))
    }

    func claim(
        _ limit: Int = 100, replacements: Int = .max, sends: Int? = nil
    ) async throws -> (claims: [Claim], guarded: Int) {
        try await ledger.claim(
            channel: "shop", limit: limit, replacements: replacements,
            sends: sends, delay: { Double($0 + 1) * 10 })
    }

    /// Wanted, rendered, sent and confirmed.
    @discardableResult
    func live(
        _ seed: String, as name: String, sku: String = "A1", view: String = "front",
        version: Int64 = 1
    ) async throws -> Delivery {
        let old = try await row(name, sku: sku)
        try await settle(
            [try wish(seed, as: name, sku: sku, view: view, version: version, old: old)], sku: sku)
        try await render(seed)
        for claim in try await self.claim().claims where claim.delivery.name.rawValue == name {
            try await ledger.confirm(claim, by: .hash)
        }
        return try #require(try await row(name, sku: sku))
    }

    func record(_ products: [Product]) async throws -> Int {
        try await Lane("products").run { [ledger] () throws(LedgerError) in
            try ledger.record(products.map { RecordedProduct($0) }, in: "p.csv")
        }
    }

    func takeProfile(revision: String = "1") async throws {
        try await ledger.take(
            channel: "shop", file: "shop.yaml", text: "channel: shop", revision: revision,
            address: nil, state: "live", doubt: nil)
    }

    func execute(_ sql: String) async throws {
        try await ledger.write("test") { try $0.run(sql) }
    }

    func integer(_ sql: String) async throws -> Int? {
        try await ledger.read("test") { try $0.first(Int.self, sql) }
    }

    func text(_ sql: String) async throws -> String? {
        try await ledger.read("test") { try $0.first(String.self, sql) }
    }

    /// The counts table, and what it should say.
    func counts() async throws -> (kept: [String: Int], true: [String: Int]) {
        func read(_ sql: String) async throws -> [String: Int] {
            try await ledger.read("test") { database in
                let rows = try database.rows(sql)
                return Dictionary(
                    uniqueKeysWithValues: rows.map { (($0["k"] as String), ($0["n"] as Int)) })
            }
        }
        return (
            try await read("SELECT scope || ' ' || name AS k, number AS n FROM count WHERE n <> 0"),
            try await read(
                """
                SELECT 'delivery ' || channel || ' ' || state AS k, COUNT(*) AS n
                    FROM delivery GROUP BY k
                UNION ALL SELECT 'held ' || channel || IIF(held_key IS NULL, ' no', ' yes') AS k,
                    COUNT(*) AS n FROM delivery GROUP BY k
                UNION ALL SELECT 'verdict ' || channel || ' ' || gate AS k, COUNT(*) AS n
                    FROM verdict GROUP BY k
                UNION ALL SELECT 'source ' || state AS k, COUNT(*) AS n FROM source GROUP BY k
                """)
        )
    }
}

extension Gate {
    static func sample(_ kind: Kind, _ message: String = "closed") -> Gate {
        Gate(kind, message, turn: "ops")
    }
}
