import Bookkeeping
import Foundation
import Host
import Model
import Profiles
import Synchronization
import Testing
import Wire

@testable import Export

/// A ledger, one channel, and what the reconciler, the renderer and the courier do to them, a step
/// at a time.
final class Shop: Sendable {
    static let text = """
        channel: shop
        state: live
        slots:
          main: {view: front, rendition: hero, name: "{sku}.{ext}"}
          more: {view: [back, detail], take: all, rendition: hero, name: "{sku}-{position}.{ext}"}
        renditions:
          hero:
            size: 500x500..1000x1000
            fit: pad
            background: {color: "#FFFFFF"}
            format: jpeg
            max_bytes: 1MB
        deliver: {to: file:///srv/shop/, old_stays: 14d}
        """

    static let zone = TimeZone(identifier: "Europe/Berlin") ?? .gmt
    static let hashed = ("{sku}.{ext}", "{sku}-{hash}.{ext}")

    let directory: String
    let ledger: Ledger
    private let time = Clock()
    private let current: Mutex<Profile>

    final class Clock: Sendable {
        private let time = Mutex(Date(timeIntervalSince1970: 1_780_000_000))
        var now: Date { time.withLock(\.self) }
        func step(_ seconds: Double) { time.withLock { $0.addTimeInterval(seconds) } }
    }

    init(_ edits: (String, String)...) throws {
        directory = NSTemporaryDirectory() + "shop-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        ledger = try Ledger(
            directory: directory, clock: WallClock { [time] in time.now }, zone: Self.zone)
        current = Mutex(try Self.profile(edits))
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    static func profile(_ edits: [(String, String)]) throws -> Profile {
        let text = edits.reduce(text) { $0.replacing($1.0, with: $1.1) }
        return try Loader.load(text: text, file: "shop.yaml", vocabulary: vocabulary).get()
    }

    static let vocabulary = Vocabulary(
        views: ["front", "back", "detail", "detail1"].map { (name: $0, aliases: []) }, zone: zone)

    var now: Date { time.now }
    var profile: Profile { current.withLock(\.self) }
    func step(_ seconds: Double) { time.step(seconds) }

    func edit(_ edits: (String, String)...) throws {
        let profile = try Self.profile(edits)
        current.withLock { $0 = profile }
    }

    // MARK: What happens

    static func master(_ seed: String) -> ContentHash { ContentHash.of(Data(seed.utf8)) }

    func key(_ seed: String) throws -> ContentHash {
        RenditionKey.of(
            master: Self.master(seed), recipe: try #require(profile.renditions["hero"]).recipe)
    }

    /// A master arrives, approved, and is looked into.
    func arrives(
        _ seed: String, _ view: String = "front", number: Int = 1, seq: Int = 1, side: Int = 2000,
        says metadata: PictureMetadata = PictureMetadata(), beside description: String? = nil,
        _ edit: (inout Declaration) -> Void = { _ in }
    ) async throws {
        let asset = Asset(sku: "A1", view: view, number: number)
        var declaration = Declaration(
            assets: [asset],
            approval: Approval(by: "maria", at: .init(timeIntervalSince1970: 1), seq: seq))
        edit(&declaration)
        try await ledger.accept(
            Arrival(
                path: "\(seed).png", fingerprint: seed, batch: nil, declaration: declaration,
                master: Self.master(seed), bytes: 1000, format: .png,
                description: description.map(Self.master)))
        var inspection = Inspection(
            format: .png, size: PixelSize(width: side, height: side), orientation: 1, pages: 1,
            bands: 3, bitsPerBand: 8, hasAlpha: false, space: "srgb", hasProfile: true)
        inspection.metadata = metadata
        try await ledger.recordInspection(inspection, of: Self.master(seed))
    }

    /// A product record that says so.
    func product(_ fields: [String: String]) async throws {
        try await Lane("products").run { [ledger] () throws(LedgerError) in
            let product = RecordedProduct(Product(sku: "A1", fields: fields))
            _ = try ledger.record([product], in: "p.csv")
        }
    }

    func difference() async throws -> Difference {
        Difference(record: try await ledger.skuRecord("A1"), profile: profile, now: now)
    }

    /// The same steps in the same order as the daemon's, until nothing changes any more.
    /// - Parameter sending: false: the channel takes nothing.
    func work(sending: Bool = true) async throws {
        for _ in 1...20 {
            let difference = try await difference()
            try await ledger.settle(
                try await ledger.skuRecord("A1"), changes: difference.changes,
                refused: difference.refused, channels: ["shop"], boundary: nil)
            let rendered = try await render()
            let transferred = sending ? try await transfer() : 0
            if difference.changes.isEmpty, rendered + transferred == 0 { return }
        }
        Issue.record("the work does not come to an end")
    }

    func render() async throws -> Int {
        let jobs = try await ledger.rendersWaiting(limit: 100)
        for job in jobs {
            for item in job.items {
                let waiting = try await ledger.waiting(for: item.key)
                let receipt = Receipt(
                    sha256: ContentHash.of(Data("\(item.key)".utf8)), bytes: 90_000, format: .jpeg,
                    size: PixelSize(width: 1000, height: 1000), bands: 3, hasAlpha: false,
                    space: "srgb", rings: [], renderer: [:])
                let made = MadeRendition(
                    key: item.key, file: "\(item.key).jpg", receipt: receipt)
                try await ledger.recordRendition(made, passing: waiting.map(\.id))
            }
        }
        return jobs.count
    }

    func transfer() async throws -> Int {
        let claims = try await claim()
        for claim in claims {
            if claim.delivery.state == .remove {
                try await ledger.recordAbsence(claim.delivery)
            } else {
                try await ledger.confirm(claim, by: .hash)
            }
        }
        return claims.count
    }

    /// Puts everything where a person fetches it.
    func handOver() async throws {
        for claim in try await claim() { try await ledger.handOver(claim) }
    }

    private func claim() async throws -> [Claim] {
        try await ledger.claim(
            channel: "shop", limit: 100, replacements: .max, sends: nil,
            delay: { _ in 60 }
        ).claims
    }

    // MARK: What is there then

    func rows() async throws -> [Delivery] { try await ledger.skuState("A1").deliveries }

    /// Name → the state of its row.
    func states() async throws -> [String: Delivery.State] {
        Dictionary(
            uniqueKeysWithValues: try await rows().map { ($0.name.rawValue, $0.state) })
    }

    /// Name → the master whose rendition the channel serves.
    func served(_ seeds: [String]) async throws -> [String: String] {
        let keys = try Dictionary(uniqueKeysWithValues: seeds.map { (try key($0), $0) })
        return try await rows().reduce(into: [:]) { served, row in
            if let held = row.heldKey { served[row.name.rawValue] = keys[held] ?? "?" }
        }
    }
}

extension Difference {
    /// `want a.jpg`, `drop a.jpg`, `drop a.jpg at once`, sorted.
    var summary: [String] {
        changes.map { change in
            switch change {
            case .want(let wish, let replaces, _):
                "want \(wish.name)\(replaces ? " in place of another" : "")"
            case .keep(let row): "keep \(row.name)"
            case .seek(let wish): "seek \(wish.name)"
            case .drop(let row, _, let urgent): "drop \(row.name)\(urgent ? " at once" : "")"
            }
        }.sorted()
    }

    var reasons: [String] {
        changes.compactMap { if case .drop(_, let because, _) = $0 { because } else { nil } }
    }
}
