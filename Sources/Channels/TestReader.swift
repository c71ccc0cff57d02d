import Foundation
import Model
import YAML

struct TestReader {
    let vocabulary: Vocabulary
    let reader: Reader

    func test(_ node: Node) -> ProfileTest? {
        reader.mapping(node, "a test") { test($0, at: node.place) } ?? nil
    }

    private func test(_ keys: Keys, at place: Place) -> ProfileTest? {
        let picture = keys.requiredNode("given").flatMap { node in
            reader.mapping(node, "'given'") { given($0) } ?? nil
        }
        let on = keys.optional("on", .date(in: vocabulary.zone, .start))
        let name = keys.optional("name", .identifier)
        let refused = keys.optional("refused", .text)
        let size = keys.optional("size", .size)
        if ["name", "refused", "size"].allSatisfy({ keys.node($0) == nil }) {
            reader.report(
                place, "a test expects something: name, size or refused", code: "missing-key")
        }
        if refused != nil, name != nil || size != nil {
            reader.report(
                keys.place("refused"), "a refused picture has no name and no size",
                code: "bad-value")
        }
        return picture.map {
            ProfileTest(given: $0, on: on, name: name, refused: refused, size: size, place: place)
        }
    }

    private func given(_ keys: Keys) -> ProfileTest.Given? {
        let sku = keys.required("sku", .identifier)
        let view = keys.required("view", .text)
        if let view, let fault = vocabulary.fault(inView: view) {
            reader.report(keys.place("view"), fault, code: "unknown-view")
        }
        let width = keys.required("width", .integer(1...100_000))
        let height = keys.required("height", .integer(1...100_000))
        let number = keys.optional("number", .integer(1...9999)) ?? 1
        let variant = keys.optional("variant", .text) ?? ""
        let season = keys.optional("season", .text)
        let kind = keys.optional("kind", .text) ?? "image"
        let audience = keys.optional("audience", .text) ?? "public"
        let format = keys.optional("format", Shape<ImageFormat>.choice()) ?? .jpeg
        let fields = product(keys)
        guard let sku, let view, let width, let height else { return nil }
        return ProfileTest.Given(
            asset: Asset(sku: sku, view: view, number: number, variant: variant), kind: kind,
            audience: audience, season: season, size: PixelSize(width: width, height: height),
            format: format, product: fields)
    }

    private func product(_ keys: Keys) -> [String: String] {
        var fields: [String: String] = [:]
        for entry in keys.others(prefix: "product.") {
            let column = String(entry.key.dropFirst("product.".count))
            fields[column] = reader.read(entry.value, entry.key, .identifier)
        }
        return fields
    }
}
