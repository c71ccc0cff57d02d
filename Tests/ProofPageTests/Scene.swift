import Foundation
import Model
import PictureSupport
import Proof

/// A drawn product, and what measuring it would say.
struct Scene {
    let folder: Folder

    /// A bottle on white, its product box known to the pixel.
    struct Shot {
        var size: PixelSize
        var product: Box
        /// A pixel of the border that is not white.
        var flaw: Point?
    }

    static let square = Shot(
        size: PixelSize(width: 400, height: 400),
        product: Box(left: 130, top: 40, width: 140, height: 320))

    func draw(_ shot: Shot, alpha: Bool = false) throws -> Drawing {
        try Drawing(shot.size.width, shot.size.height) { x, y in
            if let flaw = shot.flaw, flaw.x == x, flaw.y == y { return [226, 222, 214] }
            let color = Self.bottle(x, y, in: shot.product)
            let inside = color != nil
            return (color ?? [255, 255, 255]) + (alpha ? [inside ? 255 : 0] : [])
        }
    }

    /// Nil outside; a neck, shoulders, a body with a label.
    private static func bottle(_ x: Int, _ y: Int, in box: Box) -> [UInt8]? {
        let across = (Double(x) + 0.5 - Double(box.left)) / Double(box.width) * 2 - 1
        let down = (Double(y) + 0.5 - Double(box.top)) / Double(box.height)
        guard abs(across) <= 1, (0...1).contains(down) else { return nil }
        let reach = down < 0.22 ? 0.34 : down < 0.34 ? 0.34 + 0.66 * (down - 0.22) / 0.12 : 1
        guard abs(across) <= reach else { return nil }
        let light = 0.55 + 0.45 * (1 - (across + 0.35) * (across + 0.35))
        let base: [Double] =
            down < 0.1
            ? [60, 56, 52] : (0.5...0.82).contains(down) ? [236, 226, 200] : [38, 96, 74]
        return base.map { UInt8(max(0, min(255, $0 * light))) }
    }

    func picture(
        _ drawing: Drawing, _ size: PixelSize, saver: String = "pngsave", type: String = "image/png"
    ) throws -> ProofSheet.Picture {
        let name = "\(UUID().uuidString)"
        try drawing.save(saver, to: folder[name])
        return ProofSheet.Picture(mediaType: type, bytes: try folder.read(name), size: size)
    }

    static func measurement(_ shot: Shot) -> PictureMeasurement {
        let box = shot.product
        return PictureMeasurement(
            size: shot.size, product: box,
            extent: Box(
                left: box.left - 12, top: box.top, width: box.width + 24, height: box.height + 10),
            unsure: nil,
            background: .init(
                kind: shot.flaw == nil ? .pure : .near, color: white,
                worst: shot.flaw == nil ? 0 : 41, at: shot.flaw ?? Point(x: 0, y: 0),
                worstColor: shot.flaw == nil ? white : Color(red: 226, green: 222, blue: 214)),
            mean: [201.3, 207.8, 205.1],
            clipped: Array(repeating: .init(low: 0, high: 0.71), count: 3))
    }

    static func receipt(_ shot: Shot, _ format: ImageFormat = .png) -> Receipt {
        var receipt = Receipt(
            sha256: ContentHash.of(Data("\(shot.size)\(format)".utf8)), bytes: 38_412,
            format: format, size: shot.size, bands: 3, hasAlpha: false, space: "srgb",
            rings: Receipt.Ring.shares.map { share in
                Receipt.Ring(
                    share: share, worst: shot.flaw == nil ? 0 : 41,
                    at: shot.flaw ?? Point(x: 0, y: 0),
                    color: shot.flaw == nil ? white : Color(red: 226, green: 222, blue: 214))
            }, renderer: ["libvips": "8.14.1"], quality: 88)
        receipt.measurement = measurement(shot)
        receipt.colorShift = .init(mean: 0.42, worst: 1.31)
        return receipt
    }

    static let white = Color(red: 255, green: 255, blue: 255)

    static func recipe(_ size: PixelSize) -> Recipe {
        Recipe(
            size: SizeRange(min: size, max: size), fit: .pad, background: white, format: .png,
            minQuality: 80, maxQuality: 92, maxBytes: 10_000_000)
    }
}
