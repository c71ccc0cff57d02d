import CLCMS
private import CPixels
import Foundation
import Model

/// A small copy of a master in the colours it was stored in: what its renditions should look like,
/// without having come the way they came.
struct MasterColors {
    /// Long side of the copy: more than half of this, where the master has it.
    static let working = 512
    /// Cells along the long side of a rendition: enough to see a turn or a wrong crop.
    private static let cells = 24.0

    /// Upright, 8-bit.
    private let picture: Picture
    private let look: NumberLook
    /// Of the whole master, upright.
    private let size: PixelSize
    /// How many times smaller the copy is: a power of two.
    private let factor: Double
    /// Where the master begins in it. Blocks that are there in part lie at the end of what was
    /// stored, which turning upright may have made the beginning.
    private let start: (x: Double, y: Double)

    /// - Parameter decoded: the master in sRGB, for when its own colours say no more; nil where it
    ///   was decoded into inks.
    /// - Returns: nil where nothing says what its colours look like.
    init?(of master: Master, decoded: Pyramid?, assuming assume: Assumption?) throws(Refusal) {
        guard let look = try master.look(assuming: assume) else { return nil }
        self.look = look
        var small: Picture
        if look.isItself, let decoded {
            small = try decoded.small(below: Self.working)
        } else {
            small = try master.inOwnColors(look)
        }
        while small.size.longSide >= Self.working { small = try small.shrunk(by: 2) }
        let orientation = small.orientation
        picture = try small.upright().inMemory()
        size = master.size
        let ratio = Double(size.longSide) / Double(picture.size.longSide)
        factor = exp2(log2(ratio).rounded())
        start = (
            [2, 3, 6, 7].contains(orientation)
                ? Double(picture.size.width) - Double(size.width) / factor : 0,
            [3, 4, 7, 8].contains(orientation)
                ? Double(picture.size.height) - Double(size.height) / factor : 0
        )
    }

    /// - Parameter product: box of it in the master, where that is sure.
    /// - Returns: nil where no cell of the frame can be compared.
    func reference(
        for frame: Frame, of recipe: Recipe, product: Box?
    ) throws(Refusal) -> ColorReference? {
        guard let shown = frame.shown else { return nil }
        let grid = grid(over: frame)
        let means = try picture.cellMeans(
            across: grid.across.map {
                edge($0, frame.origin.x, frame.picture.width, size.width, start.x)
            },
            down: grid.down.map {
                edge($0, frame.origin.y, frame.picture.height, size.height, start.y)
            })
        guard let colors = look.lab(of: means, bands: picture.bands) else { return nil }
        let product = product.map { frame.place($0, of: size) }
        let background = background(of: recipe)
        let compared = colors.indices.map { index -> (Double, Double, Double)? in
            let (cell, color) = (grid.cell(index), colors[index])
            guard cell.cut(to: shown) == cell,
                product.map({ cell.cut(to: $0) != nil }) ?? true,
                picture.isOpaque(means, index),
                !(background?.takes(color) ?? false)
            else { return nil }
            return recipe.color == .gray ? (color.L, 0, 0) : (color.L, color.a, color.b)
        }
        guard compared.contains(where: { $0 != nil }) else { return nil }
        return ColorReference(
            columns: grid.across.count - 1, rows: grid.down.count - 1, colors: compared)
    }

    /// Cells of at least four pixels of the frame and two of the copy: what becomes of single pixels
    /// is a matter of the filter.
    private func grid(over frame: Frame) -> Grid {
        let copied = factor * Double(frame.picture.longSide) / Double(size.longSide)
        let side = max(Double(frame.size.longSide) / Self.cells, 2 * copied, 4)
        return Grid(
            frame.size, columns: max(1, Int(Double(frame.size.width) / side)),
            rows: max(1, Int(Double(frame.size.height) / side)))
    }

    /// From the frame's pixels to the copy's, kept within it.
    private func edge(
        _ at: Int, _ origin: Int, _ scaled: Int, _ whole: Int, _ start: Double
    ) -> Double {
        let inMaster = Double(at - origin) / Double(scaled) * Double(whole)
        return start + min(max(inMaster, 0), Double(whole)) / factor
    }

    private func background(of recipe: Recipe) -> Painted? {
        guard let whiten = recipe.whiten, let color = recipe.background, let srgb = LabTransform(),
            let lab = srgb.lab(
                of: [Float(color.red), Float(color.green), Float(color.blue)], bands: 3)?.first
        else { return nil }
        return Painted(color: lab, shadow: whiten.shadow)
    }

    /// A colour that whitening may have painted over.
    private struct Painted {
        let color: Lab
        let shadow: Whitening.Shadow

        func takes(_ other: Lab) -> Bool {
            if color.difference(to: other) < 10 { return true }
            // A soft shadow: darker, and no other colour.
            guard shadow == .remove else { return false }
            return Lab(color.L, 0, 0).difference(
                to: Lab(color.L, other.a - color.a, other.b - color.b)) < 5
                && color.difference(to: other) < 30
        }
    }
}

/// Equal cells over a frame; edges are whole pixels.
struct Grid {
    let across: [Int]
    let down: [Int]

    init(_ size: PixelSize, columns: Int, rows: Int) {
        across = (0...columns).map { $0 * size.width / columns }
        down = (0...rows).map { $0 * size.height / rows }
    }

    /// Row by row.
    func cell(_ index: Int) -> Box {
        let (row, column) = index.quotientAndRemainder(dividingBy: across.count - 1)
        return Box(
            left: across[column], top: down[row], width: across[column + 1] - across[column],
            height: down[row + 1] - down[row])
    }
}

extension ColorReference {
    /// How far a finished rendition is from what it should look like; nil where nothing of it can
    /// be compared.
    /// - Parameters:
    ///   - picture: in memory, 8-bit grey, sRGB or inks.
    ///   - inks: their profile.
    func shift(in picture: Picture, inks: Data? = nil) throws(Refusal) -> Receipt.ColorShift? {
        let grid = Grid(picture.size, columns: columns, rows: rows)
        let means = try picture.cellMeans(
            across: grid.across.map(Double.init), down: grid.down.map(Double.init))
        guard let found = LabTransform(inks)?.lab(of: means, bands: picture.bands) else {
            return nil
        }
        let differences = zip(colors, found).enumerated().compactMap { index, pair in
            picture.isOpaque(means, index)
                ? pair.0.map { Lab($0.0, $0.1, $0.2).difference(to: pair.1) } : nil
        }
        guard let worst = differences.max() else { return nil }
        return Receipt.ColorShift(
            mean: differences.reduce(0, +) / Double(differences.count), worst: worst)
    }
}

extension Picture {
    /// Whether a cell is, by its mean.
    fileprivate func isOpaque(_ means: [Float], _ index: Int) -> Bool {
        !hasAlpha || means[(index + 1) * bands - 1] > 254.5
    }

    /// Of every band, 0 to 255, row by row.
    /// - Parameters:
    ///   - across, down: edges of the cells in pixels, from left and from above.
    fileprivate func cellMeans(across: [Double], down: [Double]) throws(Refusal) -> [Float] {
        func shares(_ edges: [Double], _ length: Int) -> [Int32] {
            edges.map { Int32((min(max($0, 0), Double(length)) * 256).rounded()) }
        }
        let (columns, rows) = (across.count - 1, down.count - 1)
        var means = [Float](repeating: 0, count: columns * rows * bands)
        let result = try withRaster { raster in
            var raster = raster
            return sluice_cell_means(
                &raster, shares(across, size.width), Int32(columns), shares(down, size.height),
                Int32(rows), &means)
        }
        try result.check("to compare colours")
        return means
    }
}
