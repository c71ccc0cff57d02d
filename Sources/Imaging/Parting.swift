import CPixels
private import Foundation
import Model

/// A picture parted into a studio's wall and what stands before it; see CPixels' part.c. Small: noise and
/// texture are averaged away, and a mask of it serves every size of the picture.
final class Parting {
    private enum Limit {
        /// Long side of the copy: more than half of this, where the picture has it.
        static let longSide: Int32 = 512
        /// Eighths of a level that a wall's squares are off its surface. Walls of real catalogues keep 11,
        /// those between two lamps 15; cloth and scenery begin at 17.
        static let roughness: Int32 = 15
        /// Share of the border that has to be wall to be called one, and that its shade may have.
        static let wall = 0.25
        static let shade = 0.25
        /// Share of the product that has to differ clearly from the wall.
        static let clear = 0.28
        /// And share of it that is more than lines.
        static let thick = 0.7
        /// Shade, as a share of the product: shadows of real and drawn products have up to 0.21.
        static let shaded = 0.28
        /// Of more shade than that so much may lie above the product's middle.
        static let raised = 0.25
        /// Pyramid that the wall may fall off and still be one colour, give or take.
        static let flat = 12
        /// A side that nothing of the wall reaches.
        static let whole = 0.97
    }

    /// So far beside a product encoders leave traces: a block with its colours halved.
    static let ringing = 16

    private let found: sluice_parting
    /// A byte a pixel: `sluice_background` and so on.
    private let mask: [UInt8]
    let size: PixelSize
    /// How many times smaller than the picture it was made of the mask is.
    private let factor: Int32

    /// - Returns: nil where there is no wall.
    init?(_ raster: sluice_raster) throws(Refusal) {
        let longest = max(raster.width, raster.height)
        let factor = max(1, longest * 2 / Limit.longSide)
        let size = PixelSize(
            width: Int((raster.width + factor - 1) / factor),
            height: Int((raster.height + factor - 1) / factor))
        let count = size.width * size.height
        var small = [UInt8](repeating: 0, count: factor == 1 ? 0 : count * Int(raster.bands))
        var mask = [UInt8](repeating: 0, count: count)
        var found = sluice_parting()
        let result = small.withUnsafeMutableBufferPointer { copy in
            var from = raster
            if factor > 1 {
                var whole = raster
                from.bytes = copy.baseAddress
                (from.width, from.height) = (Int32(size.width), Int32(size.height))
                let result = sluice_reduce(&whole, factor, &from)
                guard result == sluice_done else { return result }
            }
            // A block and its soft edge, in pixels of the copy.
            return sluice_part(&from, Int32(Self.ringing) / factor + 1, &mask, &found)
        }
        try result.check("to measure the picture")
        guard found.is_parted else { return nil }
        self.found = found
        self.mask = mask
        self.size = size
        self.factor = factor
    }

    /// The border shows so much of the wall that it can be called one.
    var isWall: Bool { found.background >= Limit.wall && found.shade <= Limit.shade }

    var field: sluice_field { found.field }
    var darkest: Color {
        Color(red: found.darkest.0, green: found.darkest.1, blue: found.darkest.2)
    }

    /// Pyramid between the wall's brightest place and its darkest.
    var fall: Int {
        let (low, high) = (found.darkest, found.brightest)
        return [(low.0, high.0), (low.1, high.1), (low.2, high.2)]
            .map { Int($0.1) - Int($0.0) }.max() ?? 0
    }

    var crossesEdge: Bool { crossings.contains { $0.share > 0 } }

    /// Top, right, bottom, left.
    private var crossings: [sluice_crossing] {
        [found.crossed.0, found.crossed.1, found.crossed.2, found.crossed.3]
    }

    var isFlat: Bool { fall <= Limit.flat }

    /// Why what was found is not a product before a wall, for people; nil where it is.
    func doubt(isFinished: Bool) -> String? {
        if found.roughness > Limit.roughness
            || (found.clear < Limit.clear && found.thick < Limit.thick)
        {
            return "the product is hardly different from its background, or that is no plain wall"
        }
        if found.shaded > 1 || (found.shaded > Limit.shaded && found.raised > Limit.raised) {
            return "what is soft and pale around it may be a large shadow or most of the product"
        }
        guard !isFinished else { return nil }
        if crossings.allSatisfy({ $0.share > 0 }) {
            return
                "something crosses all four edges, as a scene does or a detail without its surroundings"
        }
        if isFloor {
            return
                "something fills the picture's whole foot and goes up on both sides, as a floor does"
        }
        if isBand {
            return
                "something crosses the whole picture from left to right, as a banner or a shelf does"
        }
        guard let stranger = PictureMeasurement.Edge(side: Int(found.stranger)) else { return nil }
        return "something besides the product reaches the \(stranger.rawValue) edge"
    }

    /// Something of one height crosses both sides at the same height, and neither top nor bottom.
    private var isBand: Bool {
        let (top, right, bottom, left) = found.crossed
        return left.share > 0 && right.share > 0 && top.share == 0 && bottom.share == 0
            && abs(left.from - right.from) <= 2 && abs(left.to - right.to) <= 2
    }

    private var isFloor: Bool {
        let (_, right, bottom, left) = found.crossed
        return bottom.share >= Limit.whole && right.share > 0 && left.share > 0
    }

    /// - Parameter scale: what a pixel of the parted picture is in the whole one.
    func crossings(scale: Double, in whole: PixelSize) -> [PictureMeasurement.Crossing] {
        return crossings.enumerated().compactMap { side, crossed in
            guard crossed.share > 0, let edge = PictureMeasurement.Edge(side: side) else {
                return nil
            }
            let length = edge.isLevel ? whole.width : whole.height
            let pixel = scale * Double(factor)
            return PictureMeasurement.Crossing(
                edge: edge, from: min(length, Int(Double(crossed.from) * pixel)),
                to: min(length, Int((Double(crossed.to) * pixel).rounded(.up))),
                share: crossed.share)
        }
    }

    /// Squares within the pieces of wall that are seen through the product, but for their edges.
    /// - Parameter scale: what a pixel of the parted picture is in the whole one.
    func enclosed(scale: Double) -> [Box] {
        let pixel = scale * Double(factor)
        return withUnsafeBytes(of: found.squares) { bytes in
            bytes.bindMemory(to: sluice_box.self).prefix(Int(found.enclosed)).compactMap { square in
                guard let box = Box(square), box.width > 2 else { return nil }
                let inner = box.inset(by: 1)
                return Box(
                    left: Int((Double(inner.left) * pixel).rounded(.up)),
                    top: Int((Double(inner.top) * pixel).rounded(.up)),
                    width: max(1, Int(Double(inner.width) * pixel) - 1),
                    height: max(1, Int(Double(inner.height) * pixel) - 1))
            }
        }
    }

    /// Pyramid from the wall up to which noise is to be expected.
    var tolerance: Int { Int(found.tolerance) }

    /// - Parameters:
    ///   - shrunk: how many times smaller than the parted picture the one is that is to be looked at.
    ///   - body: gets it only while it runs.
    func withBackdrop<Value>(
        shrunkBy shrunk: Int = 1, _ body: (UnsafePointer<sluice_backdrop>) -> Value
    ) -> Value {
        withUnsafePointer(to: found) { found in
            mask.withUnsafeBufferPointer { mask in
                var behind = sluice_backdrop(
                    parting: found, mask: mask.baseAddress, width: Int32(size.width),
                    height: Int32(size.height), scale: Float(shrunk) / Float(factor))
                return body(&behind)
            }
        }
    }
}

extension PictureMeasurement.Edge {
    /// - Parameter side: as in `sluice_side`.
    init?(side: Int) {
        guard Self.allCases.indices.contains(side) else { return nil }
        self = Self.allCases[side]
    }
}
