import CPixels
import Testing

extension Pictures {
    /// The loops look at sixteen pixels at once; what is left over at a row's end, and what is narrower
    /// than that, is found as by the plainest loop.
    @Suite("Pixel loops")
    struct PixelLoopTests {
        /// A picture of noise, of its own for each size.
        private struct Noise {
            let width: Int, height: Int, bands: Int
            private(set) var bytes: [UInt8] = []

            init(_ width: Int, _ height: Int, bands: Int) {
                (self.width, self.height, self.bands) = (width, height, bands)
                var state = UInt64(width * 1000 + height * 10 + bands)
                bytes = (0..<width * height * bands).map { _ in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    // Many are black or white.
                    return UInt8(clamping: Int(state >> 55) - 128)
                }
            }

            func value(_ x: Int, _ y: Int, _ band: Int) -> Int {
                Int(bytes[(y * width + x) * bands + band])
            }

            func withView<Value>(_ body: (UnsafePointer<sluice_raster>) -> Value) -> Value {
                bytes.withUnsafeBufferPointer { bytes in
                    var view = sluice_raster(
                        bytes: UnsafeMutablePointer(mutating: bytes.baseAddress),
                        width: Int32(width), height: Int32(height),
                        bands: Int32(bands), colors: Int32(bands), alpha: -1)
                    return body(&view)
                }
            }
        }

        private static let sizes = [(1, 1), (2, 9), (15, 4), (16, 16), (17, 31), (33, 5), (300, 3)]

        @Test(arguments: sizes, [1, 3]) func tonesAreThoseOfEveryPixel(
            size: (Int, Int), bands: Int
        ) {
            let noise = Noise(size.0, size.1, bands: bands)
            var found = sluice_tones()
            noise.withView { sluice_measure_tones($0, &found) }
            let last = stride(from: bands - 1, to: noise.bytes.count, by: bands)
                .map { noise.bytes[$0] }
            let index = bands - 1
            let (sums, lows, highs) = (found.sum, found.low, found.high)
            #expect((index == 0 ? sums.0 : sums.2) == last.reduce(0) { $0 + UInt64($1) })
            #expect((index == 0 ? lows.0 : lows.2) == UInt64(last.count { $0 == 0 }))
            #expect((index == 0 ? highs.0 : highs.2) == UInt64(last.count { $0 == 255 }))
            #expect(found.count == UInt64(last.count))
        }

        @Test(arguments: sizes, [1, 2, 5, 40]) func blocksAreAveraged(size: (Int, Int), factor: Int)
        {
            let noise = Noise(size.0, size.1, bands: 3)
            let (across, down) = (
                (noise.width - 1) / factor + 1, (noise.height - 1) / factor + 1
            )
            var out = [UInt8](repeating: 0, count: across * down * 3)
            out.withUnsafeMutableBufferPointer { out in
                var to = sluice_raster(
                    bytes: out.baseAddress, width: Int32(across), height: Int32(down), bands: 3,
                    colors: 3, alpha: -1)
                #expect(noise.withView { sluice_reduce($0, Int32(factor), &to) } == sluice_done)
            }
            var wanted: [UInt8] = []
            for row in 0..<down {
                for column in 0..<across {
                    let xs = column * factor..<min((column + 1) * factor, noise.width)
                    let ys = row * factor..<min((row + 1) * factor, noise.height)
                    for band in 0..<3 {
                        let sum = ys.flatMap { y in xs.map { noise.value($0, y, band) } }
                            .reduce(0, +)
                        let count = xs.count * ys.count
                        wanted.append(UInt8((sum + count / 2) / count))
                    }
                }
            }
            #expect(out == wanted)
        }

        @Test(arguments: sizes, [1, 5, 20]) func theWorstOfEachDepthIsTheFirst(
            size: (Int, Int), limit: Int
        ) {
            let noise = Noise(size.0, size.1, bands: 3)
            let color: [UInt8] = [200, 20, 120]
            var spots = [sluice_spot](repeating: sluice_spot(), count: limit)
            noise.withView { sluice_measure_depths($0, color, Int32(limit), nil, &spots) }
            var wanted = [[Int]](repeating: [-1, 0, 0], count: limit)
            for y in 0..<noise.height {
                for x in 0..<noise.width {
                    let depth = min(x, y, noise.width - 1 - x, noise.height - 1 - y)
                    guard depth < limit else { continue }
                    let off =
                        (0..<3).map { abs(noise.value(x, y, $0) - Int(color[$0])) }.max() ?? 0
                    if off > wanted[depth][0] { wanted[depth] = [off, x, y] }
                }
            }
            #expect(spots.map { [Int($0.distance), Int($0.x), Int($0.y)] } == wanted)
        }

        /// However wide the picture is, and wherever in a row.
        @Test(arguments: [12, 15, 16, 17, 31, 40]) func aSquareIsFoundWhereItIs(width: Int) {
            for left in 1..<width - 5 {
                var bytes = [UInt8](repeating: 255, count: width * 12 * 3)
                for y in 3..<8 {
                    for x in left..<left + 4 {
                        for c in 0..<3 { bytes[(y * width + x) * 3 + c] = UInt8(40 * c) }
                    }
                }
                let found = bytes.withUnsafeBufferPointer { bytes in
                    var view = sluice_raster(
                        bytes: UnsafeMutablePointer(mutating: bytes.baseAddress),
                        width: Int32(width), height: 12, bands: 3,
                        colors: 3, alpha: -1)
                    var ring = sluice_ring()
                    sluice_measure_ring(&view, 1, nil, &ring)
                    var found = sluice_finding()
                    #expect(sluice_find(&view, &ring, nil, sluice_on_plain, &found) == sluice_done)
                    return found.solid
                }
                #expect(
                    [found.left, found.top, found.right, found.bottom]
                        == [Int32(left), 3, Int32(left) + 4, 8])
            }
        }
    }
}
