import Foundation
import Model
import PictureSupport
import Testing

@testable import Imaging

extension Pictures {
    @Suite("Measuring")
    struct MeasuringTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        /// A drawn picture and what is to be found in it.
        struct Case: CustomTestStringConvertible, Sendable {
            var name: String
            var kind: PictureMeasurement.Background.Kind
            /// Left, top, width, height; nil: unsure.
            var box: [Int]?
            var tolerance = 0
            var jpeg: Int?
            var pixel: @Sendable (Int, Int) -> [UInt8]

            var testDescription: String { name }
        }

        @Test("finds the product, or says that it cannot", arguments: Self.cases)
        func finds(_ example: Case) throws {
            let drawing = try Drawing(300, 240, example.pixel)
            if let quality = example.jpeg {
                try drawing.save("jpegsave", to: studio.masters["a"], ["Q": "\(quality)"])
            } else {
                try drawing.save("pngsave", to: studio.masters["a"])
            }
            let format: ImageFormat = example.jpeg == nil ? .png : .jpeg
            let measured = try #require(try studio.inspect("a", format).measurement)
            let told = "\(measured)"
            #expect(measured.background.kind == example.kind, "\(told)")
            guard let box = example.box else {
                #expect(measured.product == nil && measured.unsure != nil, "\(told)")
                return
            }
            let found = try #require(measured.product, "\(told)")
            let off = zip([found.left, found.top, found.width, found.height], box)
                .map { abs($0 - $1) }
            #expect(off.allSatisfy { $0 <= example.tolerance }, "\(found), wanted \(box)")
        }

        @Test("finds the same upright box in all eight orientations", arguments: 1...8)
        func orientations(_ orientation: Int) throws {
            let lying = orientation >= 5
            let (width, height) = lying ? (120, 200) : (200, 120)
            // Upright: 40 wide and 20 high, its corner at (30, 70).
            func isProduct(_ x: Int, _ y: Int) -> Bool {
                let (u, v): (Int, Int) =
                    switch orientation {
                    case 2: (199 - x, y)
                    case 3: (199 - x, 119 - y)
                    case 4: (x, 119 - y)
                    case 5: (y, x)
                    case 6: (199 - y, x)
                    case 7: (199 - y, 119 - x)
                    case 8: (y, 119 - x)
                    default: (x, y)
                    }
                return (30..<70).contains(u) && (70..<90).contains(v)
            }
            try Drawing(width, height) { x, y in
                isProduct(x, y) ? [120, 30, 30] : [255, 255, 255]
            }
            .oriented(orientation).save("jpegsave", to: studio.masters["a"], ["Q": "95"])
            let measured = try #require(try studio.inspect("a", .jpeg).measurement)
            #expect(measured.size == PixelSize(width: 200, height: 120))
            let found = try #require(measured.product)
            #expect(abs(found.left - 30) <= 1 && abs(found.top - 70) <= 1)
            #expect(abs(found.width - 40) <= 2 && abs(found.height - 20) <= 2)
        }

        @Test("says where a product is cut off")
        func cut() throws {
            try Drawing(200, 200) { x, y in
                x >= 150 && (40..<100).contains(y) ? [20, 60, 20] : [255, 255, 255]
            }.save("pngsave", to: studio.masters["a"])
            let measured = try #require(try studio.inspect("a", .png).measurement)
            #expect(measured.cut == [.right])
            #expect(measured.product == Box(left: 150, top: 40, width: 50, height: 60))
            // The background is judged where it is.
            #expect(measured.background.kind == .pure)
            #expect(measured.background.worst == 0)
            let crossing = try #require(measured.crossings?.first)
            #expect(crossing == .init(edge: .right, from: 40, to: 100, share: 0.3))
        }

        @Test("scales the box of a small decoding back to the whole picture, outward")
        func large() throws {
            try Drawing(101, 67) { x, y in
                (30..<60).contains(x) && (20..<50).contains(y) ? [10, 10, 90] : [255, 255, 255]
            }.call("resize", ["scale": "40", "kernel": "nearest"])
                .save("jpegsave", to: studio.masters["a"], ["Q": "90"])
            let measured = try #require(try studio.inspect("a", .jpeg).measurement)
            #expect(measured.size == PixelSize(width: 4040, height: 2680))
            let found = try #require(measured.product)
            for (side, wanted) in zip(
                [found.left, found.top, found.right, found.bottom], [1200, 800, 2400, 2000])
            { #expect(abs(side - wanted) <= 12, "\(found)") }
            #expect(found.left <= 1200 && found.bottom >= 2000)
        }

        @Test("means and clips per channel")
        func tones() throws {
            try Drawing(100, 100) { x, _ in x < 25 ? [0, 255, 100] : [200, 255, 100] }
                .save("pngsave", to: studio.masters["a"])
            let measured = try #require(try studio.inspect("a", .png).measurement)
            #expect(measured.mean == [150, 255, 100])
            #expect(measured.clipped.map(\.low) == [0.25, 0, 0])
            #expect(measured.clipped.map(\.high) == [0, 1, 0])
        }

        @Test("means and clips of what is seen, whatever hides under transparency")
        func seenTones() throws {
            try Drawing(100, 100) { x, _ in x < 25 ? [200, 100, 0, 255] : [0, 255, 77, 20] }
                .save("pngsave", to: studio.masters["a"])
            let measured = try #require(try studio.inspect("a", .png).measurement)
            #expect(measured.mean == [200, 100, 0])
            #expect(measured.clipped.map(\.low) == [0, 0, 1])
            #expect(measured.clipped.map(\.high) == [0, 0, 0])
            try Drawing(9, 9, color: [0, 255, 77, 0]).save("pngsave", to: studio.masters["b"])
            #expect(try studio.inspect("b", .png).measurement?.mean == [0, 0, 0])
        }

        @Test("measures whatever size there is")
        func sizes() throws {
            for (width, height) in [(1, 1), (1, 40), (40, 1), (2, 2), (3, 5), (7, 300)] {
                for seed in 0..<3 {
                    try Drawing(width, height) { x, y in
                        let value = UInt8(truncatingIfNeeded: x &* 37 &+ y &* 91 &+ seed &* 17)
                        return seed == 2 ? [value, 255 - value] : [value, value / 2, 9]
                    }.save("pngsave", to: studio.masters["a"])
                    let measured = try #require(try studio.inspect("a", .png).measurement)
                    #expect(measured.size == PixelSize(width: width, height: height))
                    if let box = measured.product {
                        #expect(box.left >= 0 && box.right <= width && box.width > 0)
                        #expect(box.top >= 0 && box.bottom <= height && box.height > 0)
                    }
                }
            }
        }

        @Test("names the colour profile and whether it fits")
        func profiles() throws {
            try Drawing(40, 40, color: [9, 9, 9]).profiled(Drawing.profile("srgb"))
                .save("pngsave", to: studio.masters["a"])
            let profile = try #require(try studio.inspect("a", .png).profile)
            #expect(profile.name.lowercased().contains("srgb") && profile.space == "RGB")
            #expect(profile.fits)
            try Drawing.cmyk(60, 60).profiled(Drawing.profile("srgb"))
                .save("tiffsave", to: studio.masters["b"])
            let wrong = try studio.inspect("b", .tiff)
            #expect(wrong.profile?.space == "RGB" && wrong.profile?.fits == false)
            #expect(wrong.measurement == nil)
        }
    }
}

// The scenes: 300 by 240, the product 100 by 80 at (90, 70) unless it says otherwise.
extension Pictures.MeasuringTests {
    private static let product = [90, 70, 100, 80]

    private static func inside(_ x: Int, _ y: Int) -> Bool {
        (90..<190).contains(x) && (70..<150).contains(y)
    }

    private static func gray(_ value: Int) -> [UInt8] {
        [UInt8](repeating: UInt8(max(0, min(255, value))), count: 3)
    }

    /// -1, 0 or 1 times `most`, the same at each place every time.
    private static func noise(_ x: Int, _ y: Int, _ most: Int) -> Int {
        let mixed = (x &* 7919 &+ y &* 104_729) ^ (x &* y &* 31)
        return (mixed % (2 * most + 1) + 2 * most + 1) % (2 * most + 1) - most
    }

    /// A soft shadow below the product: 60 levels at its middle, nothing 40 pixels away.
    private static func shadow(_ x: Int, _ y: Int) -> Int {
        let across = Double(x - 140) / 80
        let down = Double(y - 152) / 40
        let away = (across * across + down * down).squareRoot()
        return away >= 1 ? 0 : Int(60 * (1 - away) * (1 - away))
    }

    static let cases: [Case] = [
        Case(name: "a box on pure white", kind: .pure, box: product) { x, y in
            inside(x, y) ? [150, 20, 20] : [255, 255, 255]
        },
        Case(name: "on pure black", kind: .pure, box: product) { x, y in
            inside(x, y) ? [150, 20, 20] : [0, 0, 0]
        },
        Case(name: "on blue", kind: .pure, box: product) { x, y in
            inside(x, y) ? [150, 20, 20] : [30, 60, 200]
        },
        Case(name: "grey", kind: .pure, box: product) { x, y in inside(x, y) ? [90] : [255] },
        Case(name: "grey with transparency", kind: .transparent, box: product) { x, y in
            inside(x, y) ? [255, 255] : [9, 0]
        },
        Case(name: "light grey on white", kind: .pure, box: product) { x, y in
            inside(x, y) ? gray(238) : gray(255)
        },
        Case(name: "camera noise", kind: .near, box: product, tolerance: 1) { x, y in
            inside(x, y) ? gray(120 + noise(x, y, 3)) : gray(248 + noise(x, y, 3))
        },
        Case(name: "near white", kind: .pure, box: product) { x, y in
            inside(x, y) ? [80, 90, 40] : gray(250)
        },
        Case(name: "jpeg at quality 60", kind: .pure, box: product, tolerance: 16, jpeg: 60) {
            x, y in inside(x, y) ? [150, 20, 20] : gray(255)
        },
        Case(name: "jpeg with noise", kind: .near, box: product, tolerance: 3, jpeg: 80) { x, y in
            inside(x, y) ? [40, 80, 120] : gray(246 + noise(x, y, 4))
        },
        Case(name: "a soft shadow below", kind: .pure, box: product, tolerance: 2) { x, y in
            inside(x, y) ? [150, 90, 20] : gray(255 - shadow(x, y))
        },
        Case(
            name: "a soft shadow below a dark thing, as jpeg", kind: .pure, box: product,
            tolerance: 4, jpeg: 90
        ) { x, y in inside(x, y) ? gray(40) : gray(255 - shadow(x, y)) },
        Case(name: "a speck of dust", kind: .pure, box: product) { x, y in
            (10..<12).contains(x) && (10..<12).contains(y) || inside(x, y)
                ? [60, 60, 60] : gray(255)
        },
        Case(name: "a strap one pixel wide", kind: .pure, box: [90, 20, 100, 130], tolerance: 1) {
            x, y in
            inside(x, y) || x == 140 && (20..<70).contains(y) ? [60, 60, 160] : gray(255)
        },
        Case(name: "two things", kind: .pure, box: [20, 30, 260, 170]) { x, y in
            (20..<80).contains(x) && (30..<120).contains(y)
                || (200..<280).contains(x) && (100..<200).contains(y) ? [1, 99, 9] : gray(255)
        },
        Case(name: "a cut-out", kind: .transparent, box: product) { x, y in
            inside(x, y) ? [250, 250, 250, 255] : [0, 255, 0, 0]
        },
        Case(name: "a cut-out with its shadow", kind: .transparent, box: product) { x, y in
            inside(x, y) ? [90, 20, 20, 255] : [0, 0, 0, UInt8(shadow(x, y))]
        },
        Case(name: "a sweep from white to grey", kind: .shaded, box: product, tolerance: 2) {
            x, y in inside(x, y) ? [150, 20, 20] : gray(255 - y / 4)
        },
        Case(name: "a vignette", kind: .shaded, box: product, tolerance: 4) { x, y in
            let (u, v) = (Double(x - 150) / 150, Double(y - 120) / 120)
            return inside(x, y) ? [150, 20, 20] : gray(255 - Int(22 * (u * u + v * v)))
        },
        Case(name: "a room", kind: .scene, box: nil) { x, y in
            inside(x, y) ? [150, 20, 20] : gray((x / 9 + y / 7) % 2 == 0 ? 60 : 200)
        },
        Case(name: "nothing", kind: .pure, box: nil) { _, _ in gray(255) },
        Case(name: "nothing but noise", kind: .near, box: nil) { x, y in
            gray(250 + noise(x, y, 3))
        },
        Case(name: "white on white", kind: .pure, box: nil) { x, y in
            inside(x, y) ? gray(250) : gray(255)
        },
        Case(name: "a white shirt with a dark logo", kind: .pure, box: nil) { x, y in
            if (130..<150).contains(x) && (90..<105).contains(y) { return gray(30) }
            return inside(x, y) ? gray(248 - (x / 6) % 2 * 3) : gray(255)
        },
        Case(name: "a white shirt with dark buttons, as jpeg", kind: .pure, box: nil, jpeg: 92) {
            x, y in
            if (138..<142).contains(x), y % 20 < 4, inside(x, y) { return gray(30) }
            return inside(x, y) ? gray(246) : gray(255)
        },
        Case(name: "a white mug, its edges shaded", kind: .pure, box: nil) { x, y in
            guard inside(x, y) else { return gray(255) }
            let edge = min(x - 90, 189 - x)
            return gray(edge < 12 ? 247 + edge * 8 / 12 : 255)
        },
        Case(name: "a label alone", kind: .pure, box: nil) { x, y in
            (140..<144).contains(x) && (100..<103).contains(y) ? gray(0) : gray(255)
        },
    ]
}
