import CPixels
import Foundation
import Model
import PictureSupport
import Testing

@testable import Imaging

/// 8-bit pixels of a test's own making.
private struct Raster: Equatable {
    var width: Int
    var height: Int
    var bands: Int
    var hasAlpha = false
    var bytes: [UInt8]

    init(_ width: Int, _ height: Int, bands: Int, hasAlpha: Bool = false, fill: UInt8 = 0) {
        (self.width, self.height) = (width, height)
        (self.bands, self.hasAlpha) = (bands, hasAlpha)
        bytes = [UInt8](repeating: fill, count: width * height * bands)
    }

    static func noise<Random: RandomNumberGenerator>(
        _ width: Int, _ height: Int, bands: Int, hasAlpha: Bool = false, from random: inout Random
    ) -> Raster {
        var raster = Raster(width, height, bands: bands, hasAlpha: hasAlpha)
        // Extremes as well as everything between, so that sums overshoot.
        for i in raster.bytes.indices {
            let value = UInt8.random(in: 0...255, using: &random)
            raster.bytes[i] = value < 80 ? 0 : value > 175 ? 255 : value
        }
        return raster
    }

    func with<Value>(_ body: (sluice_raster) -> Value) -> Value {
        // Read, or written where `self` is a copy of nobody else's: see `resampled`.
        bytes.withUnsafeBufferPointer { buffer in
            body(
                sluice_raster(
                    UnsafeMutablePointer(mutating: buffer.baseAddress),
                    PixelSize(width: width, height: height), bands: bands, hasAlpha: hasAlpha))
        }
    }

    /// Nil where the sides are refused.
    func resampled(
        to width: Int, _ height: Int, _ vectors: sluice_vectors = sluice_vectors_best
    ) -> Raster? {
        made(width, height) { from, to in sluice_resample(&from, vectors, &to) }
    }

    func averaged(_ across: Int, _ down: Int) -> Raster? {
        made((width - 1) / across + 1, (height - 1) / down + 1) { from, to in
            sluice_block_average(&from, Int32(across), Int32(down), &to)
        }
    }

    private func made(
        _ width: Int, _ height: Int,
        by loop: (inout sluice_raster, inout sluice_raster) -> sluice_result
    ) -> Raster? {
        var made = Raster(width, height, bands: bands, hasAlpha: hasAlpha, fill: 77)
        let result = made.bytes.withUnsafeMutableBufferPointer { buffer in
            var to = sluice_raster(
                buffer.baseAddress, PixelSize(width: width, height: height), bands: bands,
                hasAlpha: hasAlpha)
            return with { from in
                var from = from
                return loop(&from, &to)
            }
        }
        return result == sluice_done ? made : nil
    }

    subscript(x: Int, y: Int, band: Int) -> Double {
        Double(bytes[(y * width + x) * bands + band])
    }
}

/// The textbook's filter in double precision: each output pixel from a two-dimensional sum.
private struct Reference {
    let source: Raster
    let columns: [[(at: Int, weight: Double)]]
    let rows: [[(at: Int, weight: Double)]]

    init(_ source: Raster, to width: Int, _ height: Int) {
        self.source = source
        columns = Self.weights(source.width, width)
        rows = Self.weights(source.height, height)
    }

    private static func weights(_ count: Int, _ wanted: Int) -> [[(at: Int, weight: Double)]] {
        let scale = Double(count) / Double(wanted)
        let wide = max(1, scale)
        return (0..<wanted).map { i in
            let centre = (Double(i) + 0.5) * scale - 0.5
            let range = Int((centre - 3 * wide).rounded(.up))...Int(centre + 3 * wide + 1)
            let all = range.map { (at: $0, weight: lanczos((Double($0) - centre) / wide)) }
            let sum = all.reduce(0) { $0 + $1.weight }
            return all.map { (min(max($0.at, 0), count - 1), $0.weight / sum) }
        }
    }

    private static func lanczos(_ x: Double) -> Double {
        if x == 0 { return 1 }
        return abs(x) >= 3 ? 0 : 3 * sin(.pi * x) * sin(.pi * x / 3) / (.pi * .pi * x * x)
    }

    private func sum(_ x: Int, _ y: Int, _ value: (Int, Int) -> Double) -> Double {
        rows[y].reduce(0) { sum, row in
            sum
                + columns[x].reduce(0) { $0 + $1.weight * value($1.at, row.at) } * row.weight
        }
    }

    func value(_ x: Int, _ y: Int, _ band: Int) -> Double {
        let last = source.bands - 1
        guard source.hasAlpha, band < last else {
            return min(max(sum(x, y) { source[$0, $1, band] }, 0), 255)
        }
        let alpha = self.alpha(x, y)
        let color = sum(x, y) { source[$0, $1, band] * source[$0, $1, last] }
        return alpha > 0 ? min(max(color / alpha, 0), 255) : 0
    }

    func alpha(_ x: Int, _ y: Int) -> Double {
        guard source.hasAlpha else { return 255 }
        return sum(x, y) { source[$0, $1, source.bands - 1] }
    }
}

@Suite("Resampling")
struct ResamplingTests {
    @Test(arguments: 0..<60)
    func `differs from double precision by rounding only`(seed: Int) throws {
        var random = Seeded(seed)
        let bands = 1 + seed % 4
        let source = Raster.noise(
            .random(in: 1...48, using: &random), .random(in: 1...48, using: &random), bands: bands,
            hasAlpha: seed % 8 >= 4 && bands % 2 == 0, from: &random)
        let (width, height) = (
            Int.random(in: (source.width + 15) / 16...70, using: &random),
            Int.random(in: (source.height + 15) / 16...70, using: &random)
        )
        let made = try #require(source.resampled(to: width, height))
        let wanted = Reference(source, to: width, height)
        var worst = 0.0
        for y in 0..<height {
            // Colours of what is hardly there have few bits and are seen by nobody.
            for x in 0..<width where wanted.alpha(x, y) >= 24 {
                for band in 0..<bands {
                    worst = max(worst, abs(made[x, y, band] - wanted.value(x, y, band)))
                }
            }
        }
        #expect(worst <= 1, "\(source.width)x\(source.height) to \(width)x\(height)")
    }

    @Test(arguments: 0..<40)
    func `gives the same bytes with and without vectors`(seed: Int) throws {
        var random = Seeded(1000 + seed)
        let bands = 1 + seed % 4
        let source = Raster.noise(
            .random(in: 1...400, using: &random), .random(in: 1...90, using: &random),
            bands: bands, hasAlpha: bands % 2 == 0 && seed % 3 == 0, from: &random)
        let (width, height) = (
            Int.random(in: 1...300, using: &random), Int.random(in: 1...90, using: &random)
        )
        let plain = try #require(source.resampled(to: width, height, sluice_vectors_none))
        #expect(source.resampled(to: width, height, sluice_vectors_sse2) == plain)
        #expect(source.resampled(to: width, height, sluice_vectors_avx2) == plain)
    }

    @Test(arguments: [(90, 31, 40, 17), (7, 5, 33, 64), (300, 200, 9, 7), (1, 1, 20, 3)])
    func `keeps a plain surface`(width: Int, height: Int, wide: Int, high: Int) throws {
        for value: UInt8 in [0, 1, 127, 128, 254, 255] {
            let source = Raster(width, height, bands: 3, fill: value)
            let made = try #require(source.resampled(to: wide, high))
            #expect(made.bytes.allSatisfy { $0 == value })
        }
    }

    @Test func `keeps centres in their place`() throws {
        var random = Seeded(7)
        let source = Raster.noise(37, 1, bands: 1, from: &random)
        var mirrored = source
        mirrored.bytes.reverse()
        for width in [5, 11, 36, 37, 38, 100] {
            let made = try #require(source.resampled(to: width, 1)).bytes
            let back = try #require(mirrored.resampled(to: width, 1)).bytes.reversed()
            #expect(zip(made, back).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
        }
    }

    @Test(arguments: [
        (30_000, 1, 1, 1), (1, 30_000, 1, 30_000), (30_000, 2, 1, 30_000), (1, 1, 30_000, 1),
        (29_999, 3, 17, 2), (3, 29_999, 5, 900),
    ])
    func `stands the longest sides`(width: Int, height: Int, wide: Int, high: Int) throws {
        for bands in [1, 4] {
            let source = Raster(width, height, bands: bands, hasAlpha: bands == 4, fill: 255)
            let made = try #require(source.resampled(to: wide, high))
            #expect(made.bytes.allSatisfy { $0 == 255 })
        }
    }

    @Test func `refuses what is out of bounds`() {
        let small = Raster(2, 2, bands: 3)
        #expect(Raster(30_001, 1, bands: 1).resampled(to: 1, 1) == nil)
        #expect(Raster(1, 1, bands: 5).resampled(to: 1, 1) == nil)
        #expect(Raster(1, 1, bands: 1, hasAlpha: true).resampled(to: 1, 1) == nil)
        #expect(small.resampled(to: 1, 30_001) == nil)
        var (from, to) = (small.with { $0 }, Raster(1, 1, bands: 4).with { $0 })
        #expect(sluice_resample(&from, sluice_vectors_best, &to) == sluice_bad_shape)
        #expect(sluice_block_average(&from, 0, 2, &to) == sluice_bad_shape)
    }

    @Test func `averages blocks first where much is to be lost`() throws {
        var random = Seeded(3)
        let source = Raster.noise(203, 5, bands: 3, from: &random)
        let made = try #require(source.resampled(to: 10, 5))
        // 20.3 times: in blocks of two, then about ten.
        let less = try #require(source.averaged(2, 1))
        #expect(less.width == 102)
        let near = Reference(less, to: 10, 5)
        for x in 0..<9 { #expect(abs(made[x, 2, 1] - near.value(x, 2, 1)) <= 3) }
    }

    @Test func `averages by opacity`() throws {
        var source = Raster(2, 2, bands: 4, hasAlpha: true)
        source.bytes = [10, 20, 30, 255, 250, 0, 9, 0, 30, 40, 50, 255, 0, 99, 0, 0]
        #expect(try #require(source.averaged(2, 2)).bytes == [20, 30, 40, 128])
        var odd = Raster(3, 1, bands: 1)
        odd.bytes = [10, 21, 40]
        #expect(try #require(odd.averaged(2, 2)).bytes == [16, 40])
        var even = Raster(4, 2, bands: 1)
        even.bytes = [1, 2, 255, 255, 3, 4, 255, 254]
        #expect(try #require(even.averaged(2, 2)).bytes == [3, 255])
    }

    @Test func `lets no hidden colour through`() throws {
        var source = Raster(40, 40, bands: 4, hasAlpha: true)
        for i in 0..<1600 {
            let isInside = (10..<30).contains(i % 40) && (10..<30).contains(i / 40)
            source.bytes.replaceSubrange(
                4 * i..<4 * i + 4, with: isInside ? [200, 30, 60, 255] : [0, 255, 0, 0])
        }
        for (width, height) in [(17, 13), (2, 1), (90, 77)] {
            let made = try #require(source.resampled(to: width, height))
            for i in 0..<width * height where made.bytes[4 * i + 3] >= 4 {
                let found = made.bytes[4 * i..<4 * i + 3].map(Int.init)
                #expect(zip(found, [200, 30, 60]).allSatisfy { abs($0 - $1) <= 4 })
            }
        }
    }
}

extension Pictures {
    @Suite("Pyramid")
    struct LevelTests {
        @Test(arguments: [(1.0, 400), (4, 400), (4.01, 200), (8, 200), (8.1, 100), (401, 2)])
        func `leaves more than a factor of two to the filter`(reduction: Double, side: Int) throws {
            _ = try ImageLibrary.start()
            let levels = Pyramid(try picture(400, 300), of: PixelSize(width: 400, height: 300))
            #expect(try levels.level(for: reduction).size.width == side)
        }

        @Test func `counts what decoding has done already`() throws {
            _ = try ImageLibrary.start()
            let levels = Pyramid(try picture(100, 75), of: PixelSize(width: 400, height: 300))
            #expect(try levels.level(for: 8).size.width == 100)
            #expect(try levels.level(for: 17).size.width == 50)
        }

        /// What libvips would make of the same picture differs only by its coarser weights.
        @Test func `agrees with libvips`() throws {
            let folder = try Folder()
            _ = try ImageLibrary.start()
            let drawing = try Drawing.noise(120, 90).call("gaussblur", ["sigma": "1.5"])
            try drawing.save("pngsave", to: folder["a.png"])
            try drawing.call("resize", ["scale": "0.4", "gap": "0"])
                .save("pngsave", to: folder["b.png"])
            let ours = try open(folder["a.png"]).resized(to: PixelSize(width: 48, height: 36))
            let theirs = try open(folder["b.png"])
            #expect(theirs.size == ours.size)
            let pair = try zip(ours.withPixels { Array($0) }, theirs.withPixels { Array($0) })
            #expect(pair.allSatisfy { abs(Int($0) - Int($1)) <= 2 })
        }

        private func picture(_ width: Int, _ height: Int) throws -> Picture {
            let folder = try Folder()
            try Drawing(width, height, color: [9, 9, 9]).save("pngsave", to: folder["a.png"])
            return try open(folder["a.png"])
        }

        private func open(_ path: String) throws -> Picture {
            try Bytes(file: path, format: .png).open(.png).inMemory()
        }
    }
}

/// The same numbers for the same seed (SplitMix64).
private struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(seed) }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
