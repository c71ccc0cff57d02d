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
        let background =
            keys.optional("background", Shape<PictureMeasurement.Background.Kind>.choice())
        let box = keys.optional("box", .box)
        let fields = product(keys)
        guard let sku, let view, let width, let height else { return nil }
        if case .exact(let box)? = box, box.right > width || box.bottom > height {
            reader.report(
                keys.place("box"), "'box' reaches beyond the picture of \(width)x\(height)",
                code: "bad-value")
        }
        return ProfileTest.Given(
            asset: Asset(sku: sku, view: view, number: number, variant: variant), kind: kind,
            audience: audience, season: season, size: PixelSize(width: width, height: height),
            format: format, box: box?.within(PixelSize(width: width, height: height)),
            background: background ?? .pure, product: fields)
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

/// A product's box as a test gives it.
enum GivenBox: Sendable {
    /// In the middle, and so much of each side.
    case centered(Double)
    case exact(Box)

    func within(_ size: PixelSize) -> Box {
        switch self {
        case .exact(let box): return box
        case .centered(let share):
            let width = max(1, Int((Double(size.width) * share).rounded()))
            let height = max(1, Int((Double(size.height) * share).rounded()))
            return Box(
                left: (size.width - width) / 2, top: (size.height - height) / 2, width: width,
                height: height)
        }
    }
}

extension Shape where Value == GivenBox {
    /// `80%` of each side, in the middle; or `200x300+50+60`: size, then left and top.
    static var box: Shape<GivenBox> {
        Shape(expects: "a share such as 80%, or a box such as 200x300+50+60") { text in
            if let share = Units.share(text) { return share > 0 ? .centered(share) : nil }
            let parts = text.split(separator: "+", omittingEmptySubsequences: false).map(
                String.init)
            guard parts.count == 3, let size = Units.size(parts[0]),
                let left = Units.integer(parts[1]), let top = Units.integer(parts[2]),
                left < 30_000, top < 30_000
            else { return nil }
            return .exact(Box(left: left, top: top, width: size.width, height: size.height))
        }
    }
}
