private import CVips
import Foundation
import Model

/// What the numbers of a master look like, worked out on a way of its own: its renditions are
/// compared with it, and what both ways misread alike nobody would see. Profiles go through Little
/// CMS in floating point; descriptions without a profile never become one here, but are calculated.
struct NumberLook {
    private enum Way {
        /// What is sRGB, or equal to it in grey, or Lab.
        case itself(LabTransform)
        case profile(LabTransform)
        case calculated(CalculatedLab)
    }

    private let way: Way
    /// From the file's numbers, 8 or 16 bit, to others that averages may be taken of: those of light
    /// itself give too much weight to what is bright, and 8 bits of it are too few in the dark.
    private let recoded: ((_ number: Double) -> Double)?

    /// Nil for broken profiles, and those of other colours than grey, RGB and CMYK.
    init?(_ meaning: ColorMeaning) {
        switch meaning {
        case .itself:
            guard let lab = LabTransform() else { return nil }
            (way, recoded) = (.itself(lab), nil)
        case .profile(let profile):
            if let (curve, lab) = LabTransform.straightened(profile) {
                (way, recoded) = (.profile(lab), { Colorimetry.Curve.srgb.number(of: curve($0)) })
                return
            }
            guard let lab = LabTransform(profile) else { return nil }
            (way, recoded) = (.profile(lab), nil)
        case .described(let colorimetry):
            let curve = colorimetry.curve
            way = .calculated(CalculatedLab(colorimetry.primaries, .srgb))
            recoded = { Colorimetry.Curve.srgb.number(of: curve.light($0)) }
        }
    }

    /// A copy in sRGB has the numbers that `prepared` would make.
    var isItself: Bool {
        if case .itself = way { true } else { false }
    }

    /// 8-bit, with numbers as `lab` takes their means.
    func prepared(_ picture: Picture) throws(Refusal) -> Picture {
        if isItself { return try SRGB.convert(picture, said: .srgb(by: "")) }
        guard let recoded else { return try picture.in8Bit() }
        let (colors, alpha) = try picture.split()
        let most = colors.bytesPerBand == 2 ? 65_535 : 255
        let table = (0...most).map { number -> UInt8 in
            let share = recoded(Double(number) / Double(most))
            return share.isFinite ? UInt8((min(max(share, 0), 1) * 255).rounded()) : 0
        }
        let mapped = try colors.mapped(by: table)
        return try alpha.map { (alpha) throws(Refusal) in try mapped.joined(alpha.in8Bit()) }
            ?? mapped
    }

    /// - Parameter means: 0 to 255, as many bands a pixel as `bands`.
    func lab(of means: [Float], bands: Int) -> [Lab]? {
        switch way {
        case .itself(let transform), .profile(let transform):
            transform.lab(of: means, bands: bands)
        case .calculated(let lab): lab.lab(of: means, bands: bands)
        }
    }
}

/// CIELAB of red, green and blue by the textbook: light, a matrix, the white of D50.
struct CalculatedLab {
    private let curve: Colorimetry.Curve
    /// To XYZ with the white of D50, row by row.
    private let matrix: Matrix

    init(_ primaries: Colorimetry.Primaries, _ curve: Colorimetry.Curve) {
        self.curve = curve
        let corners = Matrix(columns: [primaries.red, primaries.green, primaries.blue].map(\.xyz))
        let white = primaries.white.xyz
        // As much of each as makes white together.
        let shares = corners.inverse * white
        matrix = Self.adaption(from: white) * corners.scaled(by: shares)
    }

    /// ICC.1:2022, annex E: the cone responses of Bradford.
    private static func adaption(from white: [Double]) -> Matrix {
        let cones = Matrix(rows: [
            [0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296],
        ])
        let (from, to) = (cones * white, cones * d50)
        let gains = zip(to, from).map { $0 / $1 }
        return cones.inverse * Matrix(diagonal: gains) * cones
    }

    private static let d50 = [0.9642, 1, 0.8249]

    /// - Parameter means: 0 to 255; of one or two bands the first stands for all three.
    func lab(of means: [Float], bands: Int) -> [Lab] {
        stride(from: 0, to: means.count, by: bands).map { start in
            let light = (0..<3).map {
                curve.light(Double(means[start + (bands < 3 ? 0 : $0)]) / 255)
            }
            let shares = zip(matrix * light, Self.d50).map { Self.response($0 / $1) }
            return Lab(
                116 * shares[1] - 16, 500 * (shares[0] - shares[1]), 200 * (shares[1] - shares[2]))
        }
    }

    private static func response(_ share: Double) -> Double {
        share > 216.0 / 24_389 ? cbrt(share) : (24_389.0 / 27 * share + 16) / 116
    }
}

/// Three by three.
private struct Matrix {
    var rows: [[Double]]

    init(rows: [[Double]]) { self.rows = rows }

    init(columns: [[Double]]) {
        rows = (0..<3).map { row in columns.map { $0[row] } }
    }

    init(diagonal: [Double]) {
        rows = (0..<3).map { row in (0..<3).map { $0 == row ? diagonal[row] : 0 } }
    }

    func scaled(by shares: [Double]) -> Matrix { self * Matrix(diagonal: shares) }

    static func * (matrix: Matrix, vector: [Double]) -> [Double] {
        matrix.rows.map { zip($0, vector).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    static func * (one: Matrix, other: Matrix) -> Matrix {
        Matrix(columns: (0..<3).map { column in one * other.rows.map { $0[column] } })
    }

    /// By cofactors; the callers' matrices have one, as `Colorimetry.isSound` says.
    var inverse: Matrix {
        func cofactor(_ row: Int, _ column: Int) -> Double {
            let (up, down) = (rows[(row + 1) % 3], rows[(row + 2) % 3])
            let (left, right) = ((column + 1) % 3, (column + 2) % 3)
            return up[left] * down[right] - up[right] * down[left]
        }
        let whole = (0..<3).reduce(0) { $0 + rows[0][$1] * cofactor(0, $1) }
        return Matrix(rows: (0..<3).map { row in (0..<3).map { cofactor($0, row) / whole } })
    }
}

extension Colorimetry.Point {
    /// As much light as makes Y one.
    fileprivate var xyz: [Double] { [x / y, 1, (1 - x - y) / y] }
}

extension Colorimetry.Curve {
    /// The number that stands for so much light.
    func number(of light: Double) -> Double {
        guard exponent != 0, a != 0 else { return 0 }
        let low = slope == 0 ? 0 : light / slope
        return slope != 0 && low < start ? low : (pow(max(0, light), 1 / exponent) - b) / a
    }
}

extension Picture {
    /// Every number replaced; what comes out is 8-bit grey or RGB.
    /// - Parameter table: one for each number there can be, 256 or 65,536.
    fileprivate func mapped(by table: [UInt8]) throws(Refusal) -> Picture {
        let space = bands == 1 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB
        return try then { sluice_vips_map($0, $1, table, table.count, space) }
    }
}
