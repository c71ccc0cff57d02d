import CVips
import Foundation

/// How close finished pictures come to the textbook's Lanczos of the whole master, computed in
/// single precision with exact weights: the structural similarity of Wang et al. (2004), with their
/// window (Gaussian, 11 wide, sigma 1.5) and constants, the mean of the three colours.
enum Similarity {
    /// Prints `path TAB similarity` for each. What is painted around the picture is left out.
    static func compare(_ files: [String], with master: String) throws {
        let whole = try Plane.all(of: Picture(file: master))
        var references: [Int: [Plane]] = [:]
        for file in files {
            let made = try Plane.all(of: Picture(file: file))
            let side = min(made[0].width, made[0].height)
            let reference = references[side] ?? whole.map { $0.resampled(to: side, side) }
            references[side] = reference
            let each = zip(made, reference).map { $0.cut(to: side).similarity(to: $1) }
            print("\(file)\t\(each.reduce(0, +) / Double(each.count))")
        }
    }
}

/// One colour of a picture, in floating point.
struct Plane {
    let width: Int
    let height: Int
    var values: [Float]

    static func all(of picture: Picture) throws -> [Plane] {
        let (bytes, width, height, bands) = try picture.decoded()
        return (0..<bands).map { band in
            let values = stride(from: band, to: bytes.count, by: bands).map { Float(bytes[$0]) }
            return Plane(width: width, height: height, values: values)
        }
    }

    /// The middle of it.
    func cut(to side: Int) -> Plane {
        let (left, top) = ((width - side) / 2, (height - side) / 2)
        let rows = (top..<top + side).map { y in
            values[y * width + left..<y * width + left + side]
        }
        return Plane(width: side, height: side, values: Array(rows.joined()))
    }

    func resampled(to width: Int, _ height: Int) -> Plane {
        let tall = weighted(Self.lanczos(self.width, width)).turned
        return tall.weighted(Self.lanczos(self.height, height)).turned
    }

    private var turned: Plane {
        let turned = [Float](unsafeUninitializedCapacity: values.count) { out, count in
            count = values.count
            for y in 0..<height {
                for x in 0..<width { out[x * height + y] = values[y * width + x] }
            }
        }
        return Plane(width: height, height: width, values: turned)
    }

    private struct Window {
        var first: Int
        var weights: [Float]
    }

    /// Along the rows; edge pixels go on beyond the edge.
    private func weighted(_ windows: [Window]) -> Plane {
        let wide = windows.count
        let made = [Float](unsafeUninitializedCapacity: wide * height) { out, count in
            count = wide * height
            for (x, window) in windows.enumerated() {
                for y in 0..<height {
                    var sum: Float = 0
                    for (offset, weight) in window.weights.enumerated() {
                        let at = min(max(window.first + offset, 0), width - 1)
                        sum += weight * values[y * width + at]
                    }
                    out[y * wide + x] = sum
                }
            }
        }
        return Plane(width: wide, height: height, values: made)
    }

    private static func lanczos(_ count: Int, _ wanted: Int) -> [Window] {
        let scale = Double(count) / Double(wanted)
        let wide = max(1, scale)
        return (0..<wanted).map { i in
            let centre = (Double(i) + 0.5) * scale - 0.5
            let first = Int((centre - 3 * wide).rounded(.up))
            let all = (first...Int((centre + 3 * wide).rounded(.down))).map { at -> Double in
                let x = (Double(at) - centre) / wide * .pi
                return x == 0 ? 1 : abs(x) >= 3 * .pi ? 0 : 3 * sin(x) * sin(x / 3) / (x * x)
            }
            let sum = all.reduce(0, +)
            return Window(first: first, weights: all.map { Float($0 / sum) })
        }
    }

    /// The mean over all places.
    func similarity(to other: Plane) -> Double {
        func blurred(_ combine: (Float, Float) -> Float) -> [Float] {
            Plane(width: width, height: height, values: zip(values, other.values).map(combine))
                .blurred.values
        }
        let (mine, theirs) = (blurred { a, _ in a }, blurred { _, b in b })
        let (squares, others) = (blurred { a, _ in a * a }, blurred { _, b in b * b })
        let products = blurred { $0 * $1 }
        let (c1, c2) = (Float(2.55 * 2.55), Float(7.65 * 7.65))
        var sum = 0.0
        for i in mine.indices {
            let (a, b) = (mine[i], theirs[i])
            let spread = squares[i] - a * a + others[i] - b * b
            let common = products[i] - a * b
            let likeness =
                (2 * a * b + c1) * (2 * common + c2) / ((a * a + b * b + c1) * (spread + c2))
            sum += Double(likeness)
        }
        return sum / Double(mine.count)
    }

    private var blurred: Plane {
        let bell = (-5...5).map { exp(-Double($0 * $0) / 4.5) }
        let weights = bell.map { Float($0 / bell.reduce(0, +)) }
        func windows(_ count: Int) -> [Window] {
            (0..<count).map { Window(first: $0 - 5, weights: weights) }
        }
        return weighted(windows(width)).turned.weighted(windows(height)).turned
    }
}
