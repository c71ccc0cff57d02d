import CPixels
import Foundation
import Model
import PictureSupport
import Testing

@testable import Imaging

extension Pictures {
    @Suite("Cut-outs")
    struct HaloTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        @Test("flattening rounds as double precision does, for every alpha")
        func flatten() {
            let color: [UInt8] = [255, 240, 13]
            for value in stride(from: 0, through: 255, by: 3) {
                var pixels: [UInt8] = []
                for alpha in 0...255 { pixels += [UInt8(value), 0, 255, UInt8(alpha)] }
                var made = [UInt8](repeating: 0, count: 256 * 3)
                pixels.withUnsafeMutableBufferPointer { pixels in
                    made.withUnsafeMutableBufferPointer { made in
                        let size = PixelSize(width: 256, height: 1)
                        var from = sluice_raster(
                            pixels.baseAddress, size, bands: 4, hasAlpha: true)
                        var to = sluice_raster(made.baseAddress, size, bands: 3, hasAlpha: false)
                        #expect(sluice_flatten(&from, color, 0, 0, &to) == sluice_done)
                    }
                }
                for alpha in 0...255 {
                    let share = Double(alpha) / 255
                    let colors = [Double(value), 0, 255]
                    for band in 0..<3 {
                        let exact = colors[band] * share + Double(color[band]) * (1 - share)
                        #expect(abs(Double(made[alpha * 3 + band]) - exact) <= 0.5 + 1e-9)
                    }
                }
            }
        }

        /// Garish where nobody sees it, with a soft edge: a disc of one colour.
        private func disc(hidden: [UInt8]) throws {
            try Drawing(160, 160) { x, y in
                let away = Double((x - 80) * (x - 80) + (y - 80) * (y - 80)).squareRoot()
                let alpha = UInt8(max(0, min(255, (60 - away) * 32)))
                return (alpha == 0 ? hidden : [200, 120, 40]) + [alpha]
            }.save("pngsave", to: studio.masters["a.png"])
        }

        @Test(
            "what is hidden makes no difference, whatever the size", arguments: [160, 97, 40, 23])
        func hidden(side: Int) throws {
            for background in [Color.white, nil] {
                var seen: [Data] = []
                for hidden: [UInt8] in [[0, 0, 0], [255, 0, 255], [0, 255, 0]] {
                    try disc(hidden: hidden)
                    let made = try studio.render(
                        "a.png", .png, .frame(side, background: background, format: .png))
                    seen.append(made.bytes)
                    for y in 0..<side where background == nil {
                        for x in 0..<side {
                            let pixel = made[x, y]
                            let close = zip(pixel, [200, 120, 40]).allSatisfy { abs($0 - $1) <= 24 }
                            #expect(pixel[3] < 12 || close, "\(x) \(y): \(pixel)")
                        }
                    }
                }
                // At its own size an untouched picture keeps even what is hidden.
                if background != nil || side != 160 { #expect(Set(seen).count == 1) }
            }
        }

        @Test("edges are what compositing in double precision gives", arguments: [80, 40])
        func edges(side: Int) throws {
            try disc(hidden: [0, 255, 255])
            let made = try studio.render("a.png", .png, .frame(side, format: .png))
            for y in 0..<side {
                for x in 0..<side {
                    // On the line between the disc's colour and white, nowhere beside it.
                    let pixel = made[x, y]
                    let share = Double(255 - pixel[2]) / (255 - 40)
                    #expect(abs(Double(255 - pixel[0]) - share * 55) <= 2, "\(x) \(y): \(pixel)")
                    #expect(abs(Double(255 - pixel[1]) - share * 135) <= 2, "\(x) \(y): \(pixel)")
                }
            }
            #expect(
                made[0, 0] == [255, 255, 255] && made.shows([200, 120, 40], at: side / 2, side / 2))
        }
    }
}
