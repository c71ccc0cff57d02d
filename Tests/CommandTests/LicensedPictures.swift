import Bookkeeping
import Foundation
import Host
import Model
import Profiles
import Testing
import Wire

/// One picture for each way to be licensed, a SKU each, all of them live on every channel, whatever
/// their licence says to that.
struct LicensedPictures {
    struct Way: Sendable {
        var name: String
        /// What stands beside the picture.
        var declares: @Sendable (inout Declaration) -> Void = { _ in }
        /// What the picture says itself.
        var says: @Sendable (inout PictureMetadata) -> Void = { _ in }
        /// What happens then.
        var then: @Sendable (Ledger, String) async throws -> Void = { _, _ in }
    }

    static let start = Date(timeIntervalSince1970: 1_780_000_000)
    static let (hour, day) = (3600.0, 86_400.0)
    /// When all of them are looked at.
    static let moments = [0, hour / 2, 2 * hour, day, 1.5 * day, 6 * day, 40 * day, 400 * day]
        .map { start + $0 }

    let ledger: Ledger
    let profiles: [Profile]
    private let directory: String

    init() async throws {
        directory = NSTemporaryDirectory() + "licensed-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        ledger = try Ledger(
            directory: directory, clock: WallClock { Self.start }, zone: Self.zone)
        profiles = try Self.channels.map { try Self.profile($0.key, $0.value) }
            .sorted { $0.channel < $1.channel }
        for (number, way) in Self.ways.enumerated() { try await take(way, "S\(number)") }
        for number in Self.ways.indices { try await want("S\(number)") }
        try await deliver()
    }

    func remove() { try? FileManager.default.removeItem(atPath: directory) }

    // MARK: Channels

    private static let zone = TimeZone(identifier: "Europe/Berlin") ?? .gmt

    /// Channel → market, audience, and how its renditions are made.
    private static let channels: [String: (String, String, String)] = [
        "one": ("market: [DE]", "public", "fit: pad"),
        "two": ("market: [DE, AT]", "public", "fit: cover"),
        "three": ("", "public, trade", "fit: pad"),
        "four": ("market: [FR]", "trade", "fit: pad\n    color: gray"),
        "five": ("market: [EU]", "public", "fit: pad\n    whitened: yes"),
    ]

    private static func profile(
        _ channel: String, _ terms: (market: String, audience: String, making: String)
    ) throws -> Profile {
        let isWhitened = terms.making.contains("whitened")
        let making = terms.making.replacing("\n    whitened: yes", with: "")
        let text = """
            channel: \(channel)
            state: live
            \(terms.market)
            select: {audience: [\(terms.audience)]}
            slots:
              main: {view: front, rendition: hero, name: "{sku}.{ext}"}
            renditions:
              hero:
                size: 500x500..1000x1000
                \(making)
                background: {color: "#FFFFFF"\(isWhitened ? ", whiten: 6" : "")}
                format: jpeg
                max_bytes: 1MB
            deliver: {to: file:///srv/\(channel)/}
            feed:
              format: google-rss
              file: products.xml
              to: file:///srv/feeds/\(channel)/
              image_base: https://img.example.com/
              title: Shop
              link: https://shop.example.com/
              description: Products
              publish: {at_least_every: 24h}
              items:
                id: "{sku}"
                title: "Picture {sku}"
                description: "A picture"
                link: "https://shop.example.com/{sku}"
                price: "1.00 EUR"
                availability: in_stock
                image_link: slot:main
            """
        let vocabulary = Vocabulary(views: [("front", [])], zone: zone)
        return try Loader.load(text: text, file: "\(channel).yaml", vocabulary: vocabulary).get()
    }

    // MARK: What happens

    private static func master(_ seed: String) -> ContentHash { ContentHash.of(Data(seed.utf8)) }

    /// - Parameter other: other bytes, from another file.
    static func arrive(
        _ way: Way, _ sku: String, other: Bool = false, xmp: String? = nil, in ledger: Ledger
    ) async throws {
        let seed = other ? "\(sku) other" : sku
        var declaration = Declaration(
            assets: [Asset(sku: sku, view: "front")],
            approval: Approval(by: "maria", at: start - 30 * day, seq: 1))
        way.declares(&declaration)
        var inspection = Inspection(
            format: .png, size: PixelSize(width: 2000, height: 2000), orientation: 1, pages: 1,
            bands: 3, bitsPerBand: 8, hasAlpha: false, space: "srgb", hasProfile: true)
        way.says(&inspection.metadata)
        try await ledger.accept(
            Arrival(
                path: "\(seed).png", fingerprint: seed, batch: nil, declaration: declaration,
                master: master(seed), bytes: 1000, format: .png, description: xmp.map(master)))
        try await ledger.recordInspection(inspection, of: master(seed))
    }

    private func take(_ way: Way, _ sku: String) async throws {
        try await Self.arrive(way, sku, in: ledger)
        try await way.then(ledger, sku)
    }

    /// As though nothing were against it.
    private func want(_ sku: String) async throws {
        for profile in profiles {
            let record = try await ledger.skuRecord(sku)
            var free = record.state
            free.deliveries = []
            free.versions = free.versions.prefix(1).map { $0.unbound(for: profile.use()) }
            let wanted = profile.want(free, at: Self.start).flatMap(\.wanted)
            #expect(wanted.count == 1, "\(sku) on \(profile.channel)")
            try await ledger.settle(
                record, changes: wanted.map { .want($0, replaces: false, over: nil) }, refused: [],
                channels: [], boundary: nil)
        }
    }

    private func deliver() async throws {
        for job in try await ledger.rendersWaiting(limit: 1000) {
            for item in job.items {
                let receipt = Receipt(
                    sha256: Self.master("\(item.key)"), bytes: 90_000, format: .jpeg,
                    size: PixelSize(width: 1000, height: 1000), bands: 3, hasAlpha: false,
                    space: "srgb", rings: [], renderer: [:])
                try await ledger.recordRendition(
                    MadeRendition(key: item.key, file: "\(item.key).jpg", receipt: receipt),
                    passing: try await ledger.waiting(for: item.key).map(\.id))
            }
        }
        for profile in profiles {
            let claims = try await ledger.claim(
                channel: profile.channel, limit: 1000, replacements: .max, sends: nil,
                delay: { _ in 60 }
            ).claims
            for claim in claims { try await ledger.confirm(claim, by: .hash) }
        }
    }
}

extension LicensedPictures {
    static let ways =
        [
            Way(name: "nothing restricts it"),
            Way(name: "begins soon", declares: { $0.rights.from = start + hour }),
            Way(name: "begins later", declares: { $0.rights.from = start + 10 * day }),
            Way(name: "has begun", declares: { $0.rights.from = start - day }),
            Way(name: "has ended", declares: { $0.rights.until = start - day }),
            Way(name: "ends soon", declares: { $0.rights.until = start + hour }),
            Way(name: "ends while an edition stands", declares: { $0.rights.until = start + day }),
            Way(name: "ends later", declares: { $0.rights.until = start + 30 * day }),
            Way(
                name: "for some days",
                declares: {
                    $0.rights.from = start + day
                    $0.rights.until = start + 5 * day
                }),
            Way(name: "for Germany", declares: { $0.rights.markets = ["DE"] }),
            Way(name: "for two countries", declares: { $0.rights.markets = ["DE", "AT"] }),
            Way(name: "for the union", declares: { $0.rights.markets = ["EU"] }),
            Way(
                name: "for France, until later",
                declares: {
                    $0.rights.markets = ["FR"]
                    $0.rights.until = start + 3 * day
                }),
            Way(name: "not there", declares: { $0.rights.notOn = ["one", "five"] }),
            Way(name: "for the trade", declares: { $0.audience = "trade" }),
            Way(name: "internal", declares: { $0.audience = "internal" }),
            Way(name: "not cropped", declares: { $0.rights.noCrop = true }),
            Way(
                name: "withdrawn beside it",
                declares: { $0.withdrawn = Withdrawal(at: start - day, because: "wrong") }),
            Way(name: "not approved", declares: { $0.approval = nil }),
            Way(name: "approved for later", declares: { $0.approval?.at = start + 2 * day }),
            Way(
                name: "other bytes were approved",
                declares: { $0.approval?.sha256 = ContentHash.of(Data("other".utf8)) }),
        ] + inside + events

    private static let inside = [
        Way(name: "ends by its own word", says: { $0.usableUntil = ["2026-05-29"] }),
        Way(name: "begins by its own word", says: { $0.usableFrom = ["2026-05-30"] }),
        Way(
            name: "the narrowest counts", declares: { $0.rights.until = start + 30 * day },
            says: { $0.usableUntil = ["2026-06-01", "2026-12-31"] }),
        Way(name: "nobody understands it", says: { $0.usableUntil = ["until revoked"] }),
        Way(name: "not cropped by its own word", says: { $0.constraints = ["AL-CRP"] }),
        Way(name: "not retouched", says: { $0.constraints = ["AL-RET"] }),
        Way(name: "colours stay", says: { $0.constraints = ["AL-DCL", "AL-FLP"] }),
        Way(
            name: "overridden",
            declares: {
                $0.rights.overridesEmbedded = true
                $0.rights.because = "renewed"
            },
            says: {
                $0.usableUntil = ["2020-01-01", "until revoked"]
                $0.constraints = ["AL-CRP"]
            }),
    ]

    private static let events = [
        Way(
            name: "withdrawn everywhere",
            then: { ledger, sku in
                _ = try await ledger.withdraw(
                    sku: sku, view: nil, number: nil, channel: nil, because: "stolen", by: "maria")
            }),
        Way(
            name: "withdrawn from one",
            then: { ledger, sku in
                _ = try await ledger.withdraw(
                    sku: sku, view: nil, number: nil, channel: "two", because: "sold", by: "maria")
            }),
        Way(
            name: "approval taken back",
            then: { ledger, sku in
                try await arrive(
                    Way(name: "again", declares: { $0.approval = nil }), sku, in: ledger)
            }),
        Way(
            name: "two claim its place",
            then: { ledger, sku in
                try await arrive(Way(name: "other"), sku, other: true, in: ledger)
            }),
        Way(
            name: "two claim its place, and it ends",
            declares: { $0.rights.until = start + 5 * day },
            then: { ledger, sku in
                try await arrive(Way(name: "other"), sku, other: true, in: ledger)
            }),
        Way(
            name: "its xmp cannot be read",
            then: { ledger, sku in
                try await arrive(Way(name: "again"), sku, xmp: "bad", in: ledger)
                _ = try await ledger.recordUnreadable(xmp: master("bad"), because: "it is no XML")
            }),
        Way(
            name: "its xmp says when it ends",
            then: { ledger, sku in
                var said = PictureMetadata()
                said.usableUntil = ["2026-06-02"]
                try await arrive(Way(name: "again"), sku, xmp: "good", in: ledger)
                try await ledger.recordXMP(said, of: master("good"))
            }),
    ]
}
