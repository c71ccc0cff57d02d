package import Foundation
import Model

extension Profile {
    /// Runs the profile's own cases through `want`: an approved picture of the given size, without
    /// limits to its rights and not yet rendered.
    /// - Parameter now: for cases that name no moment of their own.
    package func runTests(at now: Date) -> [TestResult] {
        tests.map { test in
            let decision = want(test.sku, at: test.on ?? now)
                .first { $0.asset == test.given.asset }
            return TestResult(
                channel: channel, place: test.place, title: test.title,
                failure: decision.map { test.failure($0) } ?? "nothing was decided")
        }
    }
}

extension ProfileTest {
    fileprivate var title: String {
        let expected = [name, size?.description, refused.map { "refused by \($0)" }]
            .compactMap { $0 }.joined(separator: ", ")
        return "\(given.asset), \(given.size): \(expected)"
    }

    /// Of the master that stands for the picture; no file has these bytes.
    private var master: ContentHash { ContentHash.of(Data("\(given.asset) \(given.size)".utf8)) }

    fileprivate var sku: SKUState {
        let asset = given.asset
        let approval = Approval(by: "test", at: .distantPast)
        let version = Version(
            id: 1, asset: asset, master: master, kind: given.kind, audience: given.audience,
            season: given.season, approval: approval)
        var inspection = Inspection(
            format: given.format, size: given.size, orientation: 1, pages: 1, bands: 3,
            bitsPerBand: 8, hasAlpha: false, space: "srgb", hasProfile: true)
        inspection.measurement = given.measurement
        let fields = given.product.merging(["sku": asset.sku]) { given, _ in given }
        return SKUState(
            sku: asset.sku, product: Product(sku: asset.sku, fields: fields), versions: [version],
            inspections: [master: inspection])
    }

    fileprivate func failure(_ decision: Decision) -> String? {
        if let refused { return refusalFailure(refused, decision) }
        let wanted = decision.wanted
        guard !wanted.isEmpty else {
            return "expected it to be taken, but: " + decision.closed.listed
        }
        if let name {
            let names = wanted.map { (wanted: $0.name.rawValue, hash: $0.key.short) }
            let met = names.contains { $0.wanted == name.replacing("{hash}", with: $0.hash) }
            let shown = names.map { $0.wanted.replacing($0.hash, with: "{hash}") }
            if !met {
                return "expected the name '\(name)', not '\(shown.joined(separator: "', '"))'"
            }
        }
        return sizeFailure(wanted)
    }

    private func refusalFailure(_ refused: String, _ decision: Decision) -> String? {
        let met = decision.closed.contains { $0.rule == refused || $0.kind.rawValue == refused }
        if met, decision.wanted.isEmpty { return nil }
        return decision.closed.isEmpty
            ? "expected '\(refused)' to refuse it, but it is taken as "
                + "'\(decision.wanted.map(\.name.rawValue).joined(separator: "', '"))'"
            : "expected '\(refused)' to refuse it, but: " + decision.closed.listed
    }

    private func sizeFailure(_ wanted: [Wanted]) -> String? {
        guard let size else { return nil }
        let sizes = wanted.compactMap { wanted in
            try? Frame.choose(
                source: given.size, measured: given.measurement, recipe: wanted.recipe
            ).size
        }
        if sizes.contains(size) { return nil }
        let shown = sizes.map(\.description).joined(separator: ", ")
        return "expected \(size) pixels, not \(shown)"
    }
}

extension [Gate] {
    fileprivate var listed: String {
        map { "\($0.rule ?? $0.kind.rawValue): \($0.message)" }.joined(separator: "; ")
    }
}

extension ProfileTest.Given {
    fileprivate var measurement: PictureMeasurement {
        let white = Color(red: 255, green: 255, blue: 255)
        return PictureMeasurement(
            size: size, product: box, extent: box,
            unsure: box == nil ? "the test gives no box" : nil,
            background: .init(
                kind: background, color: white, worst: 0, at: Point(x: 0, y: 0), worstColor: white),
            mean: [], clipped: [])
    }
}
