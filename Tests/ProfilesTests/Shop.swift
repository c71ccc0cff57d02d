import Foundation
import Model
import Profiles
import Testing

/// A small channel and what is known of a SKU, for the tests of `want`.
enum Shop {
    static let text = """
        channel: shop
        state: live
        market: [DE, AT]
        select: {audience: public, product.status: [active]}
        slots:
          main: {view: front, rendition: hero, name: "{sku}.{ext}", required: true}
          more: {view: [back, detail], take: all, max: 2, rendition: hero,
                 name: "{sku}-{position:02}.{ext}"}
        renditions:
          hero:
            size: 500x500..1000x1000
            fit: pad
            background: {color: "#FFFFFF", ring: 1%, tolerance: 2}
            format: jpeg
            max_bytes: 1MB
        rules:
          - {id: floor, of: rendition, min_side: 500, source: "page", seen: 2026-01-01}
          - {id: floor, of: rendition, min_side: 800, from: 2026-06-01, source: "page", seen: 2026-01-01}
          - {id: sharp, of: master, min_side: 600, from: 2026-08-01, until: 2026-08-31,
             source: "page", seen: 2026-01-01}
        deliver: {to: file:///srv/shop/}
        """

    static func profile(_ edits: (String, String)...) throws -> Profile {
        let text = edits.reduce(text) { $0.replacing($1.0, with: $1.1) }
        return try Loader.load(text: text, file: "shop.yaml", vocabulary: .sample).get()
    }

    static func date(_ text: String) -> Date {
        (try? Date("\(text)T12:00:00Z", strategy: .iso8601)) ?? .distantPast
    }

    static let now = date("2026-03-01")

    static func master(_ seed: Int64) -> ContentHash { ContentHash.of(Data("master \(seed)".utf8)) }

    /// Approved at (seq = id); its master is `master(id)`.
    static func version(_ id: Int64, _ view: String = "front", number: Int = 1) -> Version {
        Version(
            id: id, asset: Asset(sku: "A1", view: view, number: number), master: master(id),
            approval: Approval(by: "maria", at: now, seq: Int(id)))
    }

    static func inspection(_ width: Int = 2000, _ height: Int = 2000) -> Inspection {
        Inspection(
            format: .png, size: PixelSize(width: width, height: height), orientation: 1, pages: 1,
            bands: 3, bitsPerBand: 8, hasAlpha: false, space: "srgb", hasProfile: true)
    }

    static func state(_ versions: Version..., held: Set<Int64> = []) -> SKUState {
        var state = SKUState(
            sku: "A1", product: Product(sku: "A1", fields: ["sku": "A1", "status": "active"]),
            versions: versions)
        for version in versions {
            state.inspections[version.master] = inspection()
            if held.contains(version.id) { state.deliveries.append(live(version)) }
        }
        return state
    }

    /// The channel has it.
    static func live(_ version: Version) -> Delivery {
        var row = Delivery(
            id: version.id, channel: "shop",
            name: RemoteName(rawValue: "\(version.id).jpg")!,
            asset: version.asset, slot: version.asset.view == "front" ? "main" : "more",
            position: 1, version: version.id, rendition: "hero", key: version.master, state: .live)
        row.heldVersion = version.id
        row.heldKey = version.master
        return row
    }

    static func receipt(
        _ side: Int = 1000, bytes: Int64 = 90_000, worst: Int = 0
    ) -> Receipt {
        let rings = Receipt.Ring.shares.map {
            Receipt.Ring(
                share: $0, worst: worst, at: Point(x: 3, y: 0),
                color: Color(red: 250, green: 250, blue: 250))
        }
        return Receipt(
            sha256: master(0), bytes: bytes, format: .jpeg,
            size: PixelSize(width: side, height: side), bands: 3, hasAlpha: false, space: "srgb",
            rings: rings, renderer: [:])
    }

    static func key(_ profile: Profile, _ id: Int64) throws -> ContentHash {
        let recipe = try #require(profile.renditions["hero"]?.recipe)
        return RenditionKey.of(master: master(id), recipe: recipe)
    }
}

extension Decision {
    var versions: [Int64] { wanted.map(\.version) }
    var kinds: [Gate.Kind] { closed.map(\.kind) }
}
