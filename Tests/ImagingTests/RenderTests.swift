import Foundation
import Model
import PictureSupport
import Testing
import Wire

@testable import Imaging

extension Pictures {
    @Suite("Render")
    struct RenderTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        @Test("shows the background through a cut-out, not black", arguments: [Fit.pad, .inside])
        func cutOut(fit: Fit) throws {
            // A red disc of alpha; what is see-through hides black.
            try Drawing(80, 80) { x, y in
                let inside = (x - 40) * (x - 40) + (y - 40) * (y - 40) < 900
                return inside ? [220, 20, 20, 255] : [0, 0, 0, 0]
            }.save("pngsave", to: studio.masters["a.png"])
            let made = try studio.render("a.png", .png, .frame(40, fit: fit, background: .sand))
            #expect(made.bands == 3)
            #expect(made.shows([240, 220, 180], at: 1, 1))
            #expect(made.shows([220, 20, 20], at: 20, 20))
            // The edge mixes red and sand; a dark one would have mixed in the hidden black.
            for x in 0..<40 { #expect(made[x, 20][0] > 200, "at \(x): \(made[x, 20])") }
        }

        @Test("keeps transparency where the recipe names no background")
        func keepsAlpha() throws {
            try Drawing(80, 80) { x, _ in x < 40 ? [200, 100, 0, 255] : [0, 0, 255, 0] }
                .save("pngsave", to: studio.masters["a.png"])
            let made = try studio.render(
                "a.png", .png, .frame(20, fit: .inside, background: nil, format: .png))
            #expect(made.bands == 4)
            #expect(made.shows([200, 100, 0, 255], at: 3, 10))
            #expect(made[17, 10][3] == 0)
            // At the edge the hidden blue must not show.
            #expect(made[9, 10][2] < 20 && made[10, 10][2] < 20)
        }

        @Test("refuses what would need a background and names none")
        func needsBackground() throws {
            try Drawing(80, 40, color: [9, 9, 9, 100]).save(
                "pngsave", to: studio.masters["a.png"])
            let asJPEG = Recipe.frame(40, fit: .inside, background: nil)
            #expect(studio.refusal("a.png", .png, asJPEG)?.code == .unsupported)
            try Drawing(80, 40, color: [9, 9, 9]).save("pngsave", to: studio.masters["b.png"])
            let padded = Recipe.frame(40, background: nil, format: .png)
            #expect(studio.refusal("b.png", .png, padded)?.code == .unsupported)
            // A cut-out gets more of what is around it already.
            let made = try studio.render("a.png", .png, padded)
            #expect(made[20, 2] == [0, 0, 0, 0] && made.shows([9, 9, 9, 100], at: 20, 20))
        }

        @Test("turns all eight orientations upright", arguments: 1...8)
        func orientation(_ orientation: Int) throws {
            // As it should be seen, 60x40: red top left, green top right, blue bottom left.
            let seen = try Drawing(60, 40) { x, y in
                switch (x < 30, y < 20) {
                case (true, true): [255, 0, 0]
                case (false, true): [0, 255, 0]
                case (true, false): [0, 0, 255]
                case (false, false): [128, 128, 128]
                }
            }
            // How the sensor would have stored it.
            let stored: Drawing =
                switch orientation {
                case 2: try seen.call("flip", ["direction": "horizontal"])
                case 3: try seen.call("rot", ["angle": "d180"])
                case 4: try seen.call("flip", ["direction": "vertical"])
                case 5:
                    try seen.call("rot", ["angle": "d90"])
                        .call("flip", ["direction": "horizontal"])
                case 6: try seen.call("rot", ["angle": "d270"])
                case 7:
                    try seen.call("rot", ["angle": "d270"])
                        .call("flip", ["direction": "horizontal"])
                case 8: try seen.call("rot", ["angle": "d90"])
                default: seen
                }
            try stored.oriented(orientation).save(
                "jpegsave", to: studio.masters["a.jpg"],
                ["Q": "95", "subsample-mode": "off"])
            let inspection = try studio.inspect("a.jpg", .jpeg)
            #expect(inspection.orientation == orientation)
            #expect(inspection.size == PixelSize(width: 60, height: 40))
            let made = try studio.render("a.jpg", .jpeg, .frame(60))
            #expect(made.size == PixelSize(width: 60, height: 60))
            #expect(made.shows([255, 255, 255], at: 30, 3))
            #expect(made.shows([255, 0, 0], at: 10, 20))
            #expect(made.shows([0, 255, 0], at: 50, 20))
            #expect(made.shows([0, 0, 255], at: 10, 40))
            #expect(made.shows([128, 128, 128], at: 50, 40))
        }

        @Test("cuts the middle out for cover, pads around the middle for pad")
        func fits() throws {
            try Drawing(300, 100) { x, _ in
                x < 100 ? [255, 0, 0] : x < 200 ? [0, 255, 0] : [0, 0, 255]
            }.save("pngsave", to: studio.masters["a.png"])
            let cover = try studio.render("a.png", .png, .frame(50, fit: .cover))
            #expect(cover.size == PixelSize(width: 50, height: 50))
            for x in [3, 46] { #expect(cover.shows([0, 255, 0], at: x, 25)) }
            let pad = try studio.render("a.png", .png, .frame(90, background: .sand))
            #expect(pad.size == PixelSize(width: 90, height: 90))
            #expect(pad.shows([240, 220, 180], at: 45, 28) && pad.shows([0, 255, 0], at: 45, 31))
            #expect(pad.shows([0, 255, 0], at: 45, 58) && pad.shows([240, 220, 180], at: 45, 61))
            let inside = try studio.render("a.png", .png, .frame(90, fit: .inside))
            #expect(inside.size == PixelSize(width: 90, height: 30))
        }

        @Test("never enlarges, unless the recipe says so")
        func enlarging() throws {
            try Drawing(50, 50, color: [10, 20, 30]).save(
                "pngsave", to: studio.masters["a.png"])
            let refusal = studio.refusal("a.png", .png, .frame(80))
            #expect(refusal?.code == .tooSmall)
            #expect(refusal?.message.contains("50x50") == true)
            let made = try studio.render("a.png", .png, .frame(80, upscale: true))
            #expect(made.size == PixelSize(width: 80, height: 80))
            #expect(made.shows([10, 20, 30], at: 40, 40))
        }

        @Test("shrinks the frame within its range before it would enlarge")
        func range() throws {
            try Drawing(150, 120, color: [10, 20, 30]).save(
                "pngsave", to: studio.masters["a.png"])
            var recipe = Recipe.frame(200)
            recipe.size.min = PixelSize(width: 100, height: 100)
            #expect(
                try studio.render("a.png", .png, recipe).size == PixelSize(width: 150, height: 150))
            recipe.fit = .cover
            #expect(
                try studio.render("a.png", .png, recipe).size == PixelSize(width: 120, height: 120))
        }

        @Test("makes exactly the size that was decided, whatever the ratio")
        func exactSizes() throws {
            // Odd sides leave a remainder for every step of shrinking.
            try Drawing(1201, 867, color: [200, 0, 0]).save(
                "jpegsave", to: studio.masters["a.jpg"])
            for side in stride(from: 9, through: 867, by: 37) {
                for fit in Fit.allCases {
                    let recipe = Recipe.frame(side, fit: fit, quality: 75...75)
                    let made = try studio.render("a.jpg", .jpeg, recipe)
                    let frame = try Frame.choose(
                        source: PixelSize(width: 1201, height: 867), measured: nil, recipe: recipe)
                    #expect(made.size == frame.size, "\(fit) \(side)")
                }
            }
        }

        @Test("makes all it can of one master and refuses the rest, in order")
        func manyItems() throws {
            try Drawing(400, 400, color: [10, 120, 30]).save(
                "jpegsave", to: studio.masters["a.jpg"])
            let outcomes = studio.outcomes(
                "a.jpg", .jpeg,
                [.frame(300), .frame(500), .frame(20, format: .webp), .frame(400, format: .png)])
            let files = outcomes.map { outcome -> String? in
                if case .made(_, let file, _, _) = outcome { file } else { nil }
            }
            #expect(files.map { $0.map { String($0.suffix(4)) } } == [".jpg", nil, "webp", ".png"])
            #expect(studio.output.names == files.compactMap(\.self).sorted())
        }

        @Test("takes the highest quality that fits, and says so when none does")
        func ceiling() throws {
            try Drawing.noise(300, 300).save("pngsave", to: studio.masters["a.png"])
            let sizes = try (80...92).map { quality in
                try studio.render("a.png", .png, .frame(200, quality: quality...quality)).bytes
                    .count
            }
            for (index, size) in sizes.enumerated().dropLast() {
                let recipe = Recipe.frame(200, quality: 80...92, maxBytes: Int64(size))
                let made = try studio.render("a.png", .png, recipe)
                #expect(made.quality == 80 + index)
                #expect(made.bytes.count == size)
            }
            let recipe = Recipe.frame(200, quality: 80...92, maxBytes: Int64(sizes[0] - 1))
            let refusal = studio.refusal("a.png", .png, recipe)
            #expect(refusal?.code == .tooHeavy)
            #expect(refusal?.message.contains("at quality 80") == true)
            let lossless = Recipe.frame(200, format: .png, maxBytes: 1000)
            #expect(studio.refusal("a.png", .png, lossless)?.code == .tooHeavy)
        }

        @Test("leaves no metadata and no half file behind")
        func clean() throws {
            try Drawing(60, 60, color: [200, 0, 0]).oriented(1)
                .profiled(Drawing.profile("srgb"))
                .save("jpegsave", to: studio.masters["a.jpg"])
            let master = try studio.masters.read("a.jpg")
            #expect(master.range(of: Data("Exif".utf8)) != nil)
            for format in [ImageFormat.jpeg, .png, .webp] {
                let made = try studio.render("a.jpg", .jpeg, .frame(40, format: format))
                for mark in ["Exif", "ICC_PROFILE", "iCCP", "ICCP", "EXIF", "http://ns.adobe"] {
                    #expect(made.bytes.range(of: Data(mark.utf8)) == nil, "\(format) \(mark)")
                }
            }
            #expect(studio.output.names.allSatisfy { !$0.hasSuffix(".tmp") })
            let unwritable = Renderer(masters: studio.masters.path, output: "/dev/null")
            let outcome = unwritable.render(
                RenderRequest(
                    master: "a.jpg", format: .jpeg, measured: nil,
                    items: [.init(key: .of(Data()), recipe: .frame(40))]))
            guard case .refused(_, let refusal) = outcome[0] else {
                Issue.record("a file was written below /dev/null")
                return
            }
            #expect(refusal.code == .resources)
        }
    }
}
